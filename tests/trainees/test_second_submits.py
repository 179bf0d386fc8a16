"""Two tabs, a double click, the back button: the second submit of a form gets a friendly sentence
and changes nothing.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.invariants import breaches
from trainees.models import Enrolment, EnrolmentEvent, Nomination
from trainees.on_behalf.nominations import nominate

from ..factories import TraineeFactory, class_with

pytestmark = pytest.mark.django_db


def bookable(**fields):
    now = timezone.now()
    window = {
        "booking_opens_at": now - timedelta(days=1),
        "booking_closes_at": now + timedelta(days=7),
    }
    return class_with(**{"seats": 3, "starts_at": now + timedelta(days=14)} | window | fields)


def address(name, *arguments) -> str:
    return reverse(f"trainees:{name}", args=arguments)


def stands() -> tuple:
    """Everything that a submit could have changed."""
    return (
        list(Enrolment.objects.order_by("pk").values_list("pk", "trainee", "status", "pool")),
        list(
            Enrolment.objects.order_by("pool")
            .values_list("pool", "pool__seats", "pool__seats_taken")
            .distinct()
        ),
        list(
            Nomination.objects.order_by("pk").values_list(
                "pk", "trainee", "status", "reason", "answered_at"
            )
        ),
        EnrolmentEvent.objects.count(),
        Notice.objects.count(),
    )


# --- The forms: who sends what where --------------------------------------------------------------


@pytest.fixture
def training_class(db):
    return bookable()


def offered(cadre, first):
    """A class that begins tomorrow; its one seat is held for the cadre."""
    now = timezone.now()
    training_class = bookable(
        seats=1, starts_at=now + timedelta(hours=30), booking_closes_at=now + timedelta(hours=29)
    )
    seat, _place = (
        book(trainee=person, training_class=training_class, by=person.user, now=now)
        for person in (first, cadre)
    )
    withdraw(enrolment=seat, by=first.user, now=now)
    return training_class


def sent(cadre, town, by):
    training_class = bookable(town_seats={town: 1})
    nominate(trainees=[cadre], training_class=training_class, town=town, by=by, now=timezone.now())
    return Nomination.objects.get()


def booking(world):
    return world.cadre.user, address("book", world.training_class.code), {}, "已经报上"


def joining_a_queue(world):
    full = bookable(seats=1)
    book(trainee=world.outsider, training_class=full, by=world.outsider.user, now=timezone.now())
    return world.cadre.user, address("book", full.code), {}, "已经在这个班候补"


def cancelling(world):
    book(
        trainee=world.cadre,
        training_class=world.training_class,
        by=world.cadre.user,
        now=timezone.now(),
    )
    return world.cadre.user, address("cancel", world.training_class.code), {}, "不用取消"


def taking_an_offer(world):
    return (
        world.cadre.user,
        address("offer", offered(world.cadre, world.outsider).code),
        {"take": "1"},
        "名额是您的了",
    )


def declining_an_offer(world):
    return (
        world.cadre.user,
        address("offer", offered(world.cadre, world.outsider).code),
        {"decline": "1"},
        "没有为您留的名额",
    )


def booking_colleagues(world):
    data = {
        "people": [world.cadre.pk, world.colleague.pk],
        "village": world.cadre.village.code,
        "book": "1",
    }
    return (
        world.village_coordinator,
        address("colleagues", world.training_class.code),
        data,
        "之前已报",
    )


def cancelling_for_colleagues(world):
    for person in (world.cadre, world.colleague):
        book(
            trainee=person, training_class=world.training_class, by=person.user, now=timezone.now()
        )
    data = {
        "people": [world.cadre.pk, world.colleague.pk],
        "village": world.cadre.village.code,
        "cancel": "1",
    }
    return (
        world.village_coordinator,
        address("colleagues", world.training_class.code),
        data,
        "没有报这个班",
    )


def swapping(world):
    seat = book(
        trainee=world.cadre,
        training_class=world.training_class,
        by=world.cadre.user,
        now=timezone.now(),
    )
    return (
        world.village_coordinator,
        address("swap", seat.pk),
        {"to": world.colleague.pk},
        "没有名额可以转",
    )


def passing_on(world):
    book(
        trainee=world.cadre,
        training_class=world.training_class,
        by=world.cadre.user,
        now=timezone.now(),
    )
    return (
        world.cadre.user,
        address("pass_on", world.training_class.code),
        {"phone": world.colleague.user.phone},
        "没有可以转",
    )


def nominating(world):
    training_class = bookable(town_seats={world.town: 2})
    return (
        world.town_staff,
        address("nominations", training_class.code),
        {"people": [world.cadre.pk], "town": world.town.code},
        "已在班或候补",
    )


def coming(world):
    return (
        world.cadre.user,
        address("nomination", sent(world.cadre, world.town, world.town_staff).pk),
        {"wish": "come"},
        "等您来",
    )


def not_coming(world):
    nomination = sent(world.cadre, world.town, world.town_staff)
    return (
        world.cadre.user,
        address("nomination", nomination.pk),
        {"wish": "cannot", "reason": "换届走访"},
        "街镇会安排别人",
    )


def replacing(world):
    nomination = sent(world.cadre, world.town, world.town_staff)
    return (
        world.town_staff,
        address("nomination_replace", nomination.pk),
        {"to": world.colleague.pk},
        "已经换过",
    )


FORMS = [
    booking,
    joining_a_queue,
    cancelling,
    taking_an_offer,
    declining_an_offer,
    booking_colleagues,
    cancelling_for_colleagues,
    swapping,
    passing_on,
    nominating,
    coming,
    not_coming,
    replacing,
]


@pytest.fixture
def world(cadre, colleague, outsider, town, town_staff, village_coordinator, training_class):
    class World:
        pass

    found = World()
    found.__dict__.update(
        cadre=cadre,
        colleague=colleague,
        outsider=outsider,
        town=town,
        town_staff=town_staff,
        village_coordinator=village_coordinator,
        training_class=training_class,
    )
    return found


@pytest.mark.parametrize("form", FORMS, ids=[form.__name__ for form in FORMS])
def test_the_second_submit_is_friendly_and_changes_nothing(client, world, form):
    user, path, data, sentence = form(world)
    client.force_login(user)
    before = stands()
    client.post(path, data, follow=True)
    once = stands()
    assert once != before

    again = client.post(path, data, follow=True)

    assert again.status_code == 200 and sentence in again.text
    assert stands() == once
    assert list(breaches()) == []


# --- Two tabs that want different things ----------------------------------------------------------


def test_an_offer_taken_in_one_tab_is_not_declined_in_the_other(client, world):
    path = address("offer", offered(world.cadre, world.outsider).code)
    client.force_login(world.cadre.user)
    client.post(path, {"take": "1"})
    once = stands()

    other_tab = client.post(path, {"decline": "1"}, follow=True)

    assert "这个名额您已经要了" in other_tab.text and stands() == once


def test_an_offer_declined_in_one_tab_is_not_taken_in_the_other(client, world):
    path = address("offer", offered(world.cadre, world.outsider).code)
    client.force_login(world.cadre.user)
    client.post(path, {"decline": "1"})
    once = stands()

    other_tab = client.post(path, {"take": "1"}, follow=True)

    assert "没有为您留的名额" in other_tab.text and stands() == once


def test_who_was_replaced_meanwhile_answers_in_vain(client, world):
    nomination = sent(world.cadre, world.town, world.town_staff)
    client.force_login(world.town_staff)
    client.post(address("nomination_replace", nomination.pk), {"to": world.colleague.pk})
    once = stands()
    client.force_login(world.cadre.user)

    for data in ({"wish": "come"}, {"wish": "cannot", "reason": "换届走访"}):
        answer = client.post(address("nomination", nomination.pk), data, follow=True)
        assert "已经换别人参加" in answer.text and stands() == once


def test_two_coordinators_swap_the_same_seat(client, world):
    seat = book(
        trainee=world.cadre,
        training_class=world.training_class,
        by=world.cadre.user,
        now=timezone.now(),
    )
    third = TraineeFactory(village=world.cadre.village)
    client.force_login(world.village_coordinator)
    client.post(address("swap", seat.pk), {"to": world.colleague.pk})
    once = stands()
    client.force_login(world.town_staff)

    late = client.post(address("swap", seat.pk), {"to": third.pk}, follow=True)

    assert "没有名额可以转" in late.text and stands() == once
