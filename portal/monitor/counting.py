"""Counting all indicators at once, by the scheduler: a page then reads some rows, however many
bookings there are. Source: docs/rules.md R62.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses.schedule.season import Season

from ..models import IndicatorFigure
from .evaluations import evaluation_facts
from .indicators import BY_CLASS
from .other_sources import overlap_facts, plan_years, search_facts
from .plan_facts import plan_facts
from .sources import MEASURES, Fact

SEASONS = 8  # of a trend
HEADLINE_SEASONS = 4  # that the figure of a card covers
DISTRICT = ""
AT_ONCE = 1000  # rows of an INSERT


@dataclass(frozen=True)
class Figure:
    """So many, or so many of so many."""

    part: int = 0
    whole: int | None = 0

    @property
    def is_known(self) -> bool:
        """Nothing of nothing is no figure."""
        return self.whole is None or self.whole > 0

    @property
    def per_cent(self) -> int | None:
        return round(100 * self.part / self.whole) if self.whole else None

    @property
    def value(self) -> int | None:
        """What a chart draws: per cent of a share, the number of a count; None without a figure."""
        return self.part if self.whole is None else self.per_cent

    def __add__(self, other: "Figure") -> "Figure":
        whole = None if self.whole is None or other.whole is None else self.whole + other.whole
        return Figure(self.part + other.part, whole)


def seasons_until(now: datetime, count: int = SEASONS) -> list[str]:
    """The last seasons up to the present one, the first of them first."""
    present = Season.of(timezone.localdate(now))
    return [str(present.moved(-back)) for back in range(count - 1, -1, -1)]


def facts_of_all(now: datetime) -> dict[str, list[Fact]]:
    """Slug of an indicator → what is counted of it; a query each, the comparison of plans, and what
    is planned and held.
    """
    seasons = seasons_until(now)
    facts = {slug: list(measure.facts(seasons)) for slug, measure in MEASURES.items()}
    facts["overlaps"] = overlap_facts(plan_years(timezone.localdate(now).year))
    facts["searches"] = search_facts(seasons)
    facts |= {slug: evaluation_facts(slug, seasons) for slug in BY_CLASS}
    return facts | plan_facts(timezone.localdate(now))


def figures_from(facts: Iterable[Fact]) -> dict[tuple[str, str], Figure]:
    """(scope, season) → figure, for the district and every street-town and department in it."""
    figures: dict[tuple[str, str], Figure] = {}
    for fact in facts:
        counted = Figure(fact.part, fact.whole)
        for scope in {DISTRICT, fact.town or DISTRICT, fact.department or DISTRICT}:
            known = figures.get((scope, fact.season))
            figures[scope, fact.season] = known + counted if known else counted
    return figures


def count_all(now: datetime) -> int:
    """Count everything anew and return how many figures stand now.

    Readers see the old figures or the new ones, never a mixture.
    """
    rows = [
        IndicatorFigure(
            indicator=slug,
            scope=scope,
            season=season,
            part=figure.part,
            whole=figure.whole,
            counted_at=now,
        )
        for slug, facts in facts_of_all(now).items()
        for (scope, season), figure in figures_from(facts).items()
    ]
    with transaction.atomic():
        IndicatorFigure.objects.all().delete()
        # two who count at once write the same
        IndicatorFigure.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(rows)
