"""Plan against actual equals a plain recount over worlds that nobody thought of."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from academy.models import CampusKind
from courses.models import TrainingClass
from plans.actual.figures import Figures, year_on
from plans.actual.hanging_classes import write_cost
from plans.actual.ledger import end_of
from plans.actual.people import people_of
from plans.filing import amend, file_plan, submit
from plans.models import ClassCost, ClassFiling, PlanVersion, Standing
from tests.factories import (
    NOW,
    CampusFactory,
    DepartmentFactory,
    TownFactory,
    UserFactory,
)
from tests.generated import examples
from trainees.models import HourEntry
from trainees.record.closing import close_class, reopen_class

from .factories import APPROVAL, AnnualPlanFactory, PlanItemFactory
from .taught import attended, hangs_on

pytestmark = pytest.mark.django_db
YEAR = 2027
DAYS = range(6)  # after NOW on which something happens


@pytest.fixture(autouse=True)
def closed_before_their_plan(monkeypatch):
    """Classes that say nothing were closed when no plan was filed yet, so nothing was asked."""
    monkeypatch.setattr("plans.closing_parts.classes_asked", lambda classes: set())


def day(number: int):
    return (NOW + timedelta(days=number)).date()


@dataclass(frozen=True)
class ItemWish:
    people: int
    runs: int
    hours: int
    budget: int
    months: str
    cancelled: bool


@dataclass(frozen=True)
class ClassWish:
    """What becomes of a class: on which days it is closed, reopened, closed again; never is -1."""

    people: int
    lessons: int
    season: str
    item: int  # of all items; past the last: none
    reason: str
    closed_on: int
    reopened_after: int
    closed_again_after: int
    cancelled: bool
    costs: list = field(default_factory=list)
    owner: int = 0


ITEMS = st.builds(
    ItemWish,
    people=st.integers(1, 90),
    runs=st.integers(1, 4),
    hours=st.integers(0, 9),
    budget=st.integers(0, 9_000),
    months=st.sampled_from(["2月", "4月、8月", "三季度", "11月", "待定"]),
    cancelled=st.booleans(),
)
CLASSES = st.builds(
    ClassWish,
    people=st.integers(0, 2),
    lessons=st.integers(1, 2),
    season=st.sampled_from(["2027Q1", "2027Q2", "2027Q4", "2026Q4"]),
    item=st.integers(0, 4),
    reason=st.sampled_from(["", "上级临时部署"]),
    closed_on=st.integers(-1, 3),
    reopened_after=st.integers(-1, 2),
    closed_again_after=st.integers(-1, 1),
    cancelled=st.booleans(),
    costs=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 500)), max_size=2),
    owner=st.integers(0, 3),
)


def build(plans: list, classes: list, amended_on: int) -> None:
    """Write the world with the actions of the portal, day by day."""
    by = UserFactory()
    owners = [{"town": TownFactory()}, {"department": DepartmentFactory(), "town": None}]
    items = []
    for owner, wishes in zip(owners, plans, strict=True):
        plan = AnnualPlanFactory(year=YEAR, **owner)
        for number, wish in enumerate(wishes, start=1):
            items.append(
                PlanItemFactory(
                    plan=plan,
                    number=number,
                    people=wish.people,
                    runs=wish.runs,
                    hours=wish.hours,
                    budget=wish.budget,
                    months=wish.months,
                )
            )
        plan = file_plan(plan=submit(plan=plan, by=by, now=NOW), by=by, now=NOW)
        if any(wish.cancelled for wish in wishes):
            later = NOW + timedelta(days=amended_on)
            plan = amend(plan=plan, reason="取消项目", approval=APPROVAL, by=by, now=later)
            for item, wish in zip(plan.items.order_by("number"), wishes, strict=True):
                if wish.cancelled:
                    item.standing, item.standing_reason = Standing.CANCELLED, "并入其他班次"
                    item.save()
            file_plan(plan=submit(plan=plan, by=by, now=later), by=by, now=later)
    town = owners[0]["town"]
    units = [
        {"campus": CampusFactory(town=town, kind=CampusKind.SALON)},
        {"campus": CampusFactory(town=town)},
        {"campus": CampusFactory(town=town), "department": owners[1]["department"]},
        {"campus": CampusFactory(town=town, kind=CampusKind.COLLEGE)},
    ]
    for wish in classes:
        hold(wish, items, units[wish.owner], by)


def hold(wish: ClassWish, items: list, unit: dict, by) -> None:
    training_class = attended(people=wish.people, lessons=wish.lessons, season=wish.season, **unit)
    item = items[wish.item] if wish.item < len(items) else None
    if item or wish.reason:
        hangs_on(training_class, item, wish.reason)
    for after, amount in wish.costs:
        write_cost(
            training_class=training_class,
            amount=Decimal(amount),
            by=by,
            now=NOW + timedelta(days=after),
        )
    at = NOW + timedelta(days=max(wish.closed_on, 0))
    if wish.closed_on >= 0:
        close_class(training_class=training_class, by=by, now=at)
        if wish.reopened_after >= 0:
            at += timedelta(days=wish.reopened_after)
            reopen_class(training_class=training_class, reason="更正", by=by, now=at)
            if wish.closed_again_after >= 0:
                at += timedelta(days=wish.closed_again_after)
                close_class(training_class=training_class, by=by, now=at)
    running = TrainingClass.objects.filter(pk=training_class.pk).exclude(status="closed")
    if wish.cancelled:
        running.update(status="cancelled")


def owner_named(training_class: TrainingClass, filing: ClassFiling | None) -> str:
    """R60, said once more: whose figures a class is in."""
    if filing and filing.item:
        return filing.item.plan.owner.code
    if training_class.department:
        return training_class.department.code
    if training_class.campus.kind == "salon":
        return training_class.campus.town.code
    return training_class.campus.code


QUARTER_OF = {"2月": 1, "4月、8月": 2, "三季度": 3, "11月": 4, "待定": 0}


def recount(as_of: date) -> dict:
    """(code of the unit, quarter) → the figures, counted row by row."""
    found = defaultdict(lambda: dict.fromkeys(Figures.__dataclass_fields__, 0))
    filed = {}
    for version in PlanVersion.objects.order_by("plan", "number"):
        if version.filed_at < end_of(as_of):
            filed[version.plan_id] = version
    for version in filed.values():
        for row in version.content["items"]:
            if row["standing"] == "cancelled":
                continue
            cell = found[version.content["owner"]["code"], QUARTER_OF[row["months"]]]
            cell["planned_classes"] += row["runs"]
            cell["planned_people"] += row["people"]
            cell["planned_hours"] += row["people"] * Decimal(row["hours"])
            cell["budget"] += Decimal(row["budget"])
    for training_class in TrainingClass.objects.filter(season__startswith=f"{YEAR}Q"):
        balance = defaultdict(Decimal)
        for entry in HourEntry.objects.filter(enrolment__training_class=training_class):
            if entry.posted_at < end_of(as_of):
                balance[entry.enrolment_id] += entry.hours
        people = [key for key, hours in balance.items() if hours > 0]
        if not people:
            continue
        filing = ClassFiling.objects.filter(training_class=training_class).first()
        cell = found[owner_named(training_class, filing), int(training_class.season[-1])]
        cell["classes"] += 1
        cell["people"] += len(people)
        cell["hours"] += sum(balance.values())
        cell["unplanned"] += not (filing and filing.item)
        costs = [
            cost.amount
            for cost in ClassCost.objects.filter(training_class=training_class).order_by("pk")
            if cost.at < end_of(as_of)
        ]
        if costs:
            cell["spent"] += costs[-1]
            cell["costed"] += 1
    return {key: Figures(**cell) for key, cell in found.items()}


@settings(
    max_examples=examples(8),
    deadline=None,
    phases=(Phase.generate,),  # a world takes a second: to make one smaller takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    plans=st.tuples(
        st.lists(ITEMS, min_size=1, max_size=3), st.lists(ITEMS, min_size=1, max_size=2)
    ),
    classes=st.lists(CLASSES, max_size=5),
    amended_on=st.integers(0, 4),
)
def test_every_figure_equals_a_plain_recount_on_every_day(plans, classes, amended_on):
    with transaction.atomic():  # the examples share the transaction of the test
        build(plans, classes, amended_on)
        compare()
        transaction.set_rollback(True)


def compare() -> None:
    for number in (-1, *DAYS):
        as_of = day(number)
        year = year_on(YEAR, as_of)
        counted = {
            (owner.code, quarter): part.figures
            for owner in year.owners
            for quarter in range(5)
            if (part := year.of(owners=[owner], quarter=quarter)).planned or part.held
        }
        assert counted == recount(as_of)
        assert sum(counted.values(), Figures()) == year.figures
        ledger = HourEntry.objects.filter(
            posted_at__lt=end_of(as_of), enrolment__training_class__season__startswith=f"{YEAR}Q"
        )
        assert year.figures.hours == sum((entry.hours for entry in ledger), Decimal(0))
        rows = people_of(year.held, as_of)
        assert len(rows) == year.figures.people
        assert sum((row.hours for row in rows), Decimal(0)) == year.figures.hours
