"""A booking is one straight walk: how often it changes the module is counted and may not grow."""

import pytest

from trainees.booking.enrolling import book

from ..factories import NOW, TraineeFactory, class_with
from .booking_walk import MODULE, ROOM, entries, in_words


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "parts", "most"), [("module", MODULE, 47), ("room", ROOM, 28)])
def test_a_booking_does_not_wander(what, parts, most):
    training_class = class_with(seats=5)

    def book_one(person) -> None:
        book(trainee=person, training_class=training_class, by=person.user, now=NOW)

    person = TraineeFactory()

    entered = entries(lambda: book_one(person), parts)

    print("\n" + in_words(entered, what))
    assert entered.total() <= most
