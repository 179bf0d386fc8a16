"""Opening a table that somebody sent, an xlsx workbook or a CSV file, as rows of plain values, whatever is in the bytes.

Nothing in a file is believed: its size, its unpacked size, its rows and columns are bounded before anything is built of
it, formulas are text, and every way in which it can be broken is one `FileRefused` with a sentence. Source:
RELIABILITY.md facts 5 and 6.
"""

import csv
import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.sax.handler import ContentHandler

from defusedxml.sax import parse
from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from .errors import PortalError
from .tables import TableError, decoded

MAX_UNPACKED_BYTES = 24 * 1024 * 1024  # a table of 1,000 rows unpacks to about 1 MB, formatted empty rows to much more
MAX_PART_BYTES = 2 * 1024 * 1024  # of the parts that are read whole: styles, the list of sheets
MAX_TEXTS_BYTES = 6 * 1024 * 1024  # of the part that holds the words of all cells; 1,000 courses with their summaries take 1 MB
MAX_ENTRIES = 300
MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_SHEETS = 20
MAX_CELLS = 400_000  # of one sheet, empty ones with a format included
MAX_ELEMENTS = 1_500_000
MAX_CELLS_IN_ROW = 16_384  # Excel has no more columns
MAX_MERGED = 4_000
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and any workbook with a password
ZIP_MAGIC = b"PK"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how workbooks write what XML cannot hold; a line break of Excel is _x000D_

Value = str | int | float | bool | date | datetime | None


class FileRefused(PortalError):
    """The file cannot be read as a table. Nothing of it has been used."""


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula: data, never evaluated."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass
class Sheet:
    """The visible cells of one sheet. `rows[0]` is row 1; merged cells hold their value in the first cell only."""

    title: str
    rows: list[list]
    merged_columns: list[tuple[int, int, int]] = field(default_factory=list)  # (column, first row, last row), from 0


def read_sheets(content: bytes, name: str) -> list[Sheet]:
    """The visible sheets of a workbook, or the one of a CSV file. Raises FileRefused."""
    if not content:
        raise FileRefused(_("The file is empty."))
    if len(content) > settings.UPLOAD_MAX_BYTES:
        raise FileRefused(_("The file is larger than %(limit)d MB. A table is much smaller: remove pictures and attachments.") % {
            "limit": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
        })  # fmt: skip
    ending = name.lower().rpartition(".")[2]
    if content.startswith(OLE_MAGIC):
        raise FileRefused(_("The file is in the old .xls format or has a password. Save it as .xlsx without a password and try again."))
    if content.startswith(ZIP_MAGIC):
        return _workbook(content)
    if ending == "csv":
        return [_csv(content, name)]
    if ending in ("xlsx", "xlsm"):
        raise FileRefused(_("The name says Excel, but the content is something else. Open it in Excel or WPS and save it as .xlsx."))
    raise FileRefused(_("This is not an Excel workbook. Send an .xlsx or .csv file."))


def _csv(content: bytes, name: str) -> Sheet:
    try:
        text = decoded(content, name[-40:])
        rows = []
        for row in csv.reader(io.StringIO(text, newline="")):
            if len(rows) >= MAX_ROWS:
                raise FileRefused(_too_many_rows())
            rows.append(row[:MAX_COLUMNS])
    except TableError as error:
        raise FileRefused(str(error)) from error
    except csv.Error as error:
        raise FileRefused(_("The file is not a CSV table.")) from error
    return Sheet(title="", rows=rows)


def _workbook(content: bytes) -> list[Sheet]:
    broken = _("The workbook is damaged or incomplete. Open it in Excel or WPS, save it again and send that file.")
    try:
        layouts = _checked(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's remarks about styles and extensions
            workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            try:
                sheets = {sheet._worksheet_path: sheet for sheet in workbook.worksheets[:MAX_SHEETS] if sheet.sheet_state == "visible"}
                return [_sheet(sheet, layouts[path]) for path, sheet in sheets.items()]
            finally:
                workbook.close()
    except FileRefused:
        raise
    except Exception as error:  # a parser fed with hostile bytes raises anything: KeyError, struct.error, zlib.error …
        raise FileRefused(broken) from error


def _checked(content: bytes) -> dict[str, "_Layout"]:
    """Refuse an archive that is too much, before openpyxl builds anything of it; what its sheets look like, by path.

    Sizes are declared in the archive's directory; zipfile stops at the declared size, so the sums may be trusted.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if "xl/workbook.xml" not in archive.namelist():
            raise FileRefused(_("This is not an Excel workbook. Send an .xlsx or .csv file."))
        too_large = any(entry.file_size > _most_bytes(entry.filename) for entry in entries)
        if len(entries) > MAX_ENTRIES or too_large or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise FileRefused(_far_too_much())
        layouts = {}
        for entry in entries:
            if "/worksheets/" in entry.filename and entry.filename.endswith(".xml"):
                layouts[entry.filename] = _Layout()
                with archive.open(entry) as source:
                    parse(source, layouts[entry.filename])
        return layouts


def _most_bytes(part: str) -> int:
    if "/worksheets/" in part:
        return MAX_UNPACKED_BYTES
    return MAX_TEXTS_BYTES if part == "xl/sharedStrings.xml" else MAX_PART_BYTES


def _sheet(sheet, layout: "_Layout") -> Sheet:
    rows = []
    for cells in sheet.iter_rows(min_row=1, max_row=MAX_ROWS + 1, min_col=1, max_col=MAX_COLUMNS):
        rows.append([_value(cell) for cell in cells])
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    if len(rows) > MAX_ROWS:
        raise FileRefused(_too_many_rows())
    for row in rows:
        for column in layout.hidden:
            row[column] = None
    return Sheet(title=sheet.title, rows=rows, merged_columns=layout.merged)


def _value(cell):
    if cell.data_type == "f":
        return Formula(str(cell.value))
    if isinstance(cell.value, str) and "_x" in cell.value:
        return ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), cell.value)
    return cell.value


class _Layout(ContentHandler):
    """Merged ranges and hidden columns, which read-only mode drops; and a count that stops at a sheet made to choke on."""

    def __init__(self) -> None:
        super().__init__()
        self.merged: list[tuple[int, int, int]] = []
        self.hidden: set[int] = set()
        self._elements = self._rows = self._cells = self._cells_in_row = 0

    def startElement(self, name, attributes) -> None:
        tag = name.rpartition(":")[2]
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise FileRefused(_far_too_much())
        if tag == "c":
            self._cells += 1
            self._cells_in_row += 1
            if self._cells > MAX_CELLS or self._cells_in_row > MAX_CELLS_IN_ROW:
                raise FileRefused(_far_too_much())
        elif tag == "row":
            self._cells_in_row = 0
            self._rows += 1
            if self._rows > MAX_CELLS:
                raise FileRefused(_far_too_much())
        elif tag == "mergeCell" and len(self.merged) < MAX_MERGED:
            column, top, _right, bottom = range_boundaries(attributes.get("ref", ""))
            if column and top and bottom and bottom > top and column <= MAX_COLUMNS and top <= MAX_ROWS:
                self.merged.append((column - 1, top - 1, min(bottom, MAX_ROWS) - 1))
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            self.hidden |= set(range(max(first, 1) - 1, min(last, MAX_COLUMNS)))


def _far_too_much() -> str:
    return _("The workbook holds far more than a table needs. Copy the table alone into a new workbook and send that.")


def _too_many_rows() -> str:
    return _("The table has more than %(rows)d rows. Send it in parts.") % {"rows": MAX_ROWS}
