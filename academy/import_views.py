"""The import pages: choose a table, look at the preview, import it, look back, undo."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import import_files, importing
from .access import require
from .downloads import download
from .errors import PortalError
from .forms import ImportForm
from .models import WRITTEN, Fate, ImportRow, ImportRun, ImportStatus
from .paging import page_of
from .sheets import FileRefused

PER_PAGE = 25
ROWS_PER_PAGE = 50
STATUS_BADGES = {ImportStatus.PREVIEWED: "wait", ImportStatus.IMPORTED: "ok", ImportStatus.UNDONE: "idle"}
FATE_BADGES = {Fate.NEW: ("note", "plus-lg"), Fate.CHANGED: ("wait", "pencil"), Fate.SAME: ("idle", "check2"), Fate.REJECTED: ("bad", "")}


def _require_imports(user) -> None:
    require(user, "academy.view_imports", who=_("Departments import their own courses, the academy office everything."))


@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Choose what to import, and what has been imported so far."""
    _require_imports(request.user)
    importers = importing.importers_for(request.user)
    form = ImportForm(request.POST or None, request.FILES or None, importers=importers)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = importing.preview(kind=form.cleaned_data["kind"], content=file.content, name=file.name, by=request.user, now=timezone.now())
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect(run)
    page = page_of(request, importing.runs_visible_to(request.user).defer("before", "warnings").select_related("user").order_by("-pk"), PER_PAGE)
    counts = _counts(page)
    return render(request, "academy/import_list.html", {
        "form": form, "importers": importers, "page": page,
        "rows": [(run, importing.importer_of(run.kind).title, STATUS_BADGES[run.status], counts[run.pk]) for run in page],
    })  # fmt: skip


def _counts(runs: Iterable[ImportRun]) -> dict[int, dict[str, int]]:
    """Key of a run → fate → how many of its rows have it."""
    counts: dict[int, dict[str, int]] = {run.pk: dict.fromkeys(Fate.values, 0) for run in runs}
    for run, fate, count in ImportRow.objects.filter(run__in=counts).order_by().values_list("run", "fate").annotate(Count("pk")):
        counts[run][fate] = count
    return counts


@require_GET
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    _require_imports(request.user)
    importer = next((importer for importer in importing.importers_for(request.user) if importer.kind == kind), None)
    if importer is None:
        raise Http404
    with translation.override("zh-hans"):
        return download(import_files.template(importer), f"{importer.title}导入模板.xlsx")


def _run(request: HttpRequest, pk: int) -> ImportRun:
    _require_imports(request.user)
    return get_object_or_404(importing.runs_visible_to(request.user).select_related("user", "undone_by").defer("before"), pk=pk)


@require_GET
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview while nothing is written, the result afterwards: each row with its fate, the fates as filters."""
    run = _run(request, pk)
    importer = importing.importer_of(run.kind)(run.user, timezone.now())
    counts = _counts([run])[run.pk]
    fate = request.GET.get("fate", "")
    rows = run.rows.all() if not fate else run.rows.filter(fate=fate) if fate in Fate.values else run.rows.none()
    page = page_of(request, rows, ROWS_PER_PAGE)
    return render(request, "academy/import_run.html", {
        "run": run, "importer": importer, "badge": STATUS_BADGES[run.status], "page": page, "fate": fate, "total": sum(counts.values()),
        "fates": [(value, label, counts[value]) for value, label in Fate.choices], "rejected": counts[Fate.REJECTED],
        "writes": sum(counts[value] for value in WRITTEN), "is_preview": run.status == ImportStatus.PREVIEWED,
        "rows": [(row, *FATE_BADGES[row.fate], _changes(importer, row)) for row in page],
        "may_confirm": run.status == ImportStatus.PREVIEWED and request.user.has_perm("academy.confirm_import", run),
        "may_undo": run.status == ImportStatus.IMPORTED and request.user.has_perm("academy.undo_import", run),
    })  # fmt: skip


def _changes(importer: importing.Importer, row) -> list[tuple[str, str, str]]:
    """(heading, old, new) of what a row changes."""
    return [(importer.heading_of(change["name"]), importer.shown(change["name"], change["old"]), importer.shown(change["name"], change["new"])) for change in row.changes]


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    require(request.user, "academy.confirm_import", run, who=_("Whoever sent the file imports it."))
    try:
        importing.confirm(run=run, now=timezone.now())
        messages.success(request, _("Imported, all rows together."))
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(run)


@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    require(request.user, "academy.undo_import", run, who=_("Whoever sent the file, or the academy office, undoes the import."))
    try:
        importing.undo(run=run, by=request.user, now=timezone.now())
        messages.success(request, _("The import is undone. Everything is as it was before."))
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(run)


@require_GET
def import_rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rejected rows with their reasons, to be mended and sent again."""
    run = _run(request, pk)
    rows = list(run.rows.filter(fate=Fate.REJECTED))
    return download(import_files.rejected_rows(importing.importer_of(run.kind), rows), f"不能导入的行-{run.pk}.xlsx")
