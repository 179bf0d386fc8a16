"""From the queue to a seat: the one promotion, and everything that frees seats for it. Source:
docs/rules.md R1, R2.

Every action locks the class row first (SQLite: immediate transactions), then reads pools and queue,
then writes. A seat is taken by a conditional UPDATE; a check constraint stands behind it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import ClassStatus, SeatPool, TrainingClass

from ..eligibility.reasons import reasons_against_promotion
from ..eligibility.requirements import requirements_of
from ..errors import Reason
from ..models import Enrolment, EnrolmentEventKind, EnrolmentStatus
from ..seats.counting import fold_due, offer_ends_at, promotes, promotes_by_offer, usable_seats
from ..statements import pools_of
from .class_lock import lock, lock_people
from .queue_notices import tell_expired, tell_offered, tell_promoted
from .seat_ledger import count_waiting, free_seat, record, take_seat


def promote(*, training_class: TrainingClass, now: datetime) -> list[Enrolment]:
    """Give free seats to those who wait: by priority, time and key, among those who may use the
    pool with the seat.

    Call with the class locked, in the transaction that freed the seat. Until `offers_from` the seat
    is given at once, later it is offered; when the waiting list has ended, nothing happens. Whoever
    has become ineligible or has a clash is passed over, and the reason is kept. Returns who got a
    seat or an offer. Source: docs/rules.md R2.
    """
    pools = release_pools(training_class=training_class, now=now)
    if not may_promote(training_class, pools, now):
        return []
    lock_people(training_class, [], with_the_queue=True)
    return promote_into(pools, training_class, now)


def may_promote(training_class: TrainingClass, pools: Iterable[SeatPool], now: datetime) -> bool:
    """Whether somebody waits beside a free seat while the queue is served; asks no database."""
    return (
        training_class.waiting_count > 0
        and promotes(training_class, now)
        and any(pool.seats_left > 0 for pool in pools)
    )


def promote_into(
    pools: Collection[SeatPool], training_class: TrainingClass, now: datetime
) -> list[Enrolment]:
    """The one place that takes people out of the queue; class and people are locked."""
    promoted: list[Enrolment] = []
    requirements = requirements_of([training_class])[training_class.pk]
    waiting = Enrolment.objects.waiting().filter(training_class=training_class)
    for party in parties(
        waiting.select_related(
            "group",
            "village",
            "trainee__user",
            "trainee__position",
            "trainee__learner_group",
            "trainee__stage",
            "trainee__village__town",
        )
    ):
        if not any(pool.seats_left > 0 for pool in pools):
            break
        free = usable_seats(party[0].village.town_id, pools)
        if not free:
            continue
        # what is kept is not in the language of whoever freed the seat
        with translation.override(settings.LANGUAGE_CODE):
            against = _against(party, free, training_class, requirements)
        if against:
            _record_skip(party[0], against, now)
            continue
        for enrolment in party:
            if pool := take_seat(enrolment.village.town_id, pools):
                _hand_over(enrolment, pool, training_class, now)
                promoted.append(enrolment)
    if promoted:
        count_waiting(training_class, -len(promoted))
    return promoted


def parties(waiting: Iterable[Enrolment]) -> list[list[Enrolment]]:
    """Who moves up together, in the order of the queue: a group that wants all or nobody as one,
    everybody else alone.
    """
    parties: dict[tuple, list[Enrolment]] = {}
    for enrolment in waiting:
        together = enrolment.group is not None and enrolment.group.together
        parties.setdefault(
            ("group", enrolment.group_id) if together else ("person", enrolment.pk), []
        ).append(enrolment)
    return list(parties.values())


def _against(
    party: Sequence[Enrolment], free: int, training_class: TrainingClass, requirements
) -> Reason | None:
    """The first thing that stands against giving the party its seats now."""
    if free < len(party):
        words = {"free": free, "people": len(party)}
        return Reason(
            False,
            _("Too few seats for the group"),
            ngettext(
                "%(free)d seat is free, %(people)d people wait together",
                "%(free)d seats are free, %(people)d people wait together",
                free,
            )
            % words,
        )
    for enrolment in party:
        if against := reasons_against_promotion(
            enrolment.trainee, training_class, requirements, channel=enrolment.channel
        ):
            return against[0]
    return None


def _hand_over(
    enrolment: Enrolment, pool: SeatPool, training_class: TrainingClass, now: datetime
) -> None:
    enrolment.pool = pool
    if promotes_by_offer(training_class, now):
        enrolment.status, enrolment.offer_ends_at = (
            EnrolmentStatus.OFFERED,
            offer_ends_at(training_class, now),
        )
    else:
        enrolment.status = EnrolmentStatus.BOOKED
    enrolment.save(update_fields=["pool", "status", "offer_ends_at"])
    record(
        enrolment,
        EnrolmentEventKind.OFFERED if enrolment.is_offered else EnrolmentEventKind.PROMOTED,
        now,
        None,
    )
    tell = tell_offered if enrolment.is_offered else tell_promoted
    with translation.override(settings.LANGUAGE_CODE):
        tell(enrolment, training_class, now)


def _record_skip(enrolment: Enrolment, reason: Reason, now: datetime) -> None:
    """Keep why somebody was passed over, once for each reason in a row."""
    words = f"{reason.title}: {reason.fact}"[:200]
    last = enrolment.events.order_by("-pk").first()
    if not (last and last.kind == EnrolmentEventKind.SKIPPED and last.reason == words):
        record(enrolment, EnrolmentEventKind.SKIPPED, now, None, words)


def release_pools(*, training_class: TrainingClass, now: datetime) -> list[SeatPool]:
    """The pools of the class, with unused seats of quotas that are past their hour folded into the
    open pool.

    Call with the class locked. Seats of a released quota that come free later are folded in as
    well.
    """
    pools = pools_of(training_class.pk)
    if not any(pool.town_id is None for pool in pools):
        pools.append(SeatPool.objects.create(training_class=training_class, seats=0))
    for pool in fold_due(pools, now):
        pool.save(update_fields=["seats", "released_at", "released_seats"])
    return pools


def release_due(*, now: datetime) -> int:
    """Release every quota whose hour has come, and promote wherever somebody waits beside a free
    seat.

    The second catches who was passed over and may come now: a clash that was cancelled, a post that
    was corrected. Returns in how many classes anything changed.
    """
    is_due = Q(
        pools__town__isnull=False, pools__release_at__lte=now, pools__released_at__isnull=True
    )
    somebody_may_come = Q(waiting_count__gt=0, pools__seats_taken__lt=F("pools__seats"))
    changed = 0
    for found in (
        TrainingClass.objects.filter(is_due | somebody_may_come, status=ClassStatus.OPEN)
        .distinct()
        .order_by("pk")
    ):
        with transaction.atomic():
            training_class = lock(found)
            if training_class.status != ClassStatus.OPEN:
                continue
            released = training_class.pools.filter(
                town__isnull=False, release_at__lte=now, released_at__isnull=True
            ).exists()
            promoted = promote(training_class=training_class, now=now)
            changed += bool(released or promoted)
    return changed


def expire_offers(*, now: datetime) -> int:
    """Offers that nobody took in time end, and their seats go on to the next; returns how many
    ended.
    """
    ended = 0
    due = Enrolment.objects.filter(status=EnrolmentStatus.OFFERED, offer_ends_at__lte=now)
    for found in TrainingClass.objects.filter(pk__in=due.values("training_class")).order_by("pk"):
        with transaction.atomic():
            training_class = lock(found)
            for enrolment in (
                due.filter(training_class=training_class)
                .select_related("trainee__user")
                .order_by("pk")
            ):
                end_offer(enrolment, now)
                with translation.override(settings.LANGUAGE_CODE):
                    tell_expired(enrolment, training_class, now)
                ended += 1
            promote(training_class=training_class, now=now)
    return ended


def end_offer(enrolment: Enrolment, now: datetime) -> None:
    """The offer is over without an answer: the seat is free, the person has left the queue.

    The caller holds the lock.
    """
    free_seat(enrolment)
    enrolment.status, enrolment.pool, enrolment.offer_ends_at = EnrolmentStatus.LAPSED, None, None
    enrolment.save(update_fields=["status", "pool", "offer_ends_at"])
    record(enrolment, EnrolmentEventKind.EXPIRED, now, None)
