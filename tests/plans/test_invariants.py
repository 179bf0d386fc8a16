import pytest
from django.db import connection
from django.db.models import QuerySet

from academy.invariants import Breach
from plans.filing import amend
from plans.invariants import breaches
from plans.models import AnnualPlan, FilingCounter, PlanItem, PlanVersion
from tests.factories import NOW
from tests.unguarded import unguarded

from .factories import APPROVAL, drafted, filed, submitted

pytestmark = pytest.mark.django_db


APPROVED = {
    "amendment_kind": "change",
    "approved_by_name": "示例主任",
    "approved_by_post": "局长",
    "approved_on": NOW.date(),
}


def keys() -> list[tuple]:
    return [(breach.rule, breach.model, breach.key) for breach in breaches()]


def force(rows: QuerySet, **fields) -> None:
    """Write past the guard of the model, as a hand in the database would."""
    with unguarded():
        QuerySet.update(rows, **fields)


def test_sound_plans_have_no_breach():
    drafted()
    submitted()
    filed()
    amend(approval=APPROVAL, plan=filed(), reason="新增", by=None, now=NOW)

    assert list(breaches()) == []


def test_a_changed_version_is_found():
    version = filed().versions.get()
    content = version.content
    content["items"][0]["people"] = 9_999

    force(PlanVersion.objects.filter(pk=version.pk), content=content)

    assert (6, "plans.PlanVersion", version.pk) in keys()
    assert all(isinstance(breach, Breach) and breach.text for breach in breaches())


def test_a_changed_item_of_a_filed_plan_is_found():
    plan = filed()

    PlanItem.objects.filter(plan=plan, number=1).update(people=9_999)

    assert keys() == [(6, "plans.AnnualPlan", plan.pk)]


def test_a_number_without_a_version_is_found():
    plan = drafted()
    FilingCounter.objects.create(year=2027, last_number=1)

    AnnualPlan.objects.filter(pk=plan.pk).update(
        filing_number="示例〔2027〕001号", filing_sequence=1, filed_at=NOW
    )

    assert keys() == [(6, "plans.AnnualPlan", plan.pk)]


def test_a_number_the_counter_never_gave_is_found():
    plan = filed()

    FilingCounter.objects.update(last_number=0)

    assert keys() == [(6, "plans.AnnualPlan", plan.pk)]


def test_a_missing_version_is_found():
    plan = filed()

    force(
        PlanVersion.objects.filter(plan=plan),
        number=2,
        reason="x",
        amendment_kind="change",
        approved_by_name="示",
        approved_by_post="长",
        approved_on=NOW.date(),
    )

    assert keys() == [(6, "plans.AnnualPlan", plan.pk)]


@pytest.mark.django_db(transaction=True)
def test_a_number_given_twice_is_found_where_the_constraint_is_gone():
    one, two = filed(), filed()
    guards = [
        guard
        for guard in AnnualPlan._meta.constraints
        if guard.name in ("filing_sequence_unique_in_year", "filing_number_unique_in_year")
    ]
    with connection.schema_editor() as editor:
        for guard in guards:
            editor.remove_constraint(AnnualPlan, guard)
    try:
        AnnualPlan.objects.filter(pk=two.pk).update(
            filing_number=one.filing_number, filing_sequence=one.filing_sequence
        )

        assert keys() == [
            (6, "plans.AnnualPlan", one.filing_number),
            (6, "plans.AnnualPlan", one.filing_sequence),
        ]
    finally:
        AnnualPlan.objects.filter(pk=two.pk).update(
            filing_number="示例〔2027〕900号", filing_sequence=900
        )
        with connection.schema_editor() as editor:
            for guard in guards:
                editor.add_constraint(AnnualPlan, guard)
