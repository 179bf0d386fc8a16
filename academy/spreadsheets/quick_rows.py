"""Whole rows of a worksheet at once.

The writer checks, stores and formats every cell by itself and keeps the height of every row: for
100,000 rows of 25 columns three times the time and half as much memory again (`bench/exports.py`).
A sheet of this kind takes the finished XML of a row. `tests/academy/test_quick_rows.py` holds it
equal to what the writer makes of the same values.
"""

import re

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767  # characters of a cell
ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# no XML takes them
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")  # what a spreadsheet reads as one sign


class QuickSheet(Worksheet):
    """A worksheet in constant memory; rows come in order, and no row twice."""

    def whole_row(self, row: int, cells: list[str]) -> None:
        """Write a row from the XML of its cells; a height set for it counts."""
        self._write_single_row(row)  # what waits from an earlier row
        self._check_dimensions(row, len(cells) - 1)
        info = self.row_info.pop(row, None)
        height = "" if info is None else f' ht="{info.height * 0.75:.16g}" customHeight="1"'
        self.fh.write(f'<row r="{row + 1}"{height}>{"".join(cells)}</row>')

    def serial(self, day) -> float:
        """Return a date or a moment without a time zone as a spreadsheet counts it."""
        return self._convert_date_time(day)


def number_of(cell_format: Format) -> int:
    """Return the number by which cells name the format."""
    return cell_format._get_xf_index()


def text_cell(place: str, text: str, style: int) -> str:
    """Return a cell of text: whatever it looks like, it is neither formula nor markup."""
    text = CONTROL.sub("", text.replace("\r\n", "\n"))[:LONGEST_TEXT]
    if "_x" in text:
        text = LOOKS_ESCAPED.sub("_x005F_", text)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t{space}>{text.translate(ESCAPED)}</t>'
        "</is></c>"
    )


def number_cell(place: str, number, style: int) -> str:
    """Return a cell of a number."""
    return f'<c r="{place}" s="{style}"><v>{number:.16G}</v></c>'


def empty_cell(place: str, style: int) -> str:
    """Return a cell that holds nothing."""
    return f'<c r="{place}" s="{style}"/>'
