"""Marks of a lesson: everybody starts unmarked, one tap for all, single taps for the exceptions,
undo, replays.
"""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses.models import ClassStatus
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw_late
from trainees.invariants import breaches
from trainees.models import AbsenceReason, Attendance, AttendanceChange, EnrolmentStatus
from trainees.record.attendance import (
    clear,
    give_reason,
    mark,
    mark_rest,
    undo_last,
)
from trainees.record.closing import close_class
from trainees.record.lesson_rolls import unmarked
from trainees.record.mark_errors import (
    NotAway,
    NothingToUndo,
    NotOnTheRoll,
    RollClosed,
    TooEarly,
    WrongMinutes,
)
from trainees.record.marks import Mark, tally

from ..factories import NOW, TraineeFactory, UserFactory, class_with

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def lesson():
    """Three people hold a seat, a fourth waits; the lesson of 145 minutes begins in two weeks."""
    training_class = class_with(seats=3)
    for _n in range(4):
        trainee = TraineeFactory()
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    return training_class.lessons.get()


@pytest.fixture
def now(lesson):
    return lesson.starts_at


@pytest.fixture
def teacher(db):
    return UserFactory()


@pytest.fixture
def people(lesson):
    return list(
        lesson.training_class.enrolments.filter(status=EnrolmentStatus.BOOKED).order_by("pk")
    )


def marks(lesson):
    """{enrolment: (mark, minutes)} of who has one."""
    return {
        row.enrolment_id: (row.status, row.minutes)
        for row in Attendance.objects.filter(lesson=lesson)
    }


def history(lesson):
    return list(
        AttendanceChange.objects.filter(lesson=lesson)
        .order_by("pk")
        .values_list("enrolment", "old_status", "new_status")
    )


def test_everybody_starts_unmarked_and_who_waits_is_not_on_the_roll(lesson, people):
    assert marks(lesson) == {}
    assert {person.pk for person, _lesson in unmarked(lesson.training_class)} == {
        person.pk for person in people
    }


def test_one_tap_marks_all_present(lesson, people, teacher, now):
    assert mark_rest(lesson=lesson, status="present", by=teacher, now=now) == 3

    assert marks(lesson) == {person.pk: ("present", None) for person in people}
    assert unmarked(lesson.training_class) == []
    assert set(Attendance.objects.values_list("marked_by", "marked_at")) == {(teacher.pk, now)}


def test_all_present_leaves_the_exceptions_alone(lesson, people, teacher, now):
    mark(lesson=lesson, enrolments=[people[0]], status="absent", by=teacher, now=now)

    assert mark_rest(lesson=lesson, status="present", by=teacher, now=now) == 2

    assert [marks(lesson)[person.pk][0] for person in people] == ["absent", "present", "present"]


def test_a_single_tap_changes_one_mark_and_the_history_keeps_both(lesson, people, teacher, now):
    mark_rest(lesson=lesson, status="present", by=teacher, now=now)

    assert (
        mark(lesson=lesson, enrolments=[people[1]], status="excused", by=teacher, now=now + MINUTE)
        == 1
    )

    assert marks(lesson)[people[1].pk] == ("excused", None)
    assert history(lesson)[-1] == (people[1].pk, "present", "excused")
    assert (AttendanceChange.objects.last().by, AttendanceChange.objects.last().at) == (
        teacher,
        now + MINUTE,
    )


def test_the_same_mark_again_is_no_change(lesson, people, teacher, now):
    mark(lesson=lesson, enrolments=people[:1], status="present", by=teacher, now=now)

    assert mark(lesson=lesson, enrolments=people[:1], status="present", by=teacher, now=now) == 0
    assert len(history(lesson)) == 1


@pytest.mark.parametrize("status", ["late", "left_early"])
@pytest.mark.parametrize(("minutes", "kept"), [(None, 115), (1, 1), (145, 145)])
def test_who_is_partly_there_has_minutes(lesson, people, teacher, now, status, minutes, kept):
    mark(lesson=lesson, enrolments=people[:1], status=status, minutes=minutes, by=teacher, now=now)

    assert marks(lesson) == {people[0].pk: (status, kept)}


