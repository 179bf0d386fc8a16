"""Who has not handed in, asking for it, what units are reminded of, the execution report."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from academy.models import Role
from academy.office_settings import CACHE_KEY, save_settings
from notices.due_reminders import plan as sweep
from notices.models import Notice, NoticeStatus
from plans import reports
from plans.actual.of_items import Held
from plans.chasing import chase, units_of
from plans.filing import (
    PlanNotEditable,
    PlanNotFiled,
    ReportNotAccepted,
    amend,
    lock_editable,
    return_for_changes,
    submit,
)
from plans.models import PlanStatus, ReportStatus, filing_deadline, report_deadline
from tests.factories import NOW, SHANGHAI, RoleGrantFactory, TownFactory, UserFactory

from .factories import APPROVAL, drafted, filed, submitted

pytestmark = pytest.mark.django_db
YEAR = 2027


def clerk_of(*towns):
    person = UserFactory()
    for town in towns:
        RoleGrantFactory(user=person, role=Role.TOWN_STAFF, town=town)
    return person


def ask(*towns, now=NOW):
    wanted = [unit for unit in units_of(YEAR) if unit.owner in towns]
    return chase(units=wanted, by=UserFactory(), now=now)


def texts(person):
    return [(notice.kind, notice.title) for notice in Notice.objects.filter(person=person)]


# --- asking ---------------------------------------------------------------------------------------


def test_a_person_of_two_units_is_asked_once_and_no_unit_twice_in_a_week():
    one, two = TownFactory(), TownFactory()
    person = clerk_of(one, two)

    first = ask(one, two)
    second = ask(one, two, now=NOW + timedelta(days=3))
    third = ask(one, now=NOW + timedelta(days=7))

    assert (len(first.asked), first.people) == (2, 1)
    assert ([days for _unit, days in second.asked_before], second.asked) == ([3, 3], [])
    assert [unit.owner for unit in third.asked] == [one]
    assert [kind for kind, _title in texts(person)] == ["plan_chased"] * 2


def test_nobody_is_asked_for_what_lies_with_the_office_or_where_nobody_drafts():
    done, alone = TownFactory(), TownFactory()
    clerk_of(done)
    submitted(town=done)

    found = ask(done, alone)

    assert [unit.owner for unit in found.handed_in] == [done]
    assert [unit.owner for unit in found.without_people] == [alone]
    assert not Notice.objects.filter(kind="plan_chased").exists()


def test_units_say_who_holds_the_plan():
    towns = [TownFactory() for _ in range(4)]
    drafted(town=towns[1])
    submitted(town=towns[2])
    filed(town=towns[3])

    held = {unit.owner: unit.holder for unit in units_of(YEAR)}

    assert [held[town] for town in towns] == [towns[0].name, towns[1].name, "学院办公室", ""]


# --- due days -------------------------------------------------------------------------------------


def test_the_due_days_are_what_the_office_sets():
    assert (filing_deadline(2027), report_deadline(2027)) == (date(2027, 3, 31), date(2028, 3, 31))

    due_on("2月29日")

    assert (filing_deadline(2027), filing_deadline(2028)) == (date(2027, 2, 28), date(2028, 2, 29))


def due_on(day: str) -> None:
    save_settings(wanted={"plan_due": day}, based_on=0, by=UserFactory(), now=NOW)
    cache.delete(CACHE_KEY)


def at(month: int, day: int, year: int = YEAR) -> datetime:
    return datetime(year, month, day, 9, 30, tzinfo=SHANGHAI)


def pending(person, kind_begins: str) -> list[str]:
    rows = Notice.objects.filter(person=person, kind__startswith=kind_begins)
    return sorted(rows.exclude(status=NoticeStatus.WITHDRAWN).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ((2, 27), []),
        ((3, 1), ["plan_due_in_a_month"]),
        ((3, 24), ["plan_due_in_a_month", "plan_due_in_a_week"]),
        ((3, 30), ["plan_due_in_a_month", "plan_due_in_a_week", "plan_due_tomorrow"]),
    ],
)
def test_a_unit_is_reminded_a_month_a_week_and_a_day_before(day, told):
    person = clerk_of(TownFactory())

    for _twice in range(2):
        sweep(at(*day))

    assert pending(person, "plan_due") == told


def test_a_reminder_moves_with_its_day_and_goes_when_the_plan_is_handed_in():
    town = TownFactory()
    person = clerk_of(town)
    sweep(at(3, 24))
    assert pending(person, "plan_due_in_a_week") == ["plan_due_in_a_week"]

    due_on("5月31日")
    sweep(at(3, 24))
    assert pending(person, "plan_due_in_a_week") == []
    sweep(at(5, 24))
    assert pending(person, "plan_due_in_a_week") == ["plan_due_in_a_week"]

    submitted(town=town)
    sweep(at(5, 24))
    assert pending(person, "plan_due_in_a_week") == []


def test_a_plan_that_came_back_and_lies_is_reminded_of_once_until_it_is_handed_in():
    town = TownFactory()
    person = clerk_of(town)
    plan = return_for_changes(plan=submitted(town=town), reason="补", by=None, now=NOW)
    sweep(NOW + timedelta(days=4))
    assert pending(person, "plan_still") == []

    sweep(NOW + timedelta(days=6))
    sweep(NOW + timedelta(days=7))
    assert pending(person, "plan_still") == ["plan_still_returned"]

    submit(plan=plan, by=person, now=NOW + timedelta(days=7))
    sweep(NOW + timedelta(days=7))
    assert pending(person, "plan_still") == []


def test_a_quarter_that_ends_without_a_class_is_told(monkeypatch):
    town = TownFactory()
    person = clerk_of(town)
    plan = filed(town=town)
    first = plan.items.first()
    held = {first.pk: Held(1, 30, Decimal(4), None, None, ())}
    monkeypatch.setattr("plans.reminders.held_of_items", lambda items: held)

    sweep(at(6, 17))

    told = Notice.objects.filter(person=person, kind="plan_item_without_class")
    assert [notice.subject_id for notice in told] == [plan.items.last().pk]


def test_the_report_is_reminded_of_until_it_is_handed_in():
    town = TownFactory()
    person = clerk_of(town)
    plan = filed(town=town)
    sweep(at(3, 18, 2028))
    assert pending(person, "plan_report_due") == ["plan_report_due"]

    report = reports.begin_report(plan=plan, now=NOW)
    reports.hand_in_report(report=report, by=person, now=NOW)
    sweep(at(3, 18, 2028))

    assert pending(person, "plan_report_due") == []


# --- the report -----------------------------------------------------------------------------------


def test_the_report_begins_with_what_happened(monkeypatch):
    plan = filed()
    first, second = plan.items.all()
    held = Held(2, 37, Decimal("8.00"), date(2027, 4, 3), date(2027, 8, 9), ("示例馆", "示例村"))
    monkeypatch.setattr("plans.reports.steps.held_of_items", lambda items: {first.pk: held})

    for _twice in range(2):
        report = reports.begin_report(plan=plan, now=NOW)

    rows = [(row.item_key, row.held, row.place, row.people, row.spent) for row in report.rows.all()]
    assert rows == [
        (first.key, "4月3日—8月9日", "示例馆、示例村", 37, 0),
        (second.key, "", "", 0, 0),
    ]
    assert "8" in report.rows.first().results


def test_a_report_is_handed_in_sent_back_and_accepted_then_the_plan_is_archived():
    plan, person = filed(), UserFactory()
    report = reports.begin_report(plan=plan, now=NOW)
    with pytest.raises(ReportNotAccepted):
        reports.archive(plan=plan, by=person, now=NOW)
    with pytest.raises(reports.ReportNotInReview):
        reports.accept_report(report=report, by=person, now=NOW)
    report = reports.hand_in_report(report=report, by=person, now=NOW)
    with pytest.raises(reports.ReportNotEditable):
        reports.save_rows(report=report, rows=list(report.rows.all()))
    report = reports.return_report(report=report, reason="补效果", by=person, now=NOW)
    report = reports.hand_in_report(report=report, by=person, now=at(4, 1, 2028))
    assert (report.handed_in_on, report.is_late) == (NOW.date(), False)

    report = reports.accept_report(report=report, by=person, now=NOW)
    plan = reports.archive(plan=plan, by=person, now=NOW)

    assert (report.status, plan.status) == (ReportStatus.ACCEPTED, PlanStatus.ARCHIVED)
    with pytest.raises(PlanNotEditable):
        lock_editable(plan)
    with pytest.raises(PlanNotFiled):
        amend(plan=plan, reason="x", approval=APPROVAL, by=person, now=NOW)


def test_a_late_report_is_flagged():
    report = reports.begin_report(plan=filed(), now=NOW)

    late = reports.hand_in_report(report=report, by=None, now=at(4, 1, 2028))

    assert late.is_late


def test_a_training_with_people_says_when_it_was_held():
    report = reports.begin_report(plan=filed(), now=NOW)
    report.rows.filter(number=2).update(people=3)

    with pytest.raises(reports.ReportIncomplete, match="2"):
        reports.hand_in_report(report=report, by=None, now=NOW)
