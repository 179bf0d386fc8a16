"""The import pages: choose a table, look at the preview, import it, look back, undo."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..access import require
from ..errors import PortalError
from ..lists.pages import is_step, list_page
from ..models import WRITTEN, ImportRow, ImportRun, ImportStatus, RowOutcome
from ..spreadsheets.opening import FileRefused
from ..web.downloads import download
from ..web.paging import page_of
from ..web.safe_next import path_of_ours, with_next
from . import files
from . import runs as importing
from .errors import not_offered
from .forms import ImportForm
from .importer import Importer
from .lists import STATUS_BADGES, ImportRunList, counts_of
from .progress import told
from .registry import importer_for, importer_of, importers_for, runs_visible_to

MOST_CHARACTERS = 60  # of an answer
ROWS_PER_PAGE = 50
FATE_BADGES = {
    RowOutcome.NEW: ("note", "plus-lg"),
    RowOutcome.CHANGED: ("wait", "pencil"),
    RowOutcome.SAME: ("idle", "check2"),
    RowOutcome.REJECTED: ("bad", ""),
}


def require_imports(user) -> None:
    """Refuse whoever may import nothing."""
    require(
        user,
        "academy.view_imports",
        who=_(
            "Departments import their own courses, units their own plans, the academy office"
            " everything."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@told
def import_list(request: HttpRequest) -> HttpResponse:
    """Choose what to import, and what has been imported so far; of one kind where the address
    names it, as the page of a table does.
    """
    require_imports(request.user)
    the_list = ImportRunList(request)
    if is_step(request):
        return list_page(request, the_list)
    importers = importers_for(request.user)
    here = [importer for importer in importers if not importer.upload_page]
    only = the_list.only if the_list.only in here else None
    form = ImportForm(
        request.POST or None, request.FILES or None, importers=[only] if only else here
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = importing.preview(
                kind=form.cleaned_data["kind"],
                content=file.content,
                name=file.name,
                by=request.user,
                now=timezone.now(),
            )
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect(with_next(request, run.get_absolute_url()))
    return list_page(
        request,
        the_list,
        {"form": form if here else None, "importers": importers, "only": only},
    )


@require_GET
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    require_imports(request.user)
    importer = next(
        (importer for importer in importers_for(request.user) if importer.kind == kind),
        None,
    )
    if importer is None:
        raise Http404
    with translation.override("zh-hans"):
        return download(files.template(importer), f"{importer.title}导入模板.xlsx")


def _run(request: HttpRequest, pk: int) -> ImportRun:
    require_imports(request.user)
    return get_object_or_404(
        runs_visible_to(request.user)
        .select_related("user", "undone_by")
        .defer("before", "content", "marks"),
        pk=pk,
    )


@require_GET
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview while nothing is written, the result afterwards: each row with its outcome, the
    outcomes as filters.
    """
    run = _run(request, pk)
    if run.user_id == request.user.pk:
        require(
            request.user,
            "academy.confirm_import",
            run,
            who=_("You do not work for this unit any more."),
        )
    importer = importer_for(run, timezone.now())
    if importer.upload_page:
        # the part of the navigation that is marked
        request.belongs_to = reverse(importer.upload_page)
    counts = counts_of([run])[run.pk]
    outcome = request.GET.get("outcome", "")
    rows = (
        run.rows.all()
        if not outcome
        else run.rows.filter(outcome=outcome)
        if outcome in RowOutcome.values
        else run.rows.none()
    )
    page = page_of(request, rows, ROWS_PER_PAGE)
    return render(
        request,
        "academy/import_run.html",
        {
            "run": run,
            "importer": importer,
            "badge": STATUS_BADGES[run.status],
            "page": page,
            "outcome": outcome,
            "total": sum(counts.values()),
            "outcomes": [(value, label, counts[value]) for value, label in RowOutcome.choices],
            "rejected": counts[RowOutcome.REJECTED],
            "writes": sum(counts[value] for value in WRITTEN),
            "is_preview": run.status == ImportStatus.PREVIEWED,
            "is_discarded": run.status == ImportStatus.DISCARDED,
            "questions": _questions(importer, run) if run.status == ImportStatus.PREVIEWED else [],
            "is_open": bool(importing.open_questions(run)),
            "hidden": _left_out(run, is_struck=False) if importer.offers_hidden else [],
            "struck": _left_out(run, is_struck=True) if importer.offers_hidden else [],
            "hidden_for_good": (
                [] if importer.offers_hidden else [item["reason"] for item in run.hidden]
            ),
            "rows": [
                (row, *FATE_BADGES[row.outcome], _changes(importer, row), *_cells(importer, row))
                for row in page
            ],
            "in_the_way": importer.in_the_way() if run.status == ImportStatus.PREVIEWED else "",
            "page_of_result": importer.page(),
            "upload_url": reverse(importer.upload_page or "imports:import_list"),
            "back": path_of_ours(request, request.GET.get("next", "")),
            "is_blocked": bool(counts[RowOutcome.REJECTED]) and not importer.leaves_out_rejected,
            "offers_leaving_out": importer.offers_leaving_out,
            "part": importer.page_context() if importer.page_part else {},
            "may_confirm": (
                run.status == ImportStatus.PREVIEWED
                and request.user.has_perm("academy.confirm_import", run)
            ),
            "may_undo": (
                run.status == ImportStatus.IMPORTED
                and request.user.has_perm("academy.undo_import", run)
            ),
        },
    )


