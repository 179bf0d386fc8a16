"""The answer for every list: the page, the workbook, the sheet of paper, a step with many rows."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ..web.remembering import as_left, forget, keep_columns, remember, remembered
from .actions import EXPORT as EXPORT_STEP
from .columns import Column
from .export import workbook
from .listing import CLEAR, COLUMNS, EXPORT, PAGE, PRINT, SIZE, SORT, OfficeList
from .rendering import table_rows

MOST_ON_PAPER = 2000  # rows


def is_step(request: HttpRequest) -> bool:
    """Whether the ticked rows of a list were sent, and not another form of its page."""
    return request.method == "POST" and "action" in request.POST


def list_page(
    request: HttpRequest, the_list: OfficeList, more: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer for the list; the view has asked who may. `more` is for a template of its own."""
    if is_step(request):
        return _step(request, the_list)
    query = request.GET
    if COLUMNS in query:
        return _choose_columns(request, the_list)
    if CLEAR in query:
        forget(request, the_list.url)
        return redirect(_address(the_list, query, without=[CLEAR, *_kept_names(the_list), PAGE]))
    if not query and remembered(request, the_list.url):
        return redirect(as_left(request, the_list.url))
    if query.get(EXPORT) == "xlsx":
        return workbook(the_list, the_list.in_parts())
    if query.get(PRINT):
        return _paper(request, the_list)
    if the_list.is_known:
        remember(request, the_list.url, query, _kept_names(the_list))
    return render(request, the_list.template, page_context(request, the_list) | (more or {}))


def _kept_names(the_list: OfficeList) -> list[str]:
    return [*the_list.filter_names, SORT, SIZE]


def _address(
    the_list: OfficeList, query: QueryDict, *, without: list[str] = (), **more: str | None
) -> str:
    """The address of the list with this query, changed."""
    changed = query.copy()
    for name in without:
        changed.pop(name, None)
    for name, value in more.items():
        changed[name] = value
    return the_list.url + (f"?{changed.urlencode()}" if changed else "")


def page_context(request: HttpRequest, the_list: OfficeList) -> dict[str, Any]:
    """What the template of a list needs."""
    query = request.GET
    count = the_list.page.paginator.count
    return {
        "list": the_list,
        "page": the_list.page,
        "count": count,
        "count_words": the_list.count_words(count),
        "body": table_rows(the_list, the_list.page_rows),
        "headings": _headings(the_list, query),
        "columns": [(column, column in the_list.shown) for column in the_list.columns.values()],
        "columns_shown": len(the_list.shown),
        "carried": [
            (name, value)
            for name in query
            if name not in (COLUMNS, PAGE)
            for value in query.getlist(name)
        ],
        "carried_by_filters": [
            (name, query[name])
            for name in (SORT, SIZE, *the_list.needs_query)
            if query.get(name) and name not in the_list.filter_names
        ],
        "export_url": _address(the_list, query, without=[PAGE], **{EXPORT: "xlsx"}),
        "print_url": _address(the_list, query, without=[PAGE], **{PRINT: "1"}),
        "clear_url": _address(
            the_list, query, without=[*_kept_names(the_list), PAGE], **{CLEAR: "1"}
        ),
        "post_url": _address(the_list, query),
        "steps": [
            (step, request.POST.get(step.wants[0], "") if step.wants else "")
            for step in the_list.steps()
        ],
        "sizes": [
            (size, _address(the_list, query, without=[PAGE], **{SIZE: str(size)}))
            for size in the_list.sizes
            if size == the_list.size or count > min(size, the_list.sizes[0])
        ],
        "export_step": EXPORT_STEP,
    } | the_list.context()


def _headings(the_list: OfficeList, query: QueryDict) -> list[dict[str, Any]]:
    """What each heading says, where pressing it leads, and how it is sorted in the words of
    ARIA.
    """
    present, descending = the_list.sorting
    found = []
    for column in the_list.shown:
        is_present = column is present
        state = ("descending" if descending else "ascending") if is_present else ""
        sort = _next(column, is_present, descending)
        url = _address(the_list, query, without=[PAGE], **{SORT: sort}) if column.sort else ""
        classes = f"f1 {column.width}" if not found else column.classes
        found.append(
            {
                "column": column,
                "state": state,
                "url": url,
                "classes": classes + ("" if column.on_phone else " pc"),
            }
        )
    return found


def _next(column: Column, is_present: bool, descending: bool) -> str:
    return f"-{column.name}" if is_present and not descending else column.name


def _choose_columns(request: HttpRequest, the_list: OfficeList) -> HttpResponse:
    """Keep what was ticked; `usual` takes up the usual columns again."""
    asked = request.GET.getlist(COLUMNS)
    response = redirect(_address(the_list, request.GET, without=[COLUMNS]))
    names = None if "usual" in asked else [name for name in asked if name in the_list.columns]
    return keep_columns(response, the_list.slug, names, path=the_list.url)


def _paper(request: HttpRequest, the_list: OfficeList) -> HttpResponse:
    """All rows of the filter as they are printed, with the words of the filter."""
    rows: list = []
    for part in the_list.in_parts():
        rows += part
        if len(rows) >= MOST_ON_PAPER:
            break
    count = the_list.page.paginator.count
    return render(
        request,
        "lists/paper.html",
        {
            "list": the_list,
            "count_words": the_list.count_words(count),
            "back_url": _address(the_list, request.GET, without=[PRINT]),
            "is_cut": count > MOST_ON_PAPER,
            "most": MOST_ON_PAPER,
            "chosen": filter_words(the_list),
            "body": table_rows(the_list, rows[:MOST_ON_PAPER], on_paper=True),
        },
    )


def filter_words(the_list: OfficeList) -> list[tuple[str, str]]:
    """(label, value in words) of every filter that is chosen."""
    if the_list.form is None:
        return []
    found = []
    for name, field in the_list.form.fields.items():
        value = the_list.request.GET.get(name, "")
        if not value:
            continue
        choices = getattr(field, "choices", None)
        if choices is not None:
            value = next((words for key, words in choices if str(key) == value), "")
        if value:
            found.append((str(field.label or name), str(value)))
    return found


def _step(request: HttpRequest, the_list: OfficeList) -> HttpResponse:
    """One step with the ticked rows; afterwards the list says of each what became of it."""
    name = request.POST.get("action", "")
    step = next((found for found in the_list.steps() if found.name == name), None)
    if name != EXPORT_STEP and (step is None or step.address):
        raise Http404
    rows, outcomes = the_list.ticked()
    back = redirect(_address(the_list, request.GET))
    if not rows and not outcomes.changed and not outcomes.gone:
        messages.error(request, _("Tick at least one row first."))
        return back
    if name == EXPORT_STEP:
        return workbook(the_list, [rows])
    return getattr(the_list, f"bulk_{name}")(rows, outcomes) or back
