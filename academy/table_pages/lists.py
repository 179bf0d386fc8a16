"""The list of a kept table: its columns are those that the table shows."""

from functools import cached_property
from typing import Any

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
from ..lists.columns import Action, Column, Number
from ..lists.listing import OfficeList
from .table import MasterTable
from .uses import with_uses

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
    """The rows in use, or those out of use; found by a word, narrowed by what they belong to."""

    address = "tables:table_list"
    template = "academy/tables/list.html"
    has_steps_of_rows = True
    nothing_matches = gettext_lazy("Nothing matches.")

    def __init__(self, request: HttpRequest, table: MasterTable) -> None:
        super().__init__(request, table.slug)
        self.table = table
        self.slug = f"table-{table.slug}"
        self.heading, self.about = table.title, table.about
        self.may_keep = table.may_keep(self.user) if self.user else False
        self.columns = {column.name: column for column in self._columns()}

    def _columns(self) -> list[Column]:
        table = self.table
        found = [
            _named(
                "name",
                Column(pgettext_lazy("kept tables", "Name"), table.name_of, sort=table.found_by[0]),
            )
        ]
        for name in table.shown:
            field = table.model._meta.get_field(name)
            kind = (
                Number if isinstance(field, models.IntegerField | models.DecimalField) else Column
            )
            value = _shown(table, name) if kind is Column or field.choices else name
            found.append(
                _named(name, kind(capfirst(field.verbose_name), value, sort=_sort_of(field)))
            )
        if table.counts_uses:
            found.append(_named("uses", Number(gettext_lazy("Used by"), sort="uses")))
        if self.may_keep and table.ordered and not self.wants_retired and not self.is_filtered:
            found.append(_named("move", Action(pgettext_lazy("kept tables", "Order"))))
        return found

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
