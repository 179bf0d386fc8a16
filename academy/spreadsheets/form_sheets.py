"""Forms, whose headings stand beside their values, laid out as a table of a row for each item.

A sheet may hold one form, several below each other, or a table that lies on its side: one column of
headings and a column for each item.
"""

from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter

from .cell_text import clean
from .headings import HEADING_WITHIN, HeadingWords
from .sheet import Area, Formula, Place, Sheet, Struck, unmarked

ENDS_A_FORM = (":", "：")  # of a line such as 经办人签字：


@dataclass
class Form:
    """One form: its pairs of heading and value, and the lines below it."""

    # row number, cells of the row, column of the heading, column of the value
    pairs: list[tuple[int, list, int, int | None]] = field(default_factory=list)
    below: list[tuple[int, list]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # addresses of what is in no pair

    def names(self, words: HeadingWords) -> list[str]:
        headings = (_text(row[label]) for _number, row, label, _value in self.pairs)
        return [name for text in headings if (name := words.named_by(text))]

    def headings(self) -> list:
        return [row[label] for _number, row, label, _value in self.pairs]

    def values(self) -> list:
        return [None if value is None else row[value] for _number, row, _label, value in self.pairs]

    def place(self) -> Place:
        addresses = {
            column: f"{get_column_letter((label if value is None else value) + 1)}{number}"
            for column, (number, _row, label, value) in enumerate(self.pairs)
        }
        return Place(self.pairs[0][0], addresses)


def form_as_table(sheet: Sheet, words: HeadingWords) -> Sheet | None:
    """The table of a sheet that holds forms, None for any other sheet.

    Something hidden or struck out in a form, or two values beside one heading, are left for a
    person to sort out.
    """
    if not words.beside_values(sheet) or sheet.hidden_rows or sheet.hidden_columns:
        return None
    if any(isinstance(cell, Struck) for row in sheet.rows for cell in row):
        return None
    column = _column_of_headings(sheet, words)
    if _lies_on_its_side(sheet, words, column):
        return _turned(sheet, words, column)
    above, forms = _forms(sheet, words)
    if not forms or not all(_is_whole(form, words) for form in forms):
        return None
    rows, places = list(above), {}
    rows += [[] for _line in range(forms[0].pairs[0][0] - 1 - len(rows))]
    for form in forms:
        places[len(rows)] = Place(form.pairs[0][0])
        places[len(rows) + 1] = form.place()
        rows += [form.headings(), form.values()]
        for number, row in form.below:
            places[len(rows)] = Place(number)
            rows.append(row)
    unread = [cell for form in forms for cell in form.unread]
    return replace(sheet, rows=rows, merged=[], of_form=places, unread=unread)


# --- Forms below each other -----------------------------------------------------------------------


def _forms(sheet: Sheet, words: HeadingWords) -> tuple[list[list], list[Form]]:
    """The lines above the forms, and the forms: each begins with the heading the first begins with.

    No form where one is longer than headings are looked for.
    """
    above: list[list] = []
    forms: list[Form] = []
    begins_with = ""
    for number, row in enumerate(sheet.rows, start=1):
        texts = [_text(cell) for cell in row]
        named = [name for text in texts if text and (name := words.named_by(text))]
        found = _pairs(texts, words) if named else _unknown_pair(texts) if forms else []
        if named and (not forms or named[0] == begins_with):
            begins_with = named[0]
            forms.append(Form())
        if not forms:
            above.append(row)
        elif not found:
            forms[-1].below.append((number, row))
        else:
            forms[-1].pairs += [(number, row, *pair) for pair in found]
            read = {column for pair in found for column in pair}
            forms[-1].unread += [
                f"{get_column_letter(column + 1)}{number}"
                for column, text in enumerate(texts)
                if text and column not in read
            ]
            if number - forms[-1].pairs[0][0] > HEADING_WITHIN:
                return above, []
    return above, forms


def _is_whole(form: Form, words: HeadingWords) -> bool:
    """Whether the form has what a row of headings needs, and each heading once."""
    names = form.names(words)
    return len(set(names)) == len(names) >= words.fewest and set(words.needed) <= set(names)


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


# --- A table that lies on its side ----------------------------------------------------------------


def _column_of_headings(sheet: Sheet, words: HeadingWords) -> int:
    """The column in which the heading stands that every item needs."""
    return next(
        column
        for row in sheet.rows
        for column, cell in enumerate(row)
        if words.named_by(_text(cell)) == words.needed[0]
    )


def _lies_on_its_side(sheet: Sheet, words: HeadingWords, column: int) -> bool:
    """Whether several names stand beside the heading of the names, and no headings among the
    values: only one line, that of the time, may say 第二季度, which is a heading elsewhere.
    """
    lines_of_headings = 0
    names: list[str] = []
    for row in sheet.rows:
        heading = words.named_by(_text(row[column])) if column < len(row) else None
        beside = [text for cell in row[column + 1 :] if (text := _text(cell))]
        lines_of_headings += bool(heading) and any(map(words.named_by, beside))
        if heading == words.needed[0]:
            if names or any(map(words.named_by, beside)):
                return False
            names = beside
    return len(names) > 1 and lines_of_headings < 2


def _turned(sheet: Sheet, words: HeadingWords, column: int) -> Sheet:
    """The sheet with the headings in a row; the number of a row is that of its column."""
    known = [
        index
        for index, row in enumerate(sheet.rows)
        if column < len(row) and words.named_by(_text(row[column]))
    ]
    lines = [
        index
        for index in range(known[0], known[-1] + 1)
        if column < len(sheet.rows[index]) and _text(sheet.rows[index][column])
    ]
    above, below = sheet.rows[: known[0]], sheet.rows[known[-1] + 1 :]
    width = max(len(sheet.rows[index]) for index in lines)
    rows, places = list(above), {len(above): Place(known[0] + 1)}
    first = len(rows) + 1
    rows.append([sheet.rows[index][column] for index in lines])
    for of_item in range(column + 1, width):
        letter = get_column_letter(of_item + 1)
        places[len(rows)] = Place(
            of_item + 1, {place: f"{letter}{index + 1}" for place, index in enumerate(lines)}
        )
        cells = (sheet.rows[index] for index in lines)
        rows.append([row[of_item] if of_item < len(row) else None for row in cells])
    for number, row in enumerate(below, start=known[-1] + 2):
        places[len(rows)] = Place(number)
        rows.append(row)
    merged = [
        Area(
            lines.index(area.top),
            first + area.left - column - 1,
            lines.index(area.top),
            first + area.right - column - 1,
        )
        for area in sheet.merged
        if area.top in lines and area.top == area.bottom and area.left > column
    ]
    unread = [
        f"{get_column_letter(left + 1)}{index + 1}"
        for index in lines
        for left in range(column)
        if _text(sheet.rows[index][left])
    ]
    return replace(sheet, rows=rows, merged=merged, of_form=places, unread=unread, is_turned=True)
