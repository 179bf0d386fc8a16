"""Reading the tables of a web page that has the name of a workbook, as systems of offices export
them.

Everything on the page becomes one sheet, from the top down: a text outside of tables is a row of
its own. Cells are text; what is hidden, struck out or merged is told as of a workbook.
"""

import re
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from .csv_files import TableError, decoded
from .sheet import (
    MAX_AREAS,
    MAX_CELLS,
    MAX_COLUMNS,
    Area,
    FileRefused,
    Formula,
    Rescaled,
    Sheet,
    Struck,
    far_too_much,
)

LONGEST_TAG = 4_000  # characters; a longer one is text
NOT_SHOWN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|xml|title)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
MOST_PLACES = 1_000  # columns or rows of one cell
LOOKED_FOR_STYLES = 200_000  # characters
RULE = re.compile(r"\.([\w-]{1,60})\s*\{([^{}]{0,2000})\}")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
STRUCK = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through")
NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "caption", "center", "li", "br")
STRIKES = ("s", "strike", "del")


def is_web_page(content: bytes, within: int) -> bool:
    """Whether the file begins as a web page does; `within` are the bytes that are looked at."""
    seen = content[:within].replace(b"\0", b"")  # of UTF-16
    beginning = seen.lstrip(b"\xff\xfe\xef\xbb\xbf\r\n\t ").lower()
    begins = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")
    is_packed = beginning.startswith(b"mime-version:")
    return beginning.startswith(begins) or (b"<html" in beginning and not is_packed)


def read_web_page(content: bytes, name: str) -> Sheet:
    """The tables of the page as one sheet. Raises FileRefused where it has none."""
    try:
        text = decoded(content, name[-40:])
    except TableError as error:
        raise FileRefused(str(error)) from error
    reader = _Reader(text[:LOOKED_FOR_STYLES])
    reader.feed(_tame(NOT_SHOWN.sub("", text)))
    reader.close()
    reader.end_line()
    if not reader.has_table:
        raise FileRefused(
            _(
                "This is a web page with the name of a table. Open it in Excel or WPS, save it "
                "as .xlsx and try again."
            )
        )
    reader.sheet.refuse_if_it_goes_on()
    return reader.sheet


def _tame(text: str) -> str:
    """The page with each < that begins no tag written as text: the parser would look for its end
    again and again.
    """
    first, *pieces = text.split("<")
    tamed = [first]
    for piece in pieces:
        end = piece.find(">", 0, LONGEST_TAG)
        if end < 0 or not (piece[0].isalpha() or piece[0] in "/!?"):
            tamed.append(f"&lt;{piece}")
        elif piece[0] in "!?":
            tamed.append(piece[end + 1 :])
        else:
            tamed.append(f"<{piece}")
    return "".join(tamed)


