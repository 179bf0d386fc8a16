"""The data rows of a file, without its titles, sums, repeated headings and signatures."""

from itertools import pairwise

from django.utils.translation import gettext as _

from .cell_text import clean
from .form_sheets import form_as_table
from .headings import HEADING_WITHIN, LONGEST_HEADING, Headings, HeadingWords
from .line_kinds import HAS_DIGITS
from .opening import read_sheets
from .sheet import FileRefused, Sheet, unmarked
from .sheet_rows import SheetReading
from .table import NOTHING_MARKED, TableRows, Taken

FEWEST_HEADINGS = 3  # in a row of which none is known
EXPLANATION_SHEET = "填写说明"  # of our own templates


def read_rows(
    content: bytes, name: str, words: HeadingWords, *, taken: Taken = NOTHING_MARKED
) -> TableRows:
    """Every data row of the file. Raises FileRefused.

    A line that is left out is named in a warning. Rows, columns and sheets that are hidden or
    struck out are left out and named as well, unless they are `taken`.
    """
    result, tables, others = TableRows(), 0, []
    sheets = read_sheets(content, name)
    sheets = [sheet for sheet in sheets if sheet.title != EXPLANATION_SHEET] or sheets
    for sheet, found in (_with_headings(sheet, words, taken) for sheet in sheets):
        if sheet.is_hidden and not taken.hidden:
            if found:
                result.leave_out(
                    sheet, _("The sheet “%(sheet)s” is hidden.") % {"sheet": sheet.title[:40]}
                )
        elif found:
            tables += 1
            _tell_of_forms(sheet, result)
            _refuse_side_by_side(sheet, *found)
            SheetReading(sheet, result, taken).read(*found)
        elif not sheet.is_hidden and sheet.has_text():
            others.append(sheet)
            result.warn(sheet, 0, _("This sheet has no table that can be read; it was left out."))
    if not tables:
        raise FileRefused(_why_empty(sheets) or _why_no_table(others, words, result))
    if not result.rows:
        raise FileRefused(
            _("All rows of the table are hidden. Show them, and send the file again.")
            if result.hidden
            else _("The table has headings but no rows below them.")
        )
    return result


def _with_headings(
    sheet: Sheet, words: HeadingWords, taken: Taken
) -> tuple[Sheet, tuple[Headings, int] | None]:
    """The sheet, a form laid out as a table, and where its table begins."""
    found = words.find(sheet if taken.hidden else sheet.without_hidden_rows())
    if not found and (form := form_as_table(sheet, words)):
        return form, words.find(form)
    return sheet, found


def _tell_of_forms(sheet: Sheet, result: TableRows) -> None:
    if sheet.is_turned:
        result.warn(
            sheet,
            0,
            _(
                "The headings stand in a column, so each column was read as an item. Numbers of"
                " rows count the columns: A is 1."
            ),
        )
    if sheet.unread:
        result.warn(
            sheet,
            0,
            _("These cells stand beside no heading and were not read: %(cells)s.")
            % {"cells": "、".join(sheet.unread)[:200]},
        )


def _refuse_side_by_side(sheet: Sheet, headings: Headings, first_row: int) -> None:
    """Raise FileRefused for two tables side by side: the people of the right one would be lost."""
    if set(headings.words.needed) <= headings.repeated and any(
        clean(unmarked(row[column]))
        for row in sheet.rows[first_row:]
        for column in headings.twice
        if column < len(row)
    ):
        raise FileRefused(
            _(
                "Row %(row)d of the sheet “%(sheet)s” has each heading twice, as for two tables"
                " side by side. Put the right one below the left one, and send the file again."
            )
            % {"row": first_row, "sheet": sheet.title[:40]}
        )


def _why_empty(sheets: list[Sheet]) -> str:
    """What the file is, when no cell of it holds anything."""
    if any(sheet.has_text() for sheet in sheets):
        return ""
    if any(sheet.has_pictures for sheet in sheets):
        return _("The workbook holds only pictures. Send the table itself, as .xlsx or .csv.")
    return _("The file is empty: no cell holds anything.")


def _unknown_headings(sheet: Sheet) -> dict | None:
    """The first row that looks like headings, whatever they say: its place and its texts."""
    rows = [[clean(unmarked(cell)) for cell in row] for row in sheet.rows[: HEADING_WITHIN + 1]]
    for index, (row, below) in enumerate(pairwise(rows)):
        texts = list(filter(None, row))
        is_short = all(len(text) <= LONGEST_HEADING and not HAS_DIGITS(text) for text in texts)
        is_filled = len(list(filter(None, below))) * 2 > len(texts)
        if len(texts) >= FEWEST_HEADINGS and is_short and is_filled:
            return {"row": index + 1, "found": "、".join(texts)[:200]}
    return None


def _why_no_table(sheets: list[Sheet], words: HeadingWords, result: TableRows) -> str:
    """What stands against reading the file, from the row that looks most like headings."""
    if result.hidden:
        return _(
            "The table stands on a hidden sheet, “%(sheet)s”. Show it, and send the file again."
        ) % {"sheet": result.hidden[0]["sheet"]}
    label = {name: spellings.split()[0] for name, spellings in words.columns.items()}
    if form := next(filter(None, map(words.beside_values, sheets)), None):
        return _(
            "The headings (%(known)s) stand beside their values, as in a form. Write them in one "
            "row, and below it one row for each item."
        ) % {"known": "、".join(form)[:200]}
    found = [(sheet, *near) for sheet in sheets if (near := words.nearest(sheet))]
    if not found:
        needed = "、".join(label[name] for name in words.needed)
        if strange := next(filter(None, map(_unknown_headings, sheets)), None):
            return _(
                "Row %(row)d looks like headings (%(found)s), but hardly one of them is known. "
                "Looked for %(headings)s, and %(fewest)d known columns in all."
            ) % {**strange, "headings": needed, "fewest": words.fewest}
        reason = _("No table was found. It needs a heading row with at least %(headings)s.") % {
            "headings": needed
        }
        if any(sheet.has_pictures for sheet in sheets):
            reason = f"{reason} {_('What stands in pictures cannot be read.')}"
        return reason
    sheet, index, headings = max(found, key=lambda near: len(near[2].names))
    known = "、".join(headings.texts[column] for column in sorted(headings.columns))[:200]
    place = {"sheet": sheet.title[:40], "row": index + 1, "known": known}
    missing = [label[name] for name in words.needed if name not in headings.names]
    if missing:
        return _("Row %(row)d looks like the headings (%(known)s), but %(missing)s is missing.") % {
            **place,
            "missing": "、".join(missing),
        }
    return _(
        "Row %(row)d looks like the headings, but only %(known)s are known; a table has at "
        "least %(fewest)d known columns."
    ) % {**place, "fewest": words.fewest}
