"""Reading the rows of one sheet below its headings."""

import re
from collections import Counter
from datetime import date

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from .cell_text import clean, clean_lines, spelled
from .headings import Headings
from .line_kinds import BEGINS_A_PART, HAS_DIGITS, Kind, kind_of
from .row_reading import ReadsRowsOfASheet
from .sheet import MAX_COLUMNS, MOST_ROWS, FileRefused, Sheet, Struck, too_many_rows, unmarked
from .table import TableRow, TableRows, Taken

LONGEST_NOTE = 500  # characters of a text around the table
LEAST_OF_A_TABLE = 3  # headings
LONGEST_TEXT = 20_000  # characters of a cell with all its lines


def _written_of(headings: Headings) -> dict[int, tuple[str, str, str]]:
    """Column → name, text, whether a word or a learned one names it."""
    return {
        column: (
            name,
            headings.texts[column],
            "learned" if column in headings.learned else "exact",
        )
        for column, name in sorted(headings.columns.items())
    }


# what a cell that tells a number holds, or that there is none
A_NUMBER = re.compile("[0-9一二三四五六七八九十百千万两半壹贰叁肆伍陆柒捌玖拾免无单全]")
LABELLED = re.compile(r"(?P<label>[^:：]{2,12})[:：]\s*(?P<text>.+)", re.DOTALL)


