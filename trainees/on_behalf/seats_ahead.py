"""What becomes of the seats ahead when somebody moves or leaves.

Nobody loses a seat by being moved. A seat out of the quota of the street-town that is left goes
back to that town where the open pool has one for the person; otherwise the person keeps it.
Whoever leaves every post keeps the seats or gives them up, as whoever ends the post chooses.
Source: docs/rules.md R15.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courses.models import ClassStatus, TrainingClass

from ..booking.class_lock import lock
from ..booking.queue import promote, release_pools
from ..booking.seat_ledger import free_seat, give_up, take
from ..models import OPEN, Enrolment, Trainee
from ..seats.counting import is_kept_for_the_queue, towns_that_wait


@dataclass(frozen=True)
class SeatFate:
    """A booking ahead and what becomes of it, in words."""

    enrolment: Enrolment
    kind: str  # stays, open or ends
    words: str

    @property
    def key(self) -> str:
        return f"{self.enrolment.pk}:{self.kind}"


def seats_ahead(trainee: Trainee, now: datetime) -> QuerySet[Enrolment]:
    """Seats, offers and places in the queue of classes that have not begun."""
    return (
        Enrolment.objects.filter(
            trainee=trainee,
            status__in=OPEN,
            training_class__status=ClassStatus.OPEN,
            training_class__starts_at__gt=now,
        )
        .select_related("training_class__campus", "pool__town", "group", "trainee__user")
        .order_by("training_class__starts_at", "pk")
    )


def lock_classes(trainee: Trainee, now: datetime) -> dict[int, TrainingClass]:
    """The classes of these bookings, locked in the order of their keys: before the person is."""
    keys = sorted(set(seats_ahead(trainee, now).values_list("training_class", flat=True)))
    classes = TrainingClass.objects.in_bulk(keys)
    return {key: lock(classes[key]) for key in keys}


def follow_the_move(
    trainee: Trainee, to_town: int, classes: dict[int, TrainingClass], now: datetime
) -> list[SeatFate]:
    """Change the seats of a quota that is not the person's any more; classes are locked."""
    return [
        _follow(enrolment, to_town, classes[enrolment.training_class_id], now)
        for enrolment in seats_ahead(trainee, now)
        if enrolment.training_class_id in classes
    ]


def _follow(
    enrolment: Enrolment, to_town: int, training_class: TrainingClass, now: datetime
) -> SeatFate:
    if enrolment.is_waiting:
        return SeatFate(enrolment, "stays", _("The place in the queue stays."))
    pools = release_pools(training_class=training_class, now=now)
    own = next((pool for pool in pools if pool.pk == enrolment.pool_id), None)
    if own is None or own.town_id in (None, to_town):
        return SeatFate(enrolment, "stays", _("The seat stays."))
    waiting = towns_that_wait([training_class], now).get(training_class.pk, ())
    open_pool = next(pool for pool in pools if pool.town_id is None)
    if is_kept_for_the_queue(open_pool, waiting) or not take(open_pool):
        return SeatFate(
            enrolment,
            "stays",
            _("The seat of %(town)s stays with the person: no open seat is free.")
            % {"town": own.town.name},
        )
    free_seat(enrolment)
    enrolment.pool = open_pool
    enrolment.save(update_fields=["pool"])
    promote(training_class=training_class, now=now)
    return SeatFate(
        enrolment,
        "open",
        _("An open seat takes the place of the one of %(town)s.") % {"town": own.town.name},
    )


def give_all_up(
    trainee: Trainee, classes: dict[int, TrainingClass], *, by, now: datetime, reason: str
) -> list[Enrolment]:
    """End every booking ahead; the seats go to whoever waits. Classes are locked."""
    ended = [
        enrolment
        for enrolment in seats_ahead(trainee, now)
        if enrolment.training_class_id in classes
    ]
    for enrolment in ended:
        training_class = classes[enrolment.training_class_id]
        give_up(enrolment, training_class, by=by, now=now, reason=reason)
        promote(training_class=training_class, now=now)
    return ended


def keys_of(fates: Iterable[SeatFate]) -> str:
    """The fates as a page carries them, to be compared when it is confirmed."""
    return " ".join(sorted(fate.key for fate in fates))
