"""Seats of a class as it stands, its start, its cancellation; a change of its plan is in
test_class_changes.py.
"""

from datetime import timedelta

import pytest

from courses.models import ClassStatus, SeatPool
from courses.schedule.quotas import QuotasExceedCapacity, SeatsTaken
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.classes.changes import cancel_class, change_seats, start_due_classes
from trainees.errors import ClassChangeRefused
from trainees.models import Enrolment, EnrolmentStatus
from trainees.record.attendance import mark_rest

from ..factories import NOW, TownFactory, TraineeFactory, UserFactory, class_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(db):
    return UserFactory()


@pytest.fixture
def full(cadre, colleague, outsider):
    """One seat, the colleague's; then wait the cadre and the outsider."""
    training_class = class_with(seats=1)
    for trainee in (colleague, cadre, outsider):
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    return training_class


def states(training_class):
    return dict(
        Enrolment.objects.filter(training_class=training_class).values_list("trainee", "status")
    )


def pools(training_class):
    return {pool.town: (pool.seats, pool.seats_taken) for pool in training_class.pools.all()}


# --- Seats ----------------------------------------------------------------------------------------


def test_more_seats_go_to_who_waits_in_order_and_they_are_told(
    full, teacher, cadre, colleague, outsider
):
    promoted = change_seats(training_class=full, capacity=2, town_seats={}, by=teacher, now=NOW)

    full.refresh_from_db()
    assert [enrolment.trainee for enrolment in promoted] == [cadre]
    assert states(full) == {colleague.pk: "booked", cadre.pk: "booked", outsider.pk: "waitlisted"}
    assert (full.capacity, full.waiting_count, pools(full)) == (2, 1, {None: (2, 2)})
    assert [(notice.person, notice.kind) for notice in Notice.objects.all()] == [
        (cadre.user, "promoted")
    ]


def test_a_new_quota_serves_its_town_before_an_earlier_stranger(
    full, teacher, cadre, colleague, outsider
):
    change_seats(
        training_class=full, capacity=2, town_seats={outsider.village.town: 1}, by=teacher, now=NOW
    )

    assert states(full) == {colleague.pk: "booked", cadre.pk: "waitlisted", outsider.pk: "booked"}
    assert pools(full) == {None: (1, 1), outsider.village.town: (1, 1)}


def test_fewer_seats_than_people_are_refused_and_nothing_changes(full, teacher, cadre):
    change_seats(training_class=full, capacity=2, town_seats={}, by=teacher, now=NOW)

    with pytest.raises(SeatsTaken, match="2"):
        change_seats(training_class=full, capacity=1, town_seats={}, by=teacher, now=NOW)

    full.refresh_from_db()
    assert (full.capacity, pools(full)) == (2, {None: (2, 2)})


def test_quotas_beyond_the_capacity_are_refused(full, teacher):
    with pytest.raises(QuotasExceedCapacity):
        change_seats(
            training_class=full,
            capacity=3,
            town_seats={TownFactory(): 2, TownFactory(): 2},
            by=teacher,
            now=NOW,
        )

    assert pools(full) == {None: (1, 1)}


@pytest.mark.parametrize("status", [ClassStatus.CLOSED, ClassStatus.CANCELLED])
def test_seats_of_a_class_that_is_over_stay(full, teacher, status):
    type(full).objects.update(status=status)

    with pytest.raises(ClassChangeRefused):
        change_seats(training_class=full, capacity=9, town_seats={}, by=teacher, now=NOW)

    assert pools(full) == {None: (1, 1)}


def test_the_same_change_twice_promotes_once(full, teacher):
    change_seats(training_class=full, capacity=2, town_seats={}, by=teacher, now=NOW)

    assert change_seats(training_class=full, capacity=2, town_seats={}, by=teacher, now=NOW) == []
    assert Notice.objects.count() == 1


# --- Cancelling -----------------------------------------------------------------------------------


def test_cancelling_frees_every_seat_and_place_and_tells_everybody_why(
    full, teacher, cadre, colleague, outsider
):
    cancel_class(training_class=full, reason=" 老师生病 ", by=teacher, now=NOW)

    full.refresh_from_db()
    assert (full.status, full.cancelled_reason, full.waiting_count, pools(full)) == (
        ClassStatus.CANCELLED,
        "老师生病",
        0,
        {None: (1, 0)},
    )
    assert states(full) == dict.fromkeys([cadre.pk, colleague.pk, outsider.pk], "withdrawn")
    assert {(notice.person, notice.kind) for notice in Notice.objects.all()} == {
        (trainee.user, "class_cancelled") for trainee in (cadre, colleague, outsider)
    }
    assert all(
        "老师生病" in notice.body and full.title in notice.title for notice in Notice.objects.all()
    )
    assert {(event.kind, event.by) for event in cadre.enrolments.get().events.all()} == {
        ("waitlisted", cadre.user),
        ("cancelled", teacher),
    }