class SheetReading(ReadsRowsOfASheet):
    """Reads the rows of one sheet into the result."""

    def __init__(self, sheet: Sheet, result: TableRows, taken: Taken) -> None:
        self.sheet, self.result, self.taken = sheet, result, taken
        self.title = sheet.title[:40]
        self.tops: dict[int, TableRow] = {}  # index of a line → the row it belongs to
        self.merged = sheet.tops()
        self.below: list[str] = []  # texts since the last row
        self.table = 0  # which table of the sheet is read
        self.titles: list[str] = []  # above the headings of the table that is read
        self.without_heading: set[int] = set()  # columns with something in a row
        self.section = ""  # the last line that only says something
        self.is_of_others = False  # whether the lines are those of a table of other things

    def read(self, headings: Headings, first_row: int) -> None:
        self._tell_of_headings(headings, first_row)
        self._take(headings, first_row)
        self.titles = self.result.preamble[self.title]
        index = first_row
        while index < len(self.sheet.rows):
            again = (
                headings.words.at(self.sheet, index)
                if headings.words.in_row(self.sheet.rows[index])
                else None
            )
            if again and not self._is_hidden(index):  # as a second page or a second table has them
                self._take(*again)
                self.titles = list(self.below) or self.titles
                self._note_another_table()
                self.is_of_others = False
            elif not again and not self._is_of_another_table(index):
                self._read_line(index)
            index = again[1] if again else index + 1
        self.result.postscript[self.title] = self.below
        self._tell_of_what_was_passed_over()

    def _tell_of_what_was_passed_over(self) -> None:
        if self.without_heading:
            letters = "、".join(
                get_column_letter(column + 1) for column in sorted(self.without_heading)
            )
            self.result.warn(
                self.sheet,
                0,
                _("Columns without a heading were not read: %(columns)s.") % {"columns": letters},
            )
        for row in self.sheet.far_rows:
            self.result.warn(
                self.sheet, row, _("This row stands far below the table; it was left out.")
            )
        if self.sheet.has_far_columns:
            self.result.warn(
                self.sheet,
                0,
                _("What stands right of column %(column)s was not read.")
                % {"column": get_column_letter(MAX_COLUMNS)},
            )

    # -- headings --

    def _take(self, headings: Headings, first_row: int) -> None:
        """Read on with these headings."""
        not_read = self._not_read(headings)
        self.headings = headings.without(not_read)
        self.left_out = not_read | (set() if self.taken.hidden else self.sheet.hidden_columns)
        self.first_row = first_row

    def _not_read(self, headings: Headings) -> set[int]:
        """The columns that are hidden or struck out and not taken."""
        hidden = set() if self.taken.hidden else headings.hidden
        return hidden | (set() if self.taken.struck else headings.struck)

    def _note_another_table(self) -> None:
        """Keep the headings of a further table, where they say something else."""
        written = _written_of(self.headings)
        further = self.result.further.setdefault(self.title, [])
        for number, known in enumerate(
            [self.result.headings[self.title], *(of for of, _t in further)]
        ):
            if sorted(known.values()) == sorted(written.values()):
                self.table = number
                return
        further.append((written, self.below))
        self.table = len(further)
        new = [
            text for text in self.headings.unknown if text not in self.result.unknown[self.title]
        ]
        self.result.unknown[self.title] = [*self.result.unknown[self.title], *new]

    def _tell_of_headings(self, headings: Headings, first_row: int) -> None:
        result, words = self.result, headings.words
        top = first_row - headings.depth
        result.preamble[self.title] = [
            text[:LONGEST_NOTE]
            for row in self.sheet.rows[:top]
            for cell in row
            if (text := clean(unmarked(cell)))
        ]
        not_read = self._not_read(headings)
        taken = headings.without(not_read)
        result.headings[self.title] = _written_of(taken)
        result.unknown[self.title] = taken.unknown
        result.unknown_columns[self.title] = {
            column: (text, self._what_stands_in(column, first_row))
            for column, text in taken.strange.items()
            if column not in self.sheet.hidden_columns
        }
        if taken.unknown:
            result.warn(
                self.sheet,
                0,
                _("Columns that were not read: %(columns)s.")
                % {"columns": "、".join(taken.unknown)[:200]},
            )
        for column in sorted(not_read):
            is_struck = column not in headings.hidden
            reason = (
                _("The column “%(column)s” is struck out.")
                if is_struck
                else _("The column “%(column)s” is hidden.")
            )
            heading = headings.texts[column][:40]
            result.leave_out(
                self.sheet,
                reason % {"column": heading},
                heading=heading,
                name=headings.columns.get(column, ""),
                is_struck=is_struck,
            )
        missing = [
            headings.texts[column]
            for column, name in headings.columns.items()
            if name in words.needed and name not in taken.names
        ]
        if missing:
            raise FileRefused(
                _(
                    "The column %(column)s is hidden or struck out. Show it, and send the file "
                    "again."
                )
                % {"column": "、".join(missing)[:80]}
            )

    def _what_stands_in(self, column: int, first_row: int) -> str:
        """What most cells of the column are."""
        kinds: Counter[str] = Counter()
        for row in self.sheet.rows[first_row:]:
            value = unmarked(row[column]) if column < len(row) else None
            if clean(value):
                kinds[
                    (
                        "number"
                        if isinstance(value, (int, float))
                        else "date"
                        if isinstance(value, date)
                        else "text"
                        if A_NUMBER.search(clean(value))
                        else "words"
                    )
                ] += 1
        return kinds.most_common(1)[0][0] if kinds else ""

    def _is_of_another_table(self, index: int) -> bool:
        """Whether the line belongs to a table of other things below this one, such as a list of
        costs. Its headings are words, some of them known, which stand below other headings.
        """
        cells = enumerate(map(clean, map(unmarked, self.sheet.rows[index])))
        texts = {column: text for column, text in cells if text}
        if (
            self.is_of_others
            or index - 1 in self.tops
            or self._is_hidden(index)
            or len(texts) < LEAST_OF_A_TABLE
            or any(map(HAS_DIGITS, texts.values()))
        ):
            return self.is_of_others
        words = self.headings.words
        named = {column: words.named_by(text) for column, text in texts.items()}
        known = {(column, name) for column, name in named.items() if name}
        self.is_of_others = (
            1 < len({name for _column, name in known}) < words.fewest
            and not known & self.headings.columns.items()
        )
        if self.is_of_others:
            self.result.warn(
                self.sheet,
                self.sheet.row_number(index),
                _("Another table begins here (%(headings)s); its rows were left out.")
                % {"headings": "、".join(texts.values())[:80]},
            )
        return self.is_of_others

    # -- lines --

    def _is_hidden(self, index: int) -> bool:
        return index in self.sheet.hidden_rows and not self.taken.hidden

    def _read_line(self, index: int) -> None:
        cells = [
            None if column in self.left_out else cell
            for column, cell in enumerate(self.sheet.rows[index])
        ]
        values = self.headings.values_in(cells).values()
        kind = kind_of(cells, self.headings)
        has_text = any(map(clean, map(unmarked, values)))
        is_part_of = self._part_of(index, cells) if has_text and kind != Kind.SUM else None
        kind = Kind.DATA if is_part_of else kind
        if kind == Kind.NOTHING:
            return
        if self._is_hidden(index) or (kind == Kind.DATA and self._is_struck(cells)):
            if kind not in (Kind.SUM, Kind.SIGNATURE):
                reason = (
                    _("Row %(row)d is hidden.")
                    if self._is_hidden(index)
                    else _("Row %(row)d is struck out.")
                )
                self.result.leave_out(
                    self.sheet,
                    reason % {"row": self.sheet.row_number(index)},
                    row=self.sheet.row_number(index),
                    is_struck=not self._is_hidden(index),
                )
            return
        row = self._row(index, cells)
        if self._continues(row, index, kind, is_part_of):
            return
        if kind == Kind.DATA:
            self.result.rows.append(row)
            self.tops[index] = row
            self.without_heading |= {
                column
                for column in range(len(cells))
                if column not in self.headings.texts and clean(unmarked(cells[column]))
            }
            self.below = []
            if len(self.result.rows) > MOST_ROWS:
                raise FileRefused(too_many_rows())
        else:
            self._leave_out(index, kind, cells, row)

    def _leave_out(self, index: int, kind: Kind, cells: list, row: TableRow) -> None:
        texts = [text for cell in cells if (text := clean(unmarked(cell)))]
        self.below += [text[:LONGEST_NOTE] for text in texts]
        if kind in (Kind.SECTION, Kind.REMARK):
            self.section = texts[0][:LONGEST_NOTE]
        if kind == Kind.SUM:
            reason = _("“%(text)s” is a total, not a row; it was left out.")
            self.result.totals.append(row)
        elif kind == Kind.SECTION:
            reason = _("“%(text)s” is the heading of a section, not a row; it was left out.")
        elif kind == Kind.EXAMPLE:
            reason = _("“%(text)s” is an example, not a row; it was left out.")
        else:
            reason = _("“%(text)s” is a remark, not a row; it was left out.")
        self.result.warn(self.sheet, self.sheet.row_number(index), reason % {"text": texts[0][:20]})
        if kind in (Kind.SUM, Kind.SIGNATURE):
            self.result.expected.append(self.result.warnings[-1])

    def _is_struck(self, cells: list) -> bool:
        """Whether a cell that every row needs is struck out."""
        if self.taken.struck:
            return False
        values = self.headings.values_in(cells)
        needed = [values[name] for name in self.headings.words.needed if values[name] is not None]
        return any(isinstance(cell, Struck) and cell.rest is None for cell in needed)

    # -- rows --

    # -- rows that take several lines --

    def _top(self, index: int, column: int) -> int | None:
        """The line in which the merged cell begins, None where nothing is merged with a row
        above.
        """
        top = self.merged.get((index, column))
        return top if top is not None and top >= self.first_row else None

    def _part_of(self, index: int, cells: list) -> TableRow | None:
        """The row that this line is a part of, as merged cells tell.

        The cells that every row needs are merged with those of a line above, or they are empty
        while the first column is merged.
        """
        columns = self.headings.columns
        needed = [column for column, name in columns.items() if name in self.headings.words.needed]
        tops = {self._top(index, column) for column in needed}
        if tops == {None}:
            values = [cells[column] for column in needed if column < len(cells)]
            if any(clean(unmarked(value)) for value in values):
                return None
            tops = {self._top(index, min(columns))}
        top = tops.pop()
        if tops or top not in self.tops:
            return None
        return self.tops.get(index - 1) or self.tops[top]

    def _continues(
        self, row: TableRow, index: int, kind: Kind, is_part_of: TableRow | None
    ) -> bool:
        """Whether the line only adds more lines of text to the row above it; it is added then."""
        above = is_part_of or self.tops.get(index - 1)
        own = {
            name: value
            for name, value in row.cells.items()
            if name not in row.merged and clean(value)
        }
        if not above or row.reasons or not self._are_more_text(own, above):
            return False
        if kind == Kind.REMARK and self._add_what_it_names(own, above, index):
            return True
        if not is_part_of:
            # nothing is merged: one more line of one text, not where remarks begin
            first = self.headings.columns[min(self.headings.columns)]
            if kind != Kind.REMARK or len(own) != 1 or first in own:
                return False
            name = next(iter(own))
            begins_a_part = name in self.headings.words.needed and BEGINS_A_PART.match(
                spelled(clean(own[name]))
            )
            if begins_a_part or not clean(above.cells[name]):
                return False
            column = next(column for column, of in self.headings.columns.items() if of == name)
            above.remarks.append(
                _("Row %(row)d was read as more of “%(column)s”.")
                % {
                    "row": self.sheet.row_number(index),
                    "column": self._label(column),
                }
            )
        for name, value in own.items():
            lines = (clean_lines(above.cells[name]), clean_lines(value))
            above.cells[name] = "\n".join(filter(None, lines))
        above.remarks += row.remarks
        self.tops[index] = above
        return True

    def _add_what_it_names(self, own: dict, above: TableRow, index: int) -> bool:
        """A line 培训内容：走访、议事 below a row says what its column or cell lacks."""
        found = LABELLED.fullmatch(clean_lines(next(iter(own.values())))) if len(own) == 1 else None
        name = self.headings.words.named_by(found["label"]) if found else None
        if not name or clean(above.cells.get(name)):
            return False
        above.cells[name] = found["text"]
        above.remarks.append(
            _("Row %(row)d was read as “%(column)s” of this row.")
            % {"row": self.sheet.row_number(index), "column": found["label"]}
        )
        self.tops[index] = above
        return True

    def _are_more_text(self, own: dict, above: TableRow) -> bool:
        return all(
            isinstance(value, str)
            and isinstance(above.cells[name], (str, type(None)))
            and len(above.cells[name] or "") + len(value) <= LONGEST_TEXT
            for name, value in own.items()
        )
