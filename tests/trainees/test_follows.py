"""Following a course, a track or a campus: once each, told once when a class opens, ended by one
tap.
"""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from courses.models import ClassStatus
from courses.schedule.scheduling import open_class
from notices.delivery import deliver
from notices.due_reminders import plan
from notices.models import Notice
from notices.sweep import sweep
from trainees.booking.enrolling import book
from trainees.me.follows import MOST_FOLLOWS, TooManyFollows, follow, news, unfollow
from trainees.models import Follow

from ..factories import (
    NOW,
    CampusFactory,
    CourseFactory,
    PositionFactory,
    TrackFactory,
    UserFactory,
    VenueFactory,
    ask,
    class_with,
)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def draft(db):
    """A class that is still a draft; its one lesson teaches one course of one track, at its
    campus.
    """
    return class_with(seats=5, title="新开的班", code="PX-1", status=ClassStatus.DRAFT)


def course_of(training_class):
    return training_class.lessons.get().course_version.course


def opened(training_class, district_staff=None):
    return open_class(training_class=training_class, by=district_staff, now=NOW)


def told(trainee):
    return list(
        Notice.objects.visible_to(trainee.user)
        .filter(kind="followed_class_opened")
        .values_list("title", "link")
    )


NEWS = [("开班了：新开的班", "/classes/PX-1/")]


@pytest.mark.parametrize("kind", ["course", "track", "campus"])
def test_a_follower_is_told_when_a_class_opens(draft, cadre, outsider, kind):
    target = {"course": course_of(draft), "track": course_of(draft).track, "campus": draft.campus}[
        kind
    ]
    follow(trainee=cadre, target=target, now=NOW - timedelta(days=1))

    sweep(NOW)
    assert told(cadre) == []
    opened(draft)
    sweep(NOW)

    assert (told(cadre), told(outsider)) == (NEWS, [])


def test_several_follows_that_fit_make_one_notice_and_it_names_the_most_particular(draft, cadre):
    for target in (draft.campus, course_of(draft).track, course_of(draft)):
        follow(trainee=cadre, target=target, now=NOW - timedelta(days=1))
    opened(draft)

    for minutes in (0, 1, 30, 24 * 60):
        sweep(NOW + timedelta(minutes=minutes))

    assert told(cadre) == NEWS
    assert course_of(draft).title in Notice.objects.get(kind="followed_class_opened").body


def runs_of(draft, count, **fields):
    """Further drafts that teach the same course."""
    course = draft.lessons.get().course_version
    for number in range(2, count + 2):
        run = class_with(
            seats=5,
            code=f"PX-{number}",
            status=ClassStatus.DRAFT,
            starts_at=draft.starts_at + timedelta(days=number),
            title="新开的班",
            **fields,
        )
        run.lessons.update(course_version=course)
        yield run


def test_the_runs_of_a_course_and_season_are_one_notice_of_what_can_be_booked(
    draft, cadre, colleague, town
):
    wrong_post, full, near, far = runs_of(draft, 4)
    ask(wrong_post, audiences=[PositionFactory()])
    near.lessons.update(venue=VenueFactory(campus=CampusFactory(town=town, name="本镇会客厅")))
    follow(trainee=cadre, target=course_of(draft), now=NOW - timedelta(days=1))
    for training_class in (draft, wrong_post, full, near, far):
        opened(training_class)
    full.pools.update(seats=0)

    for hours in (0, 1):
        sweep(NOW + timedelta(hours=hours))

    notice = Notice.objects.get(kind="followed_class_opened")
    assert (notice.title, notice.link) == (
        f"开班了：{course_of(draft).title}",
        course_of(draft).get_absolute_url(),
    )
    lines = notice.body.splitlines()[1:]
    days = [f"新开的班：3月{day}日" for day in (19, 15, 20)]
    assert [
        line[: len(begin)] for line, begin in zip(lines, days, strict=True)
    ] == days and "本镇会客厅" in lines[0]


def test_who_is_in_one_run_is_not_told_of_the_others(draft, cadre):
    (further,) = runs_of(draft, 1)
    follow(trainee=cadre, target=course_of(draft), now=NOW - timedelta(days=1))
    mine, _other = opened(draft), opened(further)
    book(trainee=cadre, training_class=mine, by=cadre.user, now=NOW)

    sweep(NOW)

    assert told(cadre) == []