@pytest.mark.parametrize("minutes", [-1, 0, 146, 99_999])
def test_minutes_beyond_the_lesson_are_refused(lesson, people, teacher, now, minutes):
    with pytest.raises(WrongMinutes, match="145"):
        mark(
            lesson=lesson,
            enrolments=people[:1],
            status="late",
            minutes=minutes,
            by=teacher,
            now=now,
        )

    assert (marks(lesson), history(lesson)) == ({}, [])


@pytest.mark.parametrize("status", ["present", "absent", "excused"])
def test_who_was_there_all_the_time_or_not_at_all_has_no_minutes(
    lesson, people, teacher, now, status
):
    mark(lesson=lesson, enrolments=people[:1], status=status, minutes=20, by=teacher, now=now)

    assert marks(lesson) == {people[0].pk: (status, None)}


def test_a_lesson_shorter_than_the_usual_lateness_leaves_a_minute(lesson, people, teacher, now):
    lesson.ends_at = lesson.starts_at + 20 * MINUTE
    lesson.save()

    mark(lesson=lesson, enrolments=people[:1], status="late", by=teacher, now=now)

    assert marks(lesson) == {people[0].pk: ("late", 1)}


def test_an_unknown_mark_is_a_programming_error(lesson, people, teacher, now):
    with pytest.raises(ValueError, match="unknown"):
        mark(lesson=lesson, enrolments=people[:1], status="unknown", by=teacher, now=now)


def test_a_mark_can_be_taken_away(lesson, people, teacher, now):
    mark_rest(lesson=lesson, status="present", by=teacher, now=now)

    assert clear(lesson=lesson, enrolments=people[:1], by=teacher, now=now) == 1

    assert set(marks(lesson)) == {person.pk for person in people[1:]}
    assert history(lesson)[-1] == (people[0].pk, "present", "")


# --- Undo and replays -----------------------------------------------------------------------------


def test_undo_takes_back_the_last_tap_and_then_the_one_before(lesson, people, teacher, now):
    mark_rest(lesson=lesson, status="present", by=teacher, now=now)
    mark(lesson=lesson, enrolments=people[:1], status="late", minutes=100, by=teacher, now=now)

    assert undo_last(lesson=lesson, by=teacher, now=now) == 1
    assert marks(lesson) == {person.pk: ("present", None) for person in people}
    assert undo_last(lesson=lesson, by=UserFactory(), now=now) == 3
    assert marks(lesson) == {}
    with pytest.raises(NothingToUndo):
        undo_last(lesson=lesson, by=teacher, now=now)
    assert len(history(lesson)) == 8  # nothing is rubbed out


def test_undo_brings_minutes_back(lesson, people, teacher, now):
    mark(lesson=lesson, enrolments=people[:1], status="late", minutes=100, by=teacher, now=now)
    mark(lesson=lesson, enrolments=people[:1], status="present", by=teacher, now=now)

    undo_last(lesson=lesson, by=teacher, now=now)

    assert marks(lesson) == {people[0].pk: ("late", 100)}


def test_after_an_undo_a_new_tap_can_be_undone(lesson, people, teacher, now):
    mark_rest(lesson=lesson, status="present", by=teacher, now=now)
    undo_last(lesson=lesson, by=teacher, now=now)
    mark(lesson=lesson, enrolments=people[:1], status="absent", by=teacher, now=now)

    assert undo_last(lesson=lesson, by=teacher, now=now) == 1
    assert marks(lesson) == {}


def test_undo_knows_its_own_lesson_only(people, lesson, teacher, now):
    other = class_with(seats=1).lessons.get()
    mark_rest(lesson=lesson, status="present", by=teacher, now=now)

    with pytest.raises(NothingToUndo):
        undo_last(lesson=other, by=teacher, now=now)

    assert len(marks(lesson)) == 3


def test_a_replayed_tap_changes_nothing(lesson, people, teacher, now):
    tap, later = uuid.uuid4(), uuid.uuid4()
    mark(lesson=lesson, enrolments=people[:1], status="late", by=teacher, now=now, batch=tap)
    mark(lesson=lesson, enrolments=people[:1], status="present", by=teacher, now=now, batch=later)

    assert (
        mark(lesson=lesson, enrolments=people[:1], status="late", by=teacher, now=now, batch=tap)
        == 0
    )

    assert marks(lesson) == {people[0].pk: ("present", None)}


