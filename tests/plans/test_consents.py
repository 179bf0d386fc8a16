"""The consent of the organisation department to items that call cadres of other systems."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from plans.consents import (
    ConsentIncomplete,
    ConsentMissing,
    ConsentNotNeeded,
    consents_of,
    open_consents,
    record_consent,
)
from plans.filing import file_plan
from plans.models import ConsentState, ItemConsent, PlanStatus
from tests.factories import NOW, UserFactory

from .factories import submitted

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)
GIVEN = {"state": ConsentState.GIVEN, "answered_on": DAY, "by_whom": "示例科室"}


@pytest.fixture
def plan(town):
    plan = submitted(town=town)
    plan.items.filter(number=2).update(other_system_cadres=True)
    return plan


def record(plan, **fields):
    item = plan.items.get(number=2)
    return record_consent(item=item, by=UserFactory(), now=NOW, **fields)


def test_a_plan_is_not_filed_while_a_consent_is_open(plan):
    assert [one.item.number for one in open_consents(plan)] == [2]
    with pytest.raises(ConsentMissing, match="2"):
        file_plan(plan=plan, by=UserFactory(), now=NOW)
    record(plan, state=ConsentState.ASKED, asked_on=DAY)
    with pytest.raises(ConsentMissing):
        file_plan(plan=plan, by=UserFactory(), now=NOW)
    plan.refresh_from_db()
    assert (plan.status, plan.filing_number) == (PlanStatus.SUBMITTED, "")


@pytest.mark.parametrize("fields", [GIVEN, {"state": ConsentState.WAIVED, "opinion": "会后补"}])
def test_it_is_filed_when_consent_is_given_or_an_administrator_says_why_not(plan, fields):
    record(plan, **fields)
    assert open_consents(plan) == []
    assert file_plan(plan=plan, by=UserFactory(), now=NOW).status == PlanStatus.FILED


def test_a_refusal_stops_the_filing_and_cannot_be_waived(plan):
    refusal = {**GIVEN, "state": ConsentState.REFUSED, "opinion": "与全区调训冲突"}
    record(plan, **refusal)
    with pytest.raises(ConsentMissing):
        file_plan(plan=plan, by=UserFactory(), now=NOW)
    with pytest.raises(ConsentIncomplete):
        record(plan, state=ConsentState.WAIVED, opinion="急")
    record(plan, **GIVEN)
    assert [one.state for one in consents_of(plan)] == [ConsentState.GIVEN]
    assert ItemConsent.objects.count() == 2


def test_an_item_that_calls_nobody_else_needs_none(plan):
    with pytest.raises(ConsentNotNeeded):
        record_consent(item=plan.items.get(number=1), by=UserFactory(), now=NOW, **GIVEN)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "perhaps"},
        {"state": ConsentState.ASKED},
        {"state": ConsentState.GIVEN, "answered_on": DAY},
        {"state": ConsentState.REFUSED, "answered_on": DAY, "by_whom": "某人"},
        {"state": ConsentState.WAIVED},
        {**GIVEN, "asked_on": date(2027, 3, 2)},
    ],
)
def test_the_database_refuses_a_record_that_lacks_something(plan, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemConsent.objects.create(
            item=plan.items.get(number=2), recorded_by=UserFactory(), recorded_at=NOW, **fields
        )


def address(plan, number=2) -> str:
    return f"/manage/plans/{plan.pk}/items/{plan.items.get(number=number).pk}/consent/"


def test_the_review_says_what_is_missing_and_leads_to_the_page(client, administrator, plan):
    client.force_login(administrator)
    page = client.get(f"/manage/plans/{plan.pk}/").text
    assert "第 2 项涉及本系统以外干部，组织部意见尚未登记" in page
    assert address(plan) in page
    refused = client.post(f"/manage/plans/{plan.pk}/file/", {}, follow=True)
    assert "组织部意见尚未登记，不能备案" in refused.text
    sent = {"state": "given", "answered_on": "2027-03-01", "by_whom": "示例科室"}
    assert client.post(address(plan), sent).status_code == 302
    assert "组织部已于2027年3月1日同意" in client.get(f"/manage/plans/{plan.pk}/").text
    assert client.get(address(plan)).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"state": "given"},
        {"state": "waived", "opinion": "急"},
        {"state": "refused", "answered_on": "2027-03-01", "by_whom": "某人"},
        {"state": "asked", "asked_on": "2027年十三月"},
        {"state": "asked", "asked_on": "0001-01-01"},
        {"state": "given", "by_whom": "人", "asked_on": "2027-03-02", "answered_on": "2027-03-01"},
    ],
)
def test_what_a_unit_may_not_record_is_refused_in_a_sentence(client, town_staff, plan, sent):
    client.force_login(town_staff)
    page = client.post(address(plan), sent)
    assert page.status_code == 422
    assert page.context["form"].errors
    assert not ItemConsent.objects.exists()


def test_an_item_that_needs_none_has_no_page(client, administrator, plan):
    client.force_login(administrator)
    assert client.get(address(plan, number=1)).status_code == 404
