"""Booking: a seat, or a place in the queue. Source: docs/rules.md R1 to R3.

Every action locks the class row first (SQLite: immediate transactions), then reads pools and queue,
then writes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courses.models import ClassStatus, SeatPool, TrainingClass

from ..eligibility.clashes import commitments_of
from ..eligibility.past import clash_reason
from ..eligibility.person import reason_since
from ..eligibility.reasons import reasons_before_the_lock, reasons_for
from ..eligibility.repeats import Earlier
from ..eligibility.window import why_not_now
from ..errors import (
    AlreadyEnrolled,
    ClassFull,
    GroupRefused,
    NotATrainee,
    NotEligible,
    NothingToCancel,
    OfferOver,
    RepeatTraining,
)
from ..models import (
    Enrolment,
    EnrolmentChannel,
    EnrolmentEventKind,
    EnrolmentStatus,
    QueueGroup,
    QueuePriority,
    Trainee,
)
from ..seats.counting import is_kept_for_the_queue, pool_with_a_seat, towns_that_wait, usable_seats
from . import approvals
from .class_lock import lock, lock_people
from .no_shows import standing_of
from .queue import may_promote, promote_into, release_pools
from .seat_ledger import count_waiting, record, take

# who repeats a course says why; a dispatched person was told to come
ASKED_WHY = (EnrolmentChannel.SELF, EnrolmentChannel.COORDINATOR)


def book(
    *,
    trainee: Trainee | None,
    training_class: TrainingClass,
    by,
    now: datetime,
    channel: str = EnrolmentChannel.SELF,
    repeat_reason: str = "",
) -> Enrolment:
    """Give the trainee a seat, or a place in the queue when no seat is theirs to take.

    Raises NotATrainee, AlreadyEnrolled, NotEligible with every reason that stands against it,
    RepeatTraining where only `repeat_reason` is missing, ClassFull, and what `why_not_now` says:
    BookingNotOpen, BookingClosed, AlreadyStarted, ClassCancelled. Source: docs/rules.md R1, R3.
    """
    if trainee is None:
        raise NotATrainee(
            _(
                "Only trainees can book. If you should be one, ask your street-town or the academy"
                " office."
            )
        )
    earlier = _refuse_before_the_lock(trainee, training_class, now, channel, repeat_reason)
    try:
        with transaction.atomic():
            return _book_under_lock(
                [trainee], training_class, by, now, channel, {trainee.pk: earlier}, repeat_reason
            )[0]
    # the same person, the same click, in another process: the first one holds
    except IntegrityError:
        refuse_twice(trainee, training_class)
        raise


def book_group(
    *,
    trainees: Sequence[Trainee],
    training_class: TrainingClass,
    together: bool,
    by,
    now: datetime,
    channel: str = EnrolmentChannel.COORDINATOR,
    repeat_reason: str = "",
) -> list[Enrolment]:
    """Book people of one village as a group: all of them or nobody (`together`), or as many as
    there are seats for.

    Whoever gets no seat waits in the group; one that wants all or nobody moves up when there are
    seats for all of it. Raises GroupRefused with what stands against each person, and what `book`
    raises for the class as a whole.
    """
    if len({trainee.village_id for trainee in trainees}) != 1 or len(
        {trainee.pk for trainee in trainees}
    ) != len(trainees):
        raise GroupRefused({}, _("A group is made of different people of one village."))
    refused, earlier = {}, {}
    for trainee in trainees:
        try:
            refuse_twice(trainee, training_class)
            earlier[trainee.pk] = _refuse_before_the_lock(
                trainee, training_class, now, channel, repeat_reason
            )
        except (AlreadyEnrolled, NotEligible) as error:
            refused[trainee] = error
    if refused:
        raise GroupRefused(refused)
    try:
        with transaction.atomic():
            return _book_under_lock(
                trainees,
                training_class,
                by,
                now,
                channel,
                earlier,
                repeat_reason,
                together=together,
            )
    except IntegrityError:
        for trainee in trainees:
            refuse_twice(trainee, training_class)
        raise


def _refuse_before_the_lock(
    trainee: Trainee, training_class: TrainingClass, now: datetime, channel: str, repeat_reason: str
) -> list[Earlier]:
    """The rules that do not change within a moment: whoever queues for the lock has a chance.
    Returns what is repeated.

    Whoever is refused and is in the class already hears that first; whoever is not refused, under
    the lock.
    """
    if refusal := why_not_now(training_class, now):
        refuse_twice(trainee, training_class)
        raise refusal
    against, earlier = reasons_before_the_lock(trainee, training_class, now)
    must_say_why = (
        bool(earlier)
        and training_class.guards_repeats
        and channel in ASKED_WHY
        and not repeat_reason.strip()
    )
    if against or must_say_why:
        refuse_twice(trainee, training_class)
        failing = [reason for reason in reasons_for(trainee, training_class, now) if not reason.ok]
        if all(reason.rule == "repeat" for reason in failing):
            raise RepeatTraining(failing, earlier)
        raise NotEligible(failing)
    return earlier


def _book_under_lock(
    trainees: Sequence[Trainee],
    training_class: TrainingClass,
    by,
    now: datetime,
    channel: str,
    earlier: dict[int, list[Earlier]],
    repeat_reason: str,
    together: bool | None = None,
) -> list[Enrolment]:
    """Seats and places for the people, all in one go; `together` is empty for a single person."""
    training_class = lock(training_class)
    if refusal := why_not_now(training_class, now):
        raise refusal
    pools = release_pools(training_class=training_class, now=now)
    promotes_first = may_promote(training_class, pools, now)
    people = lock_people(
        training_class, [trainee.pk for trainee in trainees], with_the_queue=promotes_first
    )
    trainees = [_as_it_is_now(trainee, people[trainee.pk]) for trainee in trainees]
    _refuse_unfit(trainees, training_class, channel)
    if promotes_first:
        promote_into(pools, training_class, now)
    waiting = towns_that_wait([training_class], now).get(training_class.pk, ())
    has_seats = not together or usable_seats(trainees[0].village.town_id, pools, waiting) >= len(
        trainees
    )
    seats = [
        _seat_for(trainee.village.town_id, waiting, pools) if has_seats else None
        for trainee in trainees
    ]
    if None in seats and not training_class.has_waiting_list:
        raise ClassFull(
            _(
                "Not booked: every seat is taken, and this class keeps no waiting list. Please look"
                " for another class."
            )
        )
    group = None
    if together is not None and None in seats:
        group = QueueGroup.objects.create(
            training_class=training_class,
            village=trainees[0].village,
            together=together,
            created_at=now,
            created_by=by,
        )
    return [
        enrol(
            trainee=trainee,
            training_class=training_class,
            pool=pool,
            by=by,
            now=now,
            channel=channel,
            is_repeat=bool(earlier.get(trainee.pk)),
            repeat_reason=repeat_reason,
            group=group,
        )
        for trainee, pool in zip(trainees, seats, strict=True)
    ]


def _as_it_is_now(known: Trainee, locked: Trainee) -> Trainee:
    """The person under the lock; the village, where it is the same, is at hand already."""
    if locked.village_id == known.village_id:
        locked.village = known.village
    return locked


def _refuse_unfit(trainees: Sequence[Trainee], training_class: TrainingClass, channel: str) -> None:
    """Who is in the class already, whose time is taken, who is no more on file: all of it may have
    changed until the lock.
    """
    against = {}
    for trainee in trainees:
        if since := reason_since(trainee):
            against[trainee] = since
            continue
        commitments = commitments_of(trainee, [training_class])
        if training_class.pk in commitments.enrolled:
            refuse_twice(trainee, training_class)
        clash = clash_reason(
            training_class, commitments, only_lessons=channel != EnrolmentChannel.SELF
        )
        if not clash.ok:
            against[trainee] = clash
    if against and len(trainees) == 1:
        raise NotEligible(against.values())
    if against:
        raise GroupRefused({trainee: NotEligible([reason]) for trainee, reason in against.items()})


def enrol(
    *,
    trainee: Trainee,
    training_class: TrainingClass,
    pool: SeatPool | None,
    by,
    now: datetime,
    channel: str,
    is_repeat: bool,
    repeat_reason: str = "",
    group: QueueGroup | None = None,
    note: str = "",
) -> Enrolment:
    """Write the seat that was taken, or the place at the end of the queue; nothing else writes one.

    Call with the class locked. `note` is kept with the event.
    """
    standing = None if pool else standing_of(trainee, now)
    enrolment = Enrolment.objects.create(
        trainee=trainee,
        training_class=training_class,
        pool=pool,
        channel=channel,
        booked_by=by,
        group=None if pool else group,
        status=EnrolmentStatus.BOOKED if pool else EnrolmentStatus.WAITLISTED,
        queued_at=now if pool else _end_of_the_queue(training_class, now),
        priority=standing.priority if standing else QueuePriority.USUAL,
        priority_reason=standing.reason if standing else "",
        village=trainee.village,
        position_id=trainee.position_id,
        learner_group_id=trainee.learner_group_id,
        is_repeat=is_repeat,
        repeat_reason=repeat_reason.strip()[:200] if is_repeat else "",
    )
    if pool is None:
        count_waiting(training_class, +1)
    record(
        enrolment,
        EnrolmentEventKind.BOOKED if pool else EnrolmentEventKind.WAITLISTED,
        now,
        by,
        note or enrolment.priority_reason,
    )
    approvals.begin(enrolment=enrolment, training_class=training_class, by=by, now=now)
    return enrolment


def accept_offer(*, enrolment: Enrolment, by, now: datetime) -> Enrolment:
    """Take the seat that is held for the person; a second tap changes nothing. Raises OfferOver."""
    with transaction.atomic():
        training_class = lock(enrolment.training_class)
        enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
        if enrolment.status == EnrolmentStatus.BOOKED:
            return enrolment
        if (
            not enrolment.is_offered
            or now >= enrolment.offer_ends_at
            or training_class.status != ClassStatus.OPEN
            or training_class.has_started(now)
        ):
            raise OfferOver(_("This offer is over; the seat has gone to the next person."))
        enrolment.status, enrolment.offer_ends_at = EnrolmentStatus.BOOKED, None
        enrolment.save(update_fields=["status", "offer_ends_at"])
        record(enrolment, EnrolmentEventKind.ACCEPTED, now, by)
    return enrolment


@transaction.atomic
def set_priority(
    *, enrolment: Enrolment, priority: int, reason: str, by, now: datetime
) -> Enrolment:
    """Move somebody who waits before or after the others, or back to the usual order; who, when and
    why is kept.

    Raises NothingToCancel when the person waits no more, ValueError for an unknown priority or an
    empty reason.
    """
    lock(enrolment.training_class)
    enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    priority, reason = QueuePriority(priority), reason.strip()[:180]
    if not reason:
        raise ValueError("a priority has its reason")
    if not enrolment.is_waiting:
        raise NothingToCancel(_("This person waits no more, so there is no place to change."))
    enrolment.priority, enrolment.priority_reason = priority, reason if priority else ""
    enrolment.save(update_fields=["priority", "priority_reason"])
    record(
        enrolment,
        EnrolmentEventKind.PRIORITY,
        now,
        by,
        f"{priority:+d}: {reason}" if priority else f"0: {reason}",
    )
    return enrolment


def refuse_twice(trainee: Trainee, training_class: TrainingClass) -> None:
    """Raise AlreadyEnrolled when the person has a seat or a place in the queue."""
    live = Enrolment.objects.live().filter(trainee=trainee, training_class=training_class).first()
    if live is not None:
        raise AlreadyEnrolled(live)


def _seat_for(town_id: int, waiting: Iterable[int], pools: Iterable[SeatPool]) -> SeatPool | None:
    """Take a seat for a newcomer, unless somebody who waits could have it."""
    while pool := pool_with_a_seat(town_id, pools):
        if is_kept_for_the_queue(pool, waiting):
            return None
        if take(pool):
            return pool
    return None


def _end_of_the_queue(training_class: TrainingClass, now: datetime) -> datetime:
    """Now, but never before the last who waits: nobody is overtaken by somebody who came to the
    lock after them.
    """
    last = Enrolment.objects.filter(
        training_class=training_class, status=EnrolmentStatus.WAITLISTED
    ).aggregate(at=Max("queued_at"))["at"]
    return max(now, last) if last else now
