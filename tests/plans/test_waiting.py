import pytest

from academy.models import Role
from plans.filing import amend, return_for_changes, submit
from plans.models import filing_deadline, report_deadline
from plans.reports import (
    accept_report,
    archive,
    begin_report,
    hand_in_report,
    return_report,
)
from plans.waiting import waiting_for, waits_elsewhere
from tests.factories import NOW, RoleGrantFactory

from .factories import APPROVAL, drafted, filed, submitted

pytestmark = pytest.mark.django_db


def waits_for(user) -> list:
    return list(waiting_for(user, NOW))


def test_a_plan_in_review_waits_for_the_office(
    town, town_staff, district_staff, administrator, cadre, auditor
):
    plan = submitted(town=town)

    (item,) = waits_for(administrator)
    assert town.name in item.title
    assert (item.url, item.action, item.due_on) == (plan.get_absolute_url(), "同意备案", None)
    assert [item.action for item in waits_for(district_staff)] == ["审核"]
    assert waits_for(town_staff) == waits_for(cadre.user) == waits_for(auditor) == []


def test_a_returned_plan_waits_for_its_owner_with_the_last_reason(
    town, town_staff, department_staff, administrator
):
    plan = submitted(town=town)
    return_for_changes(plan=plan, reason="先前的意见", by=administrator, now=NOW)
    submit(plan=plan, by=town_staff, now=NOW)
    return_for_changes(plan=plan, reason="第 4 项改对象", by=administrator, now=NOW)

    (item,) = waits_for(town_staff)

    assert (item.detail, item.due_on, item.url) == (
        "第 4 项改对象",
        filing_deadline(2027),
        plan.get_absolute_url(),
    )
    assert waits_for(department_staff) == waits_for(administrator) == []


def test_a_returned_plan_waits_for_the_office_when_it_handed_it_in_itself(administrator):
    return_for_changes(plan=submitted(by=administrator), reason="补", by=administrator, now=NOW)

    assert len(waits_for(administrator)) == 1


def test_a_returned_change_has_no_day(town, town_staff):
    plan = submit(
        plan=amend(approval=APPROVAL, plan=filed(town=town), reason="新增", by=None, now=NOW),
        by=town_staff,
        now=NOW,
    )
    return_for_changes(plan=plan, reason="补", by=None, now=NOW)

    assert [item.due_on for item in waits_for(town_staff)] == [None]


def test_a_draft_waits_for_its_owner_with_the_last_day(
    town, town_staff, department_staff, administrator
):
    plan = drafted(town=town)

    (item,) = waits_for(town_staff)
    assert (item.url, item.due_on) == (plan.get_absolute_url(), filing_deadline(2027))
    assert waits_for(department_staff) == waits_for(administrator) == []


def test_a_draft_of_a_past_year_waits_for_nobody(town, town_staff):
    drafted(town=town, year=NOW.year - 1)

    assert waits_for(town_staff) == []


def test_what_is_filed_waits_for_nobody(town, town_staff, administrator):
    filed(town=town)

    assert waits_for(town_staff) == waits_for(administrator) == []


def test_a_plan_in_review_is_what_its_owner_waits_for(town, town_staff, administrator):
    plan = submitted(town=town)

    (item,) = waits_elsewhere(town_staff, NOW)
    assert (item.url, item.since) == (plan.get_absolute_url(), plan.handed_in_on)
    assert list(waits_elsewhere(administrator, NOW)) == []


def test_a_plan_that_came_back_is_what_the_office_waits_for(town, district_staff, administrator):
    return_for_changes(plan=submitted(town=town), reason="补", by=administrator, now=NOW)

    (item,) = waits_elsewhere(district_staff, NOW)
    assert item.who == town.name


def test_queries_do_not_grow(administrator, django_assert_max_num_queries):
    RoleGrantFactory(user=administrator, role=Role.DISTRICT_STAFF)
    for _ in range(4):
        submitted()

    # grants, plans, colleagues, those sent back, drafts, reports to accept and to write, fees
    with django_assert_max_num_queries(8):
        assert len(waits_for(administrator)) == 4


def test_reports_wait_for_whoever_goes_on_with_them(town, town_staff, administrator, time_machine):
    time_machine.move_to(NOW, tick=False)
    report = begin_report(plan=filed(town=town, items=1), now=NOW)
    address = f"{report.plan.get_absolute_url()}report/"
    assert waits_for(administrator) == waits_for(town_staff) == []  # its year is not over

    report = hand_in_report(report=report, by=town_staff, now=NOW)
    assert [(item.url, item.action) for item in waits_for(administrator)] == [(address, "审核")]
    assert waits_for(town_staff) == []

    report = return_report(report=report, reason="补写效果", by=administrator, now=NOW)
    assert [(item.url, item.detail) for item in waits_for(town_staff)] == [(address, "补写效果")]
    assert waits_for(administrator) == []

    report = hand_in_report(report=report, by=town_staff, now=NOW)
    accept_report(report=report, by=administrator, now=NOW)
    assert [(item.url, item.action) for item in waits_for(administrator)] == [(address, "归档")]
    archive(plan=report.plan, by=administrator, now=NOW)
    assert waits_for(administrator) == waits_for(town_staff) == []


def test_the_report_of_a_year_that_is_over_waits_until_it_is_handed_in(
    town, town_staff, department_staff
):
    plan = filed(town=town, year=2026)
    filed(town=town, year=2025)  # long over: an old plan without a report is not asked for

    (item,) = waits_for(town_staff)
    assert (item.url, item.due_on) == (
        f"{plan.get_absolute_url()}report/",
        report_deadline(2026),
    )
    hand_in_report(report=begin_report(plan=plan, now=NOW), by=town_staff, now=NOW)
    assert waits_for(town_staff) == waits_for(department_staff) == []


def test_a_change_of_a_filed_plan_waits_without_a_day(town, town_staff):
    plan = amend(approval=APPROVAL, plan=filed(town=town), reason="新增", by=None, now=NOW)

    (item,) = waits_for(town_staff)

    assert (item.url, item.due_on) == (plan.get_absolute_url(), None)
    assert "变更" in item.title