class _Reader(HTMLParser):
    """Collects the lines of the page; a table within a cell stands below it."""

    def __init__(self, styles: str) -> None:
        super().__init__()
        self.sheet = Sheet(title="", rows=[])
        self.has_table = False
        self._styles = {name: rule.lower() for name, rule in RULE.findall(styles)}
        self._row = self._column = self._cells = self._columns = 0
        self._taken_until: dict[int, int] = {}  # column → the last row of a cell above
        self._is_row = False  # whether a row of a table is read
        self._cell: dict | None = None  # the attributes of the cell that is read
        self._row_is_struck = False
        self._text: list[tuple[str, bool]] = []  # pieces, and whether they are struck out
        self._strikes: list[str] = []  # open tags that strike out

    def _style(self, attributes: dict) -> str:
        if not attributes:
            return ""
        classes = (attributes.get("class") or "").split()
        own = (attributes.get("style") or "").lower()
        return ";".join([own, *(self._styles.get(name, "") for name in classes)])

    def handle_starttag(self, tag: str, attrs) -> None:
        attributes = dict(attrs)
        if tag == "table":
            self.end_line()
            self.has_table, self._columns = True, 0
        elif tag == "tr":
            self.end_line()
            self._is_row, style = True, self._style(attributes)
            if HIDDEN.search(style) or "hidden" in attributes:
                self.sheet.hidden_rows.add(self._row)
            self._row_is_struck = bool(STRUCK.search(style))
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell, self._strikes = attributes, []
        elif tag == "col":
            self._add_column(attributes)
        elif tag in BLOCKS:
            self._break()
        elif tag in STRIKES or STRUCK.search(self._style(attributes)):
            self._strikes.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self.end_line()
        elif tag in BLOCKS:
            self._break()
        elif tag in self._strikes:
            self._strikes.remove(tag)

    def handle_data(self, data: str) -> None:
        self._text.append((re.sub(r"[ \t\r\n\f]+", " ", data), bool(self._strikes)))

    def _break(self) -> None:
        """A new line within a cell, a new row outside of one."""
        if self._cell is not None:
            self._text.append(("\n", False))
        else:
            self._end_cell()
            self.end_line()

    def _add_column(self, attributes: dict) -> None:
        first, self._columns = self._columns, self._columns + _count(attributes, "span")
        if HIDDEN.search(self._style(attributes)) or attributes.get("width") == "0":
            self.sheet.hidden_columns |= set(range(first, min(self._columns, MAX_COLUMNS)))

    def end_line(self) -> None:
        """End the line that is read, if there is anything of it."""
        self._end_cell()
        if self._column or (self._is_row and self._row in self._taken_until.values()):
            self._row += 1
        self._column, self._is_row, self._row_is_struck = 0, False, False

    def _end_cell(self) -> None:
        attributes, pieces = self._cell, self._text
        self._cell, self._text = None, []
        text = _written(piece for piece, _struck in pieces)
        if attributes is None and not text:
            return
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise FileRefused(far_too_much())
        attributes = attributes or {}
        while self._taken_until.get(self._column, -1) >= self._row:
            self._column += 1
        if text:
            is_struck = self._row_is_struck or bool(STRUCK.search(self._style(attributes)))
            value = _value(text, attributes)
            if is_struck or any(struck for _piece, struck in pieces):
                rest = _written(piece for piece, struck in pieces if not (struck or is_struck))
                value = value if rest == text else Struck(value, rest or None)
            self.sheet.put(self._row, self._column, value)
        self._take_places(_count(attributes, "colspan"), _count(attributes, "rowspan"))

    def _take_places(self, columns: int, rows: int) -> None:
        """Move behind a cell of so many columns, and keep what is below one of so many rows."""
        left, top = self._column, self._row
        self._column += columns
        right = min(self._column, MAX_COLUMNS) - 1
        if columns * rows == 1 or left >= MAX_COLUMNS or len(self.sheet.merged) >= MAX_AREAS:
            return
        self.sheet.merged.append(Area(left, top, right, top + rows - 1))
        self._taken_until |= dict.fromkeys(range(left, right + 1), top + rows - 1)


def _count(attributes: dict, name: str) -> int:
    """How many columns or rows it takes: at least one, at most as many as a cell may."""
    if name not in attributes:
        return 1
    written = (attributes[name] or "").strip()
    return min(max(int(written), 1), MOST_PLACES) if re.fullmatch("[0-9]{1,6}", written) else 1


def _written(pieces) -> str:
    text = "".join(pieces)
    if text.isalnum():  # as most cells are
        return text
    lines = text.replace("\xa0", " ").split("\n")
    return "\n".join(filter(None, (re.sub(" +", " ", line).strip() for line in lines)))


def _value(text: str, attributes: dict):
    """The text of a cell; Excel notes beside it the number that it shows otherwise."""
    if "x:fmla" in attributes:
        return Formula(text)
    number = attributes.get("x:num") or ""
    if NUMBER.fullmatch(number) and NUMBER.fullmatch(text):
        shown = float(text.replace(",", ""))
        held = float(number.replace(",", ""))
        if abs(held - shown) > abs(held) / 2:
            return Rescaled(held, text)
        return held
    return text
