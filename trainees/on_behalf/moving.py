"""Moving bookings to another run of the same course in one step: each person gets the new seat
before the old one is given up, and whoever does not fit keeps what they have.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from courses.models import ClassStatus, Lesson, TrainingClass
from notices.outbox import tell

from ..booking.class_lock import lock, lock_people
from ..booking.enrolling import enrol
from ..booking.questions import bring_along
from ..booking.queue import promote, release_pools
from ..booking.seat_ledger import give_up, take
from ..eligibility.reasons import own_clash_reason, reasons_before_the_lock
from ..errors import AlreadyStarted, BookingError, NothingToCancel
from ..models import Enrolment, EnrolmentStatus, Trainee
from ..notices.on_behalf import BOOKING_MOVED
from ..seats.counting import is_kept_for_the_queue, pool_with_a_seat, towns_that_wait
from .class_bookings import OF_THE_PERSON

MOVABLE = (EnrolmentStatus.BOOKED, EnrolmentStatus.WAITLISTED)


class MoveChanged(BookingError):
    """Other people fit than those that were shown."""


@dataclass(frozen=True)
class Move:
    """What became of one booking: the new one, or why there is none."""

    enrolment: Enrolment
    moved: Enrolment | None = None
    against: str = ""


def movable(training_class: TrainingClass) -> QuerySet[Enrolment]:
    """Return the bookings that can be moved, seats first."""
    return (
        Enrolment.objects.filter(training_class=training_class, status__in=MOVABLE)
        .select_related("trainee__user", "trainee__village__town", "village__town", "position")
        .order_by("status", "village__town__code", "trainee__stroke_key", "pk")
    )


def other_runs(training_class: TrainingClass, user, now: datetime) -> QuerySet[TrainingClass]:
    """Classes with one of the same courses that the person runs too and that have not begun."""
    courses = Lesson.objects.filter(training_class=training_class).values("course_version__course")
    return (
        TrainingClass.objects.run_by(user)
        .filter(
            status=ClassStatus.OPEN,
            starts_at__gt=now,
            lessons__course_version__course__in=courses,
        )
        .exclude(pk=training_class.pk)
        .select_related("campus")
        .order_by("starts_at", "code")
        .distinct()
    )


def try_moving(
    *, source: TrainingClass, target: TrainingClass, people: Collection[int], by, now: datetime
) -> list[Move]:
    """What moving would do: it is done and taken back. Raises what `move_bookings` raises."""
    with transaction.atomic():
        moves = move_all(source, target, people, by, now)
        transaction.set_rollback(True)
    return moves


def move_bookings(
    *,
    source: TrainingClass,
    target: TrainingClass,
    people: Collection[int],
    expected: Collection[int],
    by,
    now: datetime,
) -> list[Move]:
    """Move the bookings (keys of `people`) that fit, exactly those of `expected`, or none.

    The booking window of the other run is no matter: its staff decides. What it asks of people
    holds.
    Everybody who is moved gets a notice; seats that come free go to whoever waits. Raises
    MoveChanged, AlreadyStarted, NothingToCancel.
    """
    with transaction.atomic():
        moves = move_all(source, target, people, by, now)
        if {move.enrolment.pk for move in moves if move.moved} != set(expected):
            raise MoveChanged(
                _("Something has changed since you looked. Look again before you move anybody.")
            )
        for move in moves:
            if move.moved:
                tell_moved(move.moved, source, target, by)
    return moves


def move_all(
    source: TrainingClass, target: TrainingClass, people: Collection[int], by, now: datetime
) -> list[Move]:
    """Move those that fit, within the transaction of whoever calls; tells nobody. Raises
    AlreadyStarted, NothingToCancel.
    """
    for training_class in sorted((source, target), key=lambda item: item.pk):
        locked = lock(training_class)
        if locked.pk == target.pk:
            target = locked
        else:
            source = locked
    _refuse_late(source, target, now)
    release_pools(training_class=target, now=now)
    bookings = list(
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "trainee__user",
            "trainee__village__town",
            "trainee__position",
            "trainee__learner_group",
            "trainee__stage",
        )
        .filter(training_class=source, status__in=MOVABLE, pk__in=people)
        .order_by("queued_at", "pk")
    )
    if not bookings:
        raise NothingToCancel(_("Choose somebody who still has a booking in this class."))
    lock_people(target, [item.trainee_id for item in bookings], with_the_queue=False)
    moves = [_move_one(item, source, target, by, now) for item in bookings]
    promote(training_class=source, now=now)
    return moves


def _refuse_late(source: TrainingClass, target: TrainingClass, now: datetime) -> None:
    for training_class in (source, target):
        if training_class.status != ClassStatus.OPEN or training_class.has_started(now):
            raise AlreadyStarted(
                _("“%(title)s” has begun or takes no bookings; nobody was moved.")
                % {"title": training_class.title}
            )


def _move_one(
    enrolment: Enrolment, source: TrainingClass, target: TrainingClass, by, now: datetime
) -> Move:
    trainee = enrolment.trainee
    if Enrolment.objects.live().filter(trainee=trainee, training_class=target).exists():
        return Move(enrolment, against=_("Has a booking there already"))
    if against := _against(trainee, source, target, enrolment.channel, now):
        return Move(enrolment, against=against)
    pools = list(target.pools.all())
    pool = pool_with_a_seat(trainee.village.town_id, pools)
    waiting = towns_that_wait([target], now).get(target.pk, ())
    if pool is None or is_kept_for_the_queue(pool, waiting) or not take(pool):
        return Move(enrolment, against=_("No seat there that this person could have"))
    give_up(
        enrolment,
        source,
        by=by,
        now=now,
        reason=gettext_lazy("Moved to another class by its staff"),
    )
    moved = enrol(
        trainee=trainee,
        training_class=target,
        pool=pool,
        by=by,
        now=now,
        channel=enrolment.channel,
        is_repeat=enrolment.is_repeat,
        repeat_reason=enrolment.repeat_reason,
        note=gettext_lazy("Moved from another class by its staff"),
    )
    bring_along(enrolment, moved)
    return Move(enrolment, moved=moved)


def _against(
    trainee: Trainee, source: TrainingClass, target: TrainingClass, channel: str, now: datetime
) -> str:
    """What stands against it in words; of the person's other affairs the bare rule."""
    against, _earlier = reasons_before_the_lock(trainee, target, now)
    clash = own_clash_reason(trainee, target, channel=channel, leaving=source)
    return pgettext("between reasons", "; ").join(
        f"{reason.title}（{reason.fact}）"
        if reason.fact and reason.rule not in OF_THE_PERSON
        else reason.title
        for reason in [*against, *([] if clash.ok else [clash])]
    )


def tell_moved(moved: Enrolment, source: TrainingClass, target: TrainingClass, by) -> None:
    """Tell the person in which class they are now, and who moved them."""
    tell(
        BOOKING_MOVED,
        moved.trainee.user,
        values={
            "title": target.title,
            "name": by.name,
            "before": source.title,
            "after": target.title,
            "moment": target.starts_at,
            "campus": target.campus.name,
        },
        link=target.get_absolute_url(),
        subject=moved,
        dedupe="moved",
    )