def _left_out(run: ImportRun, *, is_struck: bool) -> list[str]:
    """What is hidden in the file, or what is struck out, in sentences."""
    return [item["reason"] for item in run.hidden if item.get("is_struck", False) == is_struck]


def _changes(importer: Importer, row) -> list[tuple[str, str, str]]:
    """(heading, old, new) of what a row changes."""
    return [
        (
            importer.heading_of(change["name"]),
            importer.shown(change["name"], change["old"]),
            importer.shown(change["name"], change["new"]),
        )
        for change in row.changes
    ]


def _questions(importer: Importer, run: ImportRun) -> list[dict]:
    """The questions as the form shows them: name of the field, what is asked, what may be chosen,
    what is chosen.
    """
    columns = [(column.name, column.heading) for column in importer.columns if column.is_offered]
    shown = []
    for number, question in enumerate(run.questions):
        if question["ask"] == "heading":
            choices, value = [("", _("do not read it")), *columns], question["column"]
            words = (
                _("Take “%(text)s” for “%(column)s”?")
                if question["required"]
                else _("What is “%(text)s”?")
            )
            words = words % {"text": question["text"], "column": importer.heading_of(value)}
        else:
            words, choices = importer.question_words(question)
            value = importer.answer(question.get("column", question["ask"]))
        shown.append(
            {
                "field": f"question-{number}",
                "words": words,
                "choices": choices,
                "value": value,
                "required": question["required"],
            }
        )
    return shown


def _cells(importer: Importer, row: ImportRow) -> tuple[list, list]:
    """What a row says in every column: (heading, text) of those that the preview shows at once, and
    of the others.
    """
    said = [
        (column.name, column.heading, text)
        for column in importer.columns
        if column.name in row.values
        and (text := importer.shown(column.name, row.values[column.name]))
    ]
    return (
        [(heading, text) for name, heading, text in said if name in importer.headline],
        [(heading, text) for name, heading, text in said if name not in importer.headline],
    )


@require_POST
@told
def import_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file anew with what the person says about it."""
    run = _run(request, pk)
    require(request.user, "academy.confirm_import", run, who=_("Whoever sent the file imports it."))
    try:
        run = importing.choose(run=run, choices=_choices(request, run), now=timezone.now())
        messages.success(request, _("Read again as you said. Look the preview over."))
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(run)


def _choices(request: HttpRequest, run: ImportRun) -> dict:
    """What was answered, for the questions that were asked; anything else in the form is left
    out. Raises PortalError for an answer that was not offered.
    """
    headings, answers = dict(run.choices.get("headings", {})), dict(run.choices.get("answers", {}))
    shown = _questions(importer_for(run, timezone.now()), run)
    for question, asked in zip(run.questions, shown, strict=True):
        said = request.POST.get(asked["field"], "").strip()[:MOST_CHARACTERS]
        if asked["choices"] and said not in dict(asked["choices"]):
            raise PortalError(not_offered(said, asked["words"]))
        if question["ask"] != "heading":
            answers[question.get("column", question["ask"])] = said
        elif said or question["required"] or question["text"] in headings:
            headings[question["text"]] = said
    return {
        "take_hidden": "take_hidden" in request.POST,
        "take_struck": "take_struck" in request.POST,
        "headings": headings,
        "answers": answers,
    }


@require_POST
@told
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    require(request.user, "academy.confirm_import", run, who=_("Whoever sent the file imports it."))
    try:
        run = importing.confirm(run=run, now=timezone.now(), leave_out="leave_out" in request.POST)
        rejected = run.rows.filter(outcome=RowOutcome.REJECTED).count()
        if rejected:
            messages.success(
                request,
                ngettext(
                    "Imported. %(count)d row was left out; mend it and send it again.",
                    "Imported. %(count)d rows were left out; mend them and send them again.",
                    rejected,
                )
                % {"count": rejected},
            )
        else:
            messages.success(request, _("Imported, all rows together."))
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(run)
    back = path_of_ours(request, request.POST.get("next", ""))
    return redirect(back or importer_for(run, timezone.now()).page() or run)


@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    require(
        request.user, "academy.confirm_import", run, who=_("Whoever sent the file puts it away.")
    )
    try:
        importing.discard(run=run)
        messages.success(request, _("Put away; nothing was imported."))
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(run)
    return redirect("imports:import_list")


@require_POST
@told
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    require(
        request.user,
        "academy.undo_import",
        run,
        who=_("Whoever sent the file, or the academy office, undoes the import."),
    )
    try:
        run = importing.undo(run=run, by=request.user, now=timezone.now())
        if run.left_alone:
            messages.warning(
                request,
                ngettext(
                    "The import is undone, but for %(count)d row that was changed or used since;"
                    " it is named below.",
                    "The import is undone, but for %(count)d rows that were changed or used since;"
                    " they are named below.",
                    run.left_alone,
                )
                % {"count": run.left_alone},
            )
        else:
            messages.success(request, _("The import is undone. Everything is as it was before."))
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(importer_for(run, timezone.now()).page() or run)


@require_GET
def import_rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rejected rows with their reasons, to be mended and sent again."""
    run = _run(request, pk)
    rows = list(run.rows.filter(outcome=RowOutcome.REJECTED))
    return download(
        files.rejected_rows(importer_of(run.kind), rows),
        f"不能导入的行-{run.pk}.xlsx",
    )
