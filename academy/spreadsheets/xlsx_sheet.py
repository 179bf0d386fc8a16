"""One sheet of an xlsx workbook, read in one pass."""

from datetime import datetime

from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

from .number_formats import XfKind, as_shown
from .sheet import (
    LEAST_HEIGHT,
    LEAST_WIDTH,
    MAX_AREAS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Area,
    ErrorValue,
    FileRefused,
    Formula,
    Sheet,
    Struck,
    far_too_much,
)
from .xlsx_parts import TRUE, Run, TextPart, unescaped

MAX_CELLS_IN_ROW = 16_384  # Excel has no more columns
MAX_ARRAYS = 100


class SheetPart(TextPart):
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
        self.sheet.put(self._row, self._column, value)

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
            return unescaped(written)
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
        return as_shown(number, self._kind, self._epoch)

    def finished(self) -> Sheet:
        self.sheet.refuse_if_it_goes_on()
        self.sheet.merged = [
            area for area in self.sheet.merged if area.left < MAX_COLUMNS and area.top < MAX_ROWS
        ]
        return self.sheet


def _areas(reference: str) -> list[Area]:
    """The area that A1:C3 names, if it names one."""
    left, top, right, bottom = range_boundaries(reference) if reference else (None,) * 4
    if not (left and top and right and bottom):
        return []
    return [Area(left - 1, top - 1, min(right, MAX_COLUMNS) - 1, min(bottom, MAX_ROWS) - 1)]