def test_a_further_run_is_not_told_again_but_the_next_season_is(draft, cadre):
    further, next_season = runs_of(draft, 2)
    type(draft).objects.filter(pk=next_season.pk).update(
        starts_at=NOW + timedelta(days=60), booking_closes_at=NOW + timedelta(days=50)
    )
    next_season.lessons.update(
        starts_at=NOW + timedelta(days=60), ends_at=NOW + timedelta(days=60, hours=2)
    )
    follow(trainee=cadre, target=course_of(draft), now=NOW - timedelta(days=1))
    opened(draft)
    sweep(NOW)

    open_class(training_class=further, by=None, now=NOW + timedelta(days=1))
    sweep(NOW + timedelta(days=1))
    assert told(cadre) == NEWS
    open_class(training_class=next_season, by=None, now=NOW + timedelta(days=2))
    sweep(NOW + timedelta(days=2))

    assert sorted(told(cadre)) == sorted([*NEWS, ("开班了：新开的班", "/classes/PX-3/")])


@pytest.mark.parametrize("against", ["post", "full", "clash"])
def test_nobody_is_told_of_a_class_that_they_cannot_take(draft, cadre, against):
    follow(trainee=cadre, target=course_of(draft), now=NOW - timedelta(days=1))
    if against == "post":
        ask(draft, audiences=[PositionFactory()])
    elif against == "clash":
        book(
            trainee=cadre,
            training_class=class_with(seats=5, starts_at=draft.starts_at),
            by=cadre.user,
            now=NOW,
        )
    opened(draft)
    if against == "full":
        draft.pools.update(seats=0)

    assert list(news(NOW)) == []
    sweep(NOW)
    assert told(cadre) == []


@pytest.mark.parametrize("against", ["full", "over"])
def test_nobody_is_told_of_what_could_not_be_booked_any_more(draft, cadre, against):
    follow(trainee=cadre, target=course_of(draft), now=NOW - timedelta(days=1))
    opened(draft)
    assert plan(NOW).written == 1
    if against == "full":
        draft.pools.update(seats=0)
    else:
        type(draft).objects.filter(pk=draft.pk).update(booking_closes_at=NOW)

    deliver(NOW)

    assert told(cadre) == []


def test_a_class_that_moves_is_not_told_again(draft, cadre):
    follow(trainee=cadre, target=draft.campus, now=NOW - timedelta(days=1))
    opened(draft)
    sweep(NOW)
    type(draft).objects.filter(pk=draft.pk).update(
        starts_at=draft.starts_at + timedelta(days=3),
        booking_closes_at=draft.booking_closes_at + timedelta(days=3),
    )

    sweep(NOW + timedelta(hours=1))

    assert told(cadre) == NEWS


def test_who_follows_after_the_opening_is_not_told_of_it(draft, cadre):
    opened(draft)
    follow(trainee=cadre, target=draft.campus, now=NOW + timedelta(minutes=1))

    sweep(NOW + timedelta(minutes=2))

    assert told(cadre) == []


def test_who_is_in_the_class_already_or_no_longer_follows_is_not_told(draft, cadre, colleague):
    for person in (cadre, colleague):
        follow(trainee=person, target=draft.campus, now=NOW - timedelta(days=1))
    opened(draft)
    draft.refresh_from_db()
    book(trainee=cadre, training_class=draft, by=cadre.user, now=NOW)
    unfollow(trainee=colleague, target=draft.campus)

    sweep(NOW)

    assert (told(cadre), told(colleague)) == ([], [])


def test_other_courses_tracks_and_campuses_are_not_told_of(draft, cadre):
    for target in (CourseFactory(), TrackFactory(), CampusFactory()):
        follow(trainee=cadre, target=target, now=NOW - timedelta(days=1))
    opened(draft)

    sweep(NOW)

    assert told(cadre) == []


def test_following_twice_is_following_once(cadre):
    target = CampusFactory()

    first = follow(trainee=cadre, target=target, now=NOW)

    assert follow(trainee=cadre, target=target, now=NOW) == first
    assert Follow.objects.count() == 1
    assert (unfollow(trainee=cadre, target=target), unfollow(trainee=cadre, target=target)) == (
        True,
        False,
    )


def test_there_is_an_end_to_what_one_person_follows(cadre):
    Follow.objects.bulk_create(
        Follow(trainee=cadre, course=course, since=NOW)
        for course in CourseFactory.create_batch(MOST_FOLLOWS)
    )

    with pytest.raises(TooManyFollows):
        follow(trainee=cadre, target=CampusFactory(), now=NOW)


