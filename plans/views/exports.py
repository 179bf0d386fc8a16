"""Plans as files to download."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from academy.access import require
from academy.web.downloads import download

from ..papers.exporting import FORMATS, export_plan, export_year, file_name
from ..workbook import NothingToExport
from .plans import plan_or_404


def _format(request: HttpRequest) -> str | None:
    wanted = request.GET.get("format", FORMATS[0])
    if wanted in FORMATS:
        return wanted
    messages.warning(request, _("Plans can be exported as xlsx, docx or csv."))
    return None


def plan_export(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    file_format = _format(request)
    if file_format is None:
        return redirect(plan)
    return download(export_plan(plan, file_format), file_name(plan.year, file_format, plan))


def export_all(request: HttpRequest) -> HttpResponse:
    require(
        request.user,
        "plans.export_all_plans",
        who=_(
            "All plans of a year are exported by an administrator. The page of a plan exports that"
            " plan."
        ),
    )
    file_format = _format(request)
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
    if year is None:
        messages.warning(request, _("Choose the year to export."))
    if file_format is None or year is None:
        return redirect("plans:plan_list")
    try:
        return download(export_year(year, file_format), file_name(year, file_format))
    except NothingToExport as error:
        messages.warning(request, str(error))
        return redirect("plans:plan_list")
