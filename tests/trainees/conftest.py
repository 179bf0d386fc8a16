"""Classes whose booking is open at this very moment: the pages ask the clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import TrainingClass
from trainees.booking.enrolling import book
from trainees.models import Enrolment

from ..factories import class_with


@pytest.fixture
def bookable(db):
    """Makes an open class that begins in `days` days; negative for one that has been held."""

    def make(*, days: int = 14, seats: int = 5, **fields) -> TrainingClass:
        now = timezone.now()
        starts_at = now + timedelta(days=days)
        window = {
            "booking_opens_at": starts_at - timedelta(days=24),
            "booking_closes_at": starts_at - timedelta(days=7),
        }
        return class_with(seats=seats, starts_at=starts_at, **window | fields)

    return make


@pytest.fixture
def seated():
    """Books a trainee into a class a day after its booking opened, whatever the clock says."""

    def take(trainee, training_class: TrainingClass) -> Enrolment:
        then = training_class.booking_opens_at + timedelta(days=1)
        return book(
            trainee=trainee,
            training_class=training_class,
            by=trainee.user,
            now=then,
            repeat_reason="再学一遍",
        )

    return take
