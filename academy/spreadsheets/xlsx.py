"""Reading the sheets of an xlsx workbook, each of its parts in one pass.

openpyxl's read-only mode drops what an import has to know (hidden and struck-out cells, merged
areas, the kept results of formulas) and stops at styles that Excel and WPS do not mind. So the
parts are read here; the meaning of number formats, dates and addresses stays openpyxl's.

Nothing in a file is believed: the parts that are read are bounded before they are unpacked, and
everything else in the archive, pictures and the like, is never opened.
"""

import io
import re
import zipfile
from datetime import datetime, time, timedelta
from posixpath import join, normpath
from typing import NamedTuple
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parse
from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from .sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    Area,
    ErrorValue,
    FileRefused,
    Formula,
    Rescaled,
    Sheet,
    Struck,
    too_many_rows,
)

MAX_UNPACKED_BYTES = (
    24 * 1024 * 1024
)  # a table of 1,000 rows unpacks to about 1 MB, formatted empty rows to much more
MAX_STYLES_BYTES = (
    12 * 1024 * 1024
)  # years of copying between workbooks leave tens of thousands of styles
MAX_PART_BYTES = (
    6 * 1024 * 1024
)  # the words of all cells, of 1,000 courses 1 MB; the list of sheets with its names
MAX_SHEETS = 60
MAX_CELLS = 400_000  # of one sheet, empty ones with a format included
MAX_ELEMENTS = 1_500_000
MAX_CELLS_IN_ROW = 16_384  # Excel has no more columns
MAX_AREAS = 4_000
MAX_ARRAYS = 100
MOST_FAR_ROWS = 20  # a few stray cells far below the table; more are a table that is too long
LEAST_WIDTH = 1  # characters; what is narrower shows nothing
LEAST_HEIGHT = 2  # points
SHOWN_IN_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?,])")  # a comma behind the last digit
POINT_OF_WORDS = re.compile(r'[0#?](?:[!\\]\.|"\.")([0#?]+)')  # 0!.0, shows 12000 as 1.2
LARGE_UNIT = re.compile(r'"?([十百千万亿]+元?)')
ESCAPED = re.compile(
    r"_x([0-9A-Fa-f]{4})_"
)  # how workbooks write what XML cannot hold; a line break of Excel is _x000D_
CHINESE_DATE_FORMATS = frozenset(
    [*range(27, 37), *range(50, 59)]
)  # ECMA-376 18.8.30: built in where the system is Chinese
TRUE = ("1", "true", "on")


class Run(NamedTuple):
    """A part of a text with a format of its own; `struck` is None when it has that of its cell."""

    text: str
    struck: bool | None


class XfKind(NamedTuple):
    """What the format of a cell says of its value."""

    shows: str = ""  # "date", "duration", "percent" or "" for anything else
    struck: bool = False
    divisor: int = 1  # what the number is divided by before it is shown
    unit: str = ""  # a unit of thousands or more behind the number


def read_workbook(content: bytes) -> list[Sheet]:
    """Every sheet with cells. Raises FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Package(archive).sheets()
    except FileRefused:
        raise
    except DefusedXmlException as error:
        raise FileRefused(
            _(
                "The workbook holds instructions that no table needs. Copy the table alone into "
                "a new workbook and send that."
            )
        ) from error
    except Exception as error:  # hostile bytes raise anything: KeyError, struct.error, zlib.error …
        raise FileRefused(
            _(
                "The workbook is damaged or incomplete. Open it in Excel or WPS, save it again "
                "and send that file."
            )
        ) from error


class _Package:
    """The archive: its parts by name, bounded in size before they are unpacked.

    Sizes are declared in the archive's directory. zipfile stops at the declared size, so their sum
    may be trusted.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.entries = {
            entry.filename.replace("\\", "/").lstrip("/").lower(): entry
            for entry in archive.infolist()
        }
        self.unpacked = 0

    def sheets(self) -> list[Sheet]:
        root = self._related("")
        path = next(
            (target for kind, target in root.values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        if path.lower() not in self.entries:
            raise FileRefused(_("This is not an Excel workbook. Send an .xlsx or .csv file."))
        workbook = self.read(path, _WorkbookPart())
        if len(workbook.sheets) > MAX_SHEETS:
            raise FileRefused(
                _("The workbook has more than %(sheets)d sheets. Send those with the table alone.")
                % {"sheets": MAX_SHEETS}
            )
        related = self._related(path)
        strings, styles = _StringsPart(), _StylesPart()
        for kind, target in related.values():
            if kind == "sharedStrings":
                self.read(target, strings)
            elif kind == "styles":
                self.read(target, styles, MAX_STYLES_BYTES)
        sheets = []
        for title, state, key in workbook.sheets:
            kind, target = related[key]
            if kind == "worksheet":  # others are charts, macros and dialogs
                part = self.read(
                    target,
                    _SheetPart(title, strings.texts, styles.kinds(), workbook.epoch),
                    MAX_UNPACKED_BYTES,
                )
                part.sheet.is_hidden = state != "visible"
                part.sheet.has_pictures = any(name.startswith("xl/media/") for name in self.entries)
                sheets.append(part.finished())
        return sheets

    def read(self, path: str, handler, most: int = MAX_PART_BYTES):
        entry = self.entries[path.lower()]
        self.unpacked += entry.file_size
        if entry.file_size > most or self.unpacked > MAX_UNPACKED_BYTES:
            raise FileRefused(far_too_much())
        with self.archive.open(entry) as source:
            parse(source, handler)
        return handler

    def _related(self, path: str) -> dict[str, tuple[str, str]]:
        """Key → (kind, path) of what the part refers to."""
        folder, name = path.rpartition("/")[::2]
        relations = join(folder, "_rels", f"{name}.rels")
        if relations.lower() not in self.entries:
            return {}
        found = self.read(relations, _RelationsPart()).targets
        return {
            key: (
                kind,
                (
                    normpath(join(folder, target))
                    if not target.startswith("/")
                    else target.lstrip("/")
                ),
            )
            for key, (kind, target) in found.items()
        }


def far_too_much() -> str:
    """Return the sentence for a workbook that is refused before it is read."""
    return _(
        "The workbook holds far more than a table needs. Copy the table alone into a new "
        "workbook and send that."
    )


class _Part(ContentHandler):
    """Calls `start` and `end` with names without prefix, collects text, stops at too much."""

    def __init__(self) -> None:
        super().__init__()
        self._elements = 0
        self.text: list[str] | None = None  # pieces of the text that is being collected

    def startElement(self, name, attributes) -> None:  # noqa: N802 - of xml.sax
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise FileRefused(far_too_much())
        self.start(name.rpartition(":")[2], attributes)

    def endElement(self, name) -> None:  # noqa: N802 - of xml.sax
        self.end(name.rpartition(":")[2])

    def characters(self, content) -> None:
        if self.text is not None:
            self.text.append(content)

    def collected(self) -> str:
        text, self.text = "".join(self.text or ()), None
        return text

    def start(self, tag: str, attributes) -> None:
        pass

    def end(self, tag: str) -> None:
        pass


class _WorkbookPart(_Part):
    """The list of sheets, and from when days are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, str]] = []  # title, state, key of the relation
        self.epoch = WINDOWS_EPOCH

    def start(self, tag, attributes) -> None:
        if tag == "workbookPr" and attributes.get("date1904") in TRUE:
            self.epoch = MAC_EPOCH
        elif tag == "sheet":
            key = next(value for name, value in attributes.items() if name.endswith(":id"))
            self.sheets.append(
                (attributes.get("name", ""), attributes.get("state", "visible"), key)
            )


class _RelationsPart(_Part):
    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, tag, attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.targets[attributes["Id"]] = (kind, attributes["Target"].replace("\\", "/"))


class _StylesPart(_Part):
    """Which formats show a number as a date, and which strike it out."""

    def __init__(self) -> None:
        super().__init__()
        self.formats = dict(BUILTIN_FORMATS)
        self.struck_fonts: list[bool] = []
        self.cell_formats: list[tuple[int, int]] = []  # number format, font
        self._list = ""

    def start(self, tag, attributes) -> None:
        if tag in ("numFmts", "fonts", "cellXfs", "cellStyleXfs", "dxfs"):
            self._list = tag
        elif tag == "numFmt" and self._list == "numFmts":
            self.formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "font" and self._list == "fonts":
            self.struck_fonts.append(False)
        elif tag == "strike" and self._list == "fonts":
            self.struck_fonts[-1] = attributes.get("val", "1") in TRUE
        elif tag == "xf" and self._list == "cellXfs":
            self.cell_formats.append(
                (int(attributes.get("numFmtId", 0)), int(attributes.get("fontId", 0)))
            )

    def kinds(self) -> list[XfKind]:
        fonts = dict(enumerate(self.struck_fonts))
        return [
            XfKind(self._shows(number), fonts.get(font, False), *_scale(self.formats.get(number)))
            for number, font in self.cell_formats
        ]

    def _shows(self, number: int) -> str:
        code = self.formats.get(number)
        if number in CHINESE_DATE_FORMATS:
            return "date"
        if is_timedelta_format(code):
            return "duration"
        if is_date_format(code):
            return "date"
        return "percent" if code and code.split(";")[0].rstrip().endswith("%") else ""


class _TextPart(_Part):
    """A part with texts: plain ones, or in runs of which each has a format."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self._struck: bool | None = None
        self._is_reading_aid = False  # how a word is pronounced, above the word

    def start(self, tag, attributes) -> None:
        if tag == "rPh":
            self._is_reading_aid = True
        elif tag == "t" and not self._is_reading_aid:
            self.text = []
        elif tag == "r":
            self._struck = None
        elif tag == "rPr":
            self._struck = False
        elif tag == "strike":
            self._struck = attributes.get("val", "1") in TRUE

    def end(self, tag) -> None:
        if tag == "t" and self.text is not None:
            self.runs.append(Run(_unescaped(self.collected()), self._struck))
        elif tag == "rPh":
            self._is_reading_aid = False

    def taken(self) -> list[Run]:
        runs, self.runs, self._struck = self.runs, [], None
        return runs


class _StringsPart(_TextPart):
    """The words of all cells, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[list[Run]] = []

    def end(self, tag) -> None:
        super().end(tag)
        if tag == "si":
            self.texts.append(self.taken())


class _SheetPart(_TextPart):
    """The cells of a sheet, with what is hidden, struck out, merged or calculated."""

    def __init__(self, title: str, texts: list[list[Run]], kinds: list[XfKind], epoch) -> None:
        super().__init__()
        self.sheet = Sheet(title=title, rows=[])
        self._texts, self._kinds, self._epoch = texts, kinds, epoch
        self._row = self._column = -1
        self._rows = self._cells = self._cells_in_row = 0
        self._type = self._written = ""
        self._kind = XfKind()
        self._is_formula = False
        self._arrays: list[Area] = []

    def start(self, tag, attributes) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v":
            self.text = []
        elif tag == "f":
            self._is_formula = True
            if attributes.get("t") in ("array", "dataTable") and len(self._arrays) < MAX_ARRAYS:
                areas = _areas(attributes.get("ref", ""))
                self._arrays += [
                    area for area in areas if (area.left, area.top) != (area.right, area.bottom)
                ]
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "col":
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            if (
                attributes.get("hidden") in TRUE
                or float(attributes.get("width", LEAST_WIDTH)) < LEAST_WIDTH
            ):
                self.sheet.hidden_columns |= set(range(max(first, 1) - 1, min(last, MAX_COLUMNS)))
        elif tag == "mergeCell" and len(self.sheet.merged) < MAX_AREAS:
            self.sheet.merged += _areas(attributes.get("ref", ""))
        else:
            super().start(tag, attributes)

    def _start_row(self, attributes) -> None:
        self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
        self._column, self._cells_in_row = -1, 0
        self._rows += 1
        if self._rows > MAX_CELLS or self._row < 0:
            raise FileRefused(far_too_much())
        if self._row <= MAX_ROWS and (
            attributes.get("hidden") in TRUE
            or float(attributes.get("ht", LEAST_HEIGHT)) < LEAST_HEIGHT
        ):
            self.sheet.hidden_rows.add(self._row)

    def _start_cell(self, attributes) -> None:
        self._cells += 1
        self._cells_in_row += 1
        if self._cells > MAX_CELLS or self._cells_in_row > MAX_CELLS_IN_ROW:
            raise FileRefused(far_too_much())
        address = attributes.get("r")
        if address:
            row, column = coordinate_to_tuple(address)
            self._row, self._column = row - 1, column - 1
        else:
            self._column += 1
        self._type, self._written, self._is_formula = attributes.get("t", "n"), "", False
        style = int(attributes.get("s", 0))
        self._kind = self._kinds[style] if 0 <= style < len(self._kinds) else XfKind()

    def end(self, tag) -> None:
        if tag == "c":
            self._end_cell()
        elif tag == "v":
            self._written = self.collected()
        else:
            super().end(tag)

    def _end_cell(self) -> None:
        value = self._value()
        if value is None or value == "":
            return
        if self._row >= MAX_ROWS:
            if self.sheet.far_rows[-1:] != [self._row + 1]:
                self.sheet.far_rows.append(self._row + 1)
            if len(self.sheet.far_rows) > MOST_FAR_ROWS:
                raise FileRefused(too_many_rows())
            return
        if self._column >= MAX_COLUMNS:
            self.sheet.has_far_columns = True
            return
        rows = self.sheet.rows
        while len(rows) <= self._row:
            rows.append([])
        row = rows[self._row]
        row.extend([None] * (self._column + 1 - len(row)))
        row[self._column] = value

    def _value(self):
        runs = (
            self._texts[int(self._written)]
            if self._type == "s" and self._written
            else self.taken()
            if self._type == "inlineStr"
            else None
        )
        value = "".join(run.text for run in runs) if runs is not None else self._plain()
        is_formula = self._is_formula or any(
            area.left <= self._column <= area.right and area.top <= self._row <= area.bottom
            for area in self._arrays
        )
        if is_formula:
            value = Formula("" if value is None and self._type == "str" else value)
        if value is None:
            return None
        if runs is None:
            return Struck(value) if self._kind.struck else value
        rest = "".join(
            run.text
            for run in runs
            if not (self._kind.struck if run.struck is None else run.struck)
        )
        return value if rest.strip() == value.strip() else Struck(value, rest.strip() or None)

    def _plain(self):
        """What a cell says that holds no text of its own."""
        written = self._written
        if not written.strip():
            return None
        if self._type == "str":
            return _unescaped(written)
        if self._type == "b":
            return written.strip() in TRUE
        if self._type == "e":
            return ErrorValue(written.strip())
        if self._type == "d":
            return datetime.fromisoformat(written.strip())
        return self._number(written.strip())

    def _number(self, written: str):
        try:
            number = (
                float(written) if len(written) > 15 or set(written) & set(".eE") else int(written)
            )
        except ValueError:
            return written
        if self._kind.shows == "percent":
            return f"{number * 100:.12g}%"
        if self._kind.unit:
            return f"{number / self._kind.divisor:.12g}{self._kind.unit}"
        if self._kind.divisor > 1:
            return Rescaled(number, f"{number / self._kind.divisor:.12g}")
        if not self._kind.shows or number <= 0:
            return number
        try:
            moment = from_excel(number, self._epoch, timedelta=self._kind.shows == "duration")
        except (OverflowError, ValueError):
            return number
        if isinstance(moment, time):
            return f"{moment.hour}:{moment.minute:02}"
        if isinstance(moment, timedelta):
            return f"{moment // timedelta(hours=1)}:{moment // timedelta(minutes=1) % 60:02}"
        return moment

    def finished(self) -> Sheet:
        if self.sheet.far_rows and len(self.sheet.rows) == MAX_ROWS:  # the table goes on
            raise FileRefused(too_many_rows())
        self.sheet.merged = [
            area for area in self.sheet.merged if area.left < MAX_COLUMNS and area.top < MAX_ROWS
        ]
        return self.sheet


def _scale(code: str | None) -> tuple[int, str]:
    """By what a number format divides, and the unit that it writes behind the number."""
    section = re.sub(r"\[[^\]]*\]", "", (code or "").split(";")[0])
    thousands, point = SHOWN_IN_THOUSANDS.search(section), POINT_OF_WORDS.search(section)
    divisor = 1000 ** len(thousands.group(1)) if thousands else 1
    if point:
        divisor *= 10 ** len(point.group(1))
    unit = LARGE_UNIT.search(section)
    return divisor, unit.group(1) if unit else ""


def _areas(reference: str) -> list[Area]:
    """The area that A1:C3 names, if it names one."""
    left, top, right, bottom = range_boundaries(reference) if reference else (None,) * 4
    if not (left and top and right and bottom):
        return []
    return [Area(left - 1, top - 1, min(right, MAX_COLUMNS) - 1, min(bottom, MAX_ROWS) - 1)]


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text
