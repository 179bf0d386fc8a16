"""What other quotas would make possible: how many villages that nobody came from could send one
person. Plain arithmetic, nothing is written. Source: docs/rules.md R64.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from academy.models import Town
from courses.models import SeatPool, TrainingClass

from .reach import Mark, TownReach

LOOKED_AT = 60  # classes to choose from


@dataclass(frozen=True)
class TownTrial:
    """One street-town: its villages by what they show in the track, its seats now and then.

    `taken` of the seats are used already; those stay, whatever the quota becomes.
    """

    town: Town
    gaps: int  # villages with cadres from which nobody came and nobody has booked
    booked: int  # villages from which nobody came, but somebody has booked
    nobody: int  # villages without a cadre who could come
    seats_now: int
    taken: int
    seats_then: int
    is_barred: bool = False  # the class is for other street-towns only
    is_released: bool = False  # what was left of its quota is open to everybody

    @property
    def could_now(self) -> int:
        """Villages that could send one person each with the seats that are free now."""
        return self._could(self.seats_now)

    @property
    def could_then(self) -> int:
        return self._could(self.seats_then)

    @property
    def left_over(self) -> int:
        """Villages for which there would be no seat then."""
        return self.gaps - self.could_then

    @property
    def changes(self) -> bool:
        return self.seats_then != self.seats_now

    @property
    def is_fixed(self) -> bool:
        return self.is_barred or self.is_released

    def _could(self, seats: int) -> int:
        return 0 if self.is_barred else min(max(seats - self.taken, 0), self.gaps)


@dataclass(frozen=True)
class Trial:
    """All towns of a trial, in code order, with the class it is about, if there is one."""

    rows: list[TownTrial]
    training_class: TrainingClass | None = None
    others_seats: int = 0  # kept for towns that the reader does not see

    @property
    def could_now(self) -> int:
        return sum(row.could_now for row in self.rows)

    @property
    def could_then(self) -> int:
        return sum(row.could_then for row in self.rows)

    @property
    def gaps(self) -> int:
        return sum(row.gaps for row in self.rows)

    @property
    def seats_then(self) -> int:
        return sum(row.seats_then for row in self.rows)

    @property
    def changed(self) -> list[TownTrial]:
        return [row for row in self.rows if row.changes]

    @property
    def too_many(self) -> int:
        """Seats of quotas beyond those that the class has; 0 without a class."""
        if self.training_class is None:
            return 0
        return max(self.seats_then + self.others_seats - self.training_class.capacity, 0)

    @property
    def too_few(self) -> list[TownTrial]:
        """Towns whose quota would be less than the seats their people have."""
        return [row for row in self.rows if row.seats_then < row.taken]


def classes_to_try(user, now: datetime, asked: str) -> list[TrainingClass]:
    """Classes to come that keep seats for street-towns, the soonest first; with the one asked for
    though it stands further ahead.
    """
    ahead = TrainingClass.objects.visible_to(user).upcoming(now)
    keeping = ahead.filter(
        pk__in=SeatPool.objects.filter(town__isnull=False).values("training_class")
    )
    found = list(keeping[:LOOKED_AT])
    if asked and asked not in {item.code for item in found}:
        found += ahead.filter(code=asked)
    return found


def tracks_taught(training_class: TrainingClass | None) -> list[int]:
    """Keys of the tracks of its lessons, in their order; none without a class."""
    if training_class is None:
        return []
    lessons = training_class.lessons.order_by("starts_at", "pk")
    return list(dict.fromkeys(lessons.values_list("course_version__course__track", flat=True)))


def seat_for_each_gap(row: TownTrial) -> int:
    """The quota with which every village of the town that needs one has a seat."""
    return row.taken + row.gaps


def trial(
    towns: Sequence[TownReach],
    track: int,
    training_class: TrainingClass | None,
    seats_of: Callable[[TownTrial], int],
) -> Trial:
    """The trial of a track; `seats_of` says from a row as it stands how many seats it has then.

    Two statements where there is a class: its pools and the towns it is for.
    """
    pools: Mapping[int, SeatPool] = {}
    only_for: set[int] = set()
    if training_class is not None:
        kept = training_class.pools.filter(town__isnull=False)
        pools = {pool.town_id: pool for pool in kept}
        only_for = set(training_class.towns.values_list("pk", flat=True))
    rows = []
    for reached in towns:
        row = _as_it_stands(reached, track, pools.get(reached.pk), only_for)
        if not row.is_fixed:
            row = _with_seats(row, seats_of(row))
        rows.append(row)
    shown = {reached.pk for reached in towns}
    others = sum(pool.seats for town, pool in pools.items() if town not in shown)
    return Trial(rows, training_class, others)


def _as_it_stands(
    reached: TownReach, track: int, pool: SeatPool | None, only_for: set[int]
) -> TownTrial:
    marks = [village.cells[track].mark for village in reached.villages]
    seats, taken = (pool.seats, pool.seats_taken) if pool else (0, 0)
    return TownTrial(
        town=reached.town,
        gaps=marks.count(Mark.NOT_YET),
        booked=marks.count(Mark.BOOKED),
        nobody=marks.count(Mark.NOBODY),
        seats_now=seats,
        taken=taken,
        seats_then=seats,
        is_barred=bool(only_for) and reached.pk not in only_for,
        is_released=pool is not None and pool.released_at is not None,
    )


def _with_seats(row: TownTrial, seats: int) -> TownTrial:
    return replace(row, seats_then=seats)
