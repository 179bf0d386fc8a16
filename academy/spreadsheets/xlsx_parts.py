"""The small parts of an xlsx workbook: its sheets by name, styles, shared texts."""

import re
from typing import NamedTuple
from xml.sax.handler import ContentHandler

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from .sheet import (
    FileRefused,
)

MAX_SHEETS = 60
MAX_ELEMENTS = 1_500_000
SHOWN_IN_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?,])")  # a comma behind the last digit
DIGITS_SHOWN = re.compile(r"[#,]*0(?:\.(0+))?(E\+0+)?", re.IGNORECASE)  # 0.00, 0.00E+00
POINT_OF_WORDS = re.compile(r'[0#?](?:[!\\]\.|"\.")([0#?]+)')  # 0!.0, shows 12000 as 1.2
LARGE_UNIT = re.compile(r'"?([十百千万亿]+元?)')
# a format that says what its number is for: 0"人/期", "每期"0"人"
RATE_SHOWN = re.compile(
    r"(?P<before>每?[期班次场批人天]?)[#,]*0(?:\.0+)?(?P<behind>[^0-9#?/.,]{0,4}(?:/[期班次场批人天])?)"
)
QUOTES = re.compile(r'"|\\|_.|\*.')  # around words of a format
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
    before: str = ""  # 每期 in front of the number
    behind: str = ""  # 人/期 behind it
    digits: str = ""  # how Python writes the digits that are shown: .2f, .2E


def far_too_much() -> str:
    """Return the sentence for a workbook that is refused before it is read."""
    return _(
        "The workbook holds far more than a table needs. Copy the table alone into a new "
        "workbook and send that."
    )


class Part(ContentHandler):
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


class WorkbookPart(Part):
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


class RelationsPart(Part):
    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, tag, attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.targets[attributes["Id"]] = (kind, attributes["Target"].replace("\\", "/"))


class StylesPart(Part):
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
            XfKind(
                self._shows(number),
                fonts.get(font, False),
                *scale_of(self.formats.get(number)),
                *rate_of(self.formats.get(number)),
                digits_of(self.formats.get(number)),
            )
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


class TextPart(Part):
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
            self.runs.append(Run(unescaped(self.collected()), self._struck))
        elif tag == "rPh":
            self._is_reading_aid = False

    def taken(self) -> list[Run]:
        runs, self.runs, self._struck = self.runs, [], None
        return runs


class StringsPart(TextPart):
    """The words of all cells, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[list[Run]] = []

    def end(self, tag) -> None:
        super().end(tag)
        if tag == "si":
            self.texts.append(self.taken())


def scale_of(code: str | None) -> tuple[int, str]:
    """By what a number format divides, and the unit that it writes behind the number."""
    section = re.sub(r"\[[^\]]*\]", "", (code or "").split(";")[0])
    thousands, point = SHOWN_IN_THOUSANDS.search(section), POINT_OF_WORDS.search(section)
    divisor = 1000 ** len(thousands.group(1)) if thousands else 1
    if point:
        divisor *= 10 ** len(point.group(1))
    unit = LARGE_UNIT.search(section)
    return divisor, unit.group(1) if unit else ""


def rate_of(code: str | None) -> tuple[str, str]:
    """What a number format writes before and behind a number that is one for each: 每期, 人/期."""
    section = re.sub(r"\[[^\]]*\]", "", (code or "").split(";")[0])
    found = RATE_SHOWN.fullmatch(QUOTES.sub("", section))
    is_rate = found and (found["before"].startswith("每") or "/" in found["behind"])
    return (found["before"], found["behind"]) if is_rate else ("", "")


def digits_of(code: str | None) -> str:
    """How Python writes a number with as many digits as the format shows; "" for other formats."""
    shown = DIGITS_SHOWN.fullmatch((code or "").split(";")[0].rstrip("_ )"))
    if not shown:
        return ""
    return f".{len(shown[1] or '')}{'E' if shown[2] else 'f'}"


def unescaped(text: str) -> str:
    """Return a text of the file as a person reads it."""
    if "_x" not in text:
        return text
    written = ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
    # two halves of a character beyond the usual ones become it; one alone is shown as lost
    return written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
