"""The rows of the present filter as a workbook."""

import re
import tempfile
from collections.abc import Iterable

from django.http import FileResponse
from django.utils import translation
from django.utils.http import content_disposition_header

from ..spreadsheets.writing import Book
from ..web.downloads import CONTENT_TYPES
from .listing import OfficeList

WIDTH, WIDE = 14, 32  # characters of a column
IN_MEMORY = 2_000_000  # bytes of a workbook; a bigger one goes through the disk


def workbook(the_list: OfficeList, parts: Iterable[list]) -> FileResponse:
    """The columns that are shown, dates as dates and numbers as numbers, read and sent in parts."""
    columns = the_list.printed
    values = [
        getattr(the_list, f"export_{column.name}", None)
        or (lambda row, column=column: column.exported(column.of(row)))
        for column in columns
    ]
    with translation.override("zh-hans"):
        heading = str(the_list.heading)
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
        book = Book(file)
        sheet = book.sheet(
            re.sub(r"[\[\]:*?/\\]", " ", heading)[:31],
            [WIDE if place == 0 else WIDTH for place in range(len(columns))],
            heading_row=0,
            frozen_columns=1,
        )
        book.headings(sheet, 0, [str(column.label) for column in columns])
        number = 0
        for part in parts:
            for row in part:
                number += 1
                book.row(sheet, number, [value(row) for value in values])
        if number:
            sheet.autofilter(0, 0, number, len(columns) - 1)
        book.close()
        name = f"{heading}-{the_list.today.isoformat()}.xlsx"
    file.seek(0)
    return FileResponse(
        file,
        content_type=CONTENT_TYPES[".xlsx"],
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )
