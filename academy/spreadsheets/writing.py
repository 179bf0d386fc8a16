"""Writing workbooks in which text stays text: nothing in a cell ever becomes a formula, a link or a
number.

Source: docs/rules.md R39.
"""

import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import IO

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from .quick_rows import QuickSheet, empty_cell, number_cell, number_of, text_cell

TYPE = 10  # points
WIDE = 0x2E80  # where Chinese characters begin
HIGHEST = 400  # points; a row holds at most 409
LINE = 13.5  # points from one line of it to the next


def lines_of(text: str, width: float) -> int:
    """How many lines the text takes in a column of so many characters; a Chinese one takes two."""
    room = max(int(width - 1), 2)
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return sum(
        -(-sum(1 if ord(sign) < WIDE else 2 for sign in line) // room) for line in text.split("\n")
    )


def in_shanghai(moment: datetime) -> datetime:
    """A spreadsheet knows no time zones."""
    return timezone.localtime(moment).replace(tzinfo=None)


class Book:
    """A workbook written row by row in constant memory, every value with its kind."""

    def __init__(self, stream: IO[bytes] | None = None) -> None:
        """Written to the stream, or kept in memory for `done()`."""
        self.stream = stream if stream is not None else io.BytesIO()
        self.book = Workbook(
            self.stream,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_date_format": "yyyy-mm-dd",
                # what the widths of columns are counted in, the same in every program
                "default_format_properties": {"font_name": "宋体", "font_size": TYPE},
            },
        )
        base = {
            "font_name": "宋体",
            "font_size": TYPE,
            "valign": "vcenter",
            "text_wrap": True,
            "border": 1,
        }
        self.text = self.book.add_format(base | {"num_format": "@"})
        self.whole = self.book.add_format(base | {"num_format": "#,##0"})
        self.parts = self.book.add_format(base | {"num_format": "#,##0.00"})
        self.date = self.book.add_format(base | {"num_format": "yyyy-mm-dd"})
        self.moment = self.book.add_format(base | {"num_format": "yyyy-mm-dd hh:mm"})
        heading = base | {"bold": True, "align": "center", "bg_color": "#F3EFE8"}
        self.heading = self.book.add_format(heading)
        self.moment_heading = self.book.add_format(heading | {"num_format": "yyyy-mm-dd hh:mm"})
        self.title = self.book.add_format(
            {
                "font_name": "宋体",
                "font_size": 16,
                "bold": True,
                "align": "center",
                "valign": "vcenter",
            }
        )
        self.plain = self.book.add_format({"font_name": "宋体", "font_size": 10})
        self._letters: list[str] = []  # of the columns

    def sheet(self, name: str, widths: Iterable[float], *, heading_row: int, frozen_columns: int):
        sheet = self.book.add_worksheet(name, QuickSheet)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(heading_row + 1, frozen_columns)
        sheet.repeat_rows(heading_row)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        return sheet

    def across_two_pages(self, sheet, *, scale: int, second_page: int, repeated: int) -> None:
        """A table too wide for one page: the second page begins with this column and repeats the
        first ones; `scale` is in per cent of the type of 10 points.
        """
        sheet.set_print_scale(scale)
        sheet.set_v_pagebreaks([second_page])
        sheet.repeat_columns(0, repeated - 1)

    def headings(self, sheet, row: int, headings: Iterable[str | datetime]) -> None:
        for column, heading in enumerate(headings):
            if isinstance(heading, datetime):
                sheet.write_datetime(row, column, in_shanghai(heading), self.moment_heading)
            else:
                sheet.write_string(row, column, heading, self.heading)

    def high_enough(self, sheet, row: int, values: Iterable, widths: Iterable[float]) -> None:
        """Make a row as high as its longest cell needs; not every program does so by itself."""
        lines = max(
            lines_of(str(value), width) for value, width in zip(values, widths, strict=True)
        )
        sheet.set_row(row, min(max(lines, 1) * LINE + 3, HIGHEST))

    def row(self, sheet, row: int, values: Iterable) -> None:
        """Numbers as numbers, dates as dates, text as text; what holds nothing is an empty cell,
        which a spreadsheet does not count.

        What is counted has no decimals, what is measured (hours, money) has two, whatever the
        value.
        """
        names = self._letters
        cells = []
        for column, value in enumerate(values):
            if column == len(names):
                names.append(xl_col_to_name(column))
            place = f"{names[column]}{row + 1}"
            if value == "":
                cells.append(empty_cell(place, number_of(self.text)))
            elif isinstance(value, str):
                cells.append(text_cell(place, value, number_of(self.text)))
            elif isinstance(value, int):
                cells.append(number_cell(place, value, number_of(self.whole)))
            elif isinstance(value, Decimal):
                cells.append(number_cell(place, value, number_of(self.parts)))
            elif isinstance(value, datetime):
                serial = sheet.serial(in_shanghai(value))
                cells.append(number_cell(place, serial, number_of(self.moment)))
            elif isinstance(value, date):
                cells.append(number_cell(place, sheet.serial(value), number_of(self.date)))
            else:
                cells.append(text_cell(place, str(value), number_of(self.text)))
        sheet.whole_row(row, cells)

    def close(self) -> None:
        self.book.close()

    def done(self) -> bytes:
        self.close()
        return self.stream.getvalue()
