"""The list of a kept table, whose columns are those that the table shows; and of all tables."""

from functools import cache, cached_property
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ..lists.actions import Link, Nothing
from ..lists.columns import Action, Column, LongText, Number
from ..lists.listing import OfficeList
from .registry import tables_of
from .table import Area, MasterTable
from .uses import with_uses
from .usual import has_still_empty

OUT_OF_USE = "retired"
MOST_CHARACTERS = 40  # of the word a list is searched by


class TableFilter(forms.Form):
    """A word, what the rows belong to, and whether they are in use."""

    q = forms.CharField(label=_("Name or code"), required=False)
    of = forms.ChoiceField(label=_("Belongs to"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, *, table: MasterTable) -> None:
        super().__init__(data)
        self.fields["state"].choices = [
            ("", pgettext("kept tables", "In use")),
            (OUT_OF_USE, pgettext("kept tables", "Out of use")),
        ]
        if not table.ends:
            del self.fields["state"]
        if table.narrowed_by:
            model = table.model._meta.get_field(table.narrowed_by).related_model
            self.fields["of"].choices = [
                ("", pgettext("filter", "All")),
                *((str(item.pk), str(item)) for item in model._default_manager.all()),
            ]
        else:
            del self.fields["of"]


class KeptTableList(OfficeList):
    """The rows in use, or those out of use; found by a word, narrowed by what they belong to.
    `list_of` makes one for each table.
    """

    table: ClassVar[MasterTable]
    address = "tables:table_list"
    template = "academy/tables/list.html"
    empty_template = "academy/tables/_empty.html"
    has_steps_of_rows = True
    nothing_matches = gettext_lazy("Nothing matches.")

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, self.table.slug)
        self.may_keep = self.table.may_keep(self.user) if self.user else False
        if self.may_keep and self.table.ordered and not (self.wants_retired or self.is_filtered):
            move = _named("move", Action(pgettext_lazy("kept tables", "Order")))
            self.columns = {**self.columns, "move": move}

    @property
    def crumb(self) -> Link:
        return Link(pgettext("kept tables", "Tables"), reverse("tables:index"))

    @property
    def wants_retired(self) -> bool:
        return self.request.GET.get("state") == OUT_OF_USE

    @property
    def word(self) -> str:
        return self.request.GET.get("q", "").strip()[:MOST_CHARACTERS]

    @cached_property
    def form(self) -> TableFilter:
        return TableFilter(self.request.GET, table=self.table)

    def rows(self) -> QuerySet:
        table, rows = self.table, self.table.rows()
        if self.word:
            found = Q()
            for name in table.found_by:
                found |= Q(**{f"{name}__icontains": self.word})
            rows = rows.filter(found)
        belongs_to = self.request.GET.get("of", "")
        if table.narrowed_by and belongs_to and self.is_known:
            rows = rows.filter(**{table.narrowed_by: belongs_to})
        return rows

    @cached_property
    def found(self) -> Any:
        if not self.is_known:
            return []
        rows, retired = self.rows(), self.table.retired()
        rows = rows.filter(retired) if self.wants_retired else rows.exclude(retired)
        return with_uses(rows) if self.table.counts_uses else rows

    def link(self, row: models.Model) -> str:
        return reverse("tables:row_edit", args=[self.table.slug, row.pk]) if self.may_keep else ""

    def show_uses(self, row: models.Model) -> str:
        return str(row.uses) if row.uses else pgettext("used by", "nothing")

    def show_move(self, row: models.Model) -> str:
        name = self.table.name_of(row)
        address = reverse("tables:row_move", args=[self.table.slug, row.pk])
        button = (
            '<button class="btn btn-plain" name="{}" formaction="{}" aria-label="{}">{}</button>'
        )
        return format_html(
            button + button,
            *("up", address, _("%(name)s: up") % {"name": name}, "↑"),
            *("down", address, _("%(name)s: down") % {"name": name}, "↓"),
        )

    def count_words(self, count: int) -> str:
        words = _("%(count)s out of use") if self.wants_retired else _("%(count)s in use")
        return words % {"count": count}

    def links(self) -> list[Link]:
        found = []
        if self.table.ends and not self.wants_retired:
            retired = self.rows().filter(self.table.retired()).count()
            if retired:
                words = _("See the %(count)s out of use") % {"count": retired}
                found.append(Link(words, f"{self.url}?state={OUT_OF_USE}"))
        elif self.wants_retired:
            found.append(Link(_("See what is in use"), f"{self.url}?clear=1"))
        if self.may_keep and self.table.may_add:
            new = reverse("tables:row_add", args=[self.table.slug])
            found.append(Link(self.table.one, new, "plus-lg", primary=True))
        return found

    @property
    def nothing(self) -> Nothing:
        return Nothing(_("Nothing here yet."), str(self.table.empty))


