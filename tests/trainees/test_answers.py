"""What waits for the trainee's own answer: offers that still run, and questions of the street-town;
shown where they can be answered.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.me.answers import questions_to
from trainees.models import Nomination, NominationStatus
from trainees.on_behalf.nominations import answer, nominate

from ..factories import NOW, class_with

pytestmark = pytest.mark.django_db


def offer_to(trainee, first, now):
    """The seat of a class that begins in 30 hours, given back by `first` and held for the
    trainee.
    """
    training_class = class_with(
        seats=1,
        starts_at=now + timedelta(hours=30),
        booking_opens_at=now - timedelta(days=9),
        booking_closes_at=now + timedelta(hours=29),
    )
    seat, place = (
        book(trainee=person, training_class=training_class, by=person.user, now=now)
        for person in (first, trainee)
    )
    withdraw(enrolment=seat, by=first.user, now=now)
    place.refresh_from_db()
    return place


def ask(trainee, town, by, now):
    training_class = class_with(
        seats=2,
        town_seats={town: 1},
        starts_at=now + timedelta(days=9),
        booking_opens_at=now - timedelta(days=9),
        booking_closes_at=now + timedelta(days=8),
    )
    nominate(trainees=[trainee], training_class=training_class, town=town, by=by, now=now)
    return Nomination.objects.get(trainee=trainee, training_class=training_class)


def test_an_offer_waits_until_it_ends_and_a_question_until_it_is_answered(
    cadre, outsider, town, town_staff
):
    offer, nomination = offer_to(cadre, outsider, NOW), ask(cadre, town, town_staff, NOW)

    both = questions_to(cadre, NOW)
    assert (both.offers, both.nominations) == ((offer,), (nomination,))
    assert not questions_to(outsider, NOW)
    assert questions_to(cadre, offer.offer_ends_at).offers == ()
    answer(nomination=nomination, comes=True, now=NOW)
    assert questions_to(cadre, NOW).nominations == ()


@pytest.mark.parametrize("path", ["/", "/me/"])
def test_both_can_be_answered_on_the_own_pages(client, cadre, outsider, town, town_staff, path):
    now = timezone.now()
    offer, nomination = offer_to(cadre, outsider, now), ask(cadre, town, town_staff, now)
    client.force_login(cadre.user)

    shown = client.get(path).text

    assert (
        f'action="/classes/{offer.training_class.code}/offer/"' in shown
        and f'action="/me/nominations/{nomination.pk}/"' in shown
    )
    client.post(f"/me/nominations/{nomination.pk}/", {"wish": "come"})
    nomination.refresh_from_db()
    assert nomination.status == NominationStatus.COMING
