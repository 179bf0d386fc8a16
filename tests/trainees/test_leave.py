"""Leave and appeals: asked in time, decided once, seen on the roll; the seventh is exact; a row of
absences is told once, when the roll is locked.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError

from academy.models import Role
from notices.models import Notice
from notices.sweep import sweep
from trainees.booking.no_shows import standing_of
from trainees.errors import RequestRefused
from trainees.invariants import breaches
from trainees.models import (
    AbsenceAppeal,
    AbsenceReason,
    Attendance,
    AttendanceChange,
    Decision,
    LeaveRequest,
    RollLock,
)
from trainees.petitions.absences import appeal_absence, appeal_until
from trainees.petitions.leave import ask_for_leave, meters_of, take_back
from trainees.petitions.requests import decide
from trainees.record.attendance import NothingToUndo, mark, mark_rest, undo_last
from trainees.record.closing import close_class, reopen_class
from trainees.record.roll_locks import lock_roll

from ..factories import NOW, RoleGrantFactory, class_with
from .test_booking import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(cadre):
    """A seat in a class of three lessons, a day apart, three hours each."""
    return take(cadre, class_with(seats=5, lessons=3))


@pytest.fixture
def lessons(seat):
    return list(seat.training_class.lessons.order_by("starts_at"))


def ask(seat, *lessons, now=NOW, reason="家里有事", why=None):
    return ask_for_leave(
        enrolment=seat, lessons=lessons, reason=reason, why=why, by=seat.trainee.user, now=now
    )


def answer(asked, by, granted=True, words="好的", now=NOW):
    return decide(asked=asked, granted=granted, answer=words, by=by, now=now)


def marks(seat):
    return [
        mark.in_words
        for mark in Attendance.objects.filter(enrolment=seat)
        .select_related("reason")
        .order_by("lesson__starts_at")
    ]


# --- Leave ----------------------------------------------------------------------------------------


def test_granted_leave_stands_on_the_roll_with_its_reason_and_the_village_is_told_once(
    seat, lessons, cadre, district_staff
):
    coordinator = RoleGrantFactory(role=Role.VILLAGE_COORDINATOR, village=cadre.village).user
    duty = AbsenceReason.objects.get(name="公务")
    asked = ask(seat, *lessons[:2], reason="", why=duty)
    assert (asked.reason, marks(seat)) == ("公务", [])

    answer(asked, district_staff)

    assert marks(seat) == ["请假（公务）"] * 2
    assert [
        (change.new_status, change.by) for change in AttendanceChange.objects.order_by("pk")
    ] == [("excused", district_staff)] * 2
    told = Notice.objects.get(kind="leave_of_your_village")
    assert told.person == coordinator
    assert cadre.name in told.title
    assert Notice.objects.get(kind="request_decided").title.startswith("请假已同意")
    with pytest.raises(RequestRefused, match="已经有人答复"):
        answer(asked, district_staff, granted=False)
    mark_rest(lesson=lessons[0], status="present", by=district_staff, now=lessons[0].starts_at)
    assert marks(seat) == ["请假（公务）"] * 2, "the rest present does not touch who is on leave"


def test_refused_leave_changes_no_mark_and_says_why(seat, lessons, district_staff):
    answer(ask(seat, lessons[0]), district_staff, granted=False, words="人手紧")

    assert marks(seat) == []
    assert Notice.objects.get(kind="request_decided").body == "人手紧"
    assert not Notice.objects.filter(kind="leave_of_your_village").exists()


def test_whoever_comes_all_the_same_stays_present(seat, lessons, district_staff):
    asked = ask(seat, *lessons[:2])
    mark(
        lesson=lessons[0],
        enrolments=[seat],
        status="present",
        by=district_staff,
        now=lessons[0].starts_at,
    )
    mark(
        lesson=lessons[1],
        enrolments=[seat],
        status="absent",
        by=district_staff,
        now=lessons[1].starts_at,
    )

    lock_roll(lesson=lessons[1], by=district_staff, now=lessons[1].ends_at)
    answer(asked, district_staff, now=lessons[1].ends_at)

    assert marks(seat) == ["到课", "请假"]
    assert [(lock.reason, lock.reopened_at is None) for lock in RollLock.objects.all()] == [
        ("家里有事", False),
        ("", True),
    ], "a locked roll is opened for the answer and locked again"


def test_undo_takes_back_a_tap_and_not_the_leave(seat, lessons, colleague, district_staff):
    answer(ask(seat, lessons[0]), district_staff)
    now = lessons[0].starts_at
    with pytest.raises(NothingToUndo):
        undo_last(lesson=lessons[0], by=district_staff, now=now)

    mark(lesson=lessons[0], enrolments=[seat], status="present", by=district_staff, now=now)
    undo_last(lesson=lessons[0], by=district_staff, now=now)

    assert marks(seat) == ["请假"]


def test_leave_asked_after_the_lesson_began_names_the_appeal(seat, lessons):
    ask(seat, lessons[0], now=lessons[0].starts_at - timedelta(seconds=1))
    with pytest.raises(RequestRefused, match="已经开始.*申诉"):
        ask(seat, lessons[0], lessons[1], now=lessons[0].starts_at)
    assert LeaveRequest.objects.count() == 1


def test_asked_twice_the_first_stands_and_a_lesson_is_asked_for_once(seat, lessons):
    assert ask(seat, lessons[0]) == ask(seat, lessons[0], reason="又点了一次")
    with pytest.raises(RequestRefused, match="已经请过假"):
        ask(seat, lessons[0], lessons[1])
    ask(seat, lessons[1])
    assert LeaveRequest.objects.count() == 2


def test_leave_needs_a_reason_a_lesson_and_a_seat(seat, lessons, colleague):
    other = class_with(seats=1).lessons.get()
    for chosen, reason, words in (
        ([lessons[0]], " ", "为什么"),
        ([], "有事", "请选择"),
        ([other], "有事", "请选择"),
    ):
        with pytest.raises(RequestRefused, match=words):
            ask(seat, *chosen, reason=reason)
    full = class_with(seats=1, starts_at=NOW + timedelta(days=30))
    take(colleague, full)
    waiting = take(seat.trainee, full)
    with pytest.raises(RequestRefused, match="没有名额"):
        ask(waiting, full.lessons.get())


def test_taken_back_until_it_is_decided(seat, lessons, cadre, district_staff):
    first = take_back(asked=ask(seat, lessons[0]), by=cadre.user, now=NOW)
    assert first.decision == Decision.TAKEN_BACK
    second = ask(seat, lessons[0])
    answer(second, district_staff)

    with pytest.raises(RequestRefused, match="已经答复"):
        take_back(asked=second, by=cadre.user, now=NOW)
    with pytest.raises(RequestRefused, match="已经有人答复"):
        answer(first, district_staff)
    assert marks(seat) == ["请假"]


@pytest.mark.parametrize(
    ("hours", "over"),
    [("3.00", False), ("2.99", False), ("3.02", True)],  # 0.02 hours are a minute, rounded up
)
def test_exactly_a_seventh_is_within_and_a_minute_more_is_over(cadre, hours, over, district_staff):
    seat = take(cadre, class_with(seats=1, lessons=7))
    lesson = seat.training_class.lessons.first()
    lesson.hours = Decimal(hours)
    lesson.save()
    asked = ask(seat, lesson)

    meter = meters_of([asked.enrolment])[seat.pk]

    assert (meter.leave, meter.whole, meter.is_over) == (lesson.hours, 21, over)
    answer(asked, district_staff)  # over it a person decides, as within it
    seat.refresh_from_db()
    assert (seat.status, marks(seat)) == ("booked", ["请假"])


def test_the_meter_counts_marks_and_requests_once_and_no_lesson_that_was_attended(
    seat, lessons, district_staff
):
    first = ask(seat, lessons[0], lessons[1])
    answer(first, district_staff)
    mark(
        lesson=lessons[1],
        enrolments=[seat],
        status="late",
        by=district_staff,
        now=lessons[1].starts_at,
    )
    answer(ask(seat, lessons[2]), district_staff, granted=False, words="不行")

    assert meters_of([seat])[seat.pk].leave == lessons[0].hours


# --- Appeals --------------------------------------------------------------------------------------


def absent(seat, lesson, by):
    mark(lesson=lesson, enrolments=[seat], status="absent", by=by, now=lesson.starts_at)
    return Attendance.objects.select_related("lesson", "enrolment").get(
        enrolment=seat, lesson=lesson
    )


def appeal(found, *, was_there=False, now=None, reason="在防汛一线"):
    return appeal_absence(
        mark=found,
        was_there=was_there,
        reason=reason,
        by=found.enrolment.trainee.user,
        now=now or found.marked_at,
    )


@pytest.mark.parametrize(("was_there", "mark_after"), [(False, "请假"), (True, "到课")])
def test_a_granted_appeal_changes_the_mark_with_its_history(
    seat, lessons, district_staff, was_there, mark_after
):
    found = absent(seat, lessons[0], district_staff)
    answer(appeal(found, was_there=was_there), district_staff, now=found.marked_at)

    assert marks(seat) == [mark_after]
    assert AttendanceChange.objects.last().old_status == "absent"
    with pytest.raises(IntegrityError):
        AbsenceAppeal.objects.create(
            enrolment=seat, lesson=lessons[0], reason="再来", asked_by=seat.booked_by, asked_at=NOW
        )


def test_an_appeal_is_possible_until_the_end_of_a_day_and_once(seat, lessons, district_staff):
    found = absent(seat, lessons[0], district_staff)
    last = found.marked_at + timedelta(days=10)
    assert appeal_until(found) == last.date()

    with pytest.raises(RequestRefused, match="前提出"):
        appeal(found, now=last + timedelta(days=1))
    asked = appeal(found, now=last.replace(hour=15, minute=59))  # 23:59 in Shanghai
    answer(asked, district_staff, granted=False, words="当天有人看到在外面", now=last)

    assert appeal(found, now=last) == asked
    assert marks(seat) == ["缺课"]


def test_who_is_not_absent_has_nothing_to_appeal_against(seat, lessons, district_staff):
    found = absent(seat, lessons[0], district_staff)
    mark(
        lesson=lessons[0],
        enrolments=[seat],
        status="excused",
        by=district_staff,
        now=lessons[0].starts_at,
    )
    found.refresh_from_db()
    with pytest.raises(RequestRefused, match="没有记为缺课"):
        appeal(found)
    with pytest.raises(RequestRefused, match="一句话"):
        appeal(found, reason=" ")


def test_after_closing_leave_is_given_at_once_and_presence_after_reopening(
    seat, lessons, cadre, district_staff
):
    found = absent(seat, lessons[0], district_staff)
    second = absent(seat, lessons[1], district_staff)
    mark(
        lesson=lessons[2],
        enrolments=[seat],
        status="present",
        by=district_staff,
        now=lessons[2].starts_at,
    )
    over = lessons[2].ends_at
    close_class(training_class=seat.training_class, by=district_staff, now=over)
    assert standing_of(cadre, over).is_lowered
    there, reason = appeal(found, was_there=True), appeal(second)

    answer(reason, district_staff, now=over)
    assert not standing_of(cadre, over).is_lowered
    with pytest.raises(RequestRefused, match="先重新开放"):
        answer(there, district_staff, now=over)
    reopen_class(training_class=seat.training_class, reason="申诉成立", by=district_staff, now=over)
    answer(there, district_staff, now=over)
    close_class(training_class=seat.training_class, by=district_staff, now=over)

    assert marks(seat) == ["到课", "请假", "到课"]
    assert sum(entry.hours for entry in cadre.hour_entries.all()) == 6
    assert list(breaches()) == []


# --- Told -----------------------------------------------------------------------------------------


def test_whoever_is_marked_absent_is_told_an_hour_later_and_not_when_it_was_a_slip(
    seat, lessons, cadre, colleague, district_staff
):
    other = take(colleague, seat.training_class)
    absent(seat, lessons[0], district_staff)
    absent(other, lessons[0], district_staff)
    later = lessons[0].ends_at + timedelta(minutes=59)
    with time_machine.travel(later, tick=False):
        sweep(later)
        mark(lesson=lessons[0], enrolments=[other], status="late", by=district_staff, now=later)
    for minutes in (2, 3):
        now = later + timedelta(minutes=minutes)
        with time_machine.travel(now, tick=False):
            sweep(now)

    told = Notice.objects.filter(kind="marked_absent", status="sent")
    assert [notice.person for notice in told] == [cadre.user]
    assert "可以在" in told.get().body


def test_three_absences_in_a_row_are_told_once_when_the_roll_is_locked(
    seat, lessons, colleague, district_staff
):
    coordinator = RoleGrantFactory(
        role=Role.BRANCH_COORDINATOR, campus=seat.training_class.campus
    ).user
    other = take(colleague, seat.training_class)
    for lesson in lessons:
        absent(seat, lesson, district_staff)
    for lesson in lessons[:2]:
        absent(other, lesson, district_staff)

    def told(now):
        with time_machine.travel(now, tick=False):
            sweep(now)
        return list(Notice.objects.filter(kind="absent_in_a_row", status="sent"))

    over = lessons[2].ends_at
    assert told(over - timedelta(minutes=1)) == []
    mark(lesson=lessons[2], enrolments=[other], status="excused", by=district_staff, now=over)
    assert told(over) == [], "the roll is not locked yet"
    lock_roll(lesson=lessons[2], by=district_staff, now=over)

    found = told(over)
    assert [notice.person for notice in found] == [coordinator]
    assert seat.trainee.name in found[0].title
    assert seat.training_class.title in found[0].title
    assert lessons[2].title in found[0].body
    assert told(over + timedelta(days=1)) == found
