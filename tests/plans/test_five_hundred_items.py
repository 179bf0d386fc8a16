"""A plan of 500 items: every page of its way opens and takes what is sent, nothing is cut short."""

import pytest

from academy.models import Role
from plans.filing import file_plan, submit
from plans.models import AnnualPlan, PlanStatus
from tests.factories import NOW, CourseFactory, RoleGrantFactory, UserFactory

from ..page_forms import filled_form, forms_of
from .factories import AnnualPlanFactory, PlanItemFactory

pytestmark = pytest.mark.django_db
ITEMS = 500


def of(plan, *names: str) -> list[str]:
    return [f"{plan.get_absolute_url()}{name}" for name in names]


@pytest.fixture
def plan(time_machine):
    time_machine.move_to(NOW, tick=False)
    plan = AnnualPlanFactory()
    rows = [
        PlanItemFactory.build(
            plan=plan, number=number, name=f"第{number}班", audience=f"第{number}类岗位人员"
        )
        for number in range(1, ITEMS + 1)
    ]
    plan.items.bulk_create(rows)
    return plan


@pytest.fixture
def clerk(client, plan):
    client.force_login(RoleGrantFactory(role=Role.TOWN_STAFF, town=plan.town).user)
    return client


@pytest.fixture
def office(client, plan):
    client.force_login(RoleGrantFactory(role=Role.ADMINISTRATOR).user)
    return client


def test_it_is_drafted_handed_in_and_exported(clerk, plan):
    CourseFactory(title="第7班")
    for address in of(plan, "", "courses/", "paper/", "export/?format=xlsx", "export/?format=csv"):
        assert clerk.get(address).status_code == 200, address

    clerk.post(*of(plan, "submit/"))

    plan.refresh_from_db()
    assert plan.status == PlanStatus.SUBMITTED


def test_it_is_sent_back_with_a_reason_for_each(office, plan):
    plan = submit(plan=plan, by=UserFactory(), now=NOW)
    reasons = {f"reason-{pk}": "请改" for pk in plan.items.values_list("pk", flat=True)}

    office.post(*of(plan, "return/"), {"opinion": "逐项修改", **reasons})

    plan.refresh_from_db()
    assert plan.status == PlanStatus.RETURNED
    assert plan.steps.last().item_reasons.count() == ITEMS


def test_it_is_filed_and_its_report_is_saved_page_by_page(clerk, plan):
    file_plan(plan=submit(plan=plan, by=UserFactory(), now=NOW), by=UserFactory(), now=NOW)
    address = f"{plan.get_absolute_url()}report/?page=25"
    form = filled_form(clerk.get(address).content.decode(), holding="form-0-results")

    answer = clerk.post(address, form | {"form-19-results": "办了一期"})

    assert answer.status_code == 302
    assert plan.report.rows.get(number=ITEMS).results == "办了一期"


def test_the_next_year_begins_with_all_of_it(clerk, plan):
    later = AnnualPlan.objects.create(town=plan.town, year=plan.year + 1)
    address = f"{later.get_absolute_url()}last-year/"
    page = clerk.get(address).content.decode()
    form = max((form.sent for form in forms_of(page)), key=len)

    assert clerk.post(address, form).status_code == 302
    assert later.items.count() == ITEMS
