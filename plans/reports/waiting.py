"""Execution reports at /manage/: those sent back and those due for their units, those handed in and
plans to archive for the office. Source: docs/rules.md R51.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.colleagues import colleagues_of
from academy.waiting import Fold, WaitingItem, WaitingKind

from ..models import (
    AnnualPlan,
    Decision,
    PlanStatus,
    PlanStep,
    ReportStatus,
    report_deadline,
)

PLACE = "plans:plan_list"
DUE = Q(report__isnull=True) | Q(report__status=ReportStatus.DRAFT)


def reports_to_accept(user) -> Iterable[WaitingItem]:
    """For the office: reports that were handed in, and plans whose report is accepted."""
    steps = {
        ReportStatus.HANDED_IN: (
            _("%(owner)s handed in its execution report for %(year)s"),
            _("Execution reports to accept"),
            pgettext("button", "Review"),
        ),
        ReportStatus.ACCEPTED: (
            _("The plan of %(owner)s for %(year)s can be archived"),
            _("Annual plans to archive"),
            pgettext("button", "Archive"),
        ),
    }
    plans = AnnualPlan.objects.filter(status=PlanStatus.FILED, report__status__in=steps)
    for plan in plans.with_owner().select_related("report").in_code_order():
        title, together, action = steps[ReportStatus(plan.report.status)]
        yield _item(
            plan,
            title=title,
            action=action,
            kind=WaitingKind.REVIEW,
            others=colleagues_of(user).in_office(),
            fold=Fold(
                f"reports-{plan.report.status}", together, f"{reverse(PLACE)}?status=filed", action
            ),
            short=str(plan.owner),
        )


def reports_to_write(plans: QuerySet[AnnualPlan], now: datetime) -> Iterable[WaitingItem]:
    """Of these plans, the reports that were sent back, with the reason, and those of a year that is
    over and not handed in yet.
    """
    reason = (
        PlanStep.objects.filter(plan=OuterRef("pk"), decision=Decision.REPORT_RETURNED)
        .order_by("-at", "-pk")
        .values("opinion")[:1]
    )
    filed = plans.filter(status=PlanStatus.FILED).annotate(returned_because=Subquery(reason))
    this_year = timezone.localdate(now).year
    wanted = Q(report__status=ReportStatus.RETURNED) | Q(DUE, year=this_year - 1)
    for plan in filed.filter(wanted).select_related("report").with_owner().in_code_order():
        report = getattr(plan, "report", None)
        is_back = report is not None and report.status == ReportStatus.RETURNED
        yield _item(
            plan,
            title=_("The execution report of %(owner)s for %(year)s came back")
            if is_back
            else _("The execution report of %(owner)s for %(year)s is due"),
            detail=plan.returned_because if is_back else "",
            action=pgettext("button", "Mend") if is_back else pgettext("a plan", "Go on"),
            kind=WaitingKind.FILING,
            due_on=None if is_back else report_deadline(plan.year),
        )


def _item(plan: AnnualPlan, *, title: str, detail: str = "", **more) -> WaitingItem:
    return WaitingItem(
        title=title % {"owner": plan.owner, "year": plan.year},
        detail=detail,
        url=reverse("plans:report", args=[plan.pk]),
        place=PLACE,
        **more,
    )
