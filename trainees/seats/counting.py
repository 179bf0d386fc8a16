"""Which seats and which places in the queue there are, and for whom.

Reads only; `booking.py` moves them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Q

from courses.models import ClassStatus, Lesson, SeatPool, TrainingClass

from ..models import Enrolment, Trainee, lessons_taken

# --- Seats ----------------------------------------------------------------------------------------


def fold_due(pools: Iterable[SeatPool], now: datetime) -> list[SeatPool]:
    """Move, in memory, the unused seats of quotas that are past their hour into the open pool;
    returns the pools changed.

    A seat of such a quota that comes free later moves as well. Source: docs/rules.md R15.
    """
    pools = list(pools)
    open_pool = next((pool for pool in pools if pool.town_id is None), None)
    changed = []
    for pool in pools:
        if (
            open_pool is None
            or pool.town_id is None
            or pool.release_at is None
            or now < pool.release_at
        ):
            continue
        if pool.seats_left or pool.released_at is None:
            if pool.seats_left and open_pool not in changed:
                changed.append(open_pool)
            open_pool.seats += pool.seats_left
            pool.released_seats += pool.seats_left
            pool.seats, pool.released_at = pool.seats_taken, pool.released_at or now
            changed.append(pool)
    return changed


def own_quota(town_id: int, pools: Iterable[SeatPool]) -> SeatPool | None:
    """The seats that are still kept for people of the town."""
    return next(
        (
            pool
            for pool in pools
            if pool.town_id == town_id and pool.released_at is None and pool.seats
        ),
        None,
    )


def pool_with_a_seat(town_id: int, pools: Iterable[SeatPool]) -> SeatPool | None:
    """A pool with a seat that somebody of the town may use: the own quota first, then the open
    pool.
    """
    usable = [pool for pool in pools if pool.seats_left > 0 and pool.town_id in (town_id, None)]
    return min(usable, key=lambda pool: pool.town_id is None, default=None)


def usable_seats(town_id: int, pools: Iterable[SeatPool], waiting: Collection[int] = ()) -> int:
    """How many seats somebody of the town may use; those kept for towns that wait are not
    counted.
    """
    usable = [
        pool
        for pool in pools
        if pool.town_id in (town_id, None) and not is_kept_for_the_queue(pool, waiting)
    ]
    return sum(max(pool.seats_left, 0) for pool in usable)


def promotes(training_class: TrainingClass, now: datetime) -> bool:
    """Whether a freed seat goes to the queue by itself: until the waiting list ends, some hours
    before the start.
    """
    ends_at = training_class.queue_ends_at
    return (
        training_class.status == ClassStatus.OPEN
        and not training_class.has_started(now)
        and (ends_at is None or now < ends_at)
    )


def promotes_by_offer(training_class: TrainingClass, now: datetime) -> bool:
    """Whether the next person is asked first. Until the deadline for cancelling (and 48 hours
    before the start) a seat is given at once, for one tap gives it back; later nobody is put on a
    seat that they could not give back. Source: docs/rules.md R16.
    """
    return now >= training_class.offers_from


def offer_ends_at(training_class: TrainingClass, now: datetime) -> datetime:
    """So many hours from now, but not beyond the end of the waiting list."""
    ends_at = now + timedelta(hours=training_class.offer_hours)
    return min(ends_at, training_class.queue_ends_at) if training_class.queue_ends_at else ends_at


def towns_that_wait(classes: Iterable[TrainingClass], now: datetime) -> dict[int, set[int]]:
    """Class key → the towns of those who wait, for classes whose queue is served no more; one
    query, or none.

    While a queue is served, promotion has given away every seat that anybody in it may take; what
    is left is free.
    """
    wanted = [
        training_class.pk
        for training_class in classes
        if training_class.waiting_count and not promotes(training_class, now)
    ]
    towns: dict[int, set[int]] = defaultdict(set)
    if wanted:
        waiting = Enrolment.objects.waiting().filter(training_class__in=wanted)
        for class_id, town_id in waiting.values_list("training_class", "village__town"):
            towns[class_id].add(town_id)
    return towns


def is_kept_for_the_queue(pool: SeatPool, waiting: Collection[int]) -> bool:
    """Whether somebody who waits could have this pool's seat, so that a newcomer cannot; `waiting`
    as `towns_that_wait` says.
    """
    return bool(waiting) if pool.town_id is None else pool.town_id in waiting


class Outlook(Enum):
    """What a newcomer would get now."""

    SEAT = "seat"
    QUEUE = "queue"
    FULL = "full"


def outlook(
    town_id: int,
    training_class: TrainingClass,
    pools: Iterable[SeatPool],
    now: datetime,
    waiting: Collection[int] | None = None,
) -> Outlook:
    """What booking would give somebody of the town now; a forecast without a lock."""
    if waiting is None:
        waiting = towns_that_wait([training_class], now).get(training_class.pk, ())
    pool = pool_with_a_seat(town_id, pools)
    if pool is not None and not is_kept_for_the_queue(pool, waiting):
        return Outlook.SEAT
    return Outlook.QUEUE if training_class.has_waiting_list else Outlook.FULL


# --- Places in the queue --------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A place in the queue, from 1: among those who compete for the same pool, and in the whole
    queue of the class.
    """

    number: int
    overall: int
    town: str = ""  # the town whose quota is competed for; empty: the seats that are open to all
    # where the class puts those first who have not taken the course: docs/rules.md R88
    has_taken: bool = False
    comes_later: bool = False  # for that, or for somebody in the own group


