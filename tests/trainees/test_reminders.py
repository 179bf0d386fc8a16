from datetime import datetime, timedelta

import pytest
import time_machine

from courses.models import ClassStatus
from notices.due_reminders import Planned
from notices.models import Notice, NoticeStatus
from notices.sweep import sweep
from trainees.models import Enrolment, EnrolmentStatus
from trainees.reminders import ClassTomorrow

from ..factories import SHANGHAI, EnrolmentFactory, LessonFactory, TraineeFactory, class_with

WEDNESDAY = datetime(2027, 3, 10, 13, 30, tzinfo=SHANGHAI)
TUESDAY_FIVE = datetime(2027, 3, 9, 17, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(TUESDAY_FIVE - timedelta(hours=8), tick=False):
        yield


@pytest.fixture
def meeting(db):
    """A class that meets on Wednesday at 13:30."""
    return class_with(seats=10, starts_at=WEDNESDAY, title="示例班", code="PX-1")


def seat(training_class, trainee, status=EnrolmentStatus.BOOKED):
    pool = training_class.pools.get() if status == EnrolmentStatus.BOOKED else None
    return EnrolmentFactory(
        training_class=training_class, trainee=trainee, status=status, pool=pool
    )


def inbox(trainee):
    return list(
        Notice.objects.visible_to(trainee.user)
        .order_by("sent_at", "pk")
        .values_list("title", flat=True)
    )


def test_whoever_has_a_seat_is_reminded_the_day_before(meeting, cadre):
    seat(meeting, cadre)
    lesson = meeting.lessons.get()

    sweep(TUESDAY_FIVE - timedelta(minutes=1))
    assert inbox(cadre) == []
    sweep(TUESDAY_FIVE)

    notice = Notice.objects.visible_to(cadre.user).get()
    assert (notice.subject, notice.moment, notice.due_at, notice.link) == (
        lesson,
        WEDNESDAY,
        TUESDAY_FIVE,
        "/classes/PX-1/",
    )
    assert "示例班" in notice.title
    for fact in ("3月10日 周三", "13:30—15:55", lesson.venue.name, meeting.campus.name):
        assert fact in notice.body


def test_the_same_reminder_is_never_sent_twice(meeting, cadre):
    seat(meeting, cadre)

    for minutes in range(0, 20 * 60, 30):
        sweep(TUESDAY_FIVE + timedelta(minutes=minutes))

    assert len(inbox(cadre)) == 1
    assert Notice.objects.count() == 1


def test_only_seats_are_reminded_of(meeting, cadre, colleague, outsider):
    seat(meeting, cadre)
    seat(meeting, colleague, EnrolmentStatus.WAITLISTED)
    seat(meeting, outsider, EnrolmentStatus.WITHDRAWN)

    sweep(TUESDAY_FIVE)

    assert list(Notice.objects.values_list("person", flat=True)) == [cadre.user.pk]


@pytest.mark.parametrize("status", [ClassStatus.DRAFT, ClassStatus.CANCELLED, ClassStatus.CLOSED])
def test_a_class_that_is_not_held_reminds_nobody(meeting, cadre, status):
    seat(meeting, cadre)
    type(meeting).objects.update(status=status)

    sweep(TUESDAY_FIVE)

    assert Notice.objects.count() == 0


def test_every_day_of_a_class_has_its_own_reminder(cadre):
    meeting = class_with(seats=10, starts_at=WEDNESDAY, lessons=2)
    type(meeting).objects.update(status=ClassStatus.RUNNING)
    seat(meeting, cadre)

    sweep(TUESDAY_FIVE)
    assert len(inbox(cadre)) == 1
    sweep(TUESDAY_FIVE + timedelta(days=1))
    assert len(inbox(cadre)) == 2


def test_two_lessons_of_a_day_are_one_reminder_that_names_both_also_after_the_first_has_begun(
    meeting, cadre
):
    LessonFactory(training_class=meeting, number=2, starts_at=WEDNESDAY + timedelta(hours=3))
    seat(meeting, cadre)

    sweep(TUESDAY_FIVE)
    sweep(WEDNESDAY + timedelta(minutes=1))

    notice = Notice.objects.get()
    assert ("13:30" in notice.body, "16:30" in notice.body) == (True, True)


@pytest.mark.parametrize("change", ["withdrawn", "cancelled"])
def test_a_booking_or_class_that_ended_withdraws_the_reminder(meeting, cadre, change):
    enrolment = seat(meeting, cadre)
    sweep(TUESDAY_FIVE - timedelta(minutes=30))
    assert Notice.objects.get().status == NoticeStatus.PENDING

    if change == "withdrawn":
        Enrolment.objects.filter(pk=enrolment.pk).update(
            status=EnrolmentStatus.WITHDRAWN, pool=None
        )
    else:
        type(meeting).objects.update(status=ClassStatus.CANCELLED)
    sweep(TUESDAY_FIVE)

    assert Notice.objects.get().status == NoticeStatus.WITHDRAWN


@pytest.mark.parametrize("change", ["withdrawn", "cancelled", "moved"])
def test_the_facts_are_looked_at_again_when_a_reminder_is_sent(meeting, cadre, change, monkeypatch):
    enrolment = seat(meeting, cadre)
    sweep(TUESDAY_FIVE - timedelta(minutes=30))
    if change == "withdrawn":
        Enrolment.objects.filter(pk=enrolment.pk).update(
            status=EnrolmentStatus.WITHDRAWN, pool=None
        )
    elif change == "cancelled":
        type(meeting).objects.update(status=ClassStatus.CANCELLED)
    else:
        meeting.lessons.update(
            starts_at=WEDNESDAY + timedelta(days=7), ends_at=WEDNESDAY + timedelta(days=7, hours=2)
        )
    # the change came after the plan
    monkeypatch.setattr("notices.sweep.plan", lambda now: Planned())

    sweep(TUESDAY_FIVE)

    assert Notice.objects.get().status == NoticeStatus.WITHDRAWN


def test_a_lesson_that_moves_takes_its_reminder_with_it(meeting, cadre):
    seat(meeting, cadre)
    sweep(TUESDAY_FIVE - timedelta(minutes=30))
    meeting.lessons.update(
        starts_at=WEDNESDAY + timedelta(days=7), ends_at=WEDNESDAY + timedelta(days=7, hours=2)
    )

    sweep(TUESDAY_FIVE)
    assert inbox(cadre) == []
    sweep(TUESDAY_FIVE + timedelta(days=7))
    assert len(inbox(cadre)) == 1


def test_a_reminder_that_was_sent_before_the_lesson_moved_is_sent_anew_for_the_new_time(
    meeting, cadre
):
    seat(meeting, cadre)
    sweep(TUESDAY_FIVE)
    meeting.lessons.update(
        starts_at=WEDNESDAY + timedelta(days=7), ends_at=WEDNESDAY + timedelta(days=7, hours=2)
    )

    sweep(TUESDAY_FIVE + timedelta(days=7))

    assert len(inbox(cadre)) == 2


def test_a_seat_won_after_the_hour_is_reminded_of_at_the_next_sweep(meeting, cadre):
    sweep(TUESDAY_FIVE)
    seat(meeting, cadre)

    sweep(TUESDAY_FIVE + timedelta(hours=3))

    assert len(inbox(cadre)) == 1


def test_a_sweep_that_comes_after_the_lesson_began_reminds_nobody(meeting, cadre):
    seat(meeting, cadre)
    sweep(TUESDAY_FIVE - timedelta(minutes=30))

    sweep(WEDNESDAY)

    assert (inbox(cadre), Notice.objects.get().status) == ([], NoticeStatus.WITHDRAWN)


def test_the_title_speaks_of_the_readers_day(meeting, cadre, colleague):
    seat(meeting, cadre)
    sweep(TUESDAY_FIVE)
    seat(meeting, colleague)
    sweep(WEDNESDAY - timedelta(hours=3))

    [on_time], [late] = inbox(cadre), inbox(colleague)
    assert on_time != late


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_seats(
    meeting, count, django_assert_num_queries
):
    for _ in range(count):
        seat(meeting, TraineeFactory())
    reminder = ClassTomorrow()
    assert reminder.rule.at_hour == 17

    with django_assert_num_queries(2):  # lessons, their seat holders
        assert len(list(reminder.due(TUESDAY_FIVE))) == count
