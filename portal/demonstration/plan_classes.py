"""Classes of the demonstration on items of a filed plan of the college, for the year of the classes
held last: most hang on an item, two stand outside with a reason, of the last nothing is said yet.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from academy.models import Campus, CampusKind, User
from courses.models import ClassStatus, TrainingClass
from plans import filing, items
from plans.actual.hanging_classes import hang, write_cost
from plans.models import AnnualPlan, PlanItem

OUTSIDE = ("区里临时部署的专题培训", "居民区集中提出的需求")
NOT_SAID = 2  # classes of which nothing is said yet
COST = Decimal(3_600)


def hang_demo_classes(now: datetime, administrator: User) -> None:
    """Nothing where no class was held."""
    held = list(
        TrainingClass.objects.filter(status=ClassStatus.CLOSED).order_by("starts_at", "code")
    )
    if len(held) <= len(OUTSIDE) + NOT_SAID:
        return
    year = held[-1].season[:4]
    held = [item for item in held if item.season.startswith(year)]
    said = held[: len(held) - NOT_SAID]
    planned, outside = said[len(OUTSIDE) :], said[: len(OUTSIDE)]
    plan = _plan_of_the_college(int(year), planned, now, administrator)
    by_name = {item.name: item for item in plan.items.all()}
    for place, training_class in enumerate(planned):
        item = by_name[_kind_of(training_class)]
        hang(training_class=training_class, item=item, by=administrator, now=now)
        if place % 2 == 0:
            write_cost(training_class=training_class, amount=COST, by=administrator, now=now)
    for training_class, reason in zip(outside, OUTSIDE, strict=True):
        hang(training_class=training_class, item=None, reason=reason, by=administrator, now=now)


def _kind_of(training_class: TrainingClass) -> str:
    """小巷总理成长班 of 小巷总理成长班（平安篇）."""
    return training_class.title.partition("（")[0]


def _plan_of_the_college(
    year: int, classes: list[TrainingClass], now: datetime, administrator: User
) -> AnnualPlan:
    """A filed plan with one item for each kind of class, one run more than was held."""
    college = Campus.objects.filter(kind=CampusKind.COLLEGE).order_by("code").first()
    filed_at = now - timedelta(days=180)
    plan = filing.create_plan(owner=college, year=year, by=administrator, now=filed_at)
    kinds: dict[str, list[TrainingClass]] = {}
    for training_class in classes:
        kinds.setdefault(_kind_of(training_class), []).append(training_class)
    for name, of_kind in kinds.items():
        first, runs = of_kind[0], len(of_kind) + 1
        items.save_item(
            plan=plan,
            item=PlanItem(
                name=name,
                organiser=college.name,
                audience="居村干部",
                people=first.capacity * runs,
                runs=runs,
                months=f"{first.starts_at.month}月",
                days=Decimal(1),
                hours=first.hours,
                content=name,
                budget=COST * runs,
                funding="学院经费",
            ),
        )
    plan = filing.submit(plan=plan, by=administrator, now=filed_at)
    return filing.file_plan(plan=plan, by=administrator, now=filed_at)