@pytest.mark.parametrize("wrong", ["none", "two", "twice"])
def test_a_follow_has_one_target_and_stands_once(cadre, wrong):
    campus, track = CampusFactory(), TrackFactory()
    Follow.objects.create(trainee=cadre, campus=campus, since=NOW)
    fields = {
        "none": {},
        "two": {"campus": CampusFactory(), "track": track},
        "twice": {"campus": campus},
    }[wrong]

    with pytest.raises(IntegrityError), transaction.atomic():
        Follow.objects.create(trainee=cadre, since=NOW, **fields)


# --- The pages ------------------------------------------------------------------------------------


def test_the_button_follows_and_ends_without_javascript(client, cadre):
    course = CourseFactory(title="反诈劝阻")
    client.force_login(cadre.user)
    page = f"/courses/{course.code}/"
    assert "关注这门课" in client.get(page).text

    response = client.post(
        f"/follows/course/{course.code}/", {"follow": "1", "next": page}, follow=True
    )
    assert response.redirect_chain == [(page, 302)]
    assert "已关注“反诈劝阻”" in response.text and "已关注这门课，取消" in response.text
    client.post(f"/follows/course/{course.code}/", {"end": "1", "next": page})

    assert not Follow.objects.exists()


def test_a_list_narrowed_to_a_track_or_a_campus_offers_to_follow_it(client, cadre):
    track, campus = (
        TrackFactory(prefix="SW", name="实务实训"),
        class_with(seats=5, starts_at=NOW + timedelta(days=9)).campus,
    )
    CourseFactory(track=track)
    client.force_login(cadre.user)

    assert 'action="/follows/track/SW/"' in client.get("/courses/?track=SW").text
    assert (
        f'action="/follows/campus/{campus.code}/"'
        in client.get(f"/classes/?campus={campus.code}").text
    )
    assert "/follows/" not in client.get("/courses/?track=XX").text


def test_visitors_and_staff_without_a_profile_see_no_button(client, district_staff):
    course = CourseFactory()
    assert "/follows/course/" not in client.get(f"/courses/{course.code}/").text
    client.force_login(district_staff)

    assert "/follows/course/" not in client.get(f"/courses/{course.code}/").text
    assert client.post(f"/follows/course/{course.code}/").status_code == 403


def test_my_follows_show_mine_only_and_cost_the_same_for_many(
    client, cadre, outsider, django_assert_max_num_queries
):
    follow(trainee=outsider, target=CampusFactory(name="别人的教学点"), now=NOW)
    client.force_login(cadre.user)
    assert "还没有关注" in client.get("/me/follows/").text
    for target in (
        CampusFactory(name="我的教学点"),
        TrackFactory(name="我的板块"),
        CourseFactory(title="我的课"),
        *CourseFactory.create_batch(6),
    ):
        follow(trainee=cadre, target=target, now=NOW)

    with django_assert_max_num_queries(8):
        text = client.get("/me/follows/").text

    assert (
        all(name in text for name in ("我的教学点", "我的板块", "我的课"))
        and "别人的教学点" not in text
    )


@pytest.mark.parametrize(
    "address",
    [
        "/follows/course/NONE/",
        "/follows/village/1/",
        "/follows/track/%00/",
        "/follows/campus/" + "9" * 5000 + "/",
    ],
)
def test_what_does_not_exist_cannot_be_followed(client, cadre, address):
    client.force_login(cadre.user)

    assert client.post(address).status_code in (400, 404)


def test_a_follow_never_leads_to_another_site(client, cadre):
    client.force_login(cadre.user)

    assert (
        client.post(
            f"/follows/campus/{CampusFactory().code}/", {"next": "https://example.com/"}
        ).url
        == "/me/follows/"
    )


def test_who_has_no_profile_reads_why_there_are_no_follows(client, db):
    client.force_login(UserFactory())

    assert client.get("/me/follows/").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "way_back"),
    [
        ("/courses/", "/courses/"),
        ("2027-03-01", "/me/follows/"),
        ("https://example.org/", "/me/follows/"),
    ],
)
def test_after_following_one_is_back_on_a_page_of_ours(client, cadre, wanted, way_back):
    client.force_login(cadre.user)

    assert client.post(f"/follows/campus/{CampusFactory().code}/", {"next": wanted}).url == way_back
