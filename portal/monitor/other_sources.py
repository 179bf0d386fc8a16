"""What no single query counts: trainings of a year that overlap, and searches without an answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from courses.schedule.season import Season
from plans.models import PlanItem, WayOut
from plans.models.items import Standing
from plans.overlaps.answers import pairs_of
from plans.overlaps.reading import guard_of, items_by_training, items_of

from ..models import UnansweredQuery
from .sources import Fact


@dataclass
class OverlapRow:
    """A training of a year with those that it overlaps, where that is unanswered or joined."""

    item: PlanItem
    others: list[PlanItem] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.item.pk

    @property
    def is_part(self) -> bool:
        return bool(self.others)

    @property
    def of_season(self) -> str:
        """2027Q1, or the year alone where no time is planned."""
        year, quarter = self.item.plan.year, self.item.quarter
        return f"{year}Q{quarter}" if quarter else str(year)


def overlap_rows(year: int) -> list[OverlapRow]:
    """Every training of the year that is not cancelled, in code order."""
    rows = {
        item.pk: OverlapRow(item) for item in items_of(year) if item.standing != Standing.CANCELLED
    }
    items = [row.item for row in rows.values()]
    for pair in pairs_of(guard_of(items).overlaps(), items_by_training(items)):
        if pair.is_open or pair.answer.way == WayOut.JOIN:
            rows[pair.one.pk].others.append(pair.other)
            rows[pair.other.pk].others.append(pair.one)
    return list(rows.values())


def overlap_facts(years: Sequence[int]) -> list[Fact]:
    """Each training in its season, and once more in its year."""
    facts = []
    for year in years:
        for row in overlap_rows(year):
            plan = row.item.plan
            town = plan.town.code if plan.town else None
            department = plan.department.code if plan.department else None
            for season in {str(year), row.of_season}:
                facts.append(Fact(season, town, department, int(row.is_part), 1))
    return facts


def plan_years(year: int) -> list[int]:
    """The years whose plans are told: the newest that has items, up to the next, and the one before
    it.
    """
    last = (
        PlanItem.objects.filter(plan__year__lte=year + 1)
        .order_by("-plan__year")
        .values_list("plan__year", flat=True)
        .first()
    ) or year
    return [last - 1, last]


def search_facts(seasons: Sequence[str]) -> list[Fact]:
    """Searches by the season of their Monday; seasons before the first kept week are not told."""
    weeks = list(UnansweredQuery.objects.order_by("week").values_list("week", "times"))
    if not weeks:
        return []
    first = str(Season.of(weeks[0][0]))
    counted = {season: 0 for season in seasons if season >= first}
    for week, times in weeks:
        if (season := str(Season.of(week))) in counted:
            counted[season] += times
    return [Fact(season, None, None, times, None) for season, times in counted.items()]
