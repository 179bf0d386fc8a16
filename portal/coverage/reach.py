"""Who was reached of each village in the twelve months up to a day: people and class seats, by
track or by growth stage. Source: docs/rules.md R64.

Everything is counted in the database; the statements do not grow with people or villages.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from academy.access import is_office, towns_of
from academy.models import GrowthStage, Town, Village
from courses.models import ClassStatus, Track
from trainees.models import (
    CAME,
    TAKING_PART,
    Attendance,
    Enrolment,
    EnrolmentStatus,
    Trainee,
)

MONTHS = 12  # docs/rules.md R64
NO_STAGE = 0  # stands for people whose growth stage nobody has recorded


class Mark(StrEnum):
    """What a village shows in one track or stage."""

    REACHED = "reached"  # somebody attended
    BOOKED = "booked"  # nobody attended, but somebody has booked what is still to come
    NOT_YET = "not_yet"
    NOBODY = "nobody"  # no cadre on the roster who could have come


@dataclass(frozen=True)
class Window:
    """Twelve months of days, both ends included: 2026-03-02 to 2027-03-01."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the first moment after the last."""
        begin, end = self.first, self.last + timedelta(days=1)
        return (
            timezone.make_aware(datetime.combine(begin, time())),
            timezone.make_aware(datetime.combine(end, time())),
        )


def window_up_to(as_of: date) -> Window:
    """The twelve months that end with the day: the same day of the year before lies outside."""
    return Window(as_of - relativedelta(months=MONTHS) + timedelta(days=1), as_of)


@dataclass(frozen=True)
class Cell:
    """One village in one track or stage: people and class seats that were there, people who have
    booked, cadres of the roster who could come.
    """

    people: int = 0
    seats: int = 0
    booked: int = 0
    cadres: int = 0

    @property
    def mark(self) -> Mark:
        if self.people:
            return Mark.REACHED
        if self.booked:
            return Mark.BOOKED
        return Mark.NOT_YET if self.cadres else Mark.NOBODY

    @property
    def is_gap(self) -> bool:
        """Nobody has come yet; whoever has booked may still not come."""
        return not self.people


@dataclass
class VillageReach:
    """A village with its cells by key of the track or stage; `cadres` stand on the roster today."""

    village: Village
    cells: dict[int, Cell] = field(default_factory=dict)
    cadres: int = 0
    was_reached: bool = False  # by whatever, also by a track that is used no more

    @property
    def pk(self) -> int:
        return self.village.pk

    def has_gap_in(self, key: int) -> bool:
        """Nobody came, and it is not a stage that none of its cadres is at."""
        cell = self.cells[key]
        return cell.is_gap and (cell.cadres > 0 or not self.cadres)

    @property
    def needs_help(self) -> bool:
        return not self.was_reached or any(self.has_gap_in(key) for key in self.cells)


@dataclass(frozen=True)
class Axis:
    """What villages are looked at by: the words of the columns and the keys behind them."""

    name: str  # "track" or "stage"
    terms: tuple[Track | GrowthStage, ...]
    has_unknown: bool = False  # a last column for people without the fact

    @property
    def keys(self) -> list[int]:
        return [*(term.pk for term in self.terms), *([NO_STAGE] if self.has_unknown else [])]

    @property
    def attended(self) -> str:
        """The path from a mark of attendance."""
        return {
            "track": "lesson__course_version__course__track",
            "stage": "enrolment__trainee__stage",
        }[self.name]

    @property
    def booked(self) -> str:
        """The path from a booking."""
        return {
            "track": "training_class__lessons__course_version__course__track",
            "stage": "trainee__stage",
        }[self.name]


def by_track() -> Axis:
    """The tracks in use."""
    return Axis("track", tuple(Track.objects.filter(active=True)))


def by_stage() -> Axis:
    """The growth stages in use, and a place for people of whom none is recorded."""
    return Axis("stage", tuple(GrowthStage.objects.filter(active=True)), has_unknown=True)


# --- Which towns and villages ---------------------------------------------------------------------


def towns_shown(user) -> QuerySet[Town]:
    """Street-towns see their own, the office all, in code order; nobody else any."""
    towns = Town.objects.filter(ended_on__isnull=True).order_by("code")
    return towns if is_office(user) else towns.filter(pk__in=towns_of(user))


def villages_on(as_of: date, towns: Sequence[Town]) -> QuerySet[Village]:
    """The villages of these towns on that day, in code order; one that has ended is out."""
    return Village.objects.current(as_of).filter(town__in=towns).order_by("town__code", "code")


# --- Counting -------------------------------------------------------------------------------------


def attended(window: Window) -> QuerySet[Attendance]:
    """The marks that count: of cadres on the roll, there at least in part, in a lesson of the
    window whose class was not cancelled.
    """
    begin, end = window.moments
    return Attendance.objects.filter(
        lesson__starts_at__gte=begin,
        lesson__starts_at__lt=end,
        status__in=CAME,
        enrolment__status__in=TAKING_PART,
        enrolment__learner_group__isnull=True,
    ).exclude(lesson__training_class__status=ClassStatus.CANCELLED)


