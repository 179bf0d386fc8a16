"""Reading the cells of one data row."""

import re

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from .cell_text import clean
from .sheet import ErrorValue, Formula, Rescaled, Struck, unmarked
from .table import TableRow

ERROR_WORDS = re.compile(
    r"#(?:N/A|NAME\?|DIV/0!|GETTING_DATA|[A-Z]{3,}!|#{2,})|Err:[0-9]{3}"
)  # where an error was pasted as text


class ReadsRowsOfASheet:
    """What each cell of a row is: text, number, the result of a formula, an error."""

    def _row(self, index: int, cells: list) -> TableRow:
        place = self.sheet.of_form.get(index)
        row = TableRow(
            sheet=self.title,
            row=self.sheet.row_number(index),
            cells={},
            table=self.table,
            section=self.section,
            titles=self.titles,
        )
        results = []
        for column, name in self.headings.columns.items():
            top = self._top(index, column) or index
            if top != index:
                row.merged.add(name)
            source = self.sheet.rows[top] if top != index else cells
            cell = source[column] if column < len(source) else None
            row.cells[name] = self._plain(
                cell,
                name,
                place.cells.get(column, "")
                if place
                else f"{get_column_letter(column + 1)}{top + 1}",
                self._label(column),
                row,
                results,
            )
        for column, text in {**self.headings.strange, **self.headings.twice}.items():
            top = self._top(index, column) if column in self.headings.twice else None
            source = cells if top is None else self.sheet.rows[top]
            value = _shown(source[column]) if column < len(source) else None
            if clean(value) and (top in (None, index) or isinstance(value, str)):
                row.beside[text] = value
        if results:
            row.remarks.append(
                _("Formulas, read as their results: %(cells)s.")
                % {"cells": "、".join(results)[:300]}
            )
        return row

    def _label(self, column: int) -> str:
        return self.headings.texts[column][:20]

    def _plain(self, cell, name: str, address: str, label: str, row: TableRow, results: list[str]):
        """The plain value of a cell; what was not plain about it is told in the row."""
        where = {"cell": address, "column": label}
        if isinstance(cell, Struck):
            if self.taken.struck:
                cell = cell.value
            else:
                row.remarks.append(
                    _("What is struck out in “%(column)s” (%(cell)s) was not read.") % where
                )
                cell = cell.rest
        if isinstance(cell, Formula):
            row.formulas.add(name)
            if cell.result is None:
                row.reasons.append(
                    _(
                        "“%(column)s” (%(cell)s) is a formula whose result is not in the file. "
                        "Paste it as a value."
                    )
                    % where
                )
                return None
            cell = cell.result
            if clean(unmarked(cell)) and not isinstance(cell, ErrorValue):
                results.append(f"{label}“{clean(cell)[:40]}”")
        if isinstance(cell, ErrorValue) or (
            isinstance(cell, str) and ERROR_WORDS.fullmatch(cell.strip())
        ):
            row.reasons.append(
                _(
                    "“%(column)s” (%(cell)s) is the error %(error)s. Mend the formula or write "
                    "the value."
                )
                % {**where, "error": clean(str(cell))[:20]}
            )
            return None
        if isinstance(cell, bool) and name not in self.headings.words.truths:
            row.reasons.append(
                _("“%(column)s” (%(cell)s) is %(value)s, a yes or no. Write what is meant.")
                % {
                    **where,
                    "value": clean(cell),
                }
            )
            return None
        if isinstance(cell, Rescaled):
            row.reasons.append(
                _("“%(column)s” (%(cell)s) shows %(shown)s and holds %(number)s. Write the number.")
                % {**where, "shown": cell.shown, "number": clean(cell.number)}
            )
            return None
        return cell


def _shown(cell):
    """The value of a cell that is only looked at, None for what is no plain data."""
    value = unmarked(cell)
    return value if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None