def places_of(enrolments: Iterable[Enrolment]) -> dict[int, Place]:
    """The places of enrolments that wait, by key; two queries however many there are.

    Who comes from a town with a quota competes for it with the people of that town, everybody else
    with the whole queue. Source: docs/rules.md R15.
    """
    wanted = {
        enrolment.pk: enrolment.training_class_id
        for enrolment in enrolments
        if enrolment.is_waiting
    }
    if not wanted:
        return {}
    quotas = {
        (class_id, town_id): name
        for class_id, town_id, name in SeatPool.objects.filter(
            training_class__in=wanted.values(),
            town__isnull=False,
            released_at__isnull=True,
            seats__gt=0,
        ).values_list("training_class", "town", "town__name")
    }
    queue = Enrolment.objects.waiting().filter(training_class__in=wanted.values())
    overall, in_town = defaultdict(int), defaultdict(int)
    places = {}
    for key, class_id, town_id, has_taken, comes_later in queue.values_list(
        "pk", "training_class", "village__town", "has_taken", "comes_later"
    ):
        overall[class_id] += 1
        in_town[class_id, town_id] += 1
        if key in wanted:
            town = quotas.get((class_id, town_id), "")
            places[key] = Place(
                in_town[class_id, town_id] if town else overall[class_id],
                overall[class_id],
                town,
                has_taken,
                comes_later,
            )
    return places


def place_to_come(trainee: Trainee, training_class: TrainingClass, priority: int) -> Place:
    """The place in the whole queue that the person would have on joining now; a forecast without a
    lock, one query or two.
    """
    has_taken = training_class.first_timers_first and bool(
        times_taken([trainee.pk], training_class)
    )
    before = Q(priority__lt=priority) | Q(priority=priority, comes_later__in=(False, has_taken))
    waiting = Enrolment.objects.waiting().filter(training_class=training_class)
    number = waiting.filter(before).count() + 1
    return Place(number, number, has_taken=has_taken, comes_later=has_taken)


def times_taken(trainees: Collection[int], training_class: TrainingClass) -> dict[int, datetime]:
    """Who of the trainees has taken what the class teaches, by key, and when last; two queries."""
    taught = Lesson.objects.filter(training_class=training_class).values("course_version__course")
    attended, made_up = "attendances__enrolment__trainee", "make_ups__enrolment__trainee"
    found: dict[int, datetime] = {}
    for lessons, who in zip(
        lessons_taken(taught, {f"{attended}__in": trainees}, {f"{made_up}__in": trainees}),
        (attended, made_up),
        strict=True,
    ):
        for key, at in lessons.order_by().values_list(who, "starts_at"):
            found[key] = max(at, found.get(key, at))
    return found
