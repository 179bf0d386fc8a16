"""What a sheet of a file is once it is read: rows of plain values, and marks on other cells."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice

from django.utils.translation import gettext as _

from ..errors import PortalError

MOST_ROWS = 10_000  # of data, in all sheets together
MAX_ROWS = MOST_ROWS + 100  # of a sheet, with what stands above and below its data
MAX_COLUMNS = 60
MAX_MERGED_CELLS = 300_000  # as many as there are cells; areas that overlap would be more

Value = str | int | float | bool | date | datetime | None


class FileRefused(PortalError):
    """The file cannot be read as a table. Nothing of it has been used."""


class QuotedText(str):
    """Text of a text file that was written ="…", so that no spreadsheet makes a number of it."""

    __slots__ = ()


class Displayed(float):
    """A number whose format shows other digits than it has: 2024.1 as 2024.10, or as 2.02E+03."""

    shown: str

    def __new__(cls, number: float, shown: str) -> "Displayed":
        made = super().__new__(cls, number)
        made.shown = shown
        return made


@dataclass(frozen=True)
class Formula:
    """A cell with a formula, which is never evaluated.

    `result` is what the spreadsheet kept of it, None when it kept nothing.
    """

    result: "Value | ErrorValue" = None


@dataclass(frozen=True)
class ErrorValue:
    """A cell whose calculation failed, such as #REF!."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class Struck:
    """A cell that is struck out, or partly.

    `value` is what it says, `rest` what of its text is not struck.
    """

    value: "Value | Formula | ErrorValue"
    rest: str | None = None

    def __str__(self) -> str:
        return self.rest or ""


@dataclass(frozen=True)
class Rescaled:
    """A number whose format shows another one: 12000 as 1.2, without a unit that says so."""

    number: int | float
    shown: str

    def __str__(self) -> str:
        return self.shown


def unmarked(value) -> Value:
    """What the cell says, whatever it is marked with."""
    if isinstance(value, Struck):
        value = value.value
    if isinstance(value, Formula):
        value = value.result
    return str(value) if isinstance(value, (ErrorValue, Rescaled)) else value


@dataclass(frozen=True)
class Area:
    """Merged cells; rows and columns count from 0, the last ones belong to it."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass
class Sheet:
    """The cells of one sheet.

    `rows[0]` is row 1; rows may be short; merged cells hold their value in the first cell only.
    """

    title: str
    rows: list[list]
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False
    has_pictures: bool = False  # somewhere in the file
    far_rows: list[int] = field(
        default_factory=list
    )  # rows behind MAX_ROWS that hold something, as the spreadsheet counts
    has_far_columns: bool = False

    def without_hidden_rows(self) -> "Sheet":
        """The same with hidden rows empty, so that the others keep their place."""
        return replace(
            self,
            rows=[[] if index in self.hidden_rows else row for index, row in enumerate(self.rows)],
        )

    def tops(self) -> dict[tuple[int, int], int]:
        """(row, column) of the lower parts of merged cells → the row that holds their value."""
        lower = (
            (area, row) for area in self.merged for row in range(area.top + 1, area.bottom + 1)
        )
        return {(row, area.left): area.top for area, row in islice(lower, MAX_MERGED_CELLS)}

    def has_text(self) -> bool:
        return any(str(cell).strip() for row in self.rows for cell in row if cell is not None)


def too_many_rows() -> str:
    """Return the sentence for a table with more than MOST_ROWS rows."""
    return _("The table has more than %(rows)d rows. Send it in parts.") % {"rows": MOST_ROWS}
