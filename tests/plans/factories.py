"""One unsurprising factory per model of plans, and a plan in each status."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from plans.filing import LeaderApproval, file_plan, submit
from plans.models import AnnualPlan, PlanItem
from tests.factories import NOW, TownFactory, UserFactory

APPROVAL = LeaderApproval("示例主任", "局长", NOW.date())


class AnnualPlanFactory(DjangoModelFactory):
    """A draft of a town for 2027."""

    class Meta:
        model = AnnualPlan

    town = factory.SubFactory(TownFactory)
    year = 2027


class PlanItemFactory(DjangoModelFactory):
    class Meta:
        model = PlanItem

    plan = factory.SubFactory(AnnualPlanFactory)
    number = factory.Sequence(lambda n: n % 9_000 + 1)
    name = factory.Sequence(lambda n: f"示例培训班{n}")
    organiser = "示例镇人民政府"
    audience = "楼组长"
    people = 40
    runs = 2
    months = "4月"
    quarter = 2
    days = Decimal("0.5")
    hours = Decimal(4)
    content = "邻里走访、矛盾早发现"
    budget = Decimal(8000)
    funding = "镇财政"


def drafted(*, items: int = 2, **fields) -> AnnualPlan:
    plan = AnnualPlanFactory(**fields)
    for number in range(1, items + 1):
        PlanItemFactory(plan=plan, number=number, name=f"培训班{number}")
    return plan


def submitted(*, by=None, now=NOW, **fields) -> AnnualPlan:
    return submit(plan=drafted(**fields), by=by or UserFactory(), now=now)


def filed(*, by=None, now=NOW, **fields) -> AnnualPlan:
    return file_plan(plan=submitted(now=now, **fields), by=by or UserFactory(), now=now)
