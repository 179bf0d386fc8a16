"""Slots on the pages: choosing on the phone, the slots of a class for staff (docs/rules.md R90)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from academy.models import Role
from trainees.booking.enrolling import book
from trainees.models import SlotChoice

from ..conftest import grant
from ..factories import NOW, TraineeFactory, class_with, class_with_slots, slot_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def training_class():
    return class_with_slots(seats=5, slots=(1, None))


@pytest.fixture
def seat(client, training_class):
    trainee = TraineeFactory()
    client.force_login(trainee.user)
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)


def url(name, training_class):
    return reverse(f"trainees:{name}", args=[training_class.code])


def tap(client, training_class, slot, **more):
    sent = {"slot": slot if isinstance(slot, str) else slot.pk} | more
    return client.post(url("own_slots", training_class), sent)


def chosen(seat):
    return list(
        SlotChoice.objects.standing().filter(enrolment=seat).values_list("lesson", flat=True)
    )


@pytest.mark.parametrize("page", ["booked", "class_page", "own_slots"])
def test_a_slot_is_chosen_on_each_page_of_a_booking(client, training_class, seat, page):
    slot = slot_of(training_class, 0)

    shown = client.get(url(page, training_class)).text

    assert f'value="{slot.pk}"' in shown
    where = "booked" if page == "booked" else "class_page"
    answer = tap(client, training_class, slot, **({"booked": "1"} if page == "booked" else {}))
    assert answer.url == url(where, training_class) + "#slots"
    assert chosen(seat) == [slot.pk]
    assert f'value="{slot.pk}"' not in client.get(url(page, training_class)).text


def test_my_classes_leads_to_the_choice_until_it_is_made(client, training_class, seat):
    link = url("own_slots", training_class)
    assert link in client.get(reverse("portal:me")).text
    tap(client, training_class, slot_of(training_class, 1))
    assert link not in client.get(reverse("portal:me")).text


def test_a_full_slot_is_said(client, training_class, seat):
    other = TraineeFactory()
    theirs = book(trainee=other, training_class=training_class, by=other.user, now=NOW)
    SlotChoice.objects.create(
        enrolment=theirs,
        slot_group=1,
        lesson=slot_of(training_class, 0),
        lesson_key=slot_of(training_class, 0).pk,
        chosen_at=NOW,
        chosen_by=other.user,
    )

    answer = tap(client, training_class, slot_of(training_class, 0))

    assert slot_of(training_class, 1).venue.name in client.get(answer.url).text
    assert chosen(seat) == []


@pytest.mark.parametrize("sent", ["", "0", "x", "９", "9" * 30])
def test_what_is_no_slot_is_said_and_nothing_is_chosen(client, training_class, seat, sent):
    assert tap(client, training_class, sent).status_code == 302
    assert chosen(seat) == []


def test_a_lesson_of_another_class_is_no_slot(client, training_class, seat):
    tap(client, training_class, slot_of(class_with_slots(seats=2, slots=(1, 1)), 0))
    assert chosen(seat) == []


def test_a_class_without_slots_has_no_such_page(client, seat):
    other = class_with(seats=3, starts_at=NOW + timedelta(days=40))
    book(trainee=seat.trainee, training_class=other, by=seat.trainee.user, now=NOW)
    assert client.get(url("own_slots", other)).url == other.get_absolute_url()


def test_staff_see_who_comes_when_and_place_the_rest(client, training_class, seat):
    client.force_login(grant(Role.BRANCH_COORDINATOR, campus=training_class.campus))
    page = url("class_slots", training_class)
    assert seat.trainee.user.name in client.get(page).text
    assert page in client.get(url("class_roster", training_class)).text

    client.post(page)

    assert chosen(seat) == [slot_of(training_class, 1).pk]
    assert '<form method="post" class="say warn' not in client.get(page).text


def test_a_class_without_slots_shows_staff_where_to_mark_them(client, training_class):
    other = class_with(seats=3, campus=training_class.campus)
    client.force_login(grant(Role.BRANCH_COORDINATOR, campus=training_class.campus))
    assert url("class_edit", other) in client.get(url("class_slots", other)).text
    assert url("class_slots", other) not in client.get(url("class_roster", other)).text
