"""Sample files: the template of an import with rows in it, which can be sent as it is.

The rows come from the demonstration's files, so that samples that are loaded in the order of the
start list fit each other.
"""

import csv
from itertools import islice

from django.conf import settings
from django.utils import translation

from ..spreadsheets.cell_text import spelled
from ..spreadsheets.writing import Book
from .cells import OneOf, YesNo
from .files import explain
from .importer import Column, Importer

DEMO = settings.BASE_DIR / "demo"


def sample(importer: type[Importer]) -> bytes:
    """A workbook with Chinese headings, whatever the screen has."""
    columns = [column for column in importer.columns if column.in_template]
    book = Book()
    with translation.override("zh-hans"):
        sheet = book.sheet(
            str(importer.title)[:31],
            [column.width for column in columns],
            heading_row=0,
            frozen_columns=1,
        )
        book.headings(sheet, 0, [column.heading for column in columns])
        for number, cells in enumerate(rows_of(importer), start=1):
            book.row(sheet, number, [_as_offices_write(c, cells.get(c.name, "")) for c in columns])
        explain(book, columns)
    return book.done()


def rows_of(importer: type[Importer]) -> list[dict[str, str]]:
    """Column → what the sample says, for each of its rows."""
    meant = {
        spelled(word): column.name
        for column in importer.columns
        for word in (column.heading, *column.synonyms.split())
    }
    with (DEMO / importer.sample).open(encoding="utf-8", newline="") as file:
        return [
            {meant[spelled(name)]: text for name, text in record.items() if spelled(name) in meant}
            for record in islice(csv.DictReader(file), importer.sample_rows)
        ]


def _as_offices_write(column: Column, text: str) -> str:
    """是 for yes, 街道 for subdistrict; anything else as it stands."""
    cell = getattr(column, "cell", None)
    if isinstance(cell, OneOf):
        return cell.shown(text)
    if isinstance(cell, YesNo) or text in ("yes", "no"):
        return "是" if text == "yes" else "否"
    return text
