"""Seats: taking one, waiting for one, giving one back. The rules of DESIGN.md 5.1 to 5.3 live here and nowhere else.

Every action locks the class row first (SQLite: immediate transactions), then reads pools and queue, then writes. A seat is
taken by a conditional UPDATE; a check constraint stands behind it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, prefetch_related_objects
from django.utils import translation
from django.utils.translation import gettext as _

from courses.models import ClassStatus, SeatPool, TrainingClass
from notices.outbox import notify

from .eligibility import (
    Reason,
    clash_reason,
    moment_in_words,
    position_reason,
    reasons_against_promotion,
    reasons_for,
    why_not_now,
)
from .errors import AlreadyEnrolled, ClassFull, NotATrainee, NotEligible, NothingToCancel, TooLateToCancel
from .models import (
    OPEN,
    Enrolment,
    EnrolmentChannel,
    EnrolmentEvent,
    EnrolmentEventKind,
    EnrolmentStatus,
    Trainee,
)
from .seats import fold_due, is_kept_for_the_queue, pool_with_a_seat, promotes_at_once, queue_place

__all__ = ["book", "give_up", "lock", "promote", "queue_place", "record", "release_due", "release_pools", "withdraw"]


def book(
    *, trainee: Trainee | None, training_class: TrainingClass, by, now: datetime, channel: str = EnrolmentChannel.SELF
) -> Enrolment:
    """Give the trainee a seat, or a place in the queue when no seat is theirs to take.

    Raises NotATrainee, AlreadyEnrolled, NotEligible with every reason that stands against it, ClassFull, and what
    `why_not_now` says: BookingNotOpen, BookingClosed, AlreadyStarted, ClassCancelled. Source: DESIGN.md 5.1, 5.3.
    """
    if trainee is None:
        raise NotATrainee(_("Only trainees can book. Ask your street-town or the academy office to add you to the roster."))
    _refuse_before_the_lock(trainee, training_class, now)
    try:
        with transaction.atomic():
            return _book_under_lock(trainee, training_class, by, now, channel)
    except IntegrityError:  # the same person, the same click, in another process: the first one holds
        _refuse_twice(trainee, training_class)
        raise


def _refuse_before_the_lock(trainee: Trainee, training_class: TrainingClass, now: datetime) -> None:
    """The rules that do not change within a moment: whoever queues for the lock has a chance."""
    _refuse_twice(trainee, training_class)
    if refusal := why_not_now(training_class, now):
        raise refusal
    if not position_reason(trainee, training_class).ok:
        raise NotEligible([reason for reason in reasons_for(trainee, training_class, now) if not reason.ok])


def _book_under_lock(trainee: Trainee, training_class: TrainingClass, by, now: datetime, channel: str) -> Enrolment:
    training_class = lock(training_class)
    if refusal := why_not_now(training_class, now):
        raise refusal
    pools = release_pools(training_class=training_class, now=now)
    promotes = training_class.waiting_count > 0 and any(pool.seats_left > 0 for pool in pools) and promotes_at_once(training_class, now)
    trainee = _lock_people(training_class, [trainee.pk], with_the_queue=promotes)[trainee.pk]
    clash = clash_reason(trainee, training_class)
    if not clash.ok:
        raise NotEligible([clash])
    if promotes:
        _promote_into(pools, training_class, now)
    pool = _seat_for(trainee.village.town_id, training_class, pools, now)
    if pool is None and not training_class.has_waiting_list:
        raise ClassFull(_("Not booked: every seat is taken, and this class keeps no waiting list. Please look for another class."))
    enrolment = Enrolment.objects.create(
        trainee=trainee, training_class=training_class, pool=pool, channel=channel, booked_by=by,
        status=EnrolmentStatus.BOOKED if pool else EnrolmentStatus.WAITLISTED,
        queued_at=now if pool else _end_of_the_queue(training_class, now),
        village=trainee.village, position_id=trainee.position_id,
    )  # fmt: skip
    if pool is None:
        _count_waiting(training_class, +1)
    record(enrolment, EnrolmentEventKind.BOOKED if pool else EnrolmentEventKind.WAITLISTED, now, by)
    return enrolment


def withdraw(*, enrolment: Enrolment, by, now: datetime, reason: str = "") -> Enrolment:
    """Give the seat or the place in the queue back; the seat goes to who waits, in the same transaction.

    Leaving the queue is always possible; a seat until the class' deadline. Raises NothingToCancel, TooLateToCancel.
    """
    with transaction.atomic():
        training_class = lock(enrolment.training_class)
        enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
        if enrolment.status not in OPEN:
            raise NothingToCancel(_("There is nothing to cancel: this booking has ended already."))
        if enrolment.status == EnrolmentStatus.BOOKED and not may_cancel_seat(training_class, now):
            raise TooLateToCancel(
                _("A seat could be cancelled until %(moment)s. If you cannot come, please call %(campus)s: %(phone)s.")
                % {
                    "moment": moment_in_words(training_class.cancellable_until), "campus": training_class.campus.name,
                    "phone": training_class.campus.phone or settings.OFFICE_PHONE,
                }
            )  # fmt: skip
        had_a_seat = enrolment.holds_a_seat
        give_up(enrolment, training_class, by=by, now=now, reason=reason)
        if had_a_seat:
            promote(training_class=training_class, now=now)
    return enrolment


def may_cancel_seat(training_class: TrainingClass, now: datetime) -> bool:
    """Until the deadline one tap cancels a seat; afterwards it is a matter for the coordinator."""
    return training_class.status == ClassStatus.OPEN and now < training_class.cancellable_until and not training_class.has_started(now)


def promote(*, training_class: TrainingClass, now: datetime) -> list[Enrolment]:
    """Give free seats to those who wait: by priority, time and key, among those who may use the pool with the seat.

    Call with the class locked, in the transaction that freed the seat. Immediate until the deadline for cancelling; whoever
    has become ineligible or has a clash is passed over, and the reason is kept. Source: DESIGN.md 5.2.
    """
    pools = release_pools(training_class=training_class, now=now)
    if not (training_class.waiting_count and promotes_at_once(training_class, now) and any(pool.seats_left > 0 for pool in pools)):
        return []
    _lock_people(training_class, [], with_the_queue=True)
    return _promote_into(pools, training_class, now)


def _promote_into(pools: Collection[SeatPool], training_class: TrainingClass, now: datetime) -> list[Enrolment]:
    """The one place that takes people out of the queue; class and people are locked."""
    promoted: list[Enrolment] = []
    prefetch_related_objects([training_class], "audiences")
    waiting = Enrolment.objects.waiting().filter(training_class=training_class)
    for enrolment in waiting.select_related("village", "trainee__user", "trainee__position"):
        if not any(pool.seats_left > 0 for pool in pools):
            break
        pool = pool_with_a_seat(enrolment.village.town_id, pools)
        if pool is None:
            continue
        with translation.override(settings.LANGUAGE_CODE):  # what is kept is not in the language of whoever freed the seat
            against = reasons_against_promotion(enrolment.trainee, training_class)
        if against:
            _record_skip(enrolment, against[0], now)
        elif _take(pool):
            enrolment.pool, enrolment.status = pool, EnrolmentStatus.BOOKED
            enrolment.save(update_fields=["pool", "status"])
            record(enrolment, EnrolmentEventKind.PROMOTED, now, None)
            _tell_promoted(enrolment, training_class, now)
            promoted.append(enrolment)
    if promoted:
        _count_waiting(training_class, -len(promoted))
    return promoted


def release_pools(*, training_class: TrainingClass, now: datetime) -> list[SeatPool]:
    """The pools of the class, with unused seats of quotas that are past their hour folded into the open pool.

    Call with the class locked. Seats of a released quota that come free later are folded in as well.
    """
    pools = list(SeatPool.objects.filter(training_class=training_class))
    if not any(pool.town_id is None for pool in pools):
        pools.append(SeatPool.objects.create(training_class=training_class, seats=0))
    for pool in fold_due(pools, now):
        pool.save(update_fields=["seats", "released_at"])
    return pools


def release_due(*, now: datetime) -> int:
    """Release every quota whose hour has come, and promote wherever somebody waits beside a free seat.

    The second catches who was passed over and may come now: a clash that was cancelled, a post that was corrected.
    Returns in how many classes anything changed.
    """
    is_due = Q(pools__town__isnull=False, pools__release_at__lte=now, pools__released_at__isnull=True)
    somebody_may_come = Q(waiting_count__gt=0, pools__seats_taken__lt=F("pools__seats"))
    changed = 0
    for found in TrainingClass.objects.filter(is_due | somebody_may_come, status=ClassStatus.OPEN).distinct().order_by("pk"):
        with transaction.atomic():
            training_class = lock(found)
            if training_class.status != ClassStatus.OPEN:
                continue
            released = training_class.pools.filter(town__isnull=False, release_at__lte=now, released_at__isnull=True).exists()
            promoted = promote(training_class=training_class, now=now)
            changed += bool(released or promoted)
    return changed


# --- Parts that other actions on a locked class use -------------------------------------------------------------------


def lock(training_class: TrainingClass) -> TrainingClass:
    """The class row, locked until the transaction ends: whoever changes seats, queue or marks comes through here."""
    return TrainingClass.objects.select_for_update(no_key=True).get(pk=training_class.pk)


def give_up(enrolment: Enrolment, training_class: TrainingClass, *, by, now: datetime, reason: str = "") -> None:
    """End an open enrolment and free what it held; the caller holds the lock and promotes."""
    if enrolment.holds_a_seat:
        SeatPool.objects.filter(pk=enrolment.pool_id).update(seats_taken=F("seats_taken") - 1)
    else:
        _count_waiting(training_class, -1)
    enrolment.status, enrolment.pool = EnrolmentStatus.WITHDRAWN, None
    enrolment.save(update_fields=["status", "pool"])
    record(enrolment, EnrolmentEventKind.WITHDRAWN, now, by, reason)


def record(enrolment: Enrolment, kind: str, now: datetime, by, reason: str = "") -> None:
    """Add a line to the enrolment's history; `by` is empty where the portal itself acted."""
    EnrolmentEvent.objects.create(enrolment=enrolment, kind=kind, at=now, by=by, reason=reason[:200])


