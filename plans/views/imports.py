"""Importing a plan from a file: upload, preview, confirm, undo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from academy.errors import PortalError

from .. import plan_import
from ..forms import NewPlanForm, UploadForm, planning_year
from ..models import AnnualPlan, PlanItem, PlanUpload, UploadStatus, kind_of
from ..owners import drafts_for, owners_for
from .plans import require_plan_pages


def import_upload(request: HttpRequest) -> HttpResponse:
    require_plan_pages(request.user)
    owners = owners_for(request.user)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, owners=owners)
        if form.is_valid():
            request.user.plan_uploads.filter(status=UploadStatus.UPLOADED).delete()  # only the newest waits
            owner = form.cleaned_data["owner"]
            upload = PlanUpload.objects.create(
                **{kind_of(owner): owner}, year=form.cleaned_data["year"], user=request.user, file_name=form.cleaned_data["file"].name[-200:], content=form.cleaned_data["file"].content,
            )  # fmt: skip
            return redirect(upload)
    else:
        form = UploadForm(owners=owners, initial=_wanted(request, owners))
    return render(request, "plans/import_upload.html", {"form": form})


def _wanted(request: HttpRequest, owners: list) -> dict:
    """What the link to this page says about owner and year; anything odd is left out."""
    year = request.GET.get("year", "")
    by_code = {owner.code: owner for owner in owners}
    owner = by_code.get(request.GET.get("owner", ""), owners[0] if len(owners) == 1 else None)
    return {
        "year": int(year) if year.isascii() and year.isdigit() and len(year) == 4 else planning_year(timezone.localdate()),
        "owner": NewPlanForm.key(owner) if owner else None,
    }


def _own_upload(request: HttpRequest, pk: int) -> PlanUpload:
    """An upload is its sender's alone, and only while the sender may draft the owner's plan."""
    upload = get_object_or_404(PlanUpload.objects.select_related("town", "department", "campus"), pk=pk, user=request.user)
    if not drafts_for(request.user, upload.owner):
        raise PermissionDenied(_("The plan is drafted by its own unit and the district."))
    return upload


def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _own_upload(request, pk)
    if upload.status != UploadStatus.UPLOADED:
        messages.info(request, _("This file has been imported already."))
        return redirect(upload.plan)
    plan = AnnualPlan.objects.of_owner(upload.owner).of_year(upload.year).with_owner().first()
    try:
        reading = plan_import.preview(content=bytes(upload.content), name=upload.file_name, owner=upload.owner, year=upload.year)
    except PortalError as error:
        return render(request, "plans/import_preview.html", {"upload": upload, "refused": str(error)})
    for row in reading.rows:
        row.change_words = [str(PlanItem._meta.get_field(name).verbose_name) for name in row.changes]
    changes = reading.count(plan_import.NEW) + reading.count(plan_import.CHANGED)
    return render(request, "plans/import_preview.html", {
        "upload": upload, "plan": plan, "reading": reading, "changes": changes,
        "new": reading.count(plan_import.NEW), "changed": reading.count(plan_import.CHANGED), "same": reading.count(plan_import.SAME),
        "people": sum(row.item.people for row in reading.accepted), "budget": sum(row.item.budget for row in reading.accepted),
        "locked": plan is not None and not plan.is_editable,
    })  # fmt: skip


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _own_upload(request, pk)
    try:
        plan = plan_import.confirm(upload=upload, by=request.user, now=timezone.now())
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(upload)
    messages.success(request, _("Imported. Look it over and hand it in when it is right."))
    return redirect(plan)


@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _own_upload(request, pk)
    if upload.plan is None:
        return redirect(upload)
    try:
        plan_import.undo(upload=upload, by=request.user, now=timezone.now())
        messages.success(request, _("The import is undone. The items are as they were before it."))
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(upload.plan)
