"""Planned against held, per unit and quarter, as it stood at the end of any day.

Every figure is a sum over two lists, of planned items and of held classes, so that it opens them.
Source: docs/rules.md R60.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Self

from django.db.models import OuterRef, Subquery

from academy.models import CampusKind
from courses.models import TrainingClass

from ..models import (
    OWNER_KINDS,
    AnnualPlan,
    ClassCost,
    Owner,
    PlanItem,
    PlanVersion,
    Standing,
    kind_of,
)
from ..timing import first_quarter
from .ledger import Posted, end_of, posted_by_class

UNDATED = 0  # in place of a quarter, for items whose planned time names none
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class PlannedItem:
    """An item as it was filed last by the day."""

    owner: Owner
    plan: AnnualPlan
    item: PlanItem  # of the frozen version, not a row
    quarter: int

    @property
    def person_hours(self) -> Decimal:
        """The hours that the people of the year get together: each is in one run."""
        return self.item.people * self.item.hours


@dataclass(frozen=True)
class HeldClass:
    """A class with hours in the ledger; `spent` is None where nobody has written a cost down."""

    owner: Owner
    training_class: TrainingClass
    quarter: int
    posted: Posted
    item: PlanItem | None
    reason: str
    spent: Decimal | None

    @property
    def is_planned(self) -> bool:
        return self.item is not None


@dataclass(frozen=True)
class Figures:
    """What is counted: numbers of classes, people × classes, people × hours, yuan. `costed` is the
    number of held classes whose cost is known.
    """

    planned_classes: int = 0
    planned_people: int = 0
    planned_hours: Decimal = Decimal(0)
    budget: Decimal = Decimal(0)
    classes: int = 0
    people: int = 0
    hours: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    costed: int = 0
    unplanned: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(
            *(getattr(self, part.name) + getattr(other, part.name) for part in fields(self))
        )

    @property
    def unplanned_share(self) -> Decimal | None:
        """Unplanned of all held classes, in per cent; None where none was held."""
        return Decimal(100 * self.unplanned) / self.classes if self.classes else None


@dataclass(frozen=True)
class Year:
    """A year as it stood at the end of a day."""

    planned: list[PlannedItem]
    held: list[HeldClass]

    @property
    def owners(self) -> list[Owner]:
        """Those with a planned item or a held class, by code within their kind."""
        found = {(kind_of(row.owner), row.owner.pk): row.owner for row in self._rows}
        return sorted(
            found.values(), key=lambda owner: (OWNER_KINDS.index(kind_of(owner)), owner.code)
        )

    @property
    def _rows(self) -> list[PlannedItem | HeldClass]:
        return [*self.planned, *self.held]

    def of(self, *, owners: Iterable[Owner] | None = None, quarter: int | None = None) -> "Year":
        """The part of some owners, or of one quarter."""
        keys = None if owners is None else {(kind_of(owner), owner.pk) for owner in owners}

        def is_in(row: PlannedItem | HeldClass) -> bool:
            return (keys is None or (kind_of(row.owner), row.owner.pk) in keys) and (
                quarter is None or row.quarter == quarter
            )

        return Year(list(filter(is_in, self.planned)), list(filter(is_in, self.held)))

    @property
    def figures(self) -> Figures:
        planned, held = self.planned, self.held
        return Figures(
            planned_classes=sum(row.item.runs for row in planned),
            planned_people=sum(row.item.people for row in planned),
            planned_hours=sum((row.person_hours for row in planned), Decimal(0)),
            budget=sum((row.item.budget for row in planned), Decimal(0)),
            classes=len(held),
            people=sum(row.posted.people for row in held),
            hours=sum((row.posted.hours for row in held), Decimal(0)),
            spent=sum((row.spent or Decimal(0) for row in held), Decimal(0)),
            costed=sum(row.spent is not None for row in held),
            unplanned=sum(not row.is_planned for row in held),
        )


def year_on(year: int, as_of: date) -> Year:
    """The year as it stood at the end of the day; four statements, however many classes."""
    return Year(_planned(year, as_of), _held(year, as_of))


def seasons_of(year: int) -> list[str]:
    """The seasons of a year as classes carry them: 2027Q1, …"""
    return [f"{year}Q{quarter}" for quarter in QUARTERS]


def owner_of_class(training_class: TrainingClass, item: PlanItem | None) -> Owner:
    """Whose figures the class is in. Source: docs/rules.md R60."""
    if item is not None:
        return item.plan.owner
    if training_class.department is not None:
        return training_class.department
    campus = training_class.campus
    return campus.town if campus.kind == CampusKind.SALON else campus


def _planned(year: int, as_of: date) -> list[PlannedItem]:
    by_then = PlanVersion.objects.filter(plan=OuterRef("plan"), filed_at__lt=end_of(as_of))
    newest = Subquery(by_then.order_by("-number").values("number")[:1])
    versions = PlanVersion.objects.filter(plan__year=year, number=newest).select_related(
        "plan__town", "plan__department", "plan__campus"
    )
    return [
        PlannedItem(version.plan.owner, version.plan, item, first_quarter(item.months) or UNDATED)
        for version in versions.order_by("plan", "number")
        for item in version.items
        if item.standing != Standing.CANCELLED
    ]


def _held(year: int, as_of: date) -> list[HeldClass]:
    of_year = {"season__in": seasons_of(year)}
    posted = posted_by_class(of_year, as_of=as_of)
    costs = dict(
        ClassCost.objects.filter(training_class__season__in=seasons_of(year), at__lt=end_of(as_of))
        .order_by("pk")
        .values_list("training_class", "amount")
    )
    classes = TrainingClass.objects.filter(**of_year).select_related(
        "campus__town",
        "department",
        "plan_filing__item__plan__town",
        "plan_filing__item__plan__department",
        "plan_filing__item__plan__campus",
    )
    held = []
    for training_class in classes.order_by("starts_at", "code") if posted else ():
        if training_class.pk not in posted:
            continue
        filing = getattr(training_class, "plan_filing", None)
        item = filing.item if filing else None
        held.append(
            HeldClass(
                owner=owner_of_class(training_class, item),
                training_class=training_class,
                quarter=int(training_class.season[-1]),
                posted=posted[training_class.pk],
                item=item,
                reason=filing.reason if filing else "",
                spent=costs.get(training_class.pk),
            )
        )
    return held
