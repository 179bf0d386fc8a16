"""A table that was found in a file: its rows, its headings, and what was left out."""

from dataclasses import dataclass, field
from typing import NamedTuple

from .sheet import Sheet


class Taken(NamedTuple):
    """Which rows and columns that are marked in the file are read all the same."""

    hidden: bool = False
    struck: bool = False


NOTHING_MARKED = Taken()


@dataclass
class TableRow:
    """One data row: its place as the spreadsheet counts, and its cells by the name of their column.

    A cell is plain data: text, a number, a date or nothing. `remarks` and `reasons` are sentences
    that name the cell.
    """

    sheet: str
    row: int
    cells: dict
    merged: set[str] = field(default_factory=set)  # columns whose merged cell begins in a row above
    remarks: list[str] = field(default_factory=list)  # what was assumed in reading it
    reasons: list[str] = field(default_factory=list)  # why it cannot be taken over
    formulas: set[str] = field(default_factory=set)  # columns whose cell is the result of a formula
    # heading → what stands below it, of columns that no word names or that another one has
    beside: dict = field(default_factory=dict)
    table: int = 0  # which of the tables of its sheet; 0 is the first
    section: str = ""  # the heading of its part of the table, such as 二、第二季度
    titles: list[str] = field(default_factory=list)  # above the headings, below the rows before


@dataclass
class TableRows:
    """What `read_rows` found. The dictionaries are by the title of the sheet."""

    rows: list[TableRow] = field(default_factory=list)
    # {"sheet", "row", "reason"}; row 0 speaks of the whole sheet
    warnings: list[dict] = field(default_factory=list)
    # of the warnings those about totals and signatures
    expected: list[dict] = field(default_factory=list)
    totals: list[TableRow] = field(default_factory=list)  # lines that add the rows up
    # column from 0 → name, text, "exact" or "learned"
    headings: dict[str, dict[int, tuple[str, str, str]]] = field(default_factory=dict)
    # the same of further tables of a sheet whose headings say something else, with the texts above
    further: dict[str, list[tuple[dict[int, tuple[str, str, str]], list[str]]]] = field(
        default_factory=dict
    )
    unknown: dict[str, list[str]] = field(default_factory=dict)  # headings that are not read
    # the same by column: text, "number", "date", "text" with numbers, "words" or ""
    unknown_columns: dict[str, dict[int, tuple[str, str]]] = field(default_factory=dict)
    preamble: dict[str, list[str]] = field(default_factory=dict)  # the texts above the headings
    postscript: dict[str, list[str]] = field(default_factory=dict)  # the texts below the rows
    # {"sheet", "row", "heading", "name", "reason", "is_struck"}: a row, a column, or a whole sheet
    hidden: list[dict] = field(default_factory=list)

    @property
    def tables(self) -> dict[tuple[str, int], tuple[dict[int, tuple[str, str, str]], list[str]]]:
        """(sheet, number) → its headings, and the texts around it."""
        found = {}
        for sheet, headings in self.headings.items():
            around = [*self.preamble.get(sheet, ()), *self.postscript.get(sheet, ())]
            found[sheet, 0] = (headings, around)
            for number, (further, texts) in enumerate(self.further.get(sheet, ()), start=1):
                found[sheet, number] = (further, [*texts, *around])
        return found

    def warn(self, sheet: Sheet, row: int, reason: str) -> None:
        self.warnings.append({"sheet": sheet.title[:40], "row": row, "reason": reason})

    def leave_out(
        self,
        sheet: Sheet,
        reason: str,
        *,
        row: int = 0,
        heading: str = "",
        name: str = "",
        is_struck: bool = False,
    ) -> None:
        self.hidden.append(
            {
                "sheet": sheet.title[:40],
                "row": row,
                "heading": heading,
                "name": name,
                "reason": reason,
                "is_struck": is_struck,
            }
        )
