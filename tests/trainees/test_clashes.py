"""Does a class fit into a person's time: to the minute, lesson by lesson, and only against what is
held.

Source: docs/rules.md R4.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import ClassStatus
from trainees.booking.enrolling import book
from trainees.eligibility.reasons import reasons_for

from ..factories import NOW, LessonFactory, class_with

pytestmark = pytest.mark.django_db


def clash_of(trainee, training_class):
    (reason,) = [
        reason for reason in reasons_for(trainee, training_class, NOW) if reason.rule == "clash"
    ]
    return reason


def take(trainee, training_class):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)


@pytest.mark.parametrize(
    ("shift", "clashes"),
    [
        (timedelta(0), True),
        (timedelta(minutes=144), True),
        (timedelta(minutes=145), False),
        (timedelta(minutes=-145), False),
        (timedelta(minutes=-144), True),
    ],
)
def test_lessons_that_touch_do_not_clash(cadre, shift, clashes):
    own = class_with(seats=1)
    take(cadre, own)

    assert clash_of(cadre, class_with(seats=1, starts_at=own.starts_at + shift)).ok is not clashes


def test_spans_that_overlap_without_a_common_lesson_do_not_clash(cadre):
    """Every second Monday beside every other Monday: the spans overlap, no lesson does.

    Source: docs/rules.md R4.
    """
    own = class_with(seats=1)
    LessonFactory(training_class=own, starts_at=own.starts_at + timedelta(days=14))
    take(cadre, own)
    between = class_with(seats=1, starts_at=own.starts_at + timedelta(days=7))

    assert clash_of(cadre, between).ok


def test_a_clash_names_the_other_class(cadre):
    take(cadre, class_with(seats=1, title="撞时间的班"))

    reason = clash_of(cadre, class_with(seats=1))

    assert not reason.ok and "撞时间的班" in reason.fact and reason.way_out


def test_a_clash_says_from_when_to_when_both_are(cadre, time_machine):
    time_machine.move_to(NOW)
    own = class_with(seats=1, title="先报的班")
    take(cadre, own)

    same_day = clash_of(cadre, class_with(seats=1, starts_at=own.starts_at + timedelta(hours=1)))
    assert same_day.fact == "3月15日 周一 10:00—12:25 已报“先报的班”，本班 11:00—13:25"
    LessonFactory(training_class=own, starts_at=own.starts_at + timedelta(days=1, hours=-1))
    later = class_with(seats=1, starts_at=own.starts_at + timedelta(days=1))
    assert clash_of(cadre, later).fact == "3月16日 周二 9:00—11:25 已报“先报的班”，本班 10:00—12:25"


@pytest.mark.parametrize("status", [ClassStatus.CANCELLED, ClassStatus.CLOSED])
def test_a_class_that_is_not_held_does_not_clash(cadre, status):
    own = class_with(seats=1)
    take(cadre, own)
    type(own).objects.filter(pk=own.pk).update(status=status)

    assert clash_of(cadre, class_with(seats=1)).ok


def test_a_place_in_a_queue_and_another_person_do_not_clash(cadre, colleague):
    training_class = class_with(seats=1)
    take(colleague, training_class)
    take(cadre, training_class)

    assert clash_of(cadre, class_with(seats=1)).ok
    assert not clash_of(colleague, class_with(seats=1)).ok


def test_the_number_of_queries_does_not_grow_with_own_classes(cadre):
    training_class = class_with(seats=1)
    counts = []
    for days in (30, 40, 50):
        book(
            trainee=cadre,
            training_class=class_with(seats=1, starts_at=NOW + timedelta(days=days)),
            by=cadre.user,
            now=NOW,
            repeat_reason="再学",
        )
        with CaptureQueriesContext(connection) as asked:
            reasons_for(cadre, type(training_class).objects.get(pk=training_class.pk), NOW)
        counts.append(len(asked))

    assert counts[0] == counts[2]
