"""Moving and cancelling a class: who is told what, once; the place is kept; what is shown before is
what is sent.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from courses.models import ClassStatus, TrainingClass
from courses.schedule.class_plans import ClassPlan, LessonPlan, SchedulingRefused
from courses.schedule.teachers import teachers_of
from notices.models import Notice
from notices.sweep import sweep
from trainees.booking.enrolling import book
from trainees.classes.change_notices import (
    alternatives_to,
    changes_between,
    tellings_of_a_cancellation,
    tellings_of_a_move,
)
from trainees.classes.changes import cancel_class, change_plan, rehearse_change
from trainees.errors import ClassChangeRefused
from trainees.models import Enrolment, EnrolmentEvent, EnrolmentEventKind, EnrolmentStatus
from trainees.record.attendance import mark, undo_last

from ..factories import (
    NOW,
    CampusFactory,
    PositionFactory,
    TraineeFactory,
    VenueFactory,
    ask,
    class_with,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def training_class(campus):
    return class_with(seats=2, lessons=2, campus=campus, title="协商班")


def take(trainee, training_class):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)


def plan_of(training_class, **more) -> ClassPlan:
    """The class as it stands."""
    lessons = [
        LessonPlan(
            item.course_version.course,
            item.venue,
            item.starts_at,
            item.ends_at,
            item.hours,
            teachers_of(item),
            item.pk,
        )
        for item in training_class.lessons.order_by("starts_at")
    ]
    names = (
        "title",
        "campus",
        "capacity",
        "booking_opens_at",
        "booking_closes_at",
        "cancel_until",
        "programme",
        "department",
        "has_waiting_list",
    )
    return ClassPlan(
        **{name: getattr(training_class, name) for name in names} | {"lessons": lessons} | more
    )


def later(plan: ClassPlan, by: timedelta = WEEK) -> ClassPlan:
    """The first lesson moves to after the others."""
    first, *rest = plan.lessons
    return replace(
        plan,
        lessons=[replace(first, starts_at=first.starts_at + by, ends_at=first.ends_at + by), *rest],
    )


def change(training_class, plan, now=NOW):
    return change_plan(training_class=training_class, plan=plan, by=None, now=now)


def told(kind="class_moved") -> list[tuple]:
    return list(
        Notice.objects.filter(kind=kind).order_by("person").values_list("person", "title", "body")
    )


# --- Moving ---------------------------------------------------------------------------------------


@time_machine.travel(NOW, tick=False)
def test_everybody_with_a_seat_or_a_place_is_told_once_with_the_old_and_the_new_time(
    training_class, cadre, colleague, outsider
):
    for trainee in (cadre, colleague, outsider):
        take(trainee, training_class)
    plan = plan_of(training_class)

    change(training_class, later(plan))
    change(training_class, later(plan))  # the same form sent twice

    room = plan.lessons[0].venue.name
    body = (
        f"3月15日 周一 10:00—12:25，{room} → 3月22日 周一 10:00—12:25，{room}\n名额给您留着。"
        "新时间不方便的话，请在班次页面取消。"
    )
    assert told() == [
        (person.user.pk, "时间或地点有变：协商班", body)
        for person in sorted((cadre, colleague, outsider), key=lambda item: item.user.pk)
    ]
    assert set(Enrolment.objects.values_list("trainee", "status")) == {
        (cadre.pk, "booked"),
        (colleague.pk, "booked"),
        (outsider.pk, "waitlisted"),
    }


def test_moving_twice_tells_twice_and_counts_for_calendars(training_class, cadre):
    take(cadre, training_class)
    plan = plan_of(training_class)

    change(training_class, later(plan))
    change(training_class, later(plan, WEEK * 2))

    training_class.refresh_from_db()
    assert (len(told()), training_class.sequence) == (2, 2)


def test_another_name_or_more_seats_tells_nobody(training_class, cadre):
    take(cadre, training_class)

    change(training_class, replace(plan_of(training_class), title="新名字", capacity=3))

    training_class.refresh_from_db()
    assert (told(), training_class.sequence, training_class.title) == ([], 0, "新名字")


@time_machine.travel(NOW, tick=False)
def test_another_room_a_new_and_a_dropped_lesson_are_named(training_class, cadre):
    take(cadre, training_class)
    plan, other = plan_of(training_class), VenueFactory(name="新教室")
    first, second = plan.lessons
    extra = replace(first, pk=None, starts_at=first.starts_at + WEEK, ends_at=first.ends_at + WEEK)

    change(training_class, replace(plan, lessons=[replace(first, venue=other), extra]))

    ((_person, _title, body),) = told()
    assert body.splitlines()[:3] == [
        f"3月15日 周一 10:00—12:25，{first.venue.name} → 3月15日 周一 10:00—12:25，新教室",
        f"取消：3月16日 周二 10:00—12:25，{second.venue.name}",
        f"新增：3月22日 周一 10:00—12:25，{first.venue.name}",
    ]


def test_a_draft_moves_in_silence(campus, cadre):
    draft = class_with(seats=2, campus=campus, status=ClassStatus.DRAFT)

    assert change(draft, later(plan_of(draft))).tellings == []


@time_machine.travel(NOW, tick=False)
def test_who_has_another_lesson_at_the_new_time_is_told_of_it_and_nobody_else(
    training_class, cadre, colleague
):
    other = class_with(seats=2, starts_at=NOW + timedelta(days=21, hours=1), title="别的班")
    for trainee in (cadre, colleague):
        take(trainee, training_class)
    take(cadre, other)

    tellings = change(training_class, later(plan_of(training_class))).tellings

    assert {item.enrolment.trainee: item.clash for item in tellings} == {
        cadre: "新时间和您的“别的班”（3月22日 周一 11:00—13:25）冲突，请留一个、取消一个。",
        colleague: "",
    }
    assert {person for person, _title, body in told() if "别的班" in body} == {cadre.user.pk}


def test_classes_of_the_same_course_with_seats_are_offered(training_class, cadre):
    take(cadre, training_class)
    version = training_class.lessons.first().course_version
    full, free, closed = (
        class_with(seats=1, title="满的班"),
        class_with(seats=2, title="有名额的班"),
        class_with(seats=2, booking_closes_at=NOW),
    )
    for item in (full, free, closed):
        item.lessons.update(course_version=version)
    take(TraineeFactory(), full)

    (telling,) = change(training_class, later(plan_of(training_class))).tellings

    assert (
        "有名额的班" in telling.text,
        "满的班" in telling.text,
        closed.title in telling.text,
    ) == (True, False, False)
    assert alternatives_to(training_class, NOW) == [free]  # as a visitor sees them


@time_machine.travel(NOW, tick=False)
def test_everybody_is_offered_what_they_may_book_and_can_attend_the_own_town_first(
    training_class, cadre, outsider
):
    version, first = training_class.lessons.first().course_version, training_class.starts_at
    others = {
        # fits once this one is given up
        "同时的班": class_with(seats=5, title="同时的班", starts_at=first),
        "别的岗位的班": class_with(
            seats=5, title="别的岗位的班", starts_at=first + timedelta(days=9)
        ),
        "有事的班": class_with(seats=5, title="有事的班", starts_at=first + timedelta(days=10)),
        "本镇的班": class_with(seats=5, title="本镇的班", starts_at=first + timedelta(days=20)),
    }
    ask(others["别的岗位的班"], audiences=[PositionFactory()])
    others["本镇的班"].lessons.update(
        venue=VenueFactory(campus=CampusFactory(town=cadre.village.town, name="上课的分校"))
    )
    for item in others.values():
        item.lessons.update(course_version=version)
    take(cadre, class_with(seats=5, starts_at=first + timedelta(days=10)))
    for person in (cadre, outsider):
        take(person, training_class)

    offered = {
        telling.enrolment.trainee: telling.alternatives
        for telling in tellings_of_a_cancellation(training_class, "老师生病", NOW)
    }

    def named(trainee):
        return sorted(
            (title for title in others if title in offered[trainee]), key=offered[trainee].index
        )

    assert named(cadre) == ["本镇的班", "同时的班"]
    assert named(outsider) == ["同时的班", "有事的班", "本镇的班"]
    assert [item.title for item in alternatives_to(training_class, NOW, cadre)] == named(cadre)
    assert "上课的分校" in offered[cadre]


def test_after_the_deadline_the_way_out_is_a_call(training_class, cadre):
    take(cadre, training_class)

    (telling,) = change(
        training_class, later(plan_of(training_class)), now=training_class.booking_closes_at
    ).tellings

    assert "请致电" in telling.body


def test_the_reminder_goes_with_the_lesson(training_class, cadre):
    take(cadre, training_class)
    moved_to = NOW + timedelta(days=21)
    plan = plan_of(training_class)
    sweep(plan.lessons[0].starts_at - timedelta(hours=18))  # planned for the old day
    change(training_class, later(plan))

    sweep(plan.lessons[0].starts_at - timedelta(hours=16))
    assert not Notice.objects.filter(
        kind="class_tomorrow", status="sent", moment=plan.lessons[0].starts_at
    ).exists()
    sweep(moved_to - timedelta(hours=16))
    assert Notice.objects.filter(kind="class_tomorrow", status="sent", moment=moved_to).count() == 1


def test_a_rehearsal_says_what_would_be_sent_and_leaves_nothing(training_class, cadre):
    take(cadre, training_class)
    plan = later(plan_of(training_class))

    shown = rehearse_change(training_class=training_class, plan=plan, by=None, now=NOW)

    assert (told(), TrainingClass.objects.get(pk=training_class.pk).sequence) == ([], 0)
    sent = change(training_class, plan).tellings
    assert [(item.title, item.text) for item in shown] == [(item.title, item.text) for item in sent]


def test_a_refused_move_tells_nobody(training_class, cadre):
    take(cadre, training_class)
    plan = later(plan_of(training_class))
    rival = class_with(seats=2, starts_at=plan.lessons[0].starts_at)
    rival.lessons.update(venue=plan.lessons[0].venue)

    with pytest.raises(SchedulingRefused, match=rival.code):
        change(training_class, plan)

    assert told() == []


# --- Cancelling -----------------------------------------------------------------------------------


def test_what_is_kept_of_a_cancellation_is_in_the_language_of_the_portal(training_class, cadre):
    take(cadre, training_class)

    with translation.override("en"):
        cancel_class(training_class=training_class, reason="老师生病", by=None, now=NOW)

    assert EnrolmentEvent.objects.last().kind == EnrolmentEventKind.CANCELLED


@time_machine.travel(NOW, tick=False)
def test_cancelling_tells_everybody_once_and_raises_the_sequence(training_class, cadre, colleague):
    for trainee in (cadre, colleague):
        take(trainee, training_class)

    cancel_class(training_class=training_class, reason="老师生病", by=None, now=NOW)
    with pytest.raises(ClassChangeRefused):
        cancel_class(training_class=training_class, reason="老师生病", by=None, now=NOW)

    training_class.refresh_from_db()
    assert (training_class.sequence, training_class.status) == (1, "cancelled")
    assert [(person, body.splitlines()[1]) for person, _title, body in told("class_cancelled")] == [
        (person, "原定3月15日 周一 10:00开班。")
        for person in sorted((cadre.user.pk, colleague.user.pk))
    ]
    assert set(Enrolment.objects.values_list("status", flat=True)) == {EnrolmentStatus.WITHDRAWN}


# --- The step before ------------------------------------------------------------------------------


def posted(training_class, **moved) -> dict:
    """The edit form as a browser sends it, with every lesson a week later unless said otherwise."""
    local = timezone.localtime
    fields = {
        "class-title": training_class.title,
        "class-campus": training_class.campus_id,
        "class-capacity": training_class.capacity,
        "save": "keep",
        "class-booking_opens_at": f"{local(training_class.booking_opens_at):%Y-%m-%dT%H:%M}",
        "class-has_waiting_list": "on",
        "class-booking_closes_at": f"{local(training_class.booking_closes_at):%Y-%m-%dT%H:%M}",
        "lessons-TOTAL_FORMS": training_class.lesson_count,
        "lessons-INITIAL_FORMS": training_class.lesson_count,
        "quotas-TOTAL_FORMS": 0,
        "quotas-INITIAL_FORMS": 0,
    }
    for field in TrainingClass._meta.get_fields():
        if (
            getattr(field, "choices", None)
            and f"class-{field.name}" not in fields
            and hasattr(training_class, field.name)
        ):
            fields[f"class-{field.name}"] = getattr(training_class, field.name) or ""
    for place, lesson in enumerate(training_class.lessons.order_by("starts_at")):
        fields |= {
            f"lessons-{place}-pk": lesson.pk,
            f"lessons-{place}-course": lesson.course_version.course.code,
            f"lessons-{place}-venue": lesson.venue.code,
            f"lessons-{place}-day": f"{local(lesson.starts_at) + WEEK:%Y-%m-%d}",
            f"lessons-{place}-starts": f"{local(lesson.starts_at):%H:%M}",
            f"lessons-{place}-ends": f"{local(lesson.ends_at):%H:%M}",
            f"lessons-{place}-hours": lesson.hours,
        }
    return fields | moved


def carried(response) -> dict:
    return dict(response.context["carried"]) | {"confirmed": response.context["fingerprint"]}


@time_machine.travel(NOW, tick=False)
def test_staff_see_the_message_and_the_people_before_it_is_sent(
    client, district_staff, training_class, cadre
):
    take(cadre, training_class)
    client.force_login(district_staff)

    preview = client.post(f"/manage/classes/{training_class.code}/edit/", posted(training_class))
    assert (preview.status_code, told()) == (200, [])
    (telling,) = preview.context["tellings"]
    page = preview.content.decode()
    assert cadre.user.name in page and telling.title in page

    back = client.post(
        f"/manage/classes/{training_class.code}/edit/", carried(preview) | {"step": "edit"}
    )
    assert (back.status_code, told(), "forms" in back.context) == (200, [], True)
    done = client.post(f"/manage/classes/{training_class.code}/edit/", carried(preview))
    assert (done.status_code, told()) == (302, [(cadre.user.pk, telling.title, telling.text)])
    client.post(f"/manage/classes/{training_class.code}/edit/", carried(preview))
    assert len(told()) == 1


@time_machine.travel(NOW, tick=False)
def test_a_class_nobody_booked_moves_at_once(client, district_staff, training_class):
    client.force_login(district_staff)

    assert (
        client.post(
            f"/manage/classes/{training_class.code}/edit/", posted(training_class)
        ).status_code
        == 302
    )


@time_machine.travel(NOW, tick=False)
def test_a_cancellation_is_shown_before_it_is_sent(client, district_staff, training_class, cadre):
    take(cadre, training_class)
    client.force_login(district_staff)
    url = f"/manage/classes/{training_class.code}/cancel/"

    preview = client.post(url, {"reason": "老师生病"})
    assert (
        preview.status_code,
        told("class_cancelled"),
        "老师生病" in preview.content.decode(),
    ) == (200, [], True)
    assert client.post(url, carried(preview) | {"step": "edit"}).status_code == 302
    assert told("class_cancelled") == []

    client.post(url, carried(preview))
    assert len(told("class_cancelled")) == 1
    assert client.post(url, {"reason": ""}).status_code == 302


@time_machine.travel(NOW, tick=False)
def test_other_classes_of_the_course_are_one_tap_from_a_class_that_moved_or_fell_out(
    client, training_class, cadre
):
    take(cadre, training_class)
    other = class_with(seats=2, title="有名额的班")
    other.lessons.update(course_version=training_class.lessons.first().course_version)
    client.force_login(cadre.user)
    url = training_class.get_absolute_url()

    assert client.get(url).context["alternatives"] == []
    change(training_class, later(plan_of(training_class)))
    assert client.get(url).context["alternatives"] == [other]
    cancel_class(training_class=training_class, reason="老师生病", by=None, now=NOW)
    assert f'href="{other.get_absolute_url()}"' in client.get(url).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_of_the_preview_does_not_grow_with_the_people(
    training_class, count, django_assert_max_num_queries
):
    training_class.pools.update(seats=9)
    TrainingClass.objects.filter(pk=training_class.pk).update(capacity=9)
    training_class.refresh_from_db()
    for _n in range(count):
        take(TraineeFactory(), training_class)

    changes = changes_between(
        training_class.lessons.select_related("venue"), later(plan_of(training_class)).lessons
    )

    with django_assert_max_num_queries(4):
        assert len(tellings_of_a_move(training_class, changes, NOW)) == count


def test_a_lesson_whose_marks_were_taken_back_stays_because_its_log_does(
    training_class, cadre, district_staff
):
    seat = book(trainee=cadre, training_class=training_class, by=cadre.user, now=NOW)
    kept, marked = training_class.lessons.order_by("starts_at")
    mark(
        lesson=marked, enrolments=[seat], status="present", by=district_staff, now=marked.starts_at
    )
    undo_last(lesson=marked, by=district_staff, now=marked.starts_at)
    plan = plan_of(training_class)

    with pytest.raises(SchedulingRefused, match="点过名"):
        change_plan(
            training_class=training_class,
            plan=replace(plan, lessons=plan.lessons[:1]),
            by=district_staff,
            now=NOW,
        )

    assert set(training_class.lessons.all()) == {kept, marked}
