"""Planned against held at the head of the board: kept with the indicators, so that the board reads
rows and counts no classes. Source: docs/rules.md R60, R62.
"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from ..models import IndicatorFigure
from .plan_facts import HELD_CLASSES, KEPT, OUTSIDE, PEOPLE_CAME, PLANNED_CLASSES, PLANNED_PEOPLE
from .scopes import Scope


@dataclass(frozen=True)
class PlanFigures:
    """What is planned and held in a year for one scope, as it was counted on a day."""

    scope: Scope
    year: int
    as_of: date
    counts: dict[str, int]

    @property
    def planned_classes(self) -> int:
        return self.counts.get(PLANNED_CLASSES, 0)

    @property
    def held_classes(self) -> int:
        return self.counts.get(HELD_CLASSES, 0)

    @property
    def planned_people(self) -> int:
        return self.counts.get(PLANNED_PEOPLE, 0)

    @property
    def people_came(self) -> int:
        return self.counts.get(PEOPLE_CAME, 0)

    @property
    def outside(self) -> int:
        return self.counts.get(OUTSIDE, 0)

    @property
    def url(self) -> str:
        return self._address("plans:actual")

    @property
    def classes_url(self) -> str:
        return self._address("plans:actual_classes")

    @property
    def people_url(self) -> str:
        return self._address("plans:actual_people")

    @property
    def items_url(self) -> str:
        return self._address("plans:actual_items")

    @property
    def outside_url(self) -> str:
        return self._address("plans:actual_classes", unplanned="1")

    def _address(self, name: str, **more: str) -> str:
        query = {"year": self.year, "as_of": self.as_of.isoformat(), **more}
        if self.scope.of:
            query["owner"] = f"{self.scope.of}-{self.scope.code}"
        return f"{reverse(name)}?{urlencode(query)}"


def plan_figures_of(scope: Scope) -> PlanFigures | None:
    """What was counted last; None where nothing is planned or held. One statement."""
    rows = list(IndicatorFigure.objects.filter(scope=scope.code, indicator__in=KEPT))
    if not rows:
        return None
    newest = max(row.season for row in rows)
    return PlanFigures(
        scope,
        int(newest),
        timezone.localdate(rows[0].counted_at),
        {row.indicator: row.part for row in rows if row.season == newest},
    )