def test_a_replayed_tap_on_all_does_not_fill_what_was_cleared_since(lesson, people, teacher, now):
    tap = uuid.uuid4()
    mark_rest(lesson=lesson, status="present", by=teacher, now=now, batch=tap)
    clear(lesson=lesson, enrolments=people[:1], by=teacher, now=now)

    assert mark_rest(lesson=lesson, status="present", by=teacher, now=now, batch=tap) == 0

    assert people[0].pk not in marks(lesson)


def test_a_replayed_undo_takes_back_one_tap(lesson, people, teacher, now):
    mark_rest(lesson=lesson, status="present", by=teacher, now=now)
    mark(lesson=lesson, enrolments=people[:1], status="absent", by=teacher, now=now)
    tap = uuid.uuid4()
    undo_last(lesson=lesson, by=teacher, now=now, batch=tap)

    assert undo_last(lesson=lesson, by=teacher, now=now, batch=tap) == 0

    assert marks(lesson) == {person.pk: ("present", None) for person in people}


def test_a_replayed_undo_of_the_only_tap_is_no_fault(lesson, teacher, now):
    mark_rest(lesson=lesson, status="present", by=teacher, now=now)
    tap = uuid.uuid4()

    assert [undo_last(lesson=lesson, by=teacher, now=now, batch=tap) for _click in range(2)] == [
        3,
        0,
    ]


# --- When and for whom ----------------------------------------------------------------------------


def test_marks_are_made_from_an_hour_before_the_lesson(lesson, people, teacher, now):
    with pytest.raises(TooEarly):
        mark_rest(lesson=lesson, status="present", by=teacher, now=now - 61 * MINUTE)

    assert mark_rest(lesson=lesson, status="present", by=teacher, now=now - 60 * MINUTE) == 3


@pytest.mark.parametrize("status", [ClassStatus.DRAFT, ClassStatus.CLOSED, ClassStatus.CANCELLED])
@pytest.mark.parametrize("act", ["mark", "clear", "mark_rest", "undo_last"])
def test_marks_of_a_class_that_is_not_held_stay(lesson, people, teacher, now, status, act):
    mark(lesson=lesson, enrolments=people[:1], status="present", by=teacher, now=now)
    type(lesson.training_class).objects.update(status=status)
    acts = {
        "mark": lambda: mark(
            lesson=lesson, enrolments=people[:1], status="absent", by=teacher, now=now
        ),
        "clear": lambda: clear(lesson=lesson, enrolments=people[:1], by=teacher, now=now),
        "mark_rest": lambda: mark_rest(lesson=lesson, status="present", by=teacher, now=now),
        "undo_last": lambda: undo_last(lesson=lesson, by=teacher, now=now),
    }

    with pytest.raises(RollClosed):
        acts[act]()

    assert marks(lesson) == {people[0].pk: ("present", None)}


def test_who_has_no_seat_in_this_class_cannot_be_marked(lesson, people, teacher, now):
    stranger = TraineeFactory()
    elsewhere = book(
        trainee=stranger, training_class=class_with(seats=1), by=stranger.user, now=NOW
    )
    waiting = lesson.training_class.enrolments.get(status=EnrolmentStatus.WAITLISTED)

    for enrolment in (elsewhere, waiting):
        with pytest.raises(NotOnTheRoll):
            mark(
                lesson=lesson,
                enrolments=[people[0], enrolment],
                status="present",
                by=teacher,
                now=now,
            )

    assert (marks(lesson), history(lesson)) == ({}, [])


def test_tally_counts_each_mark_and_who_has_none():
    counted = tally([Mark(), Mark("present"), Mark("present"), Mark("late", 20)])

    assert counted == {"": 1, "present": 2, "late": 1, "left_early": 0, "excused": 0, "absent": 0}


def test_the_number_of_statements_does_not_grow_with_the_people(lesson, teacher, now):
    small = class_with(seats=1, starts_at=lesson.starts_at + timedelta(days=30))
    trainee = TraineeFactory()
    book(trainee=trainee, training_class=small, by=trainee.user, now=NOW)
    counts = []
    for of_one_class in (small.lessons.get(), lesson):
        with CaptureQueriesContext(connection) as asked:
            mark_rest(lesson=of_one_class, status="present", by=teacher, now=of_one_class.starts_at)
        counts.append(len(asked))

    assert len(marks(lesson)) == 3
    assert counts[0] == counts[1] <= 12


