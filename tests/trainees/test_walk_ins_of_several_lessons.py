"""Who walks into a class of several lessons: one seat for all of them, a mark in the one they came
to, and no absence for those that were over. Source: docs/rules.md R20, R71, R77.
"""

from datetime import timedelta

import pytest

from trainees.booking.enrolling import book
from trainees.booking.no_shows import standing_of
from trainees.door.tickets import check_ticket
from trainees.door.walk_ins import take_in
from trainees.invariants import breaches
from trainees.me.ticket import signer
from trainees.models import Attendance, Enrolment, HourEntry
from trainees.record.absences_in_a_row import rows_of_absences
from trainees.record.attendance import mark_rest, on_the_roll
from trainees.record.closing import close_class, mark_rest_absent
from trainees.record.mark_errors import RollLocked
from trainees.record.roll_locks import lock_roll, reopen_roll

from ..factories import NOW, class_with

pytestmark = pytest.mark.django_db
STARTS = NOW.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=14)
TWO = timedelta(minutes=2)


@pytest.fixture
def lessons(campus):
    """Four days, three seats."""
    training_class = class_with(seats=3, starts_at=STARTS, lessons=4, campus=campus)
    return list(training_class.lessons.order_by("starts_at"))


@pytest.fixture
def seat(lessons, cadre):
    return book(trainee=cadre, training_class=lessons[0].training_class, by=cadre.user, now=NOW)


def come(person, lesson, by, **more):
    return take_in(trainee=person, lesson=lesson, by=by, now=lesson.starts_at + TWO, **more)


def marks(person) -> dict[int, tuple]:
    """Number of the lesson → mark and way."""
    found = Attendance.objects.filter(enrolment__trainee=person)
    return {
        number: mark for number, *mark in found.values_list("lesson__number", "status", "method")
    }


def close(lessons, by):
    training_class, over = lessons[-1].training_class, lessons[-1].ends_at
    mark_rest_absent(training_class=training_class, by=by, now=over)
    return close_class(training_class=training_class, by=by, now=over)


def test_one_seat_holds_for_every_lesson_and_the_mark_for_the_one(
    lessons, colleague, branch_coordinator
):
    come(colleague, lessons[0], branch_coordinator)
    assert all(on_the_roll(lesson).count() == 1 for lesson in lessons)
    assert marks(colleague) == {1: ["present", "walk_in"]}

    seat = Enrolment.objects.get(trainee=colleague)
    check_ticket(
        lesson=lessons[1],
        code=signer.sign(str(seat.pk)),
        by=branch_coordinator,
        now=lessons[1].starts_at,
    )
    _mark, is_new = come(colleague, lessons[2], branch_coordinator)

    assert is_new
    assert marks(colleague) == {
        1: ["present", "walk_in"],
        2: ["present", "ticket"],
        3: ["present", "walk_in"],
    }
    assert Enrolment.objects.get() == seat
    assert list(breaches()) == []


def test_who_comes_on_the_third_day_has_its_hours_and_no_absence(
    lessons, seat, cadre, colleague, branch_coordinator
):
    come(colleague, lessons[2], branch_coordinator)
    come(colleague, lessons[3], branch_coordinator)
    close(lessons, branch_coordinator)
    over = lessons[-1].ends_at

    assert [
        row.lesson for row in HourEntry.objects.filter(trainee=colleague).order_by("pk")
    ] == lessons[2:]
    assert [marks(colleague)[number][0] for number in (1, 2)] == ["absent", "absent"]
    assert standing_of(colleague, over).absences == ()
    assert not standing_of(colleague, over).is_lowered
    assert len(standing_of(cadre, over).absences) == 4
    assert {mark.enrolment.trainee for mark, _length in rows_of_absences(over)} == {cadre}
    assert list(breaches()) == []


def test_who_waited_and_walks_in_on_the_third_day_has_no_absence(
    campus, cadre, colleague, branch_coordinator
):
    training_class = class_with(seats=1, starts_at=STARTS, lessons=4, campus=campus)
    lessons = list(training_class.lessons.order_by("starts_at"))
    for person in (cadre, colleague):
        book(trainee=person, training_class=training_class, by=person.user, now=NOW)
    come(colleague, lessons[2], branch_coordinator, reason="加一把椅子")
    come(colleague, lessons[3], branch_coordinator)
    close(lessons, branch_coordinator)

    assert standing_of(colleague, lessons[-1].ends_at).absences == ()


def test_an_absence_after_the_seat_counts(lessons, colleague, branch_coordinator):
    come(colleague, lessons[1], branch_coordinator)
    close(lessons, branch_coordinator)

    days = [absence.on for absence in standing_of(colleague, lessons[-1].ends_at).absences]
    assert days == [lessons[3].starts_at.date(), lessons[2].starts_at.date()]


def test_a_locked_roll_is_opened_before_a_late_walk_in_is_marked_absent_on_it(
    lessons, seat, colleague, branch_coordinator
):
    first = lessons[0]
    mark_rest(lesson=first, status="present", by=branch_coordinator, now=first.ends_at)
    lock_roll(lesson=first, by=branch_coordinator, now=first.ends_at)
    come(colleague, lessons[1], branch_coordinator)

    with pytest.raises(RollLocked, match="锁定"):
        close(lessons, branch_coordinator)
    reopen_roll(
        lesson=first,
        reason="第二天来了一位没有报名的",
        by=branch_coordinator,
        now=lessons[-1].ends_at,
    )
    close(lessons, branch_coordinator)

    assert marks(colleague)[1] == ["absent", "closing"]
