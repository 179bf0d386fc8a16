"""A table of hours cases, each through closing into the ledger, and the ledger replayed.

Source: docs/rules.md R5, R27, R79, R81.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.generated import examples
from trainees.booking.enrolling import book
from trainees.models import Attendance, HourEntry, HourKind
from trainees.record.closing import close_class, reopen_class
from trainees.record.hours import balance, post, replay, take_back

from ..factories import SHANGHAI, TraineeFactory, class_with

pytestmark = pytest.mark.django_db

MORNING = datetime(2027, 3, 10, 9, tzinfo=SHANGHAI)


def attend(trainee, *, at=MORNING, status="present", minutes=None, length=145, hours="3", rest=0):
    """A class of one lesson, booked, marked and closed; returns what the ledger says."""
    before = at - timedelta(days=14)
    training_class = class_with(
        seats=2,
        starts_at=at,
        booking_opens_at=before - timedelta(days=10),
        booking_closes_at=before + timedelta(days=7),
    )
    enrolment = book(
        trainee=trainee,
        training_class=training_class,
        by=trainee.user,
        now=before,
        repeat_reason="再学一遍",
    )
    lesson = training_class.lessons.get()
    lesson.ends_at = at + timedelta(minutes=length)
    lesson.hours, lesson.break_minutes = Decimal(hours), rest
    lesson.save()
    type(training_class).objects.filter(pk=training_class.pk).update(ends_at=lesson.ends_at)
    Attendance.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        status=status,
        minutes=minutes,
        marked_by=trainee.user,
        marked_at=lesson.ends_at,
    )
    training_class.refresh_from_db()
    close_class(training_class=training_class, by=trainee.user, now=lesson.ends_at)
    return training_class


@pytest.mark.parametrize(
    ("how", "posted"),
    [
        ({}, "3"),
        ({"status": "late", "minutes": 115}, "2.25"),  # 2.379
        ({"status": "left_early", "minutes": 60}, "1"),  # 1.241
        ({"status": "left_early", "minutes": 12}, "0"),
        ({"status": "absent"}, "0"),
        ({"status": "excused"}, "0"),
        ({"length": 190, "rest": 10, "hours": "4"}, "4"),  # a half day with a break
        ({"length": 190, "rest": 10, "hours": "4", "status": "late", "minutes": 95}, "2"),
        ({"length": 14, "hours": "0.25"}, "0.25"),  # live on the net, as the timetable proposes
        ({"length": 30, "hours": "1", "status": "left_early", "minutes": 15}, "0.5"),
        ({"length": 30, "hours": "1", "status": "left_early", "minutes": 14}, "0.25"),
    ],
)
def test_what_a_lesson_posts(cadre, how, posted):
    attend(cadre, **how)

    assert balance(cadre, 2027) == Decimal(posted)


@pytest.mark.parametrize(
    ("at", "length", "day"),
    [
        (datetime(2027, 12, 31, 21, tzinfo=SHANGHAI), 179, date(2027, 12, 31)),  # ends at 23:59
        (datetime(2027, 12, 31, 23, 59, tzinfo=SHANGHAI), 60, date(2027, 12, 31)),
        (datetime(2028, 1, 1, 0, 0, tzinfo=SHANGHAI), 60, date(2028, 1, 1)),
        (datetime(2028, 1, 1, 7, 59, tzinfo=SHANGHAI), 60, date(2028, 1, 1)),  # 2027 in UTC
        (datetime(2028, 2, 29, 9, tzinfo=SHANGHAI), 145, date(2028, 2, 29)),
    ],
)
def test_the_year_is_that_of_the_first_minute_in_shanghai(cadre, at, length, day):
    attend(cadre, at=at, length=length)

    assert HourEntry.objects.get().earned_on == day
    assert {year: balance(cadre, year) for year in (2027, 2028)} == {
        2027: 3 if day.year == 2027 else 0,
        2028: 3 if day.year == 2028 else 0,
    }


def test_a_made_up_lesson_counts_once_beside_the_class(cadre):
    training_class = attend(cadre, status="absent")
    lesson = training_class.lessons.get()

    post(
        trainee=cadre,
        kind=HourKind.MAKE_UP,
        hours=lesson.hours,
        earned_on=date(2027, 5, 1),
        rule="made up",
        by=cadre.user,
        now=MORNING,
        enrolment=cadre.enrolments.get(),
        lesson=lesson,
        closing=1,
    )

    assert balance(cadre, 2027) == 3


# --- The ledger replayed --------------------------------------------------------------------------

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.integers(0, 1), st.integers(1, 40), st.integers(0, 1)),
        st.tuples(st.just("attend"), st.integers(0, 1), st.integers(0, 145), st.integers(0, 1)),
        st.tuples(st.just("reopen"), st.integers(0, 9)),
        st.tuples(st.just("take back"), st.integers(0, 9)),
    ),
    max_size=8,
)


@settings(
    max_examples=examples(8),
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_replaying_all_lines_rebuilds_every_balance(steps):
    with transaction.atomic():  # the examples share the transaction of the test
        people = [TraineeFactory(), TraineeFactory()]
        wanted, classes, claims = {}, [], []

        def count(person, year, hours):
            wanted[person.pk, year] = wanted.get((person.pk, year), Decimal(0)) + hours

        for place, (what, *how) in enumerate(steps):
            at = MORNING + timedelta(days=place)
            if what == "claim":
                person, year = people[how[0]], 2027 + how[2]
                hours = Decimal(how[1]) / 4
                facts = {"earned_on": date(year, 6, 1), "rule": "x", "by": person.user, "now": at}
                kind = HourKind.CLAIM
                claims.append(post(trainee=person, kind=kind, hours=hours, **facts))
                count(person, year, hours)
            elif what == "attend":
                person, year = people[how[0]], 2027 + how[2]
                at = at.replace(year=year)
                taught = attend(person, at=at, status="late", minutes=how[1])
                hours = Decimal(how[1] * 12 // 145) / 4  # three hours in quarters, rounded down
                classes.append((taught, person, year, hours))
                count(person, year, hours)
            elif what == "reopen" and how[0] < len(classes):
                taught, person, year, hours = classes.pop(how[0])
                reopen_class(training_class=taught, reason="更正", by=person.user, now=at)
                count(person, year, -hours)
            elif what == "take back" and how[0] < len(claims):
                entry = claims.pop(how[0])
                take_back([entry], reason="重复", by=entry.posted_by, now=at)
                count(entry.trainee, entry.earned_on.year, -entry.hours)

        rebuilt = replay(HourEntry.objects.all())
        nonzero = {key: hours for key, hours in wanted.items() if hours}
        assert {key: hours for key, hours in rebuilt.items() if hours} == nonzero
        for person in people:
            for year in (2027, 2028):
                assert balance(person, year) == wanted.get((person.pk, year), 0)
        transaction.set_rollback(True)