# --- Behind the code ------------------------------------------------------------------------------


def test_the_database_refuses_two_marks_for_one_lesson(lesson, people, teacher, now):
    mark_rest(lesson=lesson, status="present", by=teacher, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            enrolment=people[0], lesson=lesson, status="late", marked_by=teacher, marked_at=now
        )


def test_the_database_refuses_an_unknown_mark(lesson, people, teacher, now):
    with pytest.raises(IntegrityError, match="attendance_status_is_known"), transaction.atomic():
        Attendance.objects.create(
            enrolment=people[0], lesson=lesson, status="other", marked_by=teacher, marked_at=now
        )


def test_whoever_gives_the_seat_up_after_all_was_neither_there_nor_absent(
    lesson, people, teacher, now
):
    """People are marked from an hour before, and may cancel until the class begins."""
    leaving, staying, _third = people
    mark(
        lesson=lesson,
        enrolments=[leaving, staying],
        status="absent",
        by=teacher,
        now=now - 50 * MINUTE,
    )
    withdraw_late(
        enrolment=leaving, by=leaving.trainee.user, now=now - 30 * MINUTE, reason="家里有事"
    )

    assert marks(lesson) == {staying.pk: ("absent", None)}
    # what was tapped is kept
    assert AttendanceChange.objects.filter(enrolment=leaving).count() == 2
    # the tap for those who are still on the roll
    assert undo_last(lesson=lesson, by=teacher, now=now) == 1
    assert marks(lesson) == {}
    mark_rest(lesson=lesson, status="present", by=teacher, now=now)
    close_class(training_class=lesson.training_class, by=teacher, now=lesson.ends_at)
    assert list(breaches()) == []


# --- Why somebody was away ------------------------------------------------------------------------


@pytest.fixture
def duty():
    return AbsenceReason.objects.get(name="公务")


def test_a_reason_is_given_beside_leave_and_undone_with_one_tap(lesson, people, teacher, now, duty):
    one = people[0]
    mark(lesson=lesson, enrolments=[one], status="excused", by=teacher, now=now)
    assert Attendance.objects.get().in_words == "请假"

    assert give_reason(lesson=lesson, enrolment=one, reason=duty, by=teacher, now=now) == 1
    assert Attendance.objects.get().in_words == "请假（公务）"
    change = AttendanceChange.objects.latest("pk")
    assert (change.old_status, change.new_status) == ("excused", "excused")
    assert (change.old_reason, change.new_reason) == (None, duty)

    undo_last(lesson=lesson, by=teacher, now=now)
    assert Attendance.objects.get().reason is None


def test_the_same_mark_again_keeps_the_reason_and_another_one_lets_it_go(
    lesson, people, teacher, now, duty
):
    one = people[0]
    mark(lesson=lesson, enrolments=[one], status="absent", by=teacher, now=now)
    give_reason(lesson=lesson, enrolment=one, reason=duty, by=teacher, now=now)
    assert mark(lesson=lesson, enrolments=[one], status="absent", by=teacher, now=now) == 0
    assert Attendance.objects.get().reason == duty

    mark(lesson=lesson, enrolments=[one], status="present", by=teacher, now=now)
    assert Attendance.objects.get().reason is None
    assert AttendanceChange.objects.latest("pk").old_reason == duty
    undo_last(lesson=lesson, by=teacher, now=now)
    assert Attendance.objects.get().reason == duty

    give_reason(lesson=lesson, enrolment=one, reason=None, by=teacher, now=now)
    assert Attendance.objects.get().reason is None


@pytest.mark.parametrize("status", ["present", "late", None])
def test_whoever_was_there_has_no_reason(lesson, people, teacher, now, duty, status):
    one = people[0]
    if status:
        mark(lesson=lesson, enrolments=[one], status=status, by=teacher, now=now)
    with pytest.raises(NotAway):
        give_reason(lesson=lesson, enrolment=one, reason=duty, by=teacher, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.update_or_create(
            enrolment=one,
            lesson=lesson,
            defaults={"status": "present", "reason": duty, "marked_by": teacher, "marked_at": now},
        )
