"""Reading a table that was saved as text, in any encoding and with any separator in use."""

import csv
import io
import re
from collections import Counter

from django.utils.translation import gettext as _

from .csv_files import TableError, decoded
from .sheet import MAX_COLUMNS, MAX_ROWS, FileRefused, Formula, QuotedText, Sheet, too_many_rows

SEPARATORS = (",", "\t", ";", "|", "，", "；")
LOOKED_AT = 20_000  # characters, to find the separator
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n")  # what Excel understands as a first line
QUOTED_FOR_EXCEL = re.compile(r'="([^"]*)"')  # keeps Excel from making a number of a telephone
END = "\0end of the file"  # a row of its own, unless a quotation mark before it is never closed


def read_text(content: bytes, name: str) -> Sheet:
    """Raises FileRefused."""
    try:
        text = decoded(content, name[-40:])
    except TableError as error:
        raise FileRefused(str(error)) from error
    told = SEPARATOR_LINE.match(text)
    lines = text[told.end() :] if told else text
    rows = _rows(lines, told.group(1) if told else _separator(lines))
    return Sheet(title="", rows=([[]] if told else []) + rows)


def _rows(text: str, separator: str) -> list[list]:
    rows = []
    try:
        for row in csv.reader(
            io.StringIO(f"{text.rstrip()}\n{END}", newline=""), delimiter=separator
        ):
            if row == [END]:
                return rows
            if len(rows) >= MAX_ROWS:
                raise FileRefused(too_many_rows())
            rows.append([_value(cell) for cell in row[:MAX_COLUMNS]])
    except csv.Error as error:
        raise FileRefused(
            _(
                "A cell of the text file is too long to be one. Look for a quotation mark that "
                "stands alone."
            )
        ) from error
    raise FileRefused(
        _(
            "A quotation mark in the text file is never closed, so its rows cannot be told "
            "apart. Save the table as .xlsx."
        )
    )


def _separator(text: str) -> str:
    """The sign that cuts the most lines into the same number of cells."""
    sample = text[:LOOKED_AT]

    def cells_in_line(separator: str) -> int:
        lengths: Counter[int] = Counter()
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
                if len(row) > 1:
                    lengths[len(row)] += 1
        except csv.Error:
            return 0
        return max((length * count for length, count in lengths.items()), default=0)

    return max(SEPARATORS, key=cells_in_line)


def _value(cell: str):
    """A cell of text; what a spreadsheet would calculate is a formula without a result."""
    quoted = QUOTED_FOR_EXCEL.fullmatch(cell)
    if quoted:
        return QuotedText(quoted.group(1))
    if cell.startswith("=") and len(cell) > 1:
        return Formula()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell
