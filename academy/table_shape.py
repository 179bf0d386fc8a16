"""A table whose headings nobody knows, by its shape: a row of short texts, and rows with numbers
below it.
"""

from dataclasses import dataclass

from .spreadsheets.cell_text import clean
from .spreadsheets.headings import HEADING_WITHIN, LONGEST_HEADING
from .spreadsheets.sheet import Sheet, unmarked

FEWEST_COLUMNS = 4
LOOKED_AT = 5  # rows below the headings
SHORTEST_TITLE = 4  # characters of what a row is called


@dataclass(frozen=True)
class Shape:
    headings: dict[int, str]  # column → what is written above it
    title: int  # the column that tells what each row is


def shape_of(sheet: Sheet) -> Shape | None:
    """The first row that looks like headings, and the column that looks like the names of rows."""
    for index, row in enumerate(sheet.rows[:HEADING_WITHIN]):
        headings = _texts(row)
        below = [_values(line, headings) for line in sheet.rows[index + 1 : index + 1 + LOOKED_AT]]
        below = [values for values in below if len(values) * 2 > len(headings)]
        if len(headings) < FEWEST_COLUMNS or not below:
            continue
        numbers = {
            column for values in below for column, value in values.items() if _is_number(value)
        }
        titles = [
            column for column in headings if column not in numbers and _are_names(below, column)
        ]
        if len(numbers) > 1 and titles:
            return Shape(headings, titles[0])
    return None


def _texts(row: list) -> dict[int, str]:
    """The headings of a row; none where a cell is no heading or two are the same."""
    found = {column: clean(unmarked(cell)) for column, cell in enumerate(row)}
    found = {column: text for column, text in found.items() if text}
    fits = all(len(text) <= LONGEST_HEADING and not _is_number(text) for text in found.values())
    return found if fits and len(set(found.values())) == len(found) else {}


def _values(row: list, headings: dict[int, str]) -> dict[int, str]:
    return {
        column: text
        for column in headings
        if column < len(row) and (text := clean(unmarked(row[column])))
    }


def _is_number(text: str) -> bool:
    return text[:1].isdecimal()


def _are_names(below: list[dict[int, str]], column: int) -> bool:
    """Whether each row says something of its own there."""
    texts = [values.get(column, "") for values in below]
    return all(len(text) >= SHORTEST_TITLE for text in texts) and len(set(texts)) == len(texts)
