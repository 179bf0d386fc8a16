"""The last seat of a make-up lesson goes once, and its hours are posted once, whoever taps at the
same moment; without the lock both take the seat.
"""

from contextlib import nullcontext, suppress
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from trainees.invariants import breaches
from trainees.models import HourEntry, MakeUp
from trainees.record import make_ups
from trainees.record.make_ups import MakeUpRefused, book_make_up, mark_make_up

from ..factories import NOW, CourseFactory, TraineeFactory, UserFactory
from ..trainees.test_make_ups import absence_of, lesson_like
from .test_approval_race import at_once

ROUNDS = 3


def two_for_one_seat():
    course = CourseFactory()
    absences = [absence_of(TraineeFactory(), course) for _number in range(2)]
    return absences, lesson_like(absences[0], room=6)


def booking(absence, lesson):
    def act():
        try:
            return book_make_up(
                mark=absence, lesson=lesson, by=absence.enrolment.trainee.user, now=NOW
            )
        except MakeUpRefused:
            return None

    return act


def _mark_as_there(make_up, by):
    return mark_make_up(make_up=make_up, came=True, by=by, now=make_up.lesson.starts_at)


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_two():
    for _round in range(ROUNDS):
        absences, lesson = two_for_one_seat()
        at_once(*(booking(absence, lesson) for absence in absences))
        assert MakeUp.objects.filter(lesson=lesson).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_mark_at_the_same_moment_post_the_hours_once():
    for _round in range(ROUNDS):
        absences, lesson = two_for_one_seat()
        make_up = booking(absences[0], lesson)()
        at_once(*(partial(_mark_as_there, make_up, by) for by in (UserFactory(), UserFactory())))
        assert HourEntry.objects.filter(enrolment=absences[0].enrolment).count() == 1
    assert list(breaches()) == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_take_the_last_seat_on_postgresql(monkeypatch):
    """SQLite lets one write at a time, lock or not: there the second never counts beside it."""
    absences, lesson = two_for_one_seat()
    overlap = connection.vendor == "postgresql"
    both_have_counted = Barrier(2, timeout=20 if overlap else 0.5)
    monkeypatch.setattr(make_ups, "lock", lambda training_class: training_class)
    counted = make_ups.seats_left

    def slowly(*asked):
        left = counted(*asked)
        with nullcontext() if overlap else suppress(BrokenBarrierError):
            both_have_counted.wait()
        return left

    monkeypatch.setattr(make_ups, "seats_left", slowly)
    at_once(*(booking(absence, lesson) for absence in absences))

    assert MakeUp.objects.filter(lesson=lesson).count() == (2 if overlap else 1)
