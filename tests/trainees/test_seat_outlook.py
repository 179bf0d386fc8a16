"""What a reader is told of seats and of the moment: a forecast that agrees with booking and writes
nothing.
"""

from datetime import timedelta

import pytest

from courses.models import ClassStatus
from trainees.booking.enrolling import book
from trainees.eligibility.reasons import reasons_for
from trainees.eligibility.window import why_not_now
from trainees.errors import AlreadyStarted, BookingClosed, BookingNotOpen, ClassCancelled

from ..factories import NOW, TownFactory, class_with

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def seat_of(trainee, training_class, now=NOW):
    (reason,) = [
        reason for reason in reasons_for(trainee, training_class, now) if reason.rule == "seat"
    ]
    return reason


def take(trainee, training_class):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, None),
        ({"status": ClassStatus.DRAFT}, BookingNotOpen),
        ({"status": ClassStatus.CANCELLED}, ClassCancelled),
        ({"status": ClassStatus.CLOSED}, BookingClosed),
        ({"status": ClassStatus.RUNNING}, AlreadyStarted),
        ({"starts_at": NOW}, AlreadyStarted),
        ({"booking_opens_at": NOW}, None),
        ({"booking_opens_at": NOW + HOUR}, BookingNotOpen),
        ({"booking_closes_at": NOW}, BookingClosed),
        ({"booking_closes_at": NOW + timedelta(seconds=1)}, None),
    ],
)
def test_the_moment(fields, error):
    assert type(why_not_now(class_with(seats=1, **fields), NOW)) is (error or type(None))


def test_seats_left_are_counted(cadre):
    reason = seat_of(cadre, class_with(seats=3))

    assert (reason.ok, reason.hint) == (True, False) and "3" in reason.fact


def test_the_own_quota_goes_before_the_open_seats(cadre):
    reason = seat_of(cadre, class_with(seats=5, town_seats={cadre.village.town: 2}))

    assert reason.ok and cadre.village.town.name in reason.fact and "2" in reason.fact


def test_a_full_class_offers_the_queue_as_a_hint(cadre, colleague):
    training_class = class_with(seats=1)
    take(colleague, training_class)

    reason = seat_of(cadre, training_class)

    assert (reason.ok, reason.hint) == (True, True)


def test_a_full_class_without_a_queue_stands_against_it(cadre, colleague):
    training_class = class_with(seats=1, has_waiting_list=False)
    take(colleague, training_class)

    reason = seat_of(cadre, training_class)

    assert not reason.ok and reason.way_out


def test_seats_of_other_towns_are_named_until_they_are_released(cadre):
    training_class = class_with(seats=1, town_seats={TownFactory(): 1}, has_waiting_list=False)
    release_at = training_class.pools.exclude(town=None).get().release_at

    assert not seat_of(cadre, training_class).ok
    assert seat_of(cadre, training_class, now=release_at).ok


def test_reading_the_reasons_writes_nothing(cadre):
    training_class = class_with(seats=1, town_seats={TownFactory(): 1})
    before = list(training_class.pools.values())

    reasons_for(cadre, training_class, training_class.booking_closes_at - HOUR)

    assert list(training_class.pools.values()) == before
