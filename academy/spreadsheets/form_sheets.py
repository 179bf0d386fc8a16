"""A form, one item on a sheet with each heading beside its value, laid out as a table of a row."""

from dataclasses import replace

from openpyxl.utils import get_column_letter

from .cell_text import clean
from .headings import HEADING_WITHIN, HeadingWords
from .sheet import Formula, Sheet, Struck, unmarked

ENDS_A_FORM = (":", "：")  # of a line such as 经办人签字：


def form_as_table(sheet: Sheet, words: HeadingWords) -> Sheet | None:
    """The table of a sheet that holds one form, None for any other sheet.

    Something hidden or struck out in a form, or two forms, are left for a person to sort out.
    """
    if not words.beside_values(sheet) or sheet.hidden_rows or sheet.hidden_columns:
        return None
    above, below, pairs = [], [], []
    for number, row in enumerate(sheet.rows, start=1):
        texts = [_text(cell) for cell in row]
        has_label = any(text and words.named_by(text) for text in texts)
        if any(isinstance(cell, Struck) for cell in row) or (has_label and number > HEADING_WITHIN):
            return None
        found = _pairs(texts, words) if has_label else _unknown_pair(texts) if pairs else []
        if not found:
            (below if pairs else above).append(row)
        pairs += [(number, row, *pair) for pair in found]
    names = [name for _n, row, label, _v in pairs if (name := words.named_by(_text(row[label])))]
    if len(set(names)) < len(names):
        return None
    above += [[] for _line in range(pairs[0][0] - 1 - len(above))]
    labels = [row[label] for _number, row, label, _value in pairs]
    values = [None if value is None else row[value] for _number, row, _label, value in pairs]
    of_form = {
        place: f"{get_column_letter((label if value is None else value) + 1)}{number}"
        for place, (number, _row, label, value) in enumerate(pairs)
    }
    return replace(sheet, rows=[*above, labels, values, *below], merged=[], of_form=of_form)


def _text(cell) -> str:
    """What the cell says; a formula without a result is something all the same."""
    return clean(unmarked(cell)) or ("=" if isinstance(cell, Formula) else "")


def _pairs(texts: list[str], words: HeadingWords) -> list[tuple[int, int | None]]:
    """The columns of the headings in a line, each with that of its value, None where it is empty.

    What follows a heading is its value, also 第二季度, which may be a heading itself.
    """
    filled, found, place = [column for column, text in enumerate(texts) if text], [], 0
    while place < len(filled):
        column, place = filled[place], place + 1
        if not words.named_by(texts[column]):
            continue
        follows = filled[place] if place < len(filled) else None
        if follows is not None and follows > column + 1 and words.named_by(texts[follows]):
            follows = None  # the heading of the next pair
        place += follows is not None
        found.append((column, follows))
    return found


def _unknown_pair(texts: list[str]) -> list[tuple[int, int | None]]:
    """A line of two or more texts whose first one nobody knows; a line to be signed is none."""
    filled = [column for column, text in enumerate(texts) if text]
    if len(filled) < 2 or texts[filled[0]].endswith(ENDS_A_FORM):
        return []
    return [(filled[0], filled[1])]
