"""The workbooks that an import gives out: an empty template with its explanation, and the rejected
rows with their reasons.
"""

from django.utils import translation

from ..models import ImportRow
from ..spreadsheets.data_rows import EXPLANATION_SHEET
from ..spreadsheets.writing import Book
from .importer import Column, Importer
from .reading import REJECTED_HEADINGS


def template(importer: type[Importer]) -> bytes:
    """A table with headings and no rows, and a sheet that says what each column takes.

    Chinese whatever the screen has.
    """
    book = Book()
    columns = [column for column in importer.columns if column.in_template]
    with translation.override("zh-hans"):
        table = book.sheet(
            str(importer.title)[:31],
            [column.width for column in columns],
            heading_row=0,
            frozen_columns=1,
        )
        book.headings(table, 0, [column.heading for column in columns])
        explain(book, columns)
    return book.done()


def explain(book: Book, columns: list[Column]) -> None:
    """Add the sheet that says what each column takes."""
    sheet = book.sheet(EXPLANATION_SHEET, (18, 60), heading_row=0, frozen_columns=0)
    book.headings(sheet, 0, ("栏目", "怎么填"))
    for row, column in enumerate(columns, start=1):
        book.row(sheet, row, (column.heading, str(column.hint)))


def rejected_rows(importer: type[Importer], rows: list[ImportRow]) -> bytes:
    """The rows as they were sent, each behind its place and the reasons; mended, the file can be
    sent again as it is.
    """
    book = Book()
    sheet = book.sheet(
        "不能导入的行",
        [12, 6, 40, *(column.width for column in importer.columns)],
        heading_row=0,
        frozen_columns=3,
    )
    book.headings(sheet, 0, [*REJECTED_HEADINGS, *(column.heading for column in importer.columns)])
    for index, row in enumerate(rows, start=1):
        book.row(
            sheet,
            index,
            [
                row.sheet,
                row.row,
                "；".join(row.reasons),
                *(row.cells.get(column.name, "") for column in importer.columns),
            ],
        )
    return book.done()
