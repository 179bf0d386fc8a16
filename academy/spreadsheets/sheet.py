"""What a sheet of a file is once it is read: rows of plain values, and marks on other cells."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice

from django.utils.translation import gettext as _

from ..errors import PortalError

MOST_ROWS = 10_000  # of data, in all sheets together
MAX_ROWS = MOST_ROWS + 100  # of a sheet, with what stands above and below its data
MAX_COLUMNS = 60
MOST_FAR_ROWS = 20  # a few stray cells far below the table; more are a table that is too long
MAX_SHEETS = 60
MAX_CELLS = 400_000  # of one sheet, empty ones with a format included
MAX_AREAS = 4_000  # of merged cells
LEAST_WIDTH = 1  # characters; what is narrower shows nothing
LEAST_HEIGHT = 2  # points
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


@dataclass(frozen=True)
class Place:
    """Where the row of a form stands in the file: its number, and column → address of the cell."""

    row: int
    cells: dict[int, str] = field(default_factory=dict)


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
    # of forms that were laid out as a table: index of a row → where it stands in the file
    of_form: dict[int, Place] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)  # of forms: cells that are in no row
    is_turned: bool = False  # a table that lay on its side: the number of a row is of a column

    def row_number(self, index: int) -> int:
        """The number of the row as the spreadsheet counts."""
        return self.of_form[index].row if index in self.of_form else index + 1

    def put(self, row: int, column: int, value) -> None:
        """Write one cell; what stands far away is only marked. Raises FileRefused."""
        if row >= MAX_ROWS:
            if self.far_rows[-1:] != [row + 1]:
                self.far_rows.append(row + 1)
            if len(self.far_rows) > MOST_FAR_ROWS:
                raise FileRefused(too_many_rows())
            return
        if column >= MAX_COLUMNS:
            self.has_far_columns = True
            return
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value

    def refuse_if_it_goes_on(self) -> None:
        """Raise FileRefused for a table that goes on behind the last row that is read."""
        if self.far_rows and len(self.rows) == MAX_ROWS:
            raise FileRefused(too_many_rows())

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


def far_too_much() -> str:
    """Return the sentence for a workbook that is refused before it is read."""
    return _(
        "The workbook holds far more than a table needs. Copy the table alone into a new "
        "workbook and send that."
    )


def is_damaged() -> str:
    """Return the sentence for a workbook whose parts do not fit together."""
    return _(
        "The workbook is damaged or incomplete. Open it in Excel or WPS, save it again "
        "and send that file."
    )


def has_password() -> str:
    """Return the sentence for a workbook that only its password opens."""
    return _(
        "The workbook has a password. Take the password away in Excel or WPS (File, "
        "Protect), save it and try again."
    )


def too_many_rows() -> str:
    """Return the sentence for a table with more than MOST_ROWS rows."""
    return _("The table has more than %(rows)d rows. Send it in parts.") % {"rows": MOST_ROWS}