def booked_ahead(now: datetime) -> QuerySet[Enrolment]:
    """Seats of cadres in classes that have lessons to come."""
    return Enrolment.objects.of_cadres().filter(
        status=EnrolmentStatus.BOOKED,
        training_class__status__in=(ClassStatus.OPEN, ClassStatus.RUNNING),
        training_class__lessons__starts_at__gt=now,
    )


def _attended_by(axis: Axis, window: Window, within: Q) -> dict[tuple[int, int], tuple[int, int]]:
    """(village, key of the axis) → (people, class seats)."""
    rows = (
        attended(window)
        .filter(within)
        .order_by()
        .values_list("enrolment__village", axis.attended)
        .annotate(
            people=Count("enrolment__trainee", distinct=True),
            seats=Count("enrolment", distinct=True),
        )
    )
    return {(village, key or NO_STAGE): (people, seats) for village, key, people, seats in rows}


def _booked_by(axis: Axis, now: datetime, within: Q) -> dict[tuple[int, int], int]:
    """(village, key of the axis) → people."""
    rows = (
        booked_ahead(now)
        .filter(within)
        .order_by()
        .values_list("village", axis.booked)
        .annotate(people=Count("trainee", distinct=True))
    )
    return {(village, key or NO_STAGE): people for village, key, people in rows}


def _roster(within: Q) -> dict[int, dict[int, int]]:
    """Village → growth stage → cadres who stand on the roster today."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = (
        Trainee.objects.cadres()
        .filter(within)
        .order_by()
        .values_list("village", "stage")
        .annotate(number=Count("pk"))
    )
    for village, stage, number in rows:
        found[village][stage or NO_STAGE] = number
    return found


def reach_of(
    towns: Sequence[Town], axis: Axis, *, as_of: date, now: datetime
) -> list[VillageReach]:
    """Every village of the towns in code order with its cells; four statements however many.

    Who moved counts for the village of the day of booking. Bookings ahead are of today, so a day of
    the past has none. Source: docs/rules.md R64.
    """
    villages = list(villages_on(as_of, towns).select_related("town"))
    keys = [town.pk for town in towns]
    came = _attended_by(axis, window_up_to(as_of), Q(enrolment__village__town__in=keys))
    is_today = as_of >= timezone.localdate(now)
    ahead = _booked_by(axis, now, Q(village__town__in=keys)) if is_today else {}
    roster = _roster(Q(village__town__in=keys))
    reached = {village for village, _key in came}
    return [
        VillageReach(
            village,
            _cells(village, axis, came, ahead, roster.get(village.pk, {})),
            sum(roster.get(village.pk, {}).values()),
            village.pk in reached,
        )
        for village in villages
    ]


def _cells(
    village: Village,
    axis: Axis,
    came: Mapping[tuple[int, int], tuple[int, int]],
    ahead: Mapping[tuple[int, int], int],
    roster: Mapping[int, int],
) -> dict[int, Cell]:
    everybody = sum(roster.values())
    cells = {}
    for key in axis.keys:
        people, seats = came.get((village.pk, key), (0, 0))
        cadres = everybody if axis.name == "track" else roster.get(key, 0)
        cells[key] = Cell(people, seats, ahead.get((village.pk, key), 0), cadres)
    return cells


# --- Towns ----------------------------------------------------------------------------------------


@dataclass
class TownReach:
    """A town: how many villages it has, how many were reached in each track or stage, from how many
    nobody came, and how many have nobody on the roster.
    """

    town: Town
    villages: list[VillageReach] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.town.pk

    @property
    def unreached(self) -> int:
        return sum(not village.was_reached for village in self.villages)

    @property
    def without_cadres(self) -> int:
        return sum(not village.cadres for village in self.villages)

    def reached_in(self, key: int) -> int:
        return sum(village.cells[key].people > 0 for village in self.villages)

    def gaps_in(self, key: int) -> int:
        return sum(village.has_gap_in(key) for village in self.villages)


def towns_of_reach(towns: Sequence[Town], reached: list[VillageReach]) -> list[TownReach]:
    """The same by town, in code order; a town without a village is there as well."""
    found = {town.pk: TownReach(town) for town in towns}
    for village in reached:
        found[village.village.town_id].villages.append(village)
    return list(found.values())


# --- The rows behind the figures ------------------------------------------------------------------


def seats_behind(village: Village, window: Window) -> QuerySet[Enrolment]:
    """The class seats that the figures of a village are made of, the latest class first."""
    marks = attended(window).filter(enrolment__village=village)
    return (
        Enrolment.objects.filter(pk__in=marks.values("enrolment"))
        .select_related("trainee__user", "trainee__stage", "position", "training_class")
        .order_by(F("training_class__starts_at").desc(), "training_class__code", "pk")
    )
