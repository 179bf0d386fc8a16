"""What the units are reminded of: their plan, what came back, trainings nobody holds, the report.

Source: docs/rules.md R52.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from notices.kinds import NoticeKind
from notices.models import Notice
from notices.reminders import NoticeDraft, Reminder, instant

from .actual.of_items import held_of_items
from .chasing import drafters_of, units_of
from .models import (
    AnnualPlan,
    Decision,
    ExecutionReport,
    PlanItem,
    PlanStatus,
    PlanStep,
    ReportStatus,
    filing_deadline,
    report_deadline,
)
from .notices import (
    ITEM_WITHOUT_CLASS,
    PLAN_DUE_IN_A_MONTH,
    PLAN_DUE_IN_A_WEEK,
    PLAN_DUE_TOMORROW,
    PLAN_STILL_RETURNED,
    REPORT_DUE,
)

LIES_FOR = timedelta(days=5)  # a returned plan, before its unit is reminded
LAST_DAYS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}
REPORT_DONE = (ReportStatus.HANDED_IN, ReportStatus.ACCEPTED)


class OwnersPlanIsDue:
    """To whoever drafts the plan of a unit that must file and has not handed in; its subject is the
    unit, its moment the last day of the year's plans.
    """

    at_hour = 9
    text: NoticeKind

    def due(self, now: datetime) -> Iterable[NoticeDraft]:
        start, end = (timezone.localdate(moment) for moment in self.window(now))
        for year in {start.year, end.year}:
            day = filing_deadline(year)
            if not start <= day <= end:
                continue
            for unit in units_of(year):
                if unit.has_handed_in or not unit.must_file:
                    continue
                for person in drafters_of(unit.owner, start):
                    yield self.draft(
                        self.text,
                        person,
                        subject=unit.owner,
                        moment=day,
                        values={"year": year, "unit": unit.owner.name, "day": day},
                        link=_link(unit.plan, year),
                    )

    def still_true(self, notice: Notice) -> bool:
        day = timezone.localdate(notice.moment)
        return filing_deadline(day.year) == day and any(
            unit.owner == notice.subject and not unit.has_handed_in for unit in units_of(day.year)
        )


class PlanDueInAMonth(OwnersPlanIsDue, Reminder):
    """30 days before the last day."""

    kind, text = "plan_due_in_a_month", PLAN_DUE_IN_A_MONTH
    name = gettext_lazy("The annual plan is due in a month")
    days_before = 30


class PlanDueInAWeek(OwnersPlanIsDue, Reminder):
    """7 days before the last day."""

    kind, text = "plan_due_in_a_week", PLAN_DUE_IN_A_WEEK
    name = gettext_lazy("The annual plan is due in a week")
    days_before = 7


class PlanDueTomorrow(OwnersPlanIsDue, Reminder):
    """The day before the last day."""

    kind, text = "plan_due_tomorrow", PLAN_DUE_TOMORROW
    name = gettext_lazy("The annual plan is due tomorrow")
    days_before = 1


class PlanStillReturned(Reminder):
    """Some days after a plan came back, while it still lies with its unit; once for each return."""

    kind = "plan_still_returned"
    name = gettext_lazy("A plan that came back lies with its unit")
    days_before = 0
    at_hour = 9

    def due(self, now: datetime) -> Iterable[NoticeDraft]:
        plans = AnnualPlan.objects.filter(status=PlanStatus.RETURNED).with_owner()
        for plan in plans:
            step = _last_return(plan)
            if step is None:
                continue
            due_at = self.due_at(timezone.localdate(step.at + LIES_FOR))
            for person in drafters_of(plan.owner, timezone.localdate(now)):
                yield NoticeDraft(
                    person=person,
                    subject=step,
                    due_at=due_at,
                    kind=PLAN_STILL_RETURNED,
                    values={"year": plan.year, "unit": plan.owner.name, "opinion": step.opinion},
                    link=plan.get_absolute_url(),
                )

    def still_true(self, notice: Notice) -> bool:
        step = notice.subject
        return step.plan.status == PlanStatus.RETURNED and _last_return(step.plan) == step


class ItemWithoutClass(Reminder):
    """Two weeks before the first quarter of a filed item ends, while no class hangs on it."""

    kind = "plan_item_without_class"
    name = gettext_lazy("A planned training has no class")
    days_before = 14
    at_hour = 9

    def due(self, now: datetime) -> Iterable[NoticeDraft]:
        start, end = (timezone.localdate(moment) for moment in self.window(now))
        for year in {start.year, end.year}:
            for quarter, month_and_day in LAST_DAYS.items():
                day = date(year, *month_and_day)
                if start <= day <= end:
                    yield from self._of_quarter(year, quarter, day, start)

    def _of_quarter(self, year: int, quarter: int, day: date, today: date):
        items = list(
            PlanItem.objects.counted()
            .filter(plan__year=year, plan__status=PlanStatus.FILED, quarter=quarter)
            .select_related("plan__town", "plan__department", "plan__campus")
            .in_code_order()
        )
        held = held_of_items(items)
        people: dict[int, list] = {}
        for item in items:
            if item.pk in held and held[item.pk].classes:
                continue
            if item.plan_id not in people:
                people[item.plan_id] = drafters_of(item.plan.owner, today)
            for person in people[item.plan_id]:
                yield self.draft(
                    ITEM_WITHOUT_CLASS,
                    person,
                    subject=item,
                    moment=day,
                    values={"name": item.name, "day": day},
                    link=item.plan.get_absolute_url(),
                )

    def still_true(self, notice: Notice) -> bool:
        item = notice.subject
        held = held_of_items([item]).get(item.pk)
        return (
            not item.is_cancelled
            and item.plan.status == PlanStatus.FILED
            and item.quarter is not None
            and instant(date(item.plan.year, *LAST_DAYS[item.quarter])) == notice.moment
            and not (held and held.classes)
        )


class ReportIsDue(Reminder):
    """Two weeks before the last day of execution reports, while the unit's own is not handed in."""

    kind = "plan_report_due"
    name = gettext_lazy("The execution report of a plan is due")
    days_before = 14
    at_hour = 9

    def due(self, now: datetime) -> Iterable[NoticeDraft]:
        start, end = (timezone.localdate(moment) for moment in self.window(now))
        for year in {start.year - 1, end.year - 1}:
            day = report_deadline(year)
            if not start <= day <= end:
                continue
            done = ExecutionReport.objects.filter(status__in=REPORT_DONE).values("plan")
            plans = AnnualPlan.objects.filter(year=year, status=PlanStatus.FILED)
            for plan in plans.exclude(pk__in=done).with_owner().in_code_order():
                for person in drafters_of(plan.owner, start):
                    yield self.draft(
                        REPORT_DUE,
                        person,
                        subject=plan,
                        moment=day,
                        values={"year": year, "unit": plan.owner.name, "day": day},
                        link=plan.get_absolute_url(),
                    )

    def still_true(self, notice: Notice) -> bool:
        plan = notice.subject
        return (
            plan.status == PlanStatus.FILED
            and instant(report_deadline(plan.year)) == notice.moment
            and not ExecutionReport.objects.filter(plan=plan, status__in=REPORT_DONE).exists()
        )


def _link(plan: AnnualPlan | None, year: int) -> str:
    return plan.get_absolute_url() if plan else f"{reverse('plans:plan_list')}?year={year}"


def _last_return(plan: AnnualPlan) -> PlanStep | None:
    return plan.steps.filter(decision=Decision.RETURNED).last()
