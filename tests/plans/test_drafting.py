"""Who drafts a plan, classes for one street-town, and plans that are too long or make no sense."""

import pytest

from academy.models import Campus, TownKind
from plans.models import AnnualPlan
from plans.overlaps.answers import overlapping
from plans.overlaps.trainings import towns_named
from tests.factories import CampusFactory, DepartmentFactory, TownFactory

from ..page_forms import forms_of
from .factories import AnnualPlanFactory, PlanItemFactory

pytestmark = pytest.mark.django_db
LIST = "/manage/plans/?year=2027"


def begun_from_the_list(client, owner, year=2027) -> AnnualPlan:
    """Press the button that the list has for the owner."""
    page = client.get(LIST).text
    key = f"{owner._meta.model_name}-{owner.code}"
    form = next(
        form
        for form in forms_of(page)
        if form.action == "/manage/plans/new/"
        and (key in form.sent.get("owner", []) or key in form.choices.get("owner", []))
    )
    answer = client.post(form.action, {**form.sent, "owner": key, "year": str(year)})
    plan = AnnualPlan.objects.of_owner(owner).get(year=year)
    assert str(plan.pk) in answer["Location"]
    assert client.get(plan.get_absolute_url()).status_code == 200
    return plan


@pytest.mark.parametrize(
    ("cast", "owner"),
    [("town_staff", "town"), ("department_staff", "department"), ("branch_coordinator", "campus")],
)
def test_each_kind_of_unit_begins_its_plan_from_its_list(client, cast, owner, request):
    client.force_login(request.getfixturevalue(cast))
    begun_from_the_list(client, request.getfixturevalue(owner))


def test_the_office_begins_the_plan_of_any_of_them(client, district_staff):
    owners = [
        TownFactory(kind=TownKind.INDUSTRIAL_PARK),
        DepartmentFactory(),
        CampusFactory(),
    ]
    client.force_login(district_staff)
    for owner in owners:
        begun_from_the_list(client, owner)
    assert Campus.objects.filter(plans__year=2027).count() == 1


# --- Classes for one street-town ------------------------------------------------------------------

TOWNS = {"罗店镇": "101", "罗店": "101", "杨行镇": "103", "杨行": "103"}


@pytest.mark.parametrize(
    ("audience", "codes"),
    [
        ("杨行镇楼组长", {"103"}),
        ("罗店、杨行楼组长", {"101", "103"}),
        ("楼组长", set()),
        ("各街镇楼组长(含杨行镇)", set()),
        ("除罗店镇外的楼组长", set()),
        ("", set()),
    ],
)
def test_an_audience_names_the_towns_it_is_for(audience, codes):
    assert towns_named(audience, TOWNS) == codes


def test_a_department_class_for_one_town_overlaps_that_town_alone():
    one, other = TownFactory(name="杨行镇"), TownFactory(name="罗店镇")
    text = {"name": "楼组长培训", "content": "邻里走访、矛盾早发现", "months": "4月"}
    for town in (one, other):
        plan = AnnualPlanFactory(town=town)
        PlanItemFactory(plan=plan, number=1, audience="楼组长", **text)
    of_department = AnnualPlanFactory(town=None, department=DepartmentFactory())
    item = PlanItemFactory(plan=of_department, number=1, audience="杨行镇楼组长", **text)
    assert [found.plan.town for found in overlapping(item)] == [one]
    item.audience = "楼组长"
    item.save()
    assert {found.plan.town for found in overlapping(item)} == {one, other}


def test_what_is_typed_is_compared_before_it_is_saved(client, department_staff, department, town):
    text = {"name": "楼组长培训", "content": "邻里走访、矛盾早发现", "months": "4月"}
    there = AnnualPlanFactory(town=town)
    PlanItemFactory(plan=there, number=1, audience="楼组长", **text)
    mine = AnnualPlanFactory(town=None, department=department)
    client.force_login(department_staff)
    address = f"/manage/plans/{mine.pk}/item-hints/"
    assert "楼组长培训" in client.post(address, {**text, "audience": "楼组长"}).text
    assert "楼组长培训" not in client.post(address, {**text, "audience": "养犬户"}).text
    odd = {"name": "/" * 9_000, "audience": "..", "months": "十三月", "number": "9" * 99}
    assert client.post(address, odd).status_code == 200
    assert not mine.items.exists()


# --- What makes no sense --------------------------------------------------------------------------


def test_nobody_in_the_thirteenth_month_is_told_beside_the_fields(client, town_staff, town):
    plan = AnnualPlanFactory(town=town)
    client.force_login(town_staff)
    sent = {
        "name": "班",
        "organiser": "镇",
        "audience": "楼组长",
        "people": "0",
        "runs": "1",
        "months": "十三月",
        "days": "1",
        "hours": "4",
        "content": "走访",
        "budget": "0",
    }
    page = client.post(f"/manage/plans/{plan.pk}/items/new/", sent)
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"people", "months"}
    assert not plan.items.exists()


def test_five_hundred_rows_are_taken_and_one_more_is_refused(client, town_staff, town):
    plan = AnnualPlanFactory(town=town)
    client.force_login(town_staff)
    texts = {"audience": "楼组长", "people": "10", "months": "4月", "content": "走访"}
    rows = [{"key": str(n), "texts": {"name": f"班{n}", **texts}} for n in range(501)]
    address = f"/manage/plans/{plan.pk}/rows/"
    answer = client.post(address, {"rows": rows}, content_type="application/json")
    assert answer.status_code == 400
    assert "500" in answer.json()["said"]
    assert not plan.items.exists()
    answer = client.post(address, {"rows": rows[:500]}, content_type="application/json")
    assert (answer.status_code, plan.items.count()) == (200, 500)
