"""The small parts of an xlsx workbook: its sheets by name, styles, shared texts."""

import re
from typing import NamedTuple
from xml.sax.handler import ContentHandler

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from .number_formats import XfKind, kind_of_format
from .sheet import FileRefused, far_too_much

MAX_ELEMENTS = 1_500_000
ESCAPED = re.compile(
    r"_x([0-9A-Fa-f]{4})_"
)  # how workbooks write what XML cannot hold; a line break of Excel is _x000D_
TRUE = ("1", "true", "on")


class Run(NamedTuple):
    """A part of a text with a format of its own; `struck` is None when it has that of its cell."""

    text: str
    struck: bool | None


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
            kind_of_format(number, self.formats.get(number), is_struck=fonts.get(font, False))
            for number, font in self.cell_formats
        ]


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


def unescaped(text: str) -> str:
    """Return a text of the file as a person reads it."""
    if "_x" not in text:
        return text
    written = ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
    # two halves of a character beyond the usual ones become it; one alone is shown as lost
    return written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
