"""Making one run of several thin ones: all bookings of the others move into it in one step, and
whoever does not fit keeps what they have.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import TrainingClass

from ..booking.class_lock import lock
from ..errors import BookingError
from .moving import Move, MoveChanged, movable, move_all, other_runs, tell_moved


@dataclass(frozen=True)
class Combined:
    """What became of the bookings of one run, or why none of them moved."""

    source: TrainingClass
    moves: list[Move] = field(default_factory=list)
    against: str = ""

    @property
    def fitting(self) -> list[Move]:
        return [move for move in self.moves if move.moved]

    @property
    def staying(self) -> list[Move]:
        return [move for move in self.moves if not move.moved]


def try_combining(
    *, sources: Sequence[TrainingClass], target: TrainingClass, by, now: datetime
) -> list[Combined]:
    """What combining would do: it is done and taken back."""
    with transaction.atomic():
        found = _combine(sources, target, by, now)
        transaction.set_rollback(True)
    return found


def combine_runs(
    *,
    sources: Sequence[TrainingClass],
    target: TrainingClass,
    expected: Collection[int],
    by,
    now: datetime,
) -> list[Combined]:
    """Move the bookings of all sources that fit, exactly those of `expected`, or none; everybody
    who is moved is told. Runs left empty stay as they are until somebody cancels them.

    Raises MoveChanged.
    """
    with transaction.atomic():
        found = _combine(sources, target, by, now)
        if {move.enrolment.pk for one in found for move in one.fitting} != set(expected):
            raise MoveChanged(
                _("Something has changed since you looked. Look again before you move anybody.")
            )
        for one in found:
            for move in one.fitting:
                tell_moved(move.moved, one.source, target, by)
    return found


def _combine(
    sources: Sequence[TrainingClass], target: TrainingClass, by, now: datetime
) -> list[Combined]:
    """Every class is locked first, in the one order, so that two who combine wait for each
    other.
    """
    for training_class in sorted([*sources, target], key=lambda item: item.pk):
        lock(training_class)
    return [_combine_one(source, target, by, now) for source in sources]


def _combine_one(source: TrainingClass, target: TrainingClass, by, now: datetime) -> Combined:
    if not other_runs(source, by, now).filter(pk=target.pk).exists():
        return Combined(source, against=_("Not a run of the same course that is still to begin."))
    people = list(movable(source).values_list("pk", flat=True))
    if not people:
        return Combined(source, against=_("Nobody is in it or waits for it."))
    try:
        with transaction.atomic():
            return Combined(source, move_all(source, target, people, by, now))
    except BookingError as error:
        return Combined(source, against=str(error))
