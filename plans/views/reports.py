"""The execution report of a plan: written by its unit, accepted by the office, then archived."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.access import require
from academy.errors import PortalError
from academy.web.downloads import download

from .. import reports
from ..forms import ReviewForm
from ..models import ExecutionReport, ReportStatus, report_deadline
from ..papers.exporting import export_report, report_file_name
from ..report_forms import ReportRows
from .items import plan_to_edit
from .plans import plan_or_404


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
    return _page(request, found, ReportRows(queryset=found.rows.all()))


def _written(request: HttpRequest, plan) -> HttpResponse:
    found = reports.begin_report(plan=plan, now=timezone.now())
    rows = ReportRows(request.POST, queryset=found.rows.all())
    if not rows.is_valid():
        return _page(request, found, rows)
    reports.save_rows(report=found, rows=rows.save(commit=False))
    if "hand_in" in request.POST:
        reports.hand_in_report(report=found, by=request.user, now=timezone.now())
        messages.success(request, _("Handed in. The office looks at it next."))
        return redirect(plan)
    messages.success(request, _("Saved. Hand it in when it is complete."))
    return redirect("plans:report", plan.pk)


def _page(request: HttpRequest, found: ExecutionReport, rows) -> HttpResponse:
    plan = plan_or_404(request, found.plan_id)
    office = request.user.has_perm("plans.review_plans")
    return render(
        request,
        "plans/report.html",
        {
            "plan": plan,
            "report": found,
            "rows": rows,
            "read": list(found.rows.all()),
            "deadline": report_deadline(plan.year),
            "may_write": found.is_editable and request.user.has_perm("plans.draft_plan", plan),
            "may_review": office and found.status == ReportStatus.HANDED_IN,
            "may_archive": office
            and found.status == ReportStatus.ACCEPTED
            and plan.status == "filed",
            "review_form": ReviewForm(),
        },
    )


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
