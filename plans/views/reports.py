"""The execution report of a plan: written by its unit, accepted by the office, then archived."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.access import require
from academy.errors import PortalError
from academy.web.concurrent_edits import ChangedMeanwhile
from academy.web.downloads import download

from .. import reports
from ..forms import ReviewForm
from ..models import Decision, ExecutionReport, ReportStatus, report_deadline
from ..papers.exporting import export_report, report_file_name
from ..report_forms import ReportEdit
from .items import plan_to_edit
from .plans import plan_or_404

ROWS_A_PAGE = 20  # of a form with eleven fields each; most plans have fewer


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Written in one form; read where it lies with the office."""
    plan = plan_or_404(request, pk)
    may_write = request.user.has_perm("plans.draft_plan", plan)
    found = ExecutionReport.objects.filter(plan=plan).first()
    try:
        if request.method == "POST":
            plan_to_edit(request, pk)
            return _written(request, plan)
        if found is None and not may_write:
            raise PortalError(_("There is no execution report of this plan yet."))
        if found is None:
            found = reports.begin_report(plan=plan, now=timezone.now())
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(plan)
    return _page(request, found, ReportEdit(found, only=_rows_of_page(request, found)))


def _page_of_rows(request: HttpRequest, found: ExecutionReport) -> Page:
    return Paginator(found.rows.all(), ROWS_A_PAGE).get_page(request.GET.get("page"))


def _rows_of_page(request: HttpRequest, found: ExecutionReport) -> set[int]:
    return {row.pk for row in _page_of_rows(request, found)}


def _written(request: HttpRequest, plan) -> HttpResponse:
    found = reports.begin_report(plan=plan, now=timezone.now())
    edit = ReportEdit(found, request.POST, only=_rows_of_page(request, found))
    if not edit.rows.is_valid():
        return _page(request, found, edit)
    try:
        with transaction.atomic():
            edit.refuse_if_changed()
            reports.save_rows(report=found, rows=edit.rows.save(commit=False))
    except ChangedMeanwhile as changed:
        messages.error(request, str(changed))
        return _page(request, found, edit)
    if "hand_in" in request.POST:
        try:
            reports.hand_in_report(report=found, by=request.user, now=timezone.now())
        except reports.ReportIncomplete as incomplete:
            messages.error(request, str(incomplete))
            return redirect("plans:report", plan.pk)
        messages.success(request, _("Handed in. The office looks at it next."))
        return redirect(plan)
    messages.success(request, _("Saved. Hand it in when it is complete."))
    number = _page_of_rows(request, found).number + ("next" in request.POST)
    return redirect(f"{reverse('plans:report', args=[plan.pk])}?page={number}")


def _page(request: HttpRequest, found: ExecutionReport, edit: ReportEdit) -> HttpResponse:
    plan = plan_or_404(request, found.plan_id)
    office = request.user.has_perm("plans.review_plans")
    return render(
        request,
        "plans/report.html",
        {
            "plan": plan,
            "report": found,
            "edit": edit,
            "rows": edit.rows,
            "returned": _sent_back(found),
            "page": _page_of_rows(request, found),
            "read": [] if edit.instance.is_editable else list(found.rows.all()),
            "deadline": report_deadline(plan.year),
            "may_write": found.is_editable and request.user.has_perm("plans.draft_plan", plan),
            "may_review": office and found.status == ReportStatus.HANDED_IN,
            "may_archive": office
            and found.status == ReportStatus.ACCEPTED
            and plan.status == "filed",
            "review_form": ReviewForm(),
        },
    )


def _sent_back(found: ExecutionReport):
    """The step in which it was sent back last, while it has not been handed in again."""
    if found.status != ReportStatus.RETURNED:
        return None
    steps = found.plan.steps.select_related("by").filter(decision=Decision.REPORT_RETURNED)
    return steps.last()


@require_safe
def report_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a document; what was typed and not saved is not in it."""
    plan = plan_or_404(request, pk)
    found = ExecutionReport.objects.filter(plan=plan).first()
    if found is None:
        messages.error(request, _("There is no execution report of this plan yet."))
        return redirect(plan)
    found.plan = plan  # with its owner
    return download(export_report(found), report_file_name(found))


def _of_office(request: HttpRequest, pk: int, act: Callable[[ExecutionReport], object], words: str):
    plan = plan_or_404(request, pk)
    require(
        request.user,
        "plans.review_plans",
        who=_("Execution reports are accepted by district staff and administrators."),
    )
    found = get_object_or_404(ExecutionReport.objects.select_related("plan"), plan=plan)
    try:
        act(found)
        messages.success(request, words)
    except PortalError as error:
        messages.error(request, str(error))
    return redirect("plans:report", plan.pk)


@require_POST
def report_accept(request: HttpRequest, pk: int) -> HttpResponse:
    return _of_office(
        request,
        pk,
        lambda found: reports.accept_report(report=found, by=request.user, now=timezone.now()),
        _("Accepted. The plan can be archived now."),
    )


@require_POST
def report_return(request: HttpRequest, pk: int) -> HttpResponse:
    return _of_office(
        request,
        pk,
        lambda found: reports.return_report(
            report=found,
            reason=request.POST.get("opinion", ""),
            by=request.user,
            now=timezone.now(),
        ),
        _("Sent back. The unit has a notice with your opinion."),
    )


@require_POST
def plan_archive(request: HttpRequest, pk: int) -> HttpResponse:
    return _of_office(
        request,
        pk,
        lambda found: reports.archive(plan=found.plan, by=request.user, now=timezone.now()),
        _("Archived. The plan is only read from now on."),
    )
