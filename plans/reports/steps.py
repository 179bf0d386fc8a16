"""Begun, written, handed in, sent back or accepted; then the plan is archived."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from academy.errors import InvalidTransition, PortalError

from ..actual.of_items import held_of_items
from ..filing import (
    OPINION_LENGTH,
    PlanNotFiled,
    ReportNotAccepted,
    given_reason,
    lock,
    record_step,
    tell_submitter,
)
from ..models import AnnualPlan, Decision, ExecutionReport, PlanStatus, ReportRow, ReportStatus
from ..notices import REPORT_ACCEPTED, REPORT_RETURNED
from .prefilling import prefill

TYPED = (
    "name",
    "audience",
    "content",
    "held",
    "place",
    "people",
    "staff",
    "spent",
    "funding",
    "results",
    "problems",
)


class ReportNotEditable(InvalidTransition):
    """The report lies with the office or is accepted."""


class ReportNotInReview(InvalidTransition):
    """Only a report that was handed in is accepted or sent back."""


class ReportIncomplete(PortalError):
    """A training with people has no time or no result."""


@transaction.atomic
def begin_report(*, plan: AnnualPlan, now: datetime) -> ExecutionReport:
    """Return the report of a filed plan, begun where there is none. Items that came since have a
    row as well. Raises PlanNotFiled.
    """
    plan = lock(plan)
    if plan.status != PlanStatus.FILED:
        raise PlanNotFiled(_("A report is written for a filed plan. This one is not filed now."))
    report, _is_new = ExecutionReport.objects.get_or_create(plan=plan, defaults={"begun_at": now})
    if report.is_editable:
        there = set(report.rows.values_list("item_key", flat=True))
        items = [item for item in plan.items.all() if item.key not in there]
        held = held_of_items(items)
        with translation.override(settings.LANGUAGE_CODE):  # it is kept
            rows = [prefill(item, held.get(item.pk)) for item in items]
        for row in rows:
            row.report = report
        ReportRow.objects.bulk_create(rows)
    return report


@transaction.atomic
def save_rows(*, report: ExecutionReport, rows: Iterable[ReportRow]) -> None:
    """Write what was typed. Raises ReportNotEditable."""
    report = _lock_editable(report)
    keys = set(report.rows.values_list("pk", flat=True))
    ReportRow.objects.bulk_update([row for row in rows if row.pk in keys], TYPED)


@transaction.atomic
def hand_in_report(*, report: ExecutionReport, by, now: datetime) -> ExecutionReport:
    """Hand the report in. A late one is flagged by its day, not refused.

    Raises ReportNotEditable, ReportIncomplete.
    """
    report = _lock_editable(report)
    lacking = [row.number for row in report.rows.all() if row.people and not row.held.strip()]
    if lacking:
        raise ReportIncomplete(
            _("Trainings %(numbers)s had people and do not say when. Fill these in first.")
            % {"numbers": "、".join(map(str, lacking))}
        )
    report.status = ReportStatus.HANDED_IN
    report.handed_in_on = report.handed_in_on or timezone.localdate(now)
    report.save()
    record_step(report.plan, Decision.REPORT_HANDED_IN, by, now)
    return report


@transaction.atomic
def return_report(*, report: ExecutionReport, reason: str, by, now: datetime) -> ExecutionReport:
    """Send the report back. Raises ReasonMissing, ReportNotInReview."""
    reason = given_reason(
        reason, OPINION_LENGTH, _("Write what has to change, so that the unit knows what to do.")
    )
    report = _lock_in_review(report)
    report.status = ReportStatus.RETURNED
    report.save()
    step = record_step(report.plan, Decision.REPORT_RETURNED, by, now, reason)
    tell_submitter(report.plan, step, REPORT_RETURNED)
    return report


@transaction.atomic
def accept_report(*, report: ExecutionReport, by, now: datetime) -> ExecutionReport:
    """Accept the report. Raises ReportNotInReview."""
    report = _lock_in_review(report)
    report.status = ReportStatus.ACCEPTED
    report.save()
    step = record_step(report.plan, Decision.REPORT_ACCEPTED, by, now)
    tell_submitter(report.plan, step, REPORT_ACCEPTED)
    return report


@transaction.atomic
def archive(*, plan: AnnualPlan, by, now: datetime) -> AnnualPlan:
    """Archive a filed plan whose report is accepted; it is only read from now on.

    Raises PlanNotFiled, ReportNotAccepted.
    """
    plan = lock(plan)
    if plan.status != PlanStatus.FILED:
        raise PlanNotFiled(_("Only a filed plan is archived. This one is not filed at present."))
    if not ExecutionReport.objects.filter(plan=plan, status=ReportStatus.ACCEPTED).exists():
        raise ReportNotAccepted(
            _("The plan is archived when its execution report is accepted. It is not yet.")
        )
    plan.status = PlanStatus.ARCHIVED
    plan.save()
    record_step(plan, Decision.ARCHIVED, by, now)
    return plan


def _locked(report: ExecutionReport) -> ExecutionReport:
    lock(report.plan)
    return ExecutionReport.objects.select_related("plan").get(pk=report.pk)


def _lock_editable(report: ExecutionReport) -> ExecutionReport:
    report = _locked(report)
    if not report.is_editable:
        raise ReportNotEditable(
            _("The report was handed in. It can be changed when the office sends it back.")
        )
    return report


def _lock_in_review(report: ExecutionReport) -> ExecutionReport:
    report = _locked(report)
    if report.status != ReportStatus.HANDED_IN:
        raise ReportNotInReview(_("The report is not in review at present."))
    return report
