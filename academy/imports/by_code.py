"""A table whose rows are matched by a code: an importer declares model and columns, nothing else.

What a file does not name stays as it is, rows and columns alike. The workbook that `workbook_of`
writes has the same columns and comes back as "as before" in every row.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ..models import ImportRow, RowOutcome
from ..search import index
from ..spreadsheets.cell_text import Rejected, spelled
from ..spreadsheets.table import TableRow, TableRows
from ..spreadsheets.writing import Book
from ..table_names import names_have_changed
from .cells import Beside, Cell, Link, Links, Text
from .errors import RowRejected
from .importer import Column, Importer
from .progress import WRITTEN, counted


@dataclass(frozen=True)
class FieldColumn(Column):
    """A column that fills the field of its name."""

    cell: Cell = field(default_factory=Text)


BETWEEN_KEYS = "｜"  # where a row is matched by more than one column


class TableByCode(Importer):
    """One row per code."""

    model: type[models.Model]
    columns: tuple[FieldColumn, ...]
    keys: tuple[str, ...] = ("code",)  # columns that a row is matched by
    titled_by = "name"
    unique: tuple[str, ...] = ()  # fields besides the code that two rows may not share
    retired = ""  # the column that says until when a row is in use, where it is a day
    searched_as: tuple[str, ...] = ()  # kinds of the search index to write anew
    related: tuple[str, ...] = ()  # what the workbook reads with a row
    workbook = True  # what is there can be downloaded

    @classmethod
    def rows(cls) -> models.QuerySet:
        """Every row of the table, as the workbook has them."""
        found = cls.model._default_manager.all()
        return found.select_related(*cls.related) if cls.related else found

    def exported_rows(self) -> models.QuerySet:
        """The rows of the workbook for the person who asks for it."""
        return self.rows()

    # -- what there is --

    @cached_property
    def by_column(self) -> dict[str, FieldColumn]:
        return {column.name: column for column in self.columns}

    @classmethod
    def stored_columns(cls) -> list[FieldColumn]:
        return [column for column in cls.columns if not isinstance(column.cell, Beside)]

    @classmethod
    def value_columns(cls) -> list[FieldColumn]:
        return [column for column in cls.stored_columns() if column.name not in cls.keys]

    @cached_property
    def _known(self) -> dict:
        return {}

    def _linked(self, link: Link) -> dict:
        """What can be pointed at: key of each code, code of each key, names of each code."""
        if link.to not in self._known:
            known = {"keys": {}, "codes": {}, "names": {}, "by_name": defaultdict(set)}
            for item in link.to._default_manager.all():
                code = str(getattr(item, link.by))
                names = {
                    spelled(name) for name in (str(item), getattr(item, "short_name", "")) if name
                }
                known["keys"][code], known["codes"][item.pk] = item.pk, code
                known["names"][code] = names
                for name in names:
                    known["by_name"][name].add(code)
            self._known[link.to] = known
        return self._known[link.to]

    def keys_of(self, link: Link) -> dict[str, int]:
        return self._linked(link)["keys"]

    def codes_of(self, link: Link) -> dict[int, str]:
        return self._linked(link)["codes"]

    def names_of(self, link: Link) -> dict[str, set[str]]:
        return self._linked(link)["names"]

    def by_name(self, link: Link) -> dict[str, set[str]]:
        return self._linked(link)["by_name"]

    # -- reading --

    def read(self, line: TableRow) -> tuple[str, dict, list[str]]:
        values, reasons = {}, []
        for column in self.stored_columns():
            if column.name not in line.cells and column.cell.beside not in line.cells:
                continue
            try:
                values[column.name] = column.cell.value(self, column, line.cells)
            except Rejected as rejected:
                reasons.append(str(rejected))
        if reasons:
            raise RowRejected(reasons)
        return self.key_in(values), values, []

    def key_in(self, values: dict) -> str:
        """Take the key out of the values of a row."""
        return BETWEEN_KEYS.join(str(values.pop(name)) for name in self.keys)

    def conclude(self, rows: list[ImportRow], found: TableRows) -> None:
        """Say of rows that are out of use that they stay so, where the file does not speak of
        it.
        """
        if not self.retired:
            return
        stored = self.stored([row for row in rows if row.values])
        for row in rows:
            before = stored.get(row.key)
            if row.values and before and before[self.retired] and self.retired not in row.values:
                row.remarks.append(
                    _("Out of use since %(day)s, and it stays so; bring it back on its page.")
                    % {"day": before[self.retired]}
                )

    # -- comparing --

    def lock(self, keys: list[str]) -> None:
        list(
            self.model._default_manager.select_for_update(of=("self",))
            .filter(self.matching(keys))
            .order_by("pk")
            .values_list("pk")
        )

    def matching(self, keys: list[str]) -> models.Q:
        """The rows that have one of the keys."""
        return models.Q(**{f"{self.keys[0]}__in": keys})

    def key_of(self, item: models.Model) -> str:
        return BETWEEN_KEYS.join(
            str(self.by_column[name].cell.of(self, self.by_column[name], item))
            for name in self.keys
        )

    def stored(self, rows: list[ImportRow]) -> dict[str, dict]:
        links = [column.name for column in self.columns if isinstance(column.cell, Links)]
        found = self.rows().filter(self.matching([row.key for row in rows]))
        self.present = {self.key_of(item): item for item in found.prefetch_related(*links)}
        return {
            key: {
                column.name: column.cell.of(self, column, item) for column in self.value_columns()
            }
            for key, item in self.present.items()
        }

    def differs(self, name: str, old, new) -> bool:
        return self.by_column[name].cell.differs(old, new)

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        reasons = [
            reason
            for name, value in row.values.items()
            if (
                reason := self.by_column[name].cell.refusal(
                    self.by_column[name], None if stored is None else stored[name], value
                )
            )
        ]
        missing = [
            column.heading
            for column in self.value_columns()
            if stored is None and column.cell.required and column.name not in row.values
        ]
        if missing:
            reasons.append(
                _("A new row also needs: %(columns)s.") % {"columns": "、".join(missing)}
            )
        return reasons + self._taken(row)

    def _taken(self, row: ImportRow) -> list[str]:
        """A sentence for each value that another row has."""
        return [
            _("“%(value)s” is “%(key)s” already.") % {"value": row.values[name], "key": key}
            for name in self.unique
            if name in row.values
            and (key := self._holders(name).get(row.values[name], row.key)) != row.key
        ]

    def _holders(self, name: str) -> dict[str, str]:
        """Value of a field that no two rows share → key of the row that has it."""
        if ("holders", name) not in self._known:
            self._known["holders", name] = {
                self.by_column[name].cell.of(self, self.by_column[name], item): self.key_of(item)
                for item in self.model._default_manager.all()
            }
        return self._known["holders", name]

    # -- writing --

    def write(self, rows: list[ImportRow]) -> None:
        new = [row for row in rows if row.outcome == RowOutcome.NEW]
        for row in new:
            self.present[row.key] = self.new_item(row)
        for row in counted(rows, WRITTEN):
            for name, value in row.values.items():
                column = self.by_column[name]
                column.cell.put(self, column, self.present[row.key], value)
            self.finish(self.present[row.key], row)
        self.model._default_manager.bulk_create(self.present[row.key] for row in new)
        fields = [
            column.name for column in self.value_columns() if not isinstance(column.cell, Links)
        ]
        changed = [self.present[row.key] for row in rows if row.outcome == RowOutcome.CHANGED]
        self.model._default_manager.bulk_update(changed, [*fields, *self.also_written])
        for column in self.columns:
            if isinstance(column.cell, Links):
                self._link(column, [row for row in rows if column.name in row.values])

    also_written: tuple[str, ...] = ()  # fields that `finish` fills

    def new_item(self, row: ImportRow) -> models.Model:
        item = self.model()
        for name, value in zip(self.keys, row.key.split(BETWEEN_KEYS), strict=True):
            self.by_column[name].cell.put(self, self.by_column[name], item, value)
        return item

    def finish(self, item: models.Model, row: ImportRow) -> None:
        """Fill what no column says."""

    def _link(self, column: FieldColumn, rows: list[ImportRow]) -> None:
        link = self.model._meta.get_field(column.name)
        through, mine, theirs = (
            link.remote_field.through,
            link.m2m_column_name(),
            link.m2m_reverse_name(),
        )
        keys = self.keys_of(column.cell)
        items = {self.present[row.key].pk: row for row in rows}
        through._default_manager.filter(**{f"{mine}__in": items}).delete()
        through._default_manager.bulk_create(
            through(**{mine: pk, theirs: keys[code]})
            for pk, row in items.items()
            for code in row.values[column.name]
        )

    def footprint(self, rows: list[ImportRow]) -> list[models.QuerySet]:
        items = self.model._default_manager.filter(self.matching([row.key for row in rows]))
        tables = [items]
        for column in self.columns:
            if isinstance(column.cell, Links):
                link = self.model._meta.get_field(column.name)
                tables.append(
                    link.remote_field.through._default_manager.filter(
                        **{f"{link.m2m_field_name()}__in": items}
                    )
                )
        return tables

    def settle(self) -> None:
        if self.searched_as:
            index.rebuild(self.searched_as)
        names_have_changed.send(type(self))

    # -- showing --

    def page(self) -> str:
        """The page on which the table is kept, which is called like the import."""
        return reverse("tables:table_list", args=[self.kind])

    def title_of(self, row: ImportRow) -> str:
        return str(row.values.get(self.titled_by) or row.cells.get(self.titled_by) or row.key)

    def shown(self, name: str, value) -> str:
        column = self.by_column.get(name)
        return super().shown(name, column.cell.shown(value) if column else value)


def workbook_of(table: TableByCode) -> bytes:
    """The rows that are there, in the columns of the importer, Chinese whatever the screen has."""
    book = Book()
    with translation.override("zh-hans"):
        columns = [column for column in table.columns if column.in_template]
        sheet = book.sheet(
            str(table.title)[:31],
            [column.width for column in columns],
            heading_row=0,
            frozen_columns=1,
        )
        book.headings(sheet, 0, [column.heading for column in columns])
        links = [column.name for column in columns if isinstance(column.cell, Links)]
        for number, item in enumerate(table.exported_rows().prefetch_related(*links), start=1):
            book.row(
                sheet,
                number,
                [column.cell.shown(column.cell.of(table, column, item)) for column in columns],
            )
    return book.done()
