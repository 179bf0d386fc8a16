"""Light accounts: what they may book, where they do not appear, how they end, and how one becomes a
cadre.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academy.models import Role, User
from courses.models import ApprovalLevel, ClassApproval
from courses.schedule.conditions import set_conditions
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.classes.booking_rules import ClassRules, change_rules
from trainees.classes.change_notices import alternatives_to
from trainees.eligibility.choosing import sort_out
from trainees.eligibility.reasons import reasons_for
from trainees.eligibility.repeats import repeat_rate
from trainees.errors import NotEligible
from trainees.me.calendar_feed import feed_of
from trainees.me.follows import follow, news
from trainees.me.recommendations import recommend
from trainees.models import Enrolment, EnrolmentStatus, Follow, LightAccount, Trainee
from trainees.on_behalf.colleagues import NotAColleague, people_of
from trainees.on_behalf.nominations import nominate
from trainees.on_behalf.passing_on import colleague_by_phone, pass_on
from trainees.people.approvers import people_of_the_units, steps_of
from trainees.people.light_accounts import (
    StillBooked,
    become_cadre,
    close_unused,
    join,
    leave,
    tombstone,
    unused_since,
    warn_unused,
)
from trainees.record.hours import progress

from ..access.test_matrix import addresses, plain_path
from ..factories import (
    NOW,
    EnrolmentFactory,
    LearnerGroupFactory,
    LightTraineeFactory,
    PositionFactory,
    RoleGrantFactory,
    StageFactory,
    VillageFactory,
    ask,
    class_with,
)

# as a cadre who asks what can be booked: every rule is looked at for every class
MOST_OF_A_LIST = 25
YEAR, MONTH, DAY = timedelta(days=365), timedelta(days=30), timedelta(days=1)


@pytest.fixture
def volunteer(village):
    """A light account of the village of `cadre`."""
    return LightTraineeFactory(
        village=village, learner_group=LearnerGroupFactory(name="示例志愿者")
    )


@pytest.fixture
def open_class(volunteer):
    training_class = class_with(seats=5)
    ask(training_class, open_to_groups=[volunteer.learner_group])
    return training_class


def failing(trainee, training_class):
    return [
        (reason.title, reason.fact)
        for reason in reasons_for(trainee, training_class, NOW)
        if not reason.ok
    ]


# --- What they may book ---------------------------------------------------------------------------


def test_only_classes_open_to_the_group_can_be_booked(volunteer, open_class):
    assert failing(volunteer, open_class) == []
    assert failing(volunteer, class_with(seats=5)) == [
        ("这个班不对您所在的群体开放", "班次只对居村干部开放；您登记的身份是示例志愿者")
    ]

    for_others = class_with(seats=5)
    ask(for_others, open_to_groups=[LearnerGroupFactory(name="示例业委会")])
    assert failing(volunteer, for_others) == [
        ("这个班不对您所在的群体开放", "班次只对示例业委会开放；您登记的身份是示例志愿者")
    ]
    with pytest.raises(NotEligible):
        book(trainee=volunteer, training_class=for_others, by=volunteer.user, now=NOW)


def test_posts_and_stages_are_no_matter_of_a_group_but_the_town_is(
    volunteer, open_class, other_town
):
    ask(open_class, audiences=[PositionFactory()])
    ask(open_class, stages=[StageFactory()])
    assert failing(volunteer, open_class) == []

    ask(open_class, towns=[other_town])
    assert [title for title, _fact in failing(volunteer, open_class)] == ["本班给别的街镇上"]


def test_cadres_book_a_class_that_is_also_open_to_groups_but_not_one_only_for_them(
    cadre, volunteer, open_class
):
    assert failing(cadre, open_class) == []

    open_class.groups_only = True
    open_class.save()

    assert failing(cadre, open_class) == [("这个班不对居村干部开放", "班次只对示例志愿者开放")]
    assert failing(volunteer, open_class) == []


def test_the_booking_keeps_the_group_of_the_day(volunteer, open_class):
    enrolment = book(trainee=volunteer, training_class=open_class, by=volunteer.user, now=NOW)

    assert (enrolment.status, enrolment.learner_group, enrolment.position, enrolment.post) == (
        EnrolmentStatus.BOOKED,
        volunteer.learner_group,
        None,
        "示例志愿者",
    )


def test_a_freed_seat_goes_to_a_waiting_volunteer_unless_the_group_is_shut_out(
    volunteer, open_class, cadre
):
    class_of_one = class_with(seats=1)
    ask(class_of_one, open_to_groups=[volunteer.learner_group])
    seat = book(trainee=cadre, training_class=class_of_one, by=cadre.user, now=NOW)
    waiting = book(trainee=volunteer, training_class=class_of_one, by=volunteer.user, now=NOW)
    set_conditions(class_of_one, open_to_groups=[])
    withdraw(enrolment=seat, by=cadre.user, now=NOW)
    waiting.refresh_from_db()
    assert waiting.status == EnrolmentStatus.WAITLISTED

    class_of_one.refresh_from_db()
    change_rules(
        training_class=class_of_one,
        by=cadre.user,
        now=NOW,
        rules=ClassRules(
            booking_opens_at=class_of_one.booking_opens_at,
            booking_closes_at=class_of_one.booking_closes_at,
            open_to_groups=[volunteer.learner_group],
        ),
    )
    waiting.refresh_from_db()
    assert waiting.status == EnrolmentStatus.BOOKED


def test_the_filter_and_the_recommendations_name_only_what_is_open_to_the_group(
    volunteer, open_class
):
    closed = class_with(seats=5)

    choice = sort_out(volunteer, [closed, open_class], NOW)

    assert (choice.bookable, list(choice.hidden)) == ([open_class.code], [closed.code])
    assert [item.training_class for item in recommend(volunteer, NOW)] == [open_class]


def test_the_list_of_classes_shows_first_what_is_open_to_the_group(client, volunteer, bookable):
    early, late = bookable(days=10), bookable(days=20)
    ask(late, open_to_groups=[volunteer.learner_group])
    client.force_login(volunteer.user)

    rows = [row.code for row in client.get("/classes/").context["rows"]]
    only = [row.code for row in client.get("/classes/?bookable=1").context["rows"]]

    assert (rows, only) == ([late.code, early.code], [late.code])


def test_the_page_says_who_may_book(client, volunteer, open_class, cadre):
    page = client.get(open_class.get_absolute_url()).content.decode()
    assert "也向示例志愿者开放" in page

    client.force_login(volunteer.user)
    for address in (
        "/me/",
        "/me/hours/",
        "/me/account/",
        open_class.get_absolute_url(),
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "没有给您的岗位设学时目标" not in page.content.decode()


def test_followers_hear_only_of_classes_that_are_for_them(volunteer, cadre, outsider):
    theirs, for_cadres, for_both = (class_with(seats=5, opened_at=NOW) for _number in range(3))
    theirs.groups_only = True
    theirs.save()
    for training_class in (theirs, for_both):
        ask(training_class, open_to_groups=[volunteer.learner_group])
    for training_class in (theirs, for_cadres, for_both):
        for person in (volunteer, cadre):
            follow(trainee=person, target=training_class.campus, now=NOW - DAY)

    told = {
        (item.follow.trainee, training_class)
        for item in news(NOW)
        for training_class in item.classes
    }

    assert told == {
        (volunteer, theirs),
        (volunteer, for_both),
        (cadre, for_cadres),
        (cadre, for_both),
    }


def test_alternatives_are_classes_that_the_reader_may_book(volunteer, open_class):
    course = open_class.lessons.get().course_version
    for_both, for_groups, for_cadres = (
        class_with(seats=5, groups_only=only) for only in (False, True, False)
    )
    for training_class in (for_both, for_groups, for_cadres):
        training_class.lessons.update(course_version=course)
    for training_class in (for_both, for_groups):
        ask(training_class, open_to_groups=[volunteer.learner_group])

    assert set(alternatives_to(open_class, NOW)) == {for_both, for_cadres}
    assert set(alternatives_to(open_class, NOW, volunteer)) == {for_both, for_groups}


def test_a_list_names_the_groups_of_a_class_that_is_only_for_them(client, volunteer, bookable):
    ask(bookable(groups_only=True), open_to_groups=[volunteer.learner_group])

    assert "面向示例志愿者" in client.get("/classes/").content.decode()


def test_the_lists_cost_a_light_account_the_same_whatever_their_length(client, volunteer, bookable):
    client.force_login(volunteer.user)

    def cost(address) -> int:
        client.get(address)  # the session learns how the list was left
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    counts = []
    for _more in range(2):
        for training_class in (bookable(groups_only=True), bookable(), bookable()):
            ask(training_class, open_to_groups=[volunteer.learner_group])
        counts.append([cost("/classes/"), cost("/classes/?bookable=1")])

    assert counts[0] == counts[1]
    assert max(counts[1]) <= MOST_OF_A_LIST


# --- Where they do not appear ---------------------------------------------------------------------


def test_a_light_account_stands_on_no_roster_of_village_or_town(
    volunteer, cadre, village_coordinator, town_staff, district_staff
):
    for user in (village_coordinator, town_staff):
        assert list(people_of(user)) == [cadre]
        assert list(Trainee.objects.visible_to(user)) == [cadre]
    assert list(people_of(district_staff)) == [cadre]
    assert set(Trainee.objects.visible_to(district_staff)) == {cadre, volunteer}
    assert list(Trainee.objects.visible_to(volunteer.user)) == [volunteer]


def test_no_work_page_opens_to_a_light_account(client, volunteer):
    client.force_login(volunteer.user)
    work = [
        path for name, _view in addresses() if (path := plain_path(name)).startswith("/manage/")
    ]

    refused = {path: client.get(path).status_code for path in work}

    assert len(work) > 20
    assert {path: status for path, status in refused.items() if status not in (403, 404, 405)} == {}


def test_a_village_sees_no_booking_of_a_resident(
    volunteer, cadre, open_class, village_coordinator, town_staff
):
    own = book(trainee=volunteer, training_class=open_class, by=volunteer.user, now=NOW)
    theirs = book(trainee=cadre, training_class=open_class, by=cadre.user, now=NOW)

    assert [
        list(Enrolment.objects.visible_to(user))
        for user in (village_coordinator, town_staff, volunteer.user)
    ] == [[theirs], [theirs], [own]]


def test_a_light_account_is_never_nominated(volunteer, town, town_staff):
    training_class = class_with(seats=5, town_seats={town: 2})
    ask(training_class, open_to_groups=[volunteer.learner_group])

    outcomes = nominate(
        trainees=[volunteer], training_class=training_class, town=town, by=town_staff, now=NOW
    )

    assert (outcomes[0].kind, Enrolment.objects.exists()) == ("refused", False)


def test_no_seat_is_passed_between_a_cadre_and_a_light_account(volunteer, cadre, open_class):
    seat = book(trainee=cadre, training_class=open_class, by=cadre.user, now=NOW)
    with pytest.raises(NotAColleague):
        colleague_by_phone(seat, volunteer.user.phone)
    with pytest.raises(NotAColleague):
        pass_on(enrolment=seat, to=volunteer, by=cadre.user, now=NOW)
    own = book(trainee=volunteer, training_class=open_class, by=volunteer.user, now=NOW)
    with pytest.raises(NotAColleague):
        pass_on(enrolment=own, to=cadre, by=volunteer.user, now=NOW)


def test_only_the_office_is_asked_to_approve_of_a_resident(
    volunteer, cadre, village_coordinator, town_staff, district_staff
):
    training_class = class_with(seats=5, approval=ClassApproval.CHAIN)
    ask(training_class, open_to_groups=[volunteer.learner_group])
    said = next(
        reason.fact
        for reason in reasons_for(volunteer, training_class, NOW)
        if reason.rule == "approval"
    )

    own, theirs = (
        book(trainee=person, training_class=training_class, by=person.user, now=NOW)
        for person in (volunteer, cadre)
    )

    assert (own.approval.level, theirs.approval.level) == (
        ApprovalLevel.DISTRICT,
        ApprovalLevel.VILLAGE,
    )
    assert said.startswith("依次审批：区级；")
    today = NOW.date()
    assert [
        own.approval.steps.filter(pk__in=steps_of(user, today)).exists()
        for user in (village_coordinator, town_staff)
    ] == [False, False]
    assert list(own.approval.steps.all()) == [
        step for step in steps_of(district_staff, today) if step.approval_id == own.approval.pk
    ]


def test_a_class_that_only_village_and_town_approve_asks_nobody_about_a_resident(
    volunteer, village_coordinator
):
    training_class = class_with(seats=5, approval=ClassApproval.CHAIN, approval_district=False)
    ask(training_class, open_to_groups=[volunteer.learner_group])

    enrolment = book(trainee=volunteer, training_class=training_class, by=volunteer.user, now=NOW)

    assert enrolment.approval.status == "approved"
    assert not [
        reason
        for reason in reasons_for(volunteer, training_class, NOW)
        if reason.rule == "approval"
    ]


def test_no_resident_stands_in_for_an_approver(volunteer, cadre, village_coordinator):
    assert set(people_of_the_units(village_coordinator, NOW.date())) == {cadre.user}


def test_figures_about_cadres_count_nobody_else(volunteer, cadre, open_class):
    for person in (volunteer, cadre):
        EnrolmentFactory(trainee=person, training_class=open_class, is_repeat=person is volunteer)

    rate = repeat_rate([open_class])

    assert (rate.repeats, rate.bookings) == (0, 1)
    assert progress(volunteer, 2027, NOW).target is None


def test_the_database_refuses_a_post_beside_a_group_and_neither(volunteer, open_class, cadre):
    for values in ({"position": cadre.position}, {"learner_group": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Trainee.objects.filter(pk=volunteer.pk).update(**values)
    enrolment = EnrolmentFactory(trainee=volunteer, training_class=open_class)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=enrolment.pk).update(learner_group=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        LightAccount.objects.create(trainee=volunteer, group=volunteer.learner_group, joined_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        LightAccount.objects.update(ended_at=NOW)


# --- Becoming a cadre -----------------------------------------------------------------------------


def test_a_light_account_that_gets_a_post_stays_the_same_person(volunteer, open_class):
    seat = book(trainee=volunteer, training_class=open_class, by=volunteer.user, now=NOW)
    elsewhere, post = VillageFactory(), PositionFactory()

    for _twice in range(2):
        become_cadre(
            trainee=volunteer, village=elsewhere, position=post, on=date(2027, 4, 1), now=NOW + DAY
        )

    person = Trainee.objects.get()
    assert (person.pk, person.village, person.position, person.learner_group) == (
        volunteer.pk,
        elsewhere,
        post,
        None,
    )
    assert list(person.postings.values_list("village", "position", "valid_from")) == [
        (elsewhere.pk, post.pk, date(2027, 4, 1))
    ]
    assert list(LightAccount.objects.values_list("ended_at", "end")) == [
        (NOW + DAY, "became_cadre")
    ]
    seat.refresh_from_db()
    assert (seat.status, seat.learner_group) == (EnrolmentStatus.BOOKED, volunteer.learner_group)
    assert close_unused(now=NOW + 3 * YEAR) == warn_unused(now=NOW + 3 * YEAR) == 0


# --- Lapsing --------------------------------------------------------------------------------------


def test_an_unused_account_is_warned_once_and_closed_after_a_year(volunteer, open_class):
    follow(trainee=volunteer, target=open_class.campus, now=NOW)
    feed_of(volunteer, NOW)
    phone = volunteer.user.phone

    assert [
        warn_unused(now=NOW + YEAR - MONTH - DAY),
        warn_unused(now=NOW + YEAR - MONTH + DAY),
        warn_unused(now=NOW + YEAR - DAY),
    ] == [0, 1, 0]
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.title) == (
        volunteer.user,
        "light_account_lapses",
        "您的账号将于2028年3月1日注销，登录一次即可保留",
    )
    assert [
        close_unused(now=NOW + YEAR),
        close_unused(now=NOW + YEAR + 2 * DAY),
        close_unused(now=NOW + YEAR + 3 * DAY),
    ] == [0, 1, 0]

    user = User.objects.get(pk=volunteer.user_id)
    assert (user.name, user.phone, user.is_active, user.has_usable_password()) == (
        "已注销",
        tombstone(user.pk),
        False,
        False,
    )
    assert list(LightAccount.objects.values_list("end", "ended_at")) == [
        ("lapsed", NOW + YEAR + 2 * DAY)
    ]
    assert (
        not Follow.objects.exists()
        and not Notice.objects.exists()
        and not hasattr(Trainee.objects.get(), "calendar_feed")
    )
    again = join(
        phone=phone,
        name="示例甲",
        village=volunteer.village,
        group=volunteer.learner_group,
        now=NOW + YEAR + 9 * DAY,
    )
    assert again.pk != volunteer.pk


def test_facts_stay_when_an_account_is_closed(volunteer, open_class):
    EnrolmentFactory(trainee=volunteer, training_class=open_class, status=EnrolmentStatus.WITHDRAWN)
    warn_unused(now=NOW + YEAR)
    close_unused(now=NOW + YEAR + 2 * MONTH)

    assert list(Enrolment.objects.values_list("trainee", "learner_group", "village")) == [
        (volunteer.pk, volunteer.learner_group_id, volunteer.village_id)
    ]
    assert not User.objects.get(pk=volunteer.user_id).is_active


def test_nobody_is_closed_without_a_warning_of_thirty_days(volunteer):
    late = NOW + 2 * YEAR

    assert [
        close_unused(now=late),
        warn_unused(now=late),
        close_unused(now=late + MONTH - DAY),
        close_unused(now=late + MONTH),
    ] == [0, 1, 0, 1]


@pytest.mark.parametrize("use", ["log-in", "booking"])
def test_whoever_uses_the_account_after_the_warning_keeps_it_and_is_warned_anew_a_year_later(
    volunteer, open_class, use
):
    warn_unused(now=NOW + YEAR - 20 * DAY)
    used_at = NOW + YEAR - 10 * DAY
    if use == "log-in":
        User.objects.filter(pk=volunteer.user_id).update(last_login=used_at)
    else:
        EnrolmentFactory(
            trainee=volunteer,
            training_class=open_class,
            status=EnrolmentStatus.WITHDRAWN,
            queued_at=used_at,
        )

    assert [
        close_unused(now=NOW + YEAR + MONTH),
        warn_unused(now=NOW + YEAR + MONTH),
        warn_unused(now=used_at + YEAR - MONTH + DAY),
    ] == [0, 0, 1]


@pytest.mark.parametrize("status", [EnrolmentStatus.BOOKED, EnrolmentStatus.WAITLISTED])
def test_a_booking_ahead_keeps_the_account(volunteer, open_class, status):
    enrolment = EnrolmentFactory(
        trainee=volunteer,
        training_class=open_class,
        status=EnrolmentStatus.WAITLISTED,
        queued_at=NOW,
    )
    if status == EnrolmentStatus.BOOKED:
        Enrolment.objects.filter(pk=enrolment.pk).update(status=status, pool=open_class.pools.get())

    assert [warn_unused(now=NOW + 2 * YEAR), close_unused(now=NOW + 3 * YEAR)] == [0, 0]


def test_a_booking_between_warning_and_closing_keeps_the_account(volunteer, open_class):
    warn_unused(now=NOW + YEAR)
    EnrolmentFactory(
        trainee=volunteer,
        training_class=open_class,
        status=EnrolmentStatus.WAITLISTED,
        queued_at=NOW,
    )

    assert close_unused(now=NOW + 2 * YEAR) == 0


def test_cadres_and_people_with_a_role_never_lapse(volunteer, cadre):
    RoleGrantFactory(user=volunteer.user, role=Role.DISTRICT_STAFF)

    assert (list(unused_since(NOW + 9 * YEAR)), warn_unused(now=NOW + 9 * YEAR)) == ([], 0)


def test_a_closed_account_is_logged_out_everywhere(client, volunteer):
    client.force_login(volunteer.user)
    warn_unused(now=NOW + YEAR)
    LightAccount.objects.update(warned_at=NOW + YEAR)
    User.objects.update(last_login=NOW)
    close_unused(now=NOW + YEAR + 2 * MONTH)

    assert client.get("/me/").status_code == 302


def test_a_closed_account_leaves_no_question_behind(volunteer, open_class):
    """docs/rules.md R87."""
    enrolment = book(trainee=volunteer, training_class=open_class, by=volunteer.user, now=NOW)
    Enrolment.objects.filter(pk=enrolment.pk).update(question="一个难题")
    withdraw(enrolment=enrolment, by=volunteer.user, now=NOW)

    leave(trainee=volunteer, now=NOW)

    assert Enrolment.objects.get(pk=enrolment.pk).question == ""


# --- Leaving --------------------------------------------------------------------------------------


def test_a_person_closes_the_own_account(client, volunteer):
    client.force_login(volunteer.user)
    phone = volunteer.user.phone

    answer = client.post("/me/account/", follow=True)

    assert "账号已注销，姓名和手机号已删除。" in answer.content.decode()
    assert (User.objects.filter(phone=phone).exists(), LightAccount.objects.get().end) == (
        False,
        "left",
    )
    assert client.get("/me/").status_code == 302


def test_who_has_a_booking_ahead_cancels_it_first(volunteer, open_class):
    book(trainee=volunteer, training_class=open_class, by=volunteer.user, now=NOW)

    with pytest.raises(StillBooked):
        leave(trainee=volunteer, now=NOW)

    assert User.objects.get(pk=volunteer.user_id).is_active


def test_a_second_tap_on_closing_changes_nothing(volunteer):
    leave(trainee=volunteer, now=NOW)
    leave(trainee=volunteer, now=NOW + DAY)

    assert LightAccount.objects.get().ended_at == NOW


# --- Rules ----------------------------------------------------------------------------------------


def test_staff_tick_the_groups_on_the_form_of_the_rules(
    client, volunteer, bookable, district_staff
):
    training_class = bookable()
    client.force_login(district_staff)
    local = timezone.localtime
    data = {
        "booking_opens_at": f"{local(training_class.booking_opens_at):%Y-%m-%dT%H:%M}",
        "booking_closes_at": f"{local(training_class.booking_closes_at):%Y-%m-%dT%H:%M}",
        "approval": "none",
        "approval_days": "2",
        "clash_rule": "block",
        "offer_within_hours": "48",
        "offer_hours": "4",
        "queue_ends_hours": "2",
        "minimum_size": "0",
    }
    address = f"/manage/classes/{training_class.code}/rules/"

    nobody = client.post(address, {**data, "groups_only": "on"})
    assert nobody.context["form"].errors["open_to_groups"] == [
        "请至少勾选一个群体，否则没有人能报名。"
    ]
    wrong = client.post(address, {**data, "open_to_groups": "9" * 30})
    assert "open_to_groups" in wrong.context["form"].errors
    saved = client.post(
        address, {**data, "groups_only": "on", "open_to_groups": volunteer.learner_group_id}
    )

    training_class.refresh_from_db()
    assert (
        saved.status_code,
        training_class.groups_only,
        list(training_class.open_to_groups.all()),
    ) == (302, True, [volunteer.learner_group])


def test_the_roll_and_the_sheet_show_the_group_in_place_of_the_post(
    client, volunteer, open_class, district_staff, django_assert_max_num_queries
):
    people = [
        volunteer,
        *LightTraineeFactory.create_batch(3, learner_group=volunteer.learner_group),
    ]
    for person in people:
        book(trainee=person, training_class=open_class, by=person.user, now=NOW)
    client.force_login(district_staff)

    for address in (
        f"/manage/classes/{open_class.code}/people/",
        f"/manage/lessons/{open_class.lessons.get().pk}/sign-in/",
        f"/manage/classes/{open_class.code}/queue/",
    ):
        with django_assert_max_num_queries(16):
            page = client.get(address).content.decode()
        assert "示例志愿者" in page or "queue" in address
