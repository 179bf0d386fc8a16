"""The ledger of study hours is only ever added to, whoever asks. Source: docs/rules.md R5."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from trainees.booking.enrolling import book
from trainees.invariants import breaches
from trainees.models import Enrolment, HourEntry, HourKind
from trainees.record.attendance import mark_rest
from trainees.record.closing import close_class, reopen_class
from trainees.record.hours import balance, post, standing_entries, take_back
from trainees.record.ledger_guard import GUARD

from ..factories import NOW, class_with
from ..unguarded import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(cadre):
    """The line of a class of three hours."""
    training_class = class_with(seats=2)
    book(trainee=cadre, training_class=training_class, by=cadre.user, now=NOW)
    lesson = training_class.lessons.get()
    mark_rest(lesson=lesson, status="present", by=cadre.user, now=lesson.ends_at)
    close_class(training_class=training_class, by=cadre.user, now=lesson.ends_at)
    return HourEntry.objects.get()


def outside(trainee, **fields):
    how = {"hours": Decimal(4), "earned_on": date(2027, 3, 1), "rule": "outside", "now": NOW}
    return post(trainee=trainee, kind=HourKind.CLAIM, by=trainee.user, **how | fields)


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE trainees_hourentry SET hours = 9",
        "UPDATE trainees_hourentry SET hours = hours",
        "UPDATE trainees_hourentry SET reason = 'x' WHERE enrolment_id IS NULL",
        "UPDATE trainees_hourentry SET earned_on = '2026-12-31', trainee_id = trainee_id",
        "DELETE FROM trainees_hourentry",
        "DELETE FROM trainees_hourentry WHERE enrolment_id IS NULL",
    ],
)
def test_sql_changes_and_deletes_no_line_of_the_ledger(sql, posted, cadre):
    outside(cadre)
    before = list(HourEntry.objects.values())
    if sql.endswith("hours = hours"):
        run("UPDATE trainees_hourentry SET hours = hours WHERE hours < 0")  # no row, no refusal
        sql = sql.replace("hours = hours", "hours = hours + 0.25")

    with pytest.raises(IntegrityError, match=GUARD.said):
        run(sql)

    assert list(HourEntry.objects.values()) == before


def test_a_line_is_not_replaced_by_another(posted):
    before = list(HourEntry.objects.values())
    columns = [field.column for field in HourEntry._meta.concrete_fields]
    row = ", ".join({"hours": "99", "id": "id"}.get(name, name) for name in columns)
    written = f"INTO trainees_hourentry ({', '.join(columns)}) SELECT {row} FROM trainees_hourentry"
    sql = {
        "sqlite": f"INSERT OR REPLACE {written}",
        "postgresql": f"INSERT {written} ON CONFLICT (id) DO UPDATE SET hours = 99",
    }[connection.vendor]

    with pytest.raises(IntegrityError):
        run(sql)

    assert list(HourEntry.objects.values()) == before


def test_the_ledger_is_not_emptied_either(posted):
    cascade = "TRUNCATE trainees_hourentry CASCADE"
    sql = {"sqlite": "DELETE FROM trainees_hourentry", "postgresql": cascade}
    connection.check_constraints()

    with pytest.raises(DatabaseError, match=GUARD.said):
        run(sql[connection.vendor])


def test_hours_of_a_class_go_nowhere_without_their_booking(posted, cadre, colleague):
    with pytest.raises(IntegrityError, match=GUARD.said), transaction.atomic():
        HourEntry.objects.update(trainee=colleague)

    Enrolment.objects.update(trainee=colleague)
    HourEntry.objects.update(trainee=colleague)  # as where two entries of one person are joined

    assert (balance(cadre, 2027), balance(colleague, 2027)) == (0, 3)


def test_hours_from_elsewhere_go_alone(cadre, colleague):
    outside(cadre)

    HourEntry.objects.update(trainee=colleague)

    assert (balance(cadre, 2027), balance(colleague, 2027)) == (0, 4)


def test_a_lost_guard_is_a_breach():
    assert GUARD.missing(connection) == []

    with unguarded():
        lost = GUARD.missing(connection)
        found = [breach.key for breach in breaches() if breach.model == "trainees.HourEntry"]

    assert lost
    assert found == lost
    assert GUARD.missing(connection) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": HourKind.CLAIM, "hours": 0},
        {"kind": HourKind.CLAIM, "hours": -1},
        {"kind": HourKind.LESSON},
        {"kind": HourKind.MAKE_UP},
        {"kind": HourKind.CORRECTION},
        {"kind": HourKind.PRACTICUM, "closing": 1},
        {"kind": HourKind.TEACHING, "closing": 1},
        {"kind": "else"},
    ],
)
def test_a_line_fits_its_kind(cadre, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        post(
            **{"trainee": cadre, "hours": 1, "earned_on": NOW.date(), "rule": "x", "by": cadre.user}
            | {"now": NOW}
            | fields
        )

    assert not HourEntry.objects.exists()


def test_a_lesson_of_a_booking_is_made_up_once(posted):
    made_up = {
        "trainee": posted.trainee,
        "kind": HourKind.MAKE_UP,
        "hours": Decimal(1),
        "earned_on": posted.earned_on,
        "rule": "made up",
        "by": posted.posted_by,
        "now": NOW,
        "enrolment": posted.enrolment,
        "lesson": posted.lesson,
        "closing": 1,
    }
    post(**made_up)

    with pytest.raises(IntegrityError), transaction.atomic():
        post(**made_up)

    assert balance(posted.trainee, 2027) == 4


def test_what_is_taken_back_counts_no_more_and_only_once(cadre):
    entry = outside(cadre)
    later = NOW + timedelta(days=1)

    (counter,) = take_back([entry], reason="重复申报", by=cadre.user, now=later)

    assert (counter.hours, counter.reverses, counter.reason) == (-4, entry, "重复申报")
    assert (balance(cadre, 2027), list(standing_entries())) == (0, [])
    with pytest.raises(IntegrityError), transaction.atomic():
        take_back([entry], reason="", by=cadre.user, now=later)


def test_closing_reopening_and_closing_again_only_adds_lines(posted):
    training_class = posted.enrolment.training_class
    now = max(timezone.now(), training_class.ends_at)
    first = HourEntry.objects.values().get()

    reopen_class(training_class=training_class, reason="补签", by=posted.posted_by, now=now)
    close_class(training_class=training_class, by=posted.posted_by, now=now)

    assert HourEntry.objects.values().get(pk=posted.pk) == first
    assert [entry.hours for entry in HourEntry.objects.order_by("pk")] == [3, -3, 3]
    assert balance(posted.trainee, 2027) == 3
