"""Late seats are offered, not given: held for some hours, taken with one tap, then moved on.

And the end of the waiting list.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from notices.models import Notice
from trainees.booking.enrolling import accept_offer, book
from trainees.booking.queue import expire_offers
from trainees.booking.withdrawing import withdraw
from trainees.classes.changes import cancel_class, change_plan, change_seats, start_due_classes
from trainees.errors import AlreadyEnrolled, OfferOver
from trainees.invariants import breaches
from trainees.models import Enrolment, EnrolmentEvent, EnrolmentStatus
from trainees.seats.counting import offer_ends_at

from ..factories import NOW, EnrolmentFactory, TraineeFactory, class_with
from .test_booking import events_of, give_back, state, take
from .test_class_changes import plan_of

pytestmark = pytest.mark.django_db

START = NOW + timedelta(days=14)
LATE = START - timedelta(hours=48)  # from then on seats are offered


@pytest.fixture
def full(colleague):
    """A class with one seat, taken, that may be booked and cancelled until it begins."""
    training_class = class_with(seats=1, booking_closes_at=START, cancel_until=START)
    training_class.seat = take(colleague, training_class)
    return training_class


def test_until_48_hours_before_the_start_a_seat_is_given_at_once(full, cadre):
    waiting = take(cadre, full)

    give_back(full.seat, LATE - timedelta(minutes=1))

    waiting.refresh_from_db()
    assert (waiting.status, waiting.offer_ends_at) == (EnrolmentStatus.BOOKED, None)


def test_within_48_hours_it_is_held_for_four_hours(full, cadre):
    waiting = take(cadre, full)

    give_back(full.seat, LATE)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.offer_ends_at) == (
        EnrolmentStatus.OFFERED,
        LATE + timedelta(hours=4),
    )
    assert state(full) == ({cadre.pk: "offered"}, {(None, 1, 1)}, 0)
    notice = Notice.objects.get(kind="seat_offered")
    assert (notice.person, notice.link) == (cadre.user, reverse("trainees:offer", args=[full.code]))
    assert "14:00" in notice.title  # when it ends, in Shanghai


def test_after_the_deadline_for_cancelling_it_is_offered_too_however_far_the_start(
    cadre, colleague
):
    training_class = class_with(seats=1, cancel_until=NOW + timedelta(days=1))
    take(colleague, training_class)
    waiting = take(cadre, training_class)

    change_seats(
        training_class=training_class,
        capacity=2,
        town_seats={},
        by=None,
        now=NOW + timedelta(days=2),
    )

    waiting.refresh_from_db()
    assert waiting.status == EnrolmentStatus.OFFERED


def test_one_tap_takes_it_and_a_second_changes_nothing(full, cadre):
    waiting = take(cadre, full)
    give_back(full.seat, LATE)

    taken = accept_offer(enrolment=waiting, by=cadre.user, now=LATE + timedelta(hours=1))
    accept_offer(enrolment=waiting, by=cadre.user, now=LATE + timedelta(hours=9))

    assert (taken.status, taken.offer_ends_at, events_of(waiting)) == (
        EnrolmentStatus.BOOKED,
        None,
        ["waitlisted", "offered", "accepted"],
    )


def test_declining_moves_it_on_at_once(full, cadre, outsider):
    first, second = take(cadre, full), take(outsider, full)
    give_back(full.seat, LATE)

    withdraw(enrolment=first, by=cadre.user, now=LATE + timedelta(hours=1))

    second.refresh_from_db()
    assert (second.status, second.offer_ends_at) == (
        EnrolmentStatus.OFFERED,
        LATE + timedelta(hours=5),
    )


def test_an_offer_that_is_not_taken_moves_on_and_the_person_is_told(full, cadre, outsider):
    first, second = take(cadre, full), take(outsider, full)
    give_back(full.seat, LATE)

    assert expire_offers(now=LATE + timedelta(hours=4) - timedelta(seconds=1)) == 0
    assert expire_offers(now=LATE + timedelta(hours=4)) == 1

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, events_of(first)[-1]) == (
        EnrolmentStatus.LAPSED,
        EnrolmentStatus.OFFERED,
        "expired",
    )
    assert Notice.objects.filter(kind="offer_expired", person=cadre.user).count() == 1
    with pytest.raises(OfferOver, match="已顺延给下一位"):
        accept_offer(enrolment=first, by=cadre.user, now=LATE + timedelta(hours=5))


def test_an_offer_cannot_be_taken_after_its_end_even_before_the_sweep(full, cadre):
    waiting = take(cadre, full)
    give_back(full.seat, LATE)

    with pytest.raises(OfferOver):
        accept_offer(enrolment=waiting, by=cadre.user, now=LATE + timedelta(hours=4))


def test_an_offer_ends_with_the_waiting_list_at_the_latest(full):
    assert offer_ends_at(full, START - timedelta(hours=3)) == START - timedelta(hours=2)


def test_the_hours_are_fields_of_the_class(cadre, colleague):
    training_class = class_with(
        seats=1,
        booking_closes_at=START,
        cancel_until=START,
        offer_within_hours=10,
        offer_hours=1,
        queue_ends_hours=0,
    )
    seat, waiting = take(colleague, training_class), take(cadre, training_class)

    give_back(seat, START - timedelta(hours=10))

    waiting.refresh_from_db()
    assert waiting.offer_ends_at == START - timedelta(hours=9)


def test_nobody_is_called_when_the_waiting_list_has_ended(full, cadre):
    waiting = take(cadre, full)

    give_back(full.seat, START - timedelta(hours=2))

    waiting.refresh_from_db()
    assert (waiting.status, state(full)[1]) == (EnrolmentStatus.WAITLISTED, {(None, 1, 0)})


def test_who_has_an_offer_cannot_book_again_and_is_told_so(full, cadre):
    take(cadre, full)
    give_back(full.seat, LATE)

    with pytest.raises(AlreadyEnrolled, match="为您留着"):
        take(cadre, full, now=LATE)


def test_when_the_class_begins_an_open_offer_ends_and_frees_its_seat(full, cadre):
    take(cadre, full)
    give_back(full.seat, LATE)

    start_due_classes(now=START)

    assert state(full) == ({}, {(None, 1, 0)}, 0)


def test_a_cancelled_class_takes_its_offers_along(full, cadre):
    take(cadre, full)
    give_back(full.seat, LATE)

    cancel_class(training_class=full, reason="停电", by=cadre.user, now=LATE)

    assert state(full) == ({}, {(None, 1, 0)}, 0)


def test_an_offer_is_not_on_the_roll(full, cadre):
    take(cadre, full)
    give_back(full.seat, LATE)

    assert not Enrolment.objects.taking_part().filter(training_class=full).exists()
    assert Enrolment.objects.holding_a_seat().filter(training_class=full).count() == 1


def test_the_audit_finds_an_offer_that_outlives_its_end(full, cadre, time_machine):
    take(cadre, full)
    give_back(full.seat, LATE)

    time_machine.move_to(LATE + timedelta(hours=4, minutes=4))
    assert list(breaches()) == []
    time_machine.move_to(LATE + timedelta(hours=4, minutes=6))
    assert [(breach.rule, breach.model) for breach in breaches()] == [(2, "trainees.Enrolment")]


def test_the_database_refuses_an_offer_without_an_end(cadre):
    training_class = class_with(seats=1)

    with pytest.raises(IntegrityError, match="an_offer_has_its_end"), transaction.atomic():
        EnrolmentFactory(
            trainee=cadre,
            training_class=training_class,
            pool=training_class.pools.get(),
            status=EnrolmentStatus.OFFERED,
        )


# --- The page -------------------------------------------------------------------------------------


@pytest.fixture
def page(client, full, cadre, time_machine):
    take(cadre, full)
    give_back(full.seat, LATE)
    time_machine.move_to(LATE + timedelta(hours=1), tick=False)
    client.force_login(cadre.user)
    return reverse("trainees:offer", args=[full.code])


def test_the_page_says_until_when_and_takes_the_seat_with_one_tap(client, page, full, cadre):
    assert "14:00" in client.get(page).content.decode()

    response = client.post(page, {"take": "1"}, follow=True)

    assert "名额是您的了" in response.content.decode()
    assert state(full)[0] == {cadre.pk: "booked"}


def test_the_page_of_the_class_offers_it_too(client, page, full):
    assert page in client.get(full.get_absolute_url()).content.decode()


def test_the_page_declines(client, page, full):
    assert "名额顺延给下一位" in client.post(page, {"decline": "1"}, follow=True).content.decode()
    assert state(full)[0] == {}


def test_what_is_kept_of_it_is_in_the_language_of_the_portal(client, page):
    client.cookies["django_language"] = "en"

    client.post(page, {"decline": "1"})

    assert EnrolmentEvent.objects.last().reason == "不要留的名额"


def test_a_late_tap_gets_a_sentence(client, page, full, time_machine):
    time_machine.move_to(LATE + timedelta(hours=5))

    assert "留名额的时间过了" in client.post(page, {"take": "1"}, follow=True).content.decode()


def test_who_has_no_offer_is_sent_to_the_class(client, full):
    stranger = TraineeFactory()
    client.force_login(stranger.user)

    assert (
        "没有为您留的名额"
        in client.get(reverse("trainees:offer", args=[full.code]), follow=True).content.decode()
    )


def test_a_seat_that_is_taken_directly_needs_no_offer(full, outsider):
    give_back(full.seat, LATE)

    assert (
        book(trainee=outsider, training_class=full, by=outsider.user, now=LATE).status
        == EnrolmentStatus.BOOKED
    )


def test_a_class_that_is_moved_to_an_earlier_hour_takes_its_offers_along(
    full, cadre, district_staff
):
    waiting = take(cadre, full)
    give_back(full.seat, START - timedelta(hours=30))
    full.refresh_from_db()
    starts_at, plan = START - timedelta(hours=27), plan_of(full)
    earlier = [
        replace(lesson, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
        for lesson in plan.lessons
    ]

    ends = {"booking_closes_at": starts_at, "cancel_until": starts_at - timedelta(minutes=1)}

    moved = change_plan(
        training_class=full,
        plan=replace(plan, lessons=earlier, **ends),
        by=district_staff,
        now=START - timedelta(hours=30),
    ).training_class

    waiting.refresh_from_db()
    assert (waiting.status, waiting.offer_ends_at) == ("offered", moved.queue_ends_at)


def test_nobody_takes_an_offer_once_the_class_has_begun(full, cadre):
    waiting = take(cadre, full)
    give_back(full.seat, START - timedelta(hours=6))
    Enrolment.objects.filter(pk=waiting.pk).update(offer_ends_at=START + timedelta(hours=1))

    with pytest.raises(OfferOver):
        accept_offer(enrolment=waiting, by=cadre.user, now=START + timedelta(minutes=20))
