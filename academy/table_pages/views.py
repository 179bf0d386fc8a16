"""The pages of kept tables: all of them, lists, one row, out of use and back, order, export."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ..access import require
from ..errors import PortalError
from ..imports.registry import importers
from ..lists.pages import list_page
from . import changing
from .forms import RetireForm, form_for
from .lists import TableIndex, list_of
from .registry import tables
from .table import MasterTable
from .uses import uses_of


def _require_office(user) -> None:
    require(
        user, "academy.view_tables", who=_("The academy office keeps these tables and settings.")
    )


def _table(request: HttpRequest, slug: str) -> MasterTable:
    _require_office(request.user)
    try:
        return tables()[slug]
    except KeyError:
        raise Http404 from None


def _kept_table(request: HttpRequest, slug: str) -> MasterTable:
    table = _table(request, slug)
    require(request.user, "academy.keep_table", table, who=str(table.who))
    return table


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it nothing; None where a page is only looked at."""
    return request.POST if request.method == "POST" else None


def _address(table: MasterTable) -> str:
    return reverse("tables:table_list", args=[table.slug])


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Every table by its area, with how many rows are in use."""
    _require_office(request.user)
    return list_page(request, TableIndex(request))


@require_http_methods(["GET", "HEAD", "POST"])
def table_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows in use, or those out of use; found by a word, narrowed by what they belong to."""
    table = _table(request, slug)
    importer = importers().get(table.importer)
    return list_page(
        request,
        list_of(table)(request),
        {"importer": importer if importer and importer.may_use(request.user) else None},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def row_add(request: HttpRequest, slug: str) -> HttpResponse:
    table = _kept_table(request, slug)
    if not table.may_add:
        raise Http404
    return _row_page(request, table, None)


@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    table = _kept_table(request, slug)
    return _row_page(request, table, get_object_or_404(table.rows(), pk=pk))


def _row_page(request: HttpRequest, table: MasterTable, item) -> HttpResponse:
    name = table.name_of(item) if item else ""
    form = form_for(table)(_sent(request), instance=item)
    effects: list[str] = []
    if request.method == "POST" and form.is_valid():
        effects = [] if form.is_confirmed else table.effects(form)
        if not effects:
            try:
                saved = changing.save(table=table, form=form)
            except PortalError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Saved: “%(name)s”.") % {"name": table.name_of(saved)})
                return redirect(_address(table))
    return render(
        request,
        "academy/tables/row.html",
        {
            "table": table,
            "form": form,
            "item": item,
            "name": name,
            "lasting": table.lasting_of(item) if item else [],
            "effects": effects,
            "uses": uses_of(item) if item and table.counts_uses else [],
            "is_retired": bool(item) and table.is_retired(item),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def row_retire(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Says what uses the row; on sending it takes the row out of use."""
    table = _kept_table(request, slug)
    if not table.ends:
        raise Http404
    item = get_object_or_404(table.rows(), pk=pk)
    today = timezone.localdate()
    form = RetireForm(_sent(request), table=table, item=item, today=today)
    if request.method == "POST" and form.is_valid():
        changing.retire(table=table, item=item, day=form.cleaned_data.get("day", today))
        messages.success(
            request,
            _("“%(name)s” is out of use; what names it keeps it.") % {"name": table.name_of(item)},
        )
        return redirect(_address(table))
    return render(
        request,
        "academy/tables/retire.html",
        {
            "table": table,
            "item": item,
            "form": form,
            "name": table.name_of(item),
            "uses": uses_of(item),
        },
    )


@require_POST
def row_bring_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    table = _kept_table(request, slug)
    item = get_object_or_404(table.rows(), pk=pk)
    return _step(
        request,
        table,
        lambda: changing.bring_back(table=table, item=item),
        _("“%(name)s” is in use again.") % {"name": table.name_of(item)},
    )


@require_POST
def row_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    table = _kept_table(request, slug)
    if not table.ordered:
        raise Http404
    item = get_object_or_404(table.rows(), pk=pk)
    return _step(
        request,
        table,
        lambda: changing.move(table=table, item=item, up="up" in request.POST),
        _("“%(name)s” was moved.") % {"name": table.name_of(item)},
    )


def _step(
    request: HttpRequest, table: MasterTable, do: Callable[[], object], done: str
) -> HttpResponse:
    if not table.ends:
        raise Http404
    try:
        do()
        messages.success(request, done)
    except PortalError as refused:
        messages.error(request, str(refused))
    return redirect(_address(table))
