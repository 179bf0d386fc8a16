import pytest
from django.db import IntegrityError, transaction

from plans.models import (
    AnnualPlan,
    Decision,
    FrozenError,
    PlanItem,
    PlanStatus,
    PlanStep,
    PlanVersion,
)
from tests.factories import NOW, CampusFactory, DepartmentFactory, TownFactory

from .factories import AnnualPlanFactory, PlanItemFactory, drafted, filed

pytestmark = pytest.mark.django_db


def refused(action) -> str:
    """The name of the constraint that stops the action."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        action()
    return str(caught.value)


@pytest.mark.parametrize(
    "owners",
    [{"town": None}, {"department": True}, {"campus": True}],
    ids=["none", "two", "town and campus"],
)
def test_a_plan_has_exactly_one_owner(owners):
    made = {"department": DepartmentFactory, "campus": CampusFactory}

    text = refused(
        lambda: AnnualPlanFactory(
            **{kind: made[kind]() if value else None for kind, value in owners.items()}
        )
    )

    assert "plan_has_exactly_one_owner" in text


@pytest.mark.parametrize(
    ("kind", "factory"),
    [("town", TownFactory), ("department", DepartmentFactory), ("campus", CampusFactory)],
)
def test_one_plan_per_owner_and_year(kind, factory):
    owner = factory()
    other = {"town": None} if kind != "town" else {}
    AnnualPlanFactory(**{**other, kind: owner})
    AnnualPlanFactory(**{**other, kind: owner, "year": 2028})

    refused(lambda: AnnualPlanFactory(**{**other, kind: owner}))

    assert AnnualPlan.objects.count() == 2


def test_a_filing_number_is_given_once_in_a_year():
    first = filed()
    second = drafted()

    refused(
        lambda: AnnualPlan.objects.filter(pk=second.pk).update(
            filing_sequence=first.filing_sequence, filing_number="示例〔2027〕900号", filed_at=NOW
        )
    )
    refused(
        lambda: AnnualPlan.objects.filter(pk=second.pk).update(
            filing_sequence=900, filing_number=first.filing_number, filed_at=NOW
        )
    )


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"status": PlanStatus.FILED, "handed_in_on": NOW.date()}, "filed_plan_has_a_number"),
        ({"filing_number": "示例〔2027〕001号"}, "filing_number_and_date_together"),
        (
            {"filing_number": "示例〔2027〕000号", "filing_sequence": 0, "filed_at": NOW},
            "filing_number_and_date_together",
        ),
        ({"status": PlanStatus.SUBMITTED}, "handed_in_plan_has_its_day"),
        ({"status": "lost"}, "plan_status_is_known"),
        ({"year": 1999}, "plan_year_is_sensible"),
        ({"year": 2101}, "plan_year_is_sensible"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(fields, name):
    plan = drafted()

    assert name in refused(lambda: AnnualPlan.objects.filter(pk=plan.pk).update(**fields))


@pytest.mark.parametrize(
    ("field", "least"), [("people", 1), ("runs", 1), ("days", 0), ("hours", 0), ("budget", 0)]
)
def test_numbers_of_an_item_have_a_least_one(field, least):
    item = PlanItemFactory()

    refused(lambda: PlanItem.objects.filter(pk=item.pk).update(**{field: least - 1}))

    PlanItem.objects.filter(pk=item.pk).update(**{field: least})


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": ""}, "plan_item_has_a_name"),
        ({"quarter": 5}, "plan_item_quarter_is_a_quarter"),
        ({"category": "fourth"}, "plan_item_category_is_known"),
    ],
)
def test_an_item_that_makes_no_sense_is_refused(fields, name):
    item = PlanItemFactory()

    assert name in refused(lambda: PlanItem.objects.filter(pk=item.pk).update(**fields))


def test_two_items_of_a_plan_do_not_share_a_number():
    item = PlanItemFactory()

    refused(lambda: PlanItemFactory(plan=item.plan, number=item.number))


def test_a_step_that_sends_back_says_why():
    plan = drafted()

    assert "returned_plan_has_a_reason" in refused(
        lambda: PlanStep.objects.create(plan=plan, at=NOW, decision=Decision.RETURNED)
    )
    assert "plan_step_decision_is_known" in refused(
        lambda: PlanStep.objects.create(plan=plan, at=NOW, decision="eaten")
    )


def test_a_later_version_has_a_reason_and_its_own_number():
    plan = filed()
    version = plan.versions.get()

    copy = {"plan": plan, "content": version.content, "sha256": version.sha256, "filed_at": NOW}
    assert "later_plan_version_has_a_reason" in refused(
        lambda: PlanVersion.objects.create(number=2, **copy)
    )
    refused(lambda: PlanVersion.objects.create(number=1, **copy))


def test_a_filed_version_cannot_be_changed_or_deleted_by_code():
    version = filed().versions.get()
    version.reason = "别的理由"

    for attempt in (
        version.save,
        version.delete,
        lambda: PlanVersion.objects.filter(pk=version.pk).update(reason="x"),
        lambda: PlanVersion.objects.filter(pk=version.pk).delete(),
        lambda: PlanVersion.objects.bulk_update([version], ["reason"]),
        lambda: version.plan.versions.all().delete(),
    ):
        with pytest.raises(FrozenError):
            attempt()

    assert PlanVersion.objects.get().reason == ""


def test_a_version_gives_back_the_items_as_filed():
    plan = filed(items=3)
    filed_items = list(plan.items.all())

    again = plan.versions.get().items

    assert [(item.number, item.name, item.hours, item.budget) for item in again] == [
        (item.number, item.name, item.hours, item.budget) for item in filed_items
    ]


def test_who_sees_which_plans(
    town_staff,
    department_staff,
    branch_coordinator,
    district_staff,
    administrator,
    cadre,
    auditor,
    town,
    department,
    campus,
):
    of_town, of_department, of_campus = (
        AnnualPlanFactory(town=town),
        AnnualPlanFactory(town=None, department=department),
        AnnualPlanFactory(town=None, campus=campus),
    )
    foreign = AnnualPlanFactory()

    def seen(user):
        return set(AnnualPlan.objects.visible_to(user))

    assert seen(town_staff) == {of_town}
    assert seen(department_staff) == {of_department}
    assert seen(branch_coordinator) == {of_campus}
    assert (
        seen(district_staff) == seen(administrator) == {of_town, of_department, of_campus, foreign}
    )
    assert seen(cadre.user) == seen(auditor) == set()


def test_totals_multiply_hours_by_runs():
    plan = AnnualPlanFactory()
    PlanItemFactory(plan=plan, number=1, people=10, runs=3, hours="4.5", budget="100.25")
    PlanItemFactory(plan=plan, number=2, people=5, runs=1, hours=8, budget=0)

    row = AnnualPlan.objects.with_totals().get()

    assert (row.item_total, row.people_total, row.hours_total, float(row.budget_total)) == (
        2,
        15,
        21.5,
        100.25,
    )
    assert plan.items.totals() == {
        "items": 2,
        "people": 15,
        "hours": row.hours_total,
        "budget": row.budget_total,
    }


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("19900000123", "199****0123"),
        ("021-56781234", "021****1234"),
        ("56781234", "****34"),
        ("", ""),
    ],
)
def test_a_contact_phone_is_masked_on_pages(phone, shown):
    assert PlanItem(contact_phone=phone).contact_phone_masked == shown