@cache
def list_of(table: MasterTable) -> type[KeptTableList]:
    """The list of one table."""
    return type(
        f"ListOf{type(table).__name__}",
        (KeptTableList,),
        {
            "__doc__": f"The rows of {table.slug}.",
            "table": table,
            "slug": f"table-{table.slug}",
            "heading": table.title,
            "about": table.about,
            "columns": {name: _named(name, column) for name, column in _columns_of(table).items()},
        },
    )


def _columns_of(table: MasterTable) -> dict[str, Column]:
    found: dict[str, Column] = {
        "name": Column(pgettext_lazy("kept tables", "Name"), table.name_of, sort=table.found_by[0])
    }
    for name in table.shown:
        field = table.model._meta.get_field(name)
        kind = Number if isinstance(field, models.IntegerField | models.DecimalField) else Column
        value = _shown(table, name) if kind is Column or field.choices else name
        found[name] = kind(capfirst(field.verbose_name), value, sort=_sort_of(field))
    if table.counts_uses:
        found["uses"] = Number(gettext_lazy("Used by"), sort="uses")
    return found


def _named(name: str, column: Column) -> Column:
    column.__set_name__(KeptTableList, name)
    return column


def _shown(table: MasterTable, name: str) -> Any:
    return lambda row: table.shown_value(row, name)


def _sort_of(field: models.Field) -> str | bool:
    if not field.is_relation:
        return field.name
    names = {other.name for other in field.related_model._meta.concrete_fields}
    return f"{field.name}__name" if "name" in names else False


class TableRow(NamedTuple):
    """A table with what is in it."""

    table: MasterTable
    count: int  # of rows in use
    may_keep: bool

    @property
    def kept_by(self) -> str:
        if self.may_keep:
            return pgettext("kept by", "you")
        return pgettext("kept by", "administrators")


class TableIndex(OfficeList):
    """Every table by its area, with how many rows are in use."""

    slug, address = "tables", "tables:index"
    heading = pgettext_lazy("kept tables", "Tables")
    about = gettext_lazy(
        "What every page chooses from. Rows are taken out of use, never deleted, so that past"
        " records keep their words."
    )
    searched = ("table__title", "table__about", "table__area__label")

    table = Column(pgettext_lazy("kept tables", "Table"), "table.title", sort=True)
    area = Column(gettext_lazy("Area"), "table.area.label", sort=True)
    count = Number(pgettext_lazy("kept tables", "In use"), sort=True)
    kept_by = Column(gettext_lazy("Kept by"), sort=True)
    what = LongText(gettext_lazy("What it holds"), "table.about", on_phone=False)

    def rows(self) -> list[TableRow]:
        return [
            TableRow(
                table,
                table.model._default_manager.exclude(table.retired()).count(),
                table.may_keep(self.user),
            )
            for area in Area
            for table in tables_of(area)
        ]

    def key(self, row: TableRow) -> str:
        return row.table.slug

    def name(self, row: TableRow) -> str:
        return str(row.table.title)

    def link(self, row: TableRow) -> str:
        return reverse("tables:table_list", args=[row.table.slug])

    def links(self) -> list[Link]:
        found = []
        if has_still_empty(self.user):
            words = _("Begin with the usual words")
            found.append(Link(words, reverse("tables:usual_words"), primary=True))
        if self.user.has_perm("academy.change_settings"):
            settings = reverse("office_settings")
            found.append(Link(_("Settings of the office"), settings, "sliders"))
        found.append(Link(_("Start list"), reverse("portal:start"), "check-square-fill"))
        return found
