"""The page after booking says when, where, what to bring, what follows and whom to call."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from trainees.booking.enrolling import book
from trainees.me.ticket import map_address, signer

from ..factories import NOW, CampusFactory, TraineeFactory, class_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def learner(client):
    trainee = TraineeFactory()
    client.force_login(trainee.user)
    return trainee


def page_of(client, training_class, **more):
    return client.get(reverse("trainees:booked", args=[training_class.code]), **more)


def taken(trainee, **fields):
    training_class = class_with(seats=3, **fields)
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)


def test_booking_leads_to_the_page(client, learner):
    training_class = class_with(seats=3, lessons=2)

    answer = client.post(reverse("trainees:book", args=[training_class.code]), follow=True)

    assert answer.redirect_chain == [(reverse("trainees:booked", args=[training_class.code]), 302)]
    assert answer.text.count("报上了") == 3  # the title of the page, the heading and its sentence


def test_waiting_leads_to_the_class(client, learner):
    training_class = class_with(seats=1)
    book(trainee=(other := TraineeFactory()), training_class=training_class, by=other.user, now=NOW)

    answer = client.post(reverse("trainees:book", args=[training_class.code]))

    assert answer.url == training_class.get_absolute_url()


def test_it_says_what_one_needs(client, learner):
    seat = taken(
        learner, lessons=2, starts_at=NOW + timedelta(days=12), bring="笔和本子\n \n登记表"
    )

    answer = page_of(client, seat.training_class)
    ticket = answer.context["ticket"]

    assert (ticket.number, ticket.days_left, len(ticket.others)) == (1, 12, 1)
    assert ticket.bring == ["笔和本子", "登记表"]
    assert signer.unsign(ticket.code) == str(seat.pk)
    assert "还有 12 天" in answer.text and "138 0000 0001" in answer.text
    assert reverse("trainees:class_file", args=[seat.training_class.code]) in answer.text


def test_the_next_lesson_is_shown_once_the_first_is_over(client, learner, time_machine):
    seat = taken(learner, lessons=2)
    time_machine.move_to(seat.training_class.starts_at + timedelta(hours=5))
    client.force_login(learner.user)

    assert page_of(client, seat.training_class).context["ticket"].number == 2


def test_after_the_last_lesson_it_leads_to_the_class(client, learner, time_machine):
    seat = taken(learner)
    time_machine.move_to(seat.training_class.ends_at + timedelta(minutes=1))
    client.force_login(learner.user)

    assert page_of(client, seat.training_class).url == seat.training_class.get_absolute_url()


def test_a_map_shows_the_coordinates_or_looks_for_the_address():
    bare = CampusFactory(address="友谊路1号")
    on_map = CampusFactory(latitude="31.405", longitude="121.489")

    assert "position=121.489%2C31.405" in map_address(on_map)
    assert "keyword=" in map_address(bare) and "%E5%8F%8B%E8%B0%8A" in map_address(bare)


def test_coordinates_come_in_pairs():
    campus = CampusFactory()
    campus.latitude = 31

    with pytest.raises(ValidationError, match="纬度"):
        campus.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        campus.save()


def test_nobody_sees_the_ticket_of_somebody_else(client, learner):
    seat = taken(TraineeFactory())

    assert page_of(client, seat.training_class).url == seat.training_class.get_absolute_url()