def _refuse_twice(trainee: Trainee, training_class: TrainingClass) -> None:
    live = Enrolment.objects.live().filter(trainee=trainee, training_class=training_class).first()
    if live is not None:
        raise AlreadyEnrolled(live)


def _lock_people(training_class: TrainingClass, people: Iterable[int], *, with_the_queue: bool) -> dict[int, Trainee]:
    """Lock whoever may get a seat now, in the order of their keys: two classes at once shall not both see no clash."""
    wanted = Q(pk__in=list(people))
    if with_the_queue:
        wanted |= Q(pk__in=Enrolment.objects.filter(training_class=training_class, status=EnrolmentStatus.WAITLISTED).values("trainee"))
    locked = Trainee.objects.select_for_update(of=("self",), no_key=True).filter(wanted).select_related("village").order_by("pk")
    return {trainee.pk: trainee for trainee in locked}


def _seat_for(town_id: int, training_class: TrainingClass, pools: Iterable[SeatPool], now: datetime) -> SeatPool | None:
    """Take a seat for a newcomer, unless somebody who waits could have it."""
    while pool := pool_with_a_seat(town_id, pools):
        if is_kept_for_the_queue(pool, training_class, now):
            return None
        if _take(pool):
            return pool
    return None


def _take(pool: SeatPool) -> bool:
    """Take one seat if there is one: the statement that no race can win twice."""
    if SeatPool.objects.filter(pk=pool.pk, seats_taken__lt=F("seats")).update(seats_taken=F("seats_taken") + 1):
        pool.seats_taken += 1
        return True
    pool.seats_taken = pool.seats  # somebody was faster: do not try this pool again
    return False


