"""Whole rows at once are what the writer makes of the same values, cell by cell."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from academy.spreadsheets.writing import Book, in_shanghai

XML_TEXT = st.text("aAx01_ <>&\"'=+-@中镇，“é\n\t", max_size=30)
VALUES = st.one_of(
    XML_TEXT,
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**9), 10**9, places=2),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
)


def plainly(book: Book, sheet, row: int, values: list) -> None:
    """The same with the writer's own functions."""
    for column, value in enumerate(values):
        if value == "":
            sheet.write_blank(row, column, None, book.text)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, book.text)
        elif isinstance(value, (int, Decimal)):
            kind = book.whole if isinstance(value, int) else book.parts
            sheet.write_number(row, column, value, kind)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, in_shanghai(value), book.moment)
        else:
            sheet.write_datetime(row, column, value, book.date)


def read(lines: list[list], write) -> tuple:
    book = Book()
    sheet = book.sheet("一", [10, 20], heading_row=0, frozen_columns=1)
    book.headings(sheet, 0, ["甲", "乙"])
    for row, values in enumerate(lines, start=1):
        book.high_enough(sheet, row, [*values, "长" * 30], [10] * (len(values) + 1))
        write(book, sheet, row, values)
    book.high_enough(sheet, len(lines) + 2, ["长" * 30], [10])
    sheet.write_string(len(lines) + 2, 0, "后面", book.plain)
    found = load_workbook(io.BytesIO(book.done())).active
    heights = [dimension.height for _row, dimension in sorted(found.row_dimensions.items())]
    cells = [
        (cell.coordinate, cell.value, cell.data_type, cell.number_format, cell.border.left.style)
        for line in found.iter_rows()
        for cell in line
    ]
    return cells, heights, found.dimensions


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=4), max_size=4))
def test_a_whole_row_is_what_the_writer_makes_of_it(lines):
    assert read(lines, lambda book, *row: book.row(*row)) == read(lines, plainly)


@pytest.mark.parametrize(
    "text", ["<r>1 & 2</r>", " a ", "a\nb", "\ta", "\x00a\x0b", "\ud800a", "=1+1"]
)
def test_text_says_the_same_when_it_is_read(text):
    kept = "a" if text in {"\x00a\x0b", "\ud800a"} else text

    cells, *_rest = read([[text]], lambda book, *row: book.row(*row))

    assert [cell[1:3] for cell in cells if cell[0] == "A2"] == [(kept, "s")]


def test_what_looks_like_an_escaped_sign_is_kept_from_being_read_as_one():
    lines = [["_x0041_", "a_x000a_b", "_x"]]

    assert read(lines, lambda book, *row: book.row(*row)) == read(lines, plainly)
