"""Checking in by the code on the wall. Source: docs/rules.md R70, R72."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import ClassStatus
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.door.checking_in import (
    SCANS_KEPT,
    NotBooked,
    ScannedTooEarly,
    ScannedTooLate,
    check_in,
    count_early,
    forget_scans,
    people_of_one_device,
)
from trainees.door.wall import DeadCode, ForgedCode, code_at, refuse_unless_shown
from trainees.models import Attendance, AttendanceChange, WallScan
from trainees.record.attendance import RollClosed, mark

from ..factories import NOW, TraineeFactory, class_with

pytestmark = pytest.mark.django_db
STARTS = NOW.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=14)


@pytest.fixture
def lesson(db):
    return class_with(seats=5, starts_at=STARTS).lessons.get()


@pytest.fixture
def seat(lesson, cadre):
    return book(trainee=cadre, training_class=lesson.training_class, by=cadre.user, now=NOW)


def scan(lesson, trainee, *, minutes: float, device: str = "one"):
    """So many minutes after the start."""
    moment = lesson.starts_at + timedelta(minutes=minutes)
    return check_in(lesson=lesson, user=trainee.user, scanned_at=moment, device=device)


def marks(lesson) -> list[tuple]:
    found = Attendance.objects.filter(lesson=lesson).order_by("pk")
    return list(found.values_list("enrolment", "status", "minutes", "method"))


# --- The code -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "scanned", "counts"),
    [(0, 0, True), (0, 9.9, True), (0, 19.9, True), (0, 20, False), (9.9, 20, False)],
)
def test_a_code_dies_within_twenty_seconds(shown, scanned, counts):
    code = code_at(7, STARTS + timedelta(seconds=shown))

    if counts:
        refuse_unless_shown(7, code, STARTS + timedelta(seconds=scanned))
    else:
        with pytest.raises(DeadCode, match="已经失效"):
            refuse_unless_shown(7, code, STARTS + timedelta(seconds=scanned))


def test_a_code_of_tomorrow_does_not_count_today():
    with pytest.raises(DeadCode):
        refuse_unless_shown(7, code_at(7, STARTS + timedelta(seconds=10)), STARTS)


@pytest.mark.parametrize("code", ["", "-", "x", "zzzzzzzzzzzzzzzzzzzz-0", "é-1", "1-" + "0" * 16])
def test_a_code_made_by_hand_is_refused(code):
    with pytest.raises(ForgedCode, match="不是本节课的签到码"):
        refuse_unless_shown(7, code, STARTS)


def test_a_code_of_another_lesson_is_refused():
    with pytest.raises(ForgedCode):
        refuse_unless_shown(8, code_at(7, STARTS), STARTS)


# --- The mark -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "status", "left"),
    [
        (-60, "present", None),
        (0, "present", None),
        (4.9, "present", None),
        (5, "late", 140),
        (145, "late", 1),
    ],
)
def test_the_clock_of_the_scan_says_whether_somebody_is_late(
    lesson, seat, cadre, minutes, status, left
):
    done = scan(lesson, cadre, minutes=minutes)

    assert done.is_new
    assert done.mark.marked_at == lesson.starts_at + timedelta(minutes=minutes)
    assert marks(lesson) == [(seat.pk, status, left, "qr")]
    assert AttendanceChange.objects.get().method == "qr"


def test_a_second_scan_changes_nothing(lesson, seat, cadre):
    scan(lesson, cadre, minutes=-5)
    again = scan(lesson, cadre, minutes=30)

    assert (again.is_new, again.mark.status) == (False, "present")
    assert AttendanceChange.objects.count() == WallScan.objects.count() == 1


def test_a_scan_does_not_change_what_the_coordinator_marked(
    lesson, seat, cadre, branch_coordinator
):
    mark(
        lesson=lesson,
        enrolments=[seat],
        status="absent",
        by=branch_coordinator,
        now=lesson.starts_at,
    )

    assert not scan(lesson, cadre, minutes=20).is_new
    assert marks(lesson) == [(seat.pk, "absent", None, "roll")]
    assert not WallScan.objects.exists()


def test_a_scan_marks_the_one_who_is_logged_in_and_nobody_else(lesson, seat, colleague):
    with pytest.raises(NotBooked, match="现场补录"):
        scan(lesson, colleague, minutes=0)

    assert marks(lesson) == []


def test_whoever_scans_the_wrong_wall_hears_where_they_are_expected(lesson, seat, cadre):
    elsewhere = class_with(seats=1, starts_at=STARTS).lessons.get()

    with pytest.raises(NotBooked) as refused:
        scan(elsewhere, cadre, minutes=0)

    assert f"“{lesson.training_class.title}”，9:00" in str(refused.value)


def test_after_the_end_a_scan_counts_no_more(lesson, seat, cadre):
    with pytest.raises(ScannedTooLate, match="11:25 已经结束"):
        scan(lesson, cadre, minutes=145.1)


def test_a_cancelled_class_takes_no_scan(lesson, seat, cadre):
    type(lesson.training_class).objects.update(status=ClassStatus.CANCELLED)

    with pytest.raises(RollClosed):
        scan(lesson, cadre, minutes=0)


# --- Early ----------------------------------------------------------------------------------------


def test_an_early_scan_counts_by_itself_at_its_time_and_once(lesson, seat, cadre):
    assert scan(lesson, cadre, minutes=-90).mark is None
    assert scan(lesson, cadre, minutes=-80).mark is None
    opens = lesson.starts_at - timedelta(minutes=60)

    assert count_early(now=opens - timedelta(seconds=1)) == 0
    assert marks(lesson) == []
    assert [count_early(now=opens), count_early(now=opens)] == [1, 0]
    assert marks(lesson) == [(seat.pk, "present", None, "qr")]
    assert Attendance.objects.get().marked_at == opens


def test_whoever_scanned_early_and_gave_the_seat_up_is_not_marked(lesson, seat, cadre):
    scan(lesson, cadre, minutes=-90)
    withdraw(enrolment=seat, by=cadre.user, now=NOW + timedelta(hours=1))

    assert count_early(now=lesson.starts_at) == 0
    assert marks(lesson) == []
    assert not WallScan.objects.filter(counted_at__isnull=True).exists()


def test_whoever_scanned_early_and_again_in_time_is_marked_once(lesson, seat, cadre):
    scan(lesson, cadre, minutes=-90)
    scan(lesson, cadre, minutes=-50)

    assert count_early(now=lesson.starts_at) == 0
    assert marks(lesson) == [(seat.pk, "present", None, "qr")]


def test_a_scan_on_another_day_says_when_it_counts(lesson, seat, cadre):
    with pytest.raises(ScannedTooEarly, match="当天 8:00 起"):
        scan(lesson, cadre, minutes=-24 * 60)
    assert not WallScan.objects.exists()


# --- One browser for many -------------------------------------------------------------------------


def test_one_browser_for_three_people_is_a_hint_and_refuses_nobody(lesson):
    people = [TraineeFactory() for _number in range(4)]
    for person in people:
        book(trainee=person, training_class=lesson.training_class, by=person.user, now=NOW)
    scan(lesson, people[0], minutes=-9, device="own")
    for number, person in enumerate(people[1:3]):
        scan(lesson, person, minutes=number, device="shared")
    assert people_of_one_device(lesson) == []

    scan(lesson, people[3], minutes=3, device="shared")

    assert people_of_one_device(lesson) == [[person.name for person in people[1:]]]
    assert {row[1] for row in marks(lesson)} == {"present"}
    assert not WallScan.objects.filter(device__in=["own", "shared"]).exists()  # a hash alone


def test_scans_are_forgotten_after_thirty_days_and_the_mark_stays(lesson, seat, cadre):
    scan(lesson, cadre, minutes=0)

    assert forget_scans(now=lesson.starts_at + SCANS_KEPT) == 0
    assert forget_scans(now=lesson.starts_at + SCANS_KEPT + timedelta(seconds=1)) == 1
    assert len(marks(lesson)) == 1


def test_a_scan_costs_few_statements_however_many_are_on_the_roll(lesson, seat, cadre):
    for _number in range(3):
        other = TraineeFactory()
        book(trainee=other, training_class=lesson.training_class, by=other.user, now=NOW)
        scan(lesson, other, minutes=-5)
    with CaptureQueriesContext(connection) as asked:
        scan(lesson, cadre, minutes=-4)

    statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 12
