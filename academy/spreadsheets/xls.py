"""Reading the sheets of a workbook of Excel 97 (.xls), with the same cells as of an xlsx workbook.

WPS writes its own .et in the same records. xlrd reads the cells; what they are beside their value,
hidden, struck out or calculated, is told as `academy/spreadsheets/xlsx_sheet.py` tells it.
"""

import io

import xlrd
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from .number_formats import XfKind, as_shown, kind_of_format
from .sheet import (
    LEAST_HEIGHT,
    LEAST_WIDTH,
    MAX_COLUMNS,
    MAX_ROWS,
    Area,
    ErrorValue,
    FileRefused,
    Formula,
    Sheet,
    Struck,
    has_password,
    is_damaged,
)
from .xls_records import Records, records_of

TWIPS, CHARACTER = 20, 256  # what a point, and the width of a character, are counted in
ENCRYPTED = "encrypted"  # in what xlrd says of a workbook with a password


def read_old_workbook(content: bytes) -> list[Sheet] | None:
    """Every sheet with cells, None where the file holds no workbook. Raises FileRefused."""
    try:
        records = records_of(content)
        if records is None:
            return None
        book = xlrd.open_workbook(
            file_contents=records.stream,
            formatting_info=True,
            ragged_rows=True,
            logfile=io.StringIO(),
        )
        return _Book(book, records).sheets()
    except FileRefused:
        raise
    except Exception as error:  # hostile bytes raise anything: struct.error, AssertionError …
        if ENCRYPTED in str(error):
            raise FileRefused(has_password()) from error
        raise FileRefused(is_damaged()) from error


class _Book:
    """What xlrd has read, told as `Sheet`s."""

    def __init__(self, book: xlrd.Book, records: Records) -> None:
        self.book, self.records = book, records
        self.epoch = MAC_EPOCH if book.datemode else WINDOWS_EPOCH
        self.kinds = [self._kind(number) for number in range(len(book.xf_list))]

    def sheets(self) -> list[Sheet]:
        return [
            self._sheet(sheet, formulas)
            for sheet, formulas in zip(self.book.sheets(), self.records.formulas, strict=True)
        ]

    def _kind(self, number: int) -> XfKind:
        cell_format = self.book.xf_list[number]
        number_format = self.book.format_map.get(cell_format.format_key)
        return kind_of_format(
            cell_format.format_key,
            number_format.format_str if number_format else None,
            is_struck=self._is_struck(cell_format.font_index),
        )

    def _is_struck(self, font: int) -> bool:
        fonts = self.book.font_list
        return bool(fonts[font].struck_out) if 0 <= font < len(fonts) else False

    def _sheet(self, source: xlrd.sheet.Sheet, formulas: set[tuple[int, int]]) -> Sheet:
        sheet = Sheet(title=source.name, rows=[], is_hidden=source.visibility != 0)
        sheet.has_pictures = self.records.has_pictures
        for row in range(source.nrows):
            for column in range(source.row_len(row)):
                value = self._value(source, row, column, is_formula=(row, column) in formulas)
                if value is not None and value != "":
                    sheet.put(row, column, value)
        sheet.refuse_if_it_goes_on()
        sheet.hidden_rows = {
            row
            for row, told in source.rowinfo_map.items()
            if row <= MAX_ROWS
            and (
                told.hidden or (not told.has_default_height and told.height < LEAST_HEIGHT * TWIPS)
            )
        }
        sheet.hidden_columns = {
            column
            for column, told in source.colinfo_map.items()
            if column < MAX_COLUMNS and (told.hidden or told.width < LEAST_WIDTH * CHARACTER)
        }
        sheet.merged = [
            Area(left, top, min(right, MAX_COLUMNS) - 1, min(bottom, MAX_ROWS) - 1)
            for top, bottom, left, right in source.merged_cells
            if left < MAX_COLUMNS and top < MAX_ROWS
        ]
        return sheet

    def _value(self, source: xlrd.sheet.Sheet, row: int, column: int, *, is_formula: bool):
        number = source.cell_xf_index(row, column)
        kind = self.kinds[number] if 0 <= number < len(self.kinds) else XfKind()
        value = self._plain(source.cell_type(row, column), source.cell_value(row, column), kind)
        if is_formula:
            value = Formula("" if value is None else value)
        if value is None or value == "":
            return None
        runs = source.rich_text_runlist_map.get((row, column))
        if not runs:
            return Struck(value) if kind.struck else value
        rest = self._not_struck(source.cell_value(row, column), runs, kind).strip()
        return value if rest == str(value).strip() else Struck(value, rest or None)

    def _not_struck(self, text: str, runs: list[tuple[int, int]], kind: XfKind) -> str:
        """What is left of a text in parts; where parts begin is counted in halves of UTF-16."""
        halves = text.encode("utf-16-le", "surrogatepass")
        begins = [0, *(begin for begin, _font in runs), len(halves)]
        is_struck = [kind.struck, *(self._is_struck(font) for _begin, font in runs)]
        kept = b"".join(
            halves[2 * begin : 2 * end]
            for begin, end, struck in zip(begins, begins[1:], is_struck, strict=False)
            if not struck
        )
        return kept.decode("utf-16-le", "replace")

    def _plain(self, cell_type: int, value, kind: XfKind):
        if cell_type == xlrd.XL_CELL_TEXT:
            return value
        if cell_type == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if cell_type == xlrd.XL_CELL_ERROR:
            return ErrorValue(xlrd.error_text_from_code.get(value, "#N/A"))
        if cell_type in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            is_whole = value.is_integer() and abs(value) < 1e15
            return as_shown(int(value) if is_whole else value, kind, self.epoch)
        return None
