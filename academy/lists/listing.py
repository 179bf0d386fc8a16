"""A list of the office, declared once: its columns, its rows, what narrows it, what can be done
with the ticked rows. Every list under /manage/ is one; `pages.py` answers for all of them.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..web.paging import OneAfterTheOther
from ..web.remembering import chosen_columns
from .actions import Bulk, Link, Nothing, Outcomes
from .columns import Column
from .words import WordForm, with_word

SIZES = (50, 200)  # rows of a page: more makes a tick slow
SORT, SIZE, PAGE, COLUMNS, EXPORT, PRINT, CLEAR = (
    "sort",
    "size",
    "page",
    "columns",
    "export",
    "print",
    "clear",
)


class OfficeList:
    """Subclasses name columns as attributes, the one that stays first, and say in `rows()` what
    the person may see. One is made for each request.

    What a column shows is its value; a method `show_<column>(row)` gives markup instead, a method
    `export_<column>(row)` the cell of the workbook.
    """

    slug: ClassVar[str]
    address: ClassVar[str]  # the name of its page
    heading: ClassVar[str]
    about: ClassVar[str] = ""
    paper_line: ClassVar[str] = ""  # what paper says of it besides the day
    columns: ClassVar[dict[str, Column]] = {}
    filters: ClassVar[type | None] = None  # a FilterSet
    searched: ClassVar[tuple[str, ...]] = ()  # without one: the fields that a word is sought in
    bulk: ClassVar[tuple[Bulk, ...]] = ()
    takes_ticks: ClassVar[bool] = False  # without a step of its own, for the workbook alone
    has_steps_of_rows: ClassVar[bool] = False  # buttons in rows that send the form
    usual: ClassVar[str] = ""  # the column it is sorted by at first, "-" in front for descending
    tie: ClassVar[tuple[str, ...]] = ("pk",)  # decides between equal rows
    row_name: ClassVar[str] = "row"  # of the ticks in the form
    template: ClassVar[str] = "lists/page.html"
    empty_template: ClassVar[str] = "lists/_empty.html"  # where there is no row
    sizes: ClassVar[tuple[int, ...]] = SIZES
    most: ClassVar[int | None] = None  # rows that are listed, where counting all would take long
    files: ClassVar[str] = ""  # the kind of import that the office sends and gets here
    needs_query: ClassVar[tuple[str, ...]] = ()  # parameters that are part of what is listed

    nothing: Nothing = Nothing(gettext_lazy("Nothing here yet."))
    nothing_matches: ClassVar[str] = gettext_lazy("Nothing matches.")
    see_all: ClassVar[str] = gettext_lazy("See all")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Column)}
        cls.columns = cls.columns | own

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.request, self.user = request, request.user
        self.args = args  # of the address
        self.now: datetime = timezone.now()
        self.today = timezone.localdate()

    # --- For subclasses ---------------------------------------------------------------------------

    def rows(self) -> QuerySet | list:
        """What the person may see, in the order of a first visit."""
        raise NotImplementedError

    def prepared(self, rows: list) -> list:
        """The rows of one page with what is not kept in their table."""
        return rows

    def key(self, row: Any) -> str:
        return str(row.pk)

    def name(self, row: Any) -> str:
        """What a row is called in what is said about it."""
        return str(row)

    def link(self, row: Any) -> str:
        """Where the first cell leads; nothing for plain words."""
        return ""

    def stamp(self, row: Any) -> str:
        """Tells whether a row has been changed since the list was opened."""
        return ""

    def may_tick(self, row: Any) -> bool:
        return True

    def is_ticked(self, row: Any) -> bool:
        """A step that was refused comes back with its ticks."""
        return self.key(row) in self._sent_keys

    @cached_property
    def _sent_keys(self) -> set[str]:
        return {value.partition("@")[0] for value in self.request.POST.getlist(self.row_name)}

    def links(self) -> list[Link]:
        return []

    @property
    def crumb(self) -> Link | None:
        """The way back to the page that the list belongs to."""
        return None

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}

    def context(self) -> dict[str, Any]:
        """More for the template of a list that has one of its own."""
        return {}

    # --- What was asked for -----------------------------------------------------------------------

    @property
    def url(self) -> str:
        return reverse(self.address, args=self.args)

    @cached_property
    def filterset(self) -> Any:
        return self.filters(self.request.GET, queryset=self.rows()) if self.filters else None

    @cached_property
    def form(self) -> Any:
        if self.filterset is not None:
            return self.filterset.form
        return WordForm(self.request.GET) if self.searched else None

    @cached_property
    def is_known(self) -> bool:
        """Whether every filter has a value that exists."""
        return self.form is None or self.form.is_valid()

    @property
    def filter_names(self) -> list[str]:
        return list(self.form.fields) if self.form is not None else []

    @property
    def is_filtered(self) -> bool:
        return any(self.request.GET.get(name) for name in self.filter_names)

    @cached_property
    def found(self) -> Any:
        """The rows that pass the filters; none where a filter is unknown."""
        if not self.is_known:
            return []
        if self.filterset is not None:
            return self.filterset.qs
        return with_word(self.rows(), self.form.word, self.searched) if self.form else self.rows()

    @cached_property
    def sorting(self) -> tuple[Column | None, bool]:
        """(column, descending); no column for the order of `rows()`."""
        for asked in (self.request.GET.get(SORT, ""), self.usual):
            column = self.columns.get(asked.removeprefix("-"))
            if column is not None and column.sort:
                return column, asked.startswith("-")
        return None, False

    @property
    def notes(self) -> list[str]:
        """What of the address could not be followed, in words."""
        asked = self.request.GET.get(SORT, "")
        column = self.columns.get(asked.removeprefix("-"))
        if asked and (column is None or not column.sort):
            return [_("The list cannot be sorted by this; it stands in its usual order.")]
        return []

    @cached_property
    def sorted_rows(self) -> Any:
        column, descending = self.sorting
        rows = self.found if column is None else self.sort(self.found, column, descending)
        return rows[: self.most] if self.most else rows

    def sort(self, rows: Any, column: Column, descending: bool) -> Any:
        if isinstance(rows, QuerySet):
            return rows.order_by(*column.order(descending=descending), *self.tie)
        if isinstance(rows, OneAfterTheOther):
            return OneAfterTheOther(*(self.sort(part, column, descending) for part in rows.parts))
        filled = [row for row in rows if not column.compared(column.of(row))[0]]
        empty = [row for row in rows if column.compared(column.of(row))[0]]
        return (
            sorted(filled, key=lambda row: column.compared(column.of(row)), reverse=descending)
            + empty
        )

    @cached_property
    def shown(self) -> list[Column]:
        """The columns that the person has chosen; the first is always there."""
        every = list(self.columns.values())
        chosen = chosen_columns(self.request, self.slug)
        return [
            column
            for column in every
            if column is every[0] or (column.name in chosen if chosen is not None else column.on)
        ]

    @property
    def printed(self) -> list[Column]:
        """Those shown that paper and workbook take as well."""
        return [column for column in self.shown if column.is_printed]

    @cached_property
    def size(self) -> int:
        asked = self.request.GET.get(SIZE, "")
        return next((size for size in self.sizes if str(size) == asked), self.sizes[0])

    @cached_property
    def page(self) -> Page:
        return Paginator(self.sorted_rows, self.size).get_page(self.request.GET.get(PAGE))

    @cached_property
    def page_rows(self) -> list:
        return self.prepared(list(self.page.object_list))

    def in_parts(self, size: int = 1000) -> Iterable[list]:
        """Every row of the filter, in parts that fit into memory; each table is read in one go."""
        rows = self.sorted_rows
        for table in rows.parts if isinstance(rows, OneAfterTheOther) else (rows,):
            one_by_one = table.iterator(size) if isinstance(table, QuerySet) else iter(table)
            while part := list(islice(one_by_one, size)):
                yield self.prepared(part)

    # --- Ticked rows ------------------------------------------------------------------------------

    def ticked(self) -> tuple[list, Outcomes]:
        """The ticked rows, or all of the filter; with what was changed meanwhile or is gone."""
        outcomes = Outcomes()
        if self.request.POST.get("all"):
            return [row for part in self.in_parts() for row in part if self.may_tick(row)], outcomes
        wanted = dict(
            value.partition("@")[::2] for value in self.request.POST.getlist(self.row_name)
        )
        rows = []
        for row in self.with_keys(list(wanted)):
            if not self.may_tick(row):
                continue
            if wanted[self.key(row)] not in ("", self.stamp(row)):
                outcomes.changed.append(self.name(row))
            else:
                rows.append(row)
        outcomes.gone = len(wanted) - len(rows) - len(outcomes.changed)
        return rows, outcomes

    def with_keys(self, keys: list[str]) -> list:
        """The rows with these keys among those the person may see."""
        rows = self.rows()
        if isinstance(rows, QuerySet):
            sought = [key for key in keys if key.isdecimal() and len(key) < 19]
            return self.prepared(list(rows.filter(pk__in=sought)))
        return self.prepared([row for row in rows if self.key(row) in keys])

    @property
    def has_ticks(self) -> bool:
        return self.takes_ticks or bool(self.steps())

    def steps(self) -> list[Bulk]:
        """What the person may do with ticked rows, besides the workbook."""
        return [
            step for step in self.bulk if not step.permission or self.user.has_perm(step.permission)
        ]