def _end_of_the_queue(training_class: TrainingClass, now: datetime) -> datetime:
    """Now, but never before the last who waits: nobody is overtaken by somebody who came to the lock after them."""
    last = Enrolment.objects.filter(training_class=training_class, status=EnrolmentStatus.WAITLISTED).aggregate(at=Max("queued_at"))["at"]
    return max(now, last) if last else now


def _count_waiting(training_class: TrainingClass, change: int) -> None:
    TrainingClass.objects.filter(pk=training_class.pk).update(waiting_count=F("waiting_count") + change)
    training_class.waiting_count += change


def _record_skip(enrolment: Enrolment, reason: Reason, now: datetime) -> None:
    """Keep why somebody was passed over, once for each reason in a row."""
    words = f"{reason.title}: {reason.fact}"[:200]
    last = enrolment.events.order_by("-pk").first()
    if not (last and last.kind == EnrolmentEventKind.SKIPPED and last.reason == words):
        record(enrolment, EnrolmentEventKind.SKIPPED, now, None, words)


def _tell_promoted(enrolment: Enrolment, training_class: TrainingClass, now: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            person=enrolment.trainee.user,
            kind="promoted",
            subject=enrolment,
            due_at=now,
            dedupe="promoted",
            title=_("You have a seat: %(title)s") % {"title": training_class.title},
            body=_("A seat came free and it is yours. If you cannot come, please cancel by %(moment)s, so that the next person gets it.")
            % {"moment": moment_in_words(training_class.cancellable_until)},
            link=training_class.get_absolute_url(),
        )