def test_who_cancelled_before_is_not_told(full, teacher, outsider):
    withdraw(enrolment=outsider.enrolments.get(), by=outsider.user, now=NOW)

    cancel_class(training_class=full, reason="老师生病", by=teacher, now=NOW)

    assert not Notice.objects.filter(person=outsider.user).exists()


def test_nobody_is_promoted_into_a_class_that_is_being_cancelled(full, teacher, cadre):
    cancel_class(training_class=full, reason="老师生病", by=teacher, now=NOW)

    assert not Notice.objects.filter(kind="promoted").exists()
    assert "promoted" not in cadre.enrolments.get().events.values_list("kind", flat=True)


def test_cancelling_twice_tells_once(full, teacher):
    cancel_class(training_class=full, reason="老师生病", by=teacher, now=NOW)

    with pytest.raises(ClassChangeRefused):
        cancel_class(training_class=full, reason="再来一次", by=teacher, now=NOW)

    full.refresh_from_db()
    assert (Notice.objects.count(), full.cancelled_reason) == (3, "老师生病")


@pytest.mark.parametrize("reason", ["", " \n "])
def test_cancelling_needs_a_reason(full, teacher, reason):
    with pytest.raises(ClassChangeRefused):
        cancel_class(training_class=full, reason=reason, by=teacher, now=NOW)

    assert (Notice.objects.count(), pools(full)) == (0, {None: (1, 1)})


def test_a_reason_that_does_not_fit_is_refused_and_one_that_fits_is_kept_whole(full, teacher):
    with pytest.raises(ClassChangeRefused, match="5000"):
        cancel_class(training_class=full, reason="长" * 5000, by=teacher, now=NOW)
    assert not Notice.objects.exists()

    cancel_class(training_class=full, reason="长" * 200, by=teacher, now=NOW)

    full.refresh_from_db()
    assert full.cancelled_reason == "长" * 200
    assert all("长" * 200 in notice.body for notice in Notice.objects.all())


def test_a_class_with_attended_lessons_is_not_cancelled(full, teacher):
    lesson = full.lessons.get()
    mark_rest(lesson=lesson, status="present", by=teacher, now=lesson.starts_at)

    with pytest.raises(ClassChangeRefused):
        cancel_class(training_class=full, reason="老师生病", by=teacher, now=lesson.ends_at)

    assert (Notice.objects.count(), pools(full)) == (0, {None: (1, 1)})


def test_a_draft_can_be_cancelled(teacher):
    draft = class_with(seats=1, status=ClassStatus.DRAFT)

    assert (
        cancel_class(training_class=draft, reason="不办了", by=teacher, now=NOW).status
        == ClassStatus.CANCELLED
    )


# --- Starting -------------------------------------------------------------------------------------


def test_a_class_runs_from_its_first_lesson_and_who_waits_has_no_seat(
    full, cadre, colleague, outsider
):
    assert start_due_classes(now=full.starts_at - timedelta(minutes=1)) == 0
    assert start_due_classes(now=full.starts_at) == 1
    assert start_due_classes(now=full.starts_at) == 0

    full.refresh_from_db()
    assert (full.status, full.waiting_count) == (ClassStatus.RUNNING, 0)
    assert states(full) == {colleague.pk: "booked", cadre.pk: "lapsed", outsider.pk: "lapsed"}
    assert cadre.enrolments.get().events.last().kind == "lapsed"


def test_a_seat_that_was_offered_and_not_taken_is_free_when_the_class_starts(full, cadre):
    SeatPool.objects.update(seats=2, seats_taken=2)
    type(full).objects.update(capacity=2, waiting_count=1)
    Enrolment.objects.filter(trainee=cadre).update(
        status=EnrolmentStatus.OFFERED, pool=full.pools.get(), offer_ends_at=full.starts_at
    )

    start_due_classes(now=full.starts_at)

    assert pools(full) == {None: (2, 1)}
    assert "booked" not in {
        status for trainee, status in states(full).items() if trainee == cadre.pk
    }


@pytest.mark.parametrize("status", [ClassStatus.DRAFT, ClassStatus.CANCELLED, ClassStatus.CLOSED])
def test_other_classes_do_not_start(full, status):
    type(full).objects.update(status=status)

    assert start_due_classes(now=full.starts_at) == 0
    full.refresh_from_db()
    assert full.status == status


def test_each_class_starts_on_its_own(full):
    later = class_with(seats=1, starts_at=full.starts_at + timedelta(days=1))
    book(trainee=TraineeFactory(), training_class=later, by=UserFactory(), now=NOW)

    assert start_due_classes(now=full.starts_at) == 1
    later.refresh_from_db()
    assert later.status == ClassStatus.OPEN
