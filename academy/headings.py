"""Where the table of a sheet begins and which of its columns holds what, found by the words of its headings."""

import re
from dataclasses import dataclass, field
from typing import Self

from .cells import clean, spelled
from .sheets import Sheet

HEADING_WITHIN = 40  # rows
LONGEST_HEADING = 40  # characters
TOTAL_WORDS = ("合计", "总计", "小计", "共计", "累计")


@dataclass(frozen=True)
class HeadingWords:
    """The headings a table may have. `columns` maps the name of a column to its spellings, separated by spaces."""

    columns: dict[str, str]
    needed: tuple[str, ...]  # a row that lacks one of these is no row of headings
    fewest: int  # headings in that row
    silent: tuple[str, ...] = ()  # headings that are known and not read
    learned: dict[str, str] = field(default_factory=dict, hash=False)  # other spellings, confirmed by somebody → column
    known: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {spelled(spelling): name for name, spellings in self.columns.items() for spelling in spellings.split()}
        known |= {spelled(spelling): name for spelling, name in self.learned.items() if name in self.columns}
        object.__setattr__(self, "known", known)

    def named_by(self, value) -> str | None:
        """The column a heading names, whatever stands behind it in brackets."""
        text = spelled(clean(value))
        if not text or len(text) > LONGEST_HEADING:
            return None
        return self.known.get(text) or self.known.get(re.sub(r"\([^)]*\)?", "", text))

    def in_row(self, row: list) -> "Headings | None":
        """The headings, when enough cells of the row are some and those that are needed are among them."""
        found = Headings(self, {}).reading(row)
        names = set(found.columns.values())
        return found if names.issuperset(self.needed) and len(names) >= self.fewest else None

    def find(self, sheet: Sheet) -> "tuple[Headings, int] | None":
        """The headings, which may take two rows, and the index of the first row below them."""
        for index, row in enumerate(sheet.rows[:HEADING_WITHIN]):
            headings = self.in_row(row)
            if headings:
                following = sheet.rows[index + 1] if index + 1 < len(sheet.rows) else []
                return headings, index + (2 if headings.complete_from(following) else 1)
        return None


@dataclass
class Headings:
    """Which column of a sheet holds what. `columns` maps the index of a column to its name."""

    words: HeadingWords
    columns: dict[int, str]
    written: dict[str, str] = field(default_factory=dict)  # what the heading of a column says in full
    unknown: list[str] = field(default_factory=list)

    def reading(self, row: list) -> Self:
        for column, cell in enumerate(row):
            name = self.words.named_by(cell)
            if name and name not in self.columns.values():
                self.columns[column] = name
                self.written[name] = spelled(clean(cell))
            elif clean(cell) and clean(cell) not in self.words.silent:
                self.unknown.append(clean(cell)[:20])
        return self

    def complete_from(self, row: list) -> bool:
        """Take the second line of headings that stand in two rows; False when the row is no such line."""
        filled = [cell for cell in row if clean(cell)]
        if not filled or not all(self.words.named_by(cell) for cell in filled) or self.words.in_row(row):
            return False
        self.columns = {column: name for column, name in self.columns.items() if column >= len(row) or not clean(row[column])}
        self.reading(row)
        return True

    def values_in(self, cells: list) -> dict:
        """Column name → cell of a row below the headings."""
        return {name: cells[column] if column < len(cells) else None for column, name in self.columns.items()}


def filled_down(sheet: Sheet, headings: Headings, first_row: int) -> dict[tuple[int, int], int]:
    """(row, column) of the lower parts of merged cells → the row that holds their value; all from 0."""
    return {
        (row, column): top
        for column, top, bottom in sheet.merged_columns
        if column in headings.columns and top >= first_row
        for row in range(top + 1, bottom + 1)
    }
