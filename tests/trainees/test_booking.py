"""Seats, queue, promotion, quotas: docs/rules.md R1 to R4, R15 and R16."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.models import ClassStatus, SeatPool
from notices.models import Notice
from trainees.booking import enrolling
from trainees.booking.class_lock import lock
from trainees.booking.enrolling import book
from trainees.booking.queue import promote, release_due, release_pools
from trainees.booking.withdrawing import withdraw
from trainees.errors import (
    AlreadyEnrolled,
    AlreadyStarted,
    BookingClosed,
    BookingNotOpen,
    ClassCancelled,
    ClassFull,
    NotATrainee,
    NotEligible,
    NothingToCancel,
    TooLateToCancel,
)
from trainees.models import Enrolment, EnrolmentEvent, EnrolmentEventKind, EnrolmentStatus
from trainees.seats.counting import places_of

from ..factories import (
    NOW,
    EnrolmentFactory,
    LessonFactory,
    PositionFactory,
    TownFactory,
    TraineeFactory,
    VillageFactory,
    ask,
    class_with,
)

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=1)


def queue_place(enrolment) -> int:
    """The place among those who compete for the same pool, from 1; 0 for who does not wait."""
    place = places_of([enrolment]).get(enrolment.pk)
    return place.number if place else 0


def take(trainee, training_class, now=NOW, **more):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=now, **more)


def give_back(enrolment, now=NOW):
    return withdraw(enrolment=enrolment, by=enrolment.trainee.user, now=now)


def state(training_class):
    """{trainee: status} of live enrolments, and (town, seats, taken) of each pool, and the count of
    who waits.
    """
    training_class.refresh_from_db()
    live = dict(
        Enrolment.objects.live()
        .filter(training_class=training_class)
        .values_list("trainee", "status")
    )
    pools = {(pool.town_id, pool.seats, pool.seats_taken) for pool in training_class.pools.all()}
    return live, pools, training_class.waiting_count


def events_of(enrolment):
    return list(enrolment.events.order_by("pk").values_list("kind", flat=True))


# --- A seat or a place ----------------------------------------------------------------------------


def test_book_takes_a_seat(cadre):
    training_class = class_with(seats=2)

    enrolment = take(cadre, training_class)

    assert state(training_class) == ({cadre.pk: "booked"}, {(None, 2, 1)}, 0)
    assert (enrolment.village, enrolment.position, enrolment.channel, enrolment.booked_by) == (
        cadre.village,
        cadre.position,
        "self",
        cadre.user,
    )
    assert events_of(enrolment) == ["booked"]


def test_book_uses_the_waiting_list_when_the_class_is_full(cadre, colleague):
    training_class = class_with(seats=1)
    take(colleague, training_class)

    enrolment = take(cadre, training_class)

    assert state(training_class) == (
        {colleague.pk: "booked", cadre.pk: "waitlisted"},
        {(None, 1, 1)},
        1,
    )
    assert (enrolment.pool, queue_place(enrolment), events_of(enrolment)) == (
        None,
        1,
        ["waitlisted"],
    )


def test_a_full_class_without_a_waiting_list_says_so(cadre, colleague):
    training_class = class_with(seats=1, has_waiting_list=False)
    take(colleague, training_class)

    with pytest.raises(ClassFull, match="没有报上"):
        take(cadre, training_class)

    assert state(training_class) == ({colleague.pk: "booked"}, {(None, 1, 1)}, 0)


def test_places_follow_the_order_of_joining(cadre):
    training_class = class_with(seats=1)
    take(cadre, training_class)

    waiting = [take(TraineeFactory(), training_class) for _n in range(4)]

    assert [queue_place(enrolment) for enrolment in waiting] == [1, 2, 3, 4]


def test_nobody_is_overtaken_by_an_earlier_clock(cadre):
    """Whoever came to the lock first keeps the place they were told, whatever the clocks of the
    servers say.
    """
    training_class = class_with(seats=1)
    take(cadre, training_class)

    first = take(TraineeFactory(), training_class, now=NOW + LATER)
    second = take(TraineeFactory(), training_class, now=NOW)

    assert [queue_place(first), queue_place(second)] == [1, 2]


def test_queue_place_is_zero_for_who_does_not_wait(cadre):
    assert queue_place(take(cadre, class_with(seats=1))) == 0


# --- Who may not book -----------------------------------------------------------------------------


def test_only_trainees_book():
    with pytest.raises(NotATrainee, match="学员"):
        book(trainee=None, training_class=None, by=None, now=NOW)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"status": ClassStatus.DRAFT}, BookingNotOpen),
        ({"booking_opens_at": NOW + LATER}, BookingNotOpen),
        ({"booking_closes_at": NOW}, BookingClosed),
        ({"status": ClassStatus.CLOSED}, BookingClosed),
        ({"status": ClassStatus.RUNNING}, AlreadyStarted),
        ({"starts_at": NOW}, AlreadyStarted),
        ({"status": ClassStatus.CANCELLED}, ClassCancelled),
    ],
)
def test_book_outside_its_time_is_refused(cadre, fields, error):
    training_class = class_with(seats=2, **fields)

    with pytest.raises(error):
        take(cadre, training_class)

    assert not Enrolment.objects.exists()


def test_a_class_that_is_cancelled_in_the_meantime_is_refused_under_the_lock(cadre):
    training_class = class_with(seats=2)
    stale = type(training_class).objects.get(pk=training_class.pk)
    type(training_class).objects.update(status=ClassStatus.CANCELLED)

    with pytest.raises(ClassCancelled):
        take(cadre, stale)


def test_the_refusal_names_every_reason(cadre):
    other, training_class = class_with(seats=2), class_with(seats=2)
    take(cadre, other)
    ask(training_class, audiences=[PositionFactory(name="条线委员")])

    with pytest.raises(NotEligible) as refusal:
        take(cadre, training_class)

    assert len(refusal.value.reasons) == 2
    assert "条线委员" in str(refusal.value) and other.title in str(refusal.value)


def test_lessons_that_overlap_are_refused(cadre):
    held = class_with(seats=2)
    take(cadre, held)

    with pytest.raises(NotEligible, match=held.title):
        take(cadre, class_with(seats=2, starts_at=held.starts_at + timedelta(minutes=144)))


def test_lessons_that_only_touch_do_not_clash(cadre):
    held = class_with(seats=2)
    take(cadre, held)

    assert take(
        cadre, class_with(seats=2, starts_at=held.starts_at + timedelta(minutes=145))
    ).holds_a_seat


def test_classes_whose_spans_overlap_do_not_clash_when_their_lessons_do_not(cadre):
    take(cadre, class_with(seats=2, lessons=3))

    assert take(
        cadre, class_with(seats=2, lessons=3, starts_at=NOW + timedelta(days=14, hours=4))
    ).holds_a_seat


def test_waiting_elsewhere_is_no_clash(cadre, colleague):
    full = class_with(seats=1)
    take(colleague, full)
    take(cadre, full)

    assert take(cadre, class_with(seats=1)).holds_a_seat


# --- Once -----------------------------------------------------------------------------------------


def test_booking_twice_keeps_the_first(cadre):
    training_class = class_with(seats=2)
    first = take(cadre, training_class)

    with pytest.raises(AlreadyEnrolled) as refusal:
        take(cadre, training_class)

    assert refusal.value.enrolment == first
    assert state(training_class) == ({cadre.pk: "booked"}, {(None, 2, 1)}, 0)


def test_the_same_click_in_another_process_is_told_so(cadre, monkeypatch):
    """The first check saw nothing, the constraint did: the same friendly answer, and the seat is
    not taken twice.
    """
    training_class = class_with(seats=2)
    take(cadre, training_class)
    looked = []
    monkeypatch.setattr(enrolling, "_refuse_before_the_lock", lambda *args: looked.append(args))

    with pytest.raises(AlreadyEnrolled):
        take(cadre, training_class)

    assert looked
    assert state(training_class) == ({cadre.pk: "booked"}, {(None, 2, 1)}, 0)


def test_booking_again_after_withdrawal_is_a_new_row_at_the_back(cadre, colleague, outsider):
    training_class = class_with(seats=1)
    take(colleague, training_class)
    first = take(cadre, training_class)
    other = take(outsider, training_class)
    give_back(first)

    again = take(cadre, training_class, now=NOW + LATER)

    assert again.pk != first.pk
    assert [queue_place(other), queue_place(again)] == [1, 2]


# --- Giving back and being promoted ---------------------------------------------------------------


def test_a_freed_seat_goes_to_the_first_who_waits(cadre, colleague, outsider):
    training_class = class_with(seats=1)
    seat = take(colleague, training_class)
    first, second = take(cadre, training_class), take(outsider, training_class)

    give_back(seat, NOW + LATER)

    first.refresh_from_db()
    assert state(training_class) == (
        {cadre.pk: "booked", outsider.pk: "waitlisted"},
        {(None, 1, 1)},
        1,
    )
    assert events_of(first) == ["waitlisted", "promoted"]
    assert queue_place(second) == 1


def test_who_is_promoted_is_told_once_with_the_way_back(cadre, colleague):
    training_class = class_with(seats=1)
    seat, waiting = take(colleague, training_class), take(cadre, training_class)

    give_back(seat)

    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.subject_id, notice.link) == (
        cadre.user,
        "promoted",
        waiting.pk,
        training_class.get_absolute_url(),
    )
    assert training_class.title in notice.title


def test_leaving_the_queue_moves_the_others_up(cadre, colleague, outsider):
    training_class = class_with(seats=1)
    take(colleague, training_class)
    first, second = take(cadre, training_class), take(outsider, training_class)

    give_back(first)

    assert queue_place(second) == 1
    assert state(training_class) == (
        {colleague.pk: "booked", outsider.pk: "waitlisted"},
        {(None, 1, 1)},
        1,
    )
    assert not Notice.objects.exists()


def test_priority_goes_before_time_and_time_before_key(cadre):
    training_class = class_with(seats=1)
    seat = take(cadre, training_class)
    late, early, favoured = (take(TraineeFactory(), training_class) for _n in range(3))
    Enrolment.objects.filter(pk=early.pk).update(queued_at=NOW - LATER)
    Enrolment.objects.filter(pk=favoured.pk).update(
        priority=-1, priority_reason="新任书记", queued_at=NOW + LATER
    )

    assert [queue_place(enrolment) for enrolment in (favoured, early, late)] == [1, 2, 3]

    give_back(seat)

    favoured.refresh_from_db()
    assert favoured.status == EnrolmentStatus.BOOKED


def test_who_clashes_by_now_is_passed_over_and_the_reason_is_kept_once(cadre, colleague, outsider):
    training_class = class_with(seats=2)
    seats = [take(colleague, training_class), take(TraineeFactory(), training_class)]
    clashing, free = take(cadre, training_class), take(outsider, training_class)
    take(cadre, class_with(seats=1, title="撞时间的班"))

    give_back(seats[0])
    give_back(seats[1])

    free.refresh_from_db()
    assert free.status == EnrolmentStatus.BOOKED
    assert events_of(clashing) == ["waitlisted", "skipped"]
    assert "撞时间的班" in clashing.events.last().reason
    assert state(training_class) == (
        {cadre.pk: "waitlisted", outsider.pk: "booked"},
        {(None, 2, 1)},
        1,
    )


def test_who_lost_the_post_is_passed_over(cadre, colleague):
    training_class = class_with(seats=1)
    ask(training_class, audiences=[cadre.position])
    seat, waiting = take(colleague, training_class), take(cadre, training_class)
    cadre.position = PositionFactory()
    cadre.save()

    give_back(seat)

    assert events_of(waiting) == ["waitlisted", "skipped"]
    assert not Notice.objects.exists()


def test_who_was_passed_over_gets_the_seat_when_the_reason_is_gone(cadre, colleague):
    training_class, other = class_with(seats=1), class_with(seats=1)
    seat, waiting = take(colleague, training_class), take(cadre, training_class)
    clash = take(cadre, other)
    give_back(seat)
    give_back(clash)

    release_due(now=NOW + LATER)

    waiting.refresh_from_db()
    assert waiting.status == EnrolmentStatus.BOOKED


def test_a_newcomer_does_not_jump_the_queue(cadre, outsider):
    """A seat that is free while somebody waits goes to them first, and what is left to the
    newcomer.
    """
    training_class = class_with(seats=1)
    take(TraineeFactory(), training_class)
    waiting = take(cadre, training_class)
    SeatPool.objects.update(seats=2)  # a seat from somewhere, not promoted yet

    newcomer = take(outsider, training_class)

    waiting.refresh_from_db()
    assert (waiting.status, newcomer.status) == (EnrolmentStatus.BOOKED, EnrolmentStatus.WAITLISTED)


def test_a_newcomer_gets_a_seat_that_nobody_in_the_queue_may_have(cadre, outsider):
    training_class = class_with(seats=1)
    take(TraineeFactory(), training_class)
    waiting = take(cadre, training_class)
    take(cadre, class_with(seats=1))
    SeatPool.objects.filter(training_class=training_class).update(seats=2)

    newcomer = take(outsider, training_class)

    waiting.refresh_from_db()
    assert (waiting.status, newcomer.status) == (EnrolmentStatus.WAITLISTED, EnrolmentStatus.BOOKED)


# --- After the deadline for cancelling ------------------------------------------------------------


def test_a_seat_cannot_be_cancelled_after_the_deadline(cadre):
    training_class = class_with(seats=1, cancel_until=NOW + LATER, campus__phone="13800000009")
    seat = take(cadre, training_class)

    with pytest.raises(TooLateToCancel, match="13800000009"):
        give_back(seat, NOW + LATER)

    assert state(training_class) == ({cadre.pk: "booked"}, {(None, 1, 1)}, 0)


def test_without_a_deadline_of_its_own_cancelling_ends_when_booking_closes(cadre):
    training_class = class_with(seats=1)
    seat = take(cadre, training_class)

    with pytest.raises(TooLateToCancel):
        give_back(seat, training_class.booking_closes_at)


def test_the_queue_may_be_left_after_the_deadline(cadre, colleague):
    training_class = class_with(seats=1, cancel_until=NOW + LATER)
    take(colleague, training_class)
    waiting = take(cadre, training_class)

    assert give_back(waiting, NOW + 2 * LATER).status == EnrolmentStatus.WITHDRAWN


def test_after_the_deadline_the_next_is_asked_and_no_newcomer_passes_who_waits(
    cadre, colleague, outsider
):
    training_class = class_with(seats=1, cancel_until=NOW + LATER)
    take(colleague, training_class)
    waiting = take(cadre, training_class)
    SeatPool.objects.update(seats=2)

    newcomer = take(outsider, training_class, now=NOW + 2 * LATER)

    waiting.refresh_from_db()
    assert (waiting.status, newcomer.status) == (
        EnrolmentStatus.OFFERED,
        EnrolmentStatus.WAITLISTED,
    )


def test_when_the_waiting_list_has_ended_a_free_seat_is_nobodys_but_still_not_a_newcomers(
    cadre, colleague, outsider
):
    training_class = class_with(seats=1)
    type(training_class).objects.update(booking_closes_at=training_class.starts_at)
    training_class.refresh_from_db()
    take(colleague, training_class)
    waiting = take(cadre, training_class)
    SeatPool.objects.update(seats=2)

    newcomer = take(outsider, training_class, now=training_class.queue_ends_at)

    waiting.refresh_from_db()
    assert (waiting.status, newcomer.status) == (
        EnrolmentStatus.WAITLISTED,
        EnrolmentStatus.WAITLISTED,
    )


def test_after_the_deadline_a_free_seat_of_a_quota_goes_to_its_town_when_nobody_of_it_waits(
    cadre, outsider
):
    training_class = class_with(
        seats=2, town_seats={cadre.village.town: 1}, cancel_until=NOW + LATER
    )
    take(TraineeFactory(), training_class)
    take(outsider, training_class)

    assert take(cadre, training_class, now=NOW + 2 * LATER).status == EnrolmentStatus.BOOKED


def test_cancelling_twice_changes_nothing(cadre):
    training_class = class_with(seats=1)
    seat = take(cadre, training_class)
    give_back(seat)

    with pytest.raises(NothingToCancel):
        give_back(seat)

    assert state(training_class) == ({}, {(None, 1, 0)}, 0)


# --- Quotas ---------------------------------------------------------------------------------------


def test_the_own_quota_goes_first_then_the_open_seats(cadre, colleague, village):
    training_class = class_with(seats=3, town_seats={village.town: 1})

    pools = [
        take(trainee, training_class).pool.town
        for trainee in (cadre, colleague, TraineeFactory(village=village))
    ]

    assert pools == [village.town, None, None]


def test_a_quota_is_closed_to_other_towns(cadre, outsider):
    training_class = class_with(seats=1, town_seats={cadre.village.town: 1})

    assert take(outsider, training_class).status == EnrolmentStatus.WAITLISTED
    assert take(cadre, training_class).status == EnrolmentStatus.BOOKED


def test_a_freed_seat_returns_to_its_pool_and_goes_to_who_may_use_it(cadre, colleague, outsider):
    training_class = class_with(seats=1, town_seats={cadre.village.town: 1})
    seat = take(cadre, training_class)
    stranger, own = take(outsider, training_class), take(colleague, training_class)

    give_back(seat)

    own.refresh_from_db()
    stranger.refresh_from_db()
    assert (own.status, stranger.status) == (EnrolmentStatus.BOOKED, EnrolmentStatus.WAITLISTED)


def test_an_open_seat_goes_to_the_first_of_the_whole_queue(cadre, colleague, outsider):
    training_class = class_with(seats=2, town_seats={cadre.village.town: 1})
    take(cadre, training_class)
    seat = take(TraineeFactory(), training_class)
    stranger, own = take(outsider, training_class), take(colleague, training_class)

    give_back(seat)

    own.refresh_from_db()
    stranger.refresh_from_db()
    assert (own.status, stranger.status) == (EnrolmentStatus.WAITLISTED, EnrolmentStatus.BOOKED)


def test_the_place_shown_is_among_those_who_compete_for_the_same_pool(cadre, colleague, village):
    training_class = class_with(seats=2, town_seats={village.town: 1})
    take(cadre, training_class)
    take(TraineeFactory(), training_class)
    strangers = [take(TraineeFactory(), training_class) for _n in range(2)]
    own = take(colleague, training_class)

    assert [queue_place(enrolment) for enrolment in (*strangers, own)] == [1, 2, 1]


def test_at_the_hour_of_release_unused_seats_are_open_to_all(cadre, outsider):
    training_class = class_with(seats=3, town_seats={cadre.village.town: 3})
    take(cadre, training_class)
    waiting = take(outsider, training_class)
    at = training_class.pools.get(town=cadre.village.town).release_at

    assert release_due(now=at - LATER) == 0
    assert release_due(now=at) == 1

    waiting.refresh_from_db()
    assert (waiting.status, waiting.pool.town) == (EnrolmentStatus.BOOKED, None)
    assert state(training_class)[1] == {(cadre.village.town_id, 1, 1), (None, 2, 1)}
    assert release_due(now=at + LATER) == 0


def test_booking_after_the_hour_releases_by_itself(cadre, outsider):
    training_class = class_with(seats=1, town_seats={cadre.village.town: 1})

    seat = take(
        outsider, training_class, now=training_class.pools.get(town=cadre.village.town).release_at
    )

    assert (seat.status, seat.pool.town) == (EnrolmentStatus.BOOKED, None)


def test_a_seat_of_a_released_quota_that_comes_free_later_is_open_to_all(cadre, outsider):
    training_class = class_with(seats=1, town_seats={cadre.village.town: 1})
    seat = take(cadre, training_class)
    at = training_class.pools.get(town=cadre.village.town).release_at
    release_due(now=at)
    waiting = take(outsider, training_class, now=at)

    give_back(seat, at + LATER)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.pool.town) == (EnrolmentStatus.BOOKED, None)
    assert state(training_class)[1] == {(cadre.village.town_id, 0, 0), (None, 1, 1)}


def test_release_makes_the_open_pool_when_every_seat_was_a_quota(cadre):
    training_class = class_with(seats=2, town_seats={cadre.village.town: 2})
    training_class.pools.filter(town=None).delete()

    with transaction.atomic():
        release_pools(training_class=lock(training_class), now=training_class.booking_closes_at)

    assert state(training_class)[1] == {(cadre.village.town_id, 0, 0), (None, 2, 0)}


def test_two_quotas_fold_together():
    towns = [TownFactory(), TownFactory()]
    training_class = class_with(seats=5, town_seats={towns[0]: 2, towns[1]: 2})
    take(TraineeFactory(village=VillageFactory(town=towns[0])), training_class)

    release_due(now=training_class.booking_closes_at - timedelta(hours=48))

    assert state(training_class)[1] == {(towns[0].pk, 1, 1), (towns[1].pk, 0, 0), (None, 4, 0)}


# --- Behind the code ------------------------------------------------------------------------------


def test_the_database_refuses_a_seat_taken_twice():
    training_class = class_with(seats=1)

    with pytest.raises(IntegrityError, match="no_seat_is_taken_twice"), transaction.atomic():
        SeatPool.objects.filter(training_class=training_class).update(seats_taken=2)


def test_the_database_refuses_two_live_enrolments(cadre):
    training_class = class_with(seats=1)
    EnrolmentFactory(trainee=cadre, training_class=training_class)

    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentFactory(trainee=cadre, training_class=training_class)


def test_the_database_refuses_a_seat_without_a_pool(cadre):
    with pytest.raises(IntegrityError, match="who_holds_a_seat_has_a_pool"), transaction.atomic():
        EnrolmentFactory(
            trainee=cadre, training_class=class_with(seats=1), status=EnrolmentStatus.BOOKED
        )


@pytest.mark.parametrize("status", ["", "unknown"])
def test_the_database_refuses_an_unknown_status(cadre, status):
    with pytest.raises(IntegrityError, match="enrolment_status_is_known"), transaction.atomic():
        EnrolmentFactory(trainee=cadre, training_class=class_with(seats=1), status=status)


def test_the_database_refuses_an_unknown_event(cadre):
    enrolment = take(cadre, class_with(seats=1))

    with pytest.raises(IntegrityError, match="enrolment_event_kind_is_known"), transaction.atomic():
        EnrolmentEvent.objects.create(enrolment=enrolment, kind="other", at=NOW)


def test_promote_without_a_free_seat_does_nothing(cadre, colleague):
    training_class = class_with(seats=1)
    take(colleague, training_class)
    take(cadre, training_class)

    with transaction.atomic():
        assert promote(training_class=lock(training_class), now=NOW) == []

    assert not EnrolmentEvent.objects.filter(kind=EnrolmentEventKind.PROMOTED).exists()


def test_the_locked_part_is_short(cadre, django_assert_max_num_queries):
    """Statements between locking the class and the commit; savepoints of the test are left out.

    Source: docs/rules.md R44.
    """
    training_class = class_with(seats=2, lessons=3)
    LessonFactory(training_class=class_with(seats=2))

    with django_assert_max_num_queries(12) as asked:
        take(cadre, training_class)

    statements = [
        query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]
    ]
    the_lock = "SELECT * FROM courses_trainingclass"
    locked = next(number for number, sql in enumerate(statements) if sql.startswith(the_lock))
    assert len(statements) <= 10
    assert len(statements) - locked <= 8
