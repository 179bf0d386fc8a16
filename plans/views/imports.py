"""Sending the file of a plan; its preview and what follows are pages that all imports share."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from academy.imports import runs
from academy.imports.progress import told
from academy.spreadsheets.opening import FileRefused

from ..forms import NewPlanForm, UploadForm, planning_year
from ..importers import PlanImporter
from ..imports.table_context import context_of
from ..owners import owners_for
from .plans import require_plan_pages


@told
def import_upload(request: HttpRequest) -> HttpResponse:
    require_plan_pages(request.user)
    owners = owners_for(request.user)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, owners=owners)
        if form.is_valid():
            file, context = (
                form.cleaned_data["file"],
                context_of(form.cleaned_data["owner"], form.cleaned_data["year"]),
            )
            try:
                return redirect(
                    runs.preview(
                        kind=PlanImporter.kind,
                        content=file.content,
                        name=file.name,
                        by=request.user,
                        now=timezone.now(),
                        context=context,
                    )
                )
            except FileRefused as refused:
                form.add_error("file", str(refused))
    else:
        form = UploadForm(owners=owners, initial=_wanted(request, owners))
    return render(request, "plans/import_upload.html", {"form": form})


def _wanted(request: HttpRequest, owners: list) -> dict:
    """What the link to this page says about owner and year; anything odd is left out."""
    year = request.GET.get("year", "")
    by_code = {owner.code: owner for owner in owners}
    owner = by_code.get(request.GET.get("owner", ""), owners[0] if len(owners) == 1 else None)
    return {
        "year": (
            int(year)
            if year.isascii() and year.isdigit() and len(year) == 4
            else planning_year(timezone.localdate())
        ),
        "owner": NewPlanForm.key(owner) if owner else None,
    }
