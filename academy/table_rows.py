"""The data rows of a file that somebody sent, from every sheet that has the table: no titles, totals, repeated headings or signatures."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .cells import clean, spelled
from .headings import TOTAL_WORDS, Headings, HeadingWords, filled_down
from .sheets import FileRefused, Sheet, read_sheets

MOST_ROWS = 5_000  # of all sheets together
EXPLANATION_SHEET = "填写说明"  # of our own templates
REMARK_BEGINNINGS = ("审核意见", "填报", "填表", "制表", "负责人", "分管领导", "单位", "备注", "说明", "注", "审批", "盖章", "联系人", "日期", "经办")


@dataclass
class TableRow:
    """One data row: its place as the spreadsheet counts, and its cells by the name of their column.

    A cell is plain data: text, a number, a date or nothing. `remarks` and `reasons` are sentences that name the cell.
    """

    sheet: str
    row: int
    cells: dict
    merged: set[str] = field(default_factory=set)  # columns whose merged cell begins in a row above
    remarks: list[str] = field(default_factory=list)  # what was assumed in reading it
    reasons: list[str] = field(default_factory=list)  # why it cannot be taken over
    formulas: set[str] = field(default_factory=set)  # columns whose cell is the result of a formula


@dataclass
class TableRows:
    """What `read_rows` found. The dictionaries are by the title of the sheet."""

    rows: list[TableRow] = field(default_factory=list)
    warnings: list[dict] = field(default_factory=list)  # {"sheet", "row", "reason"}; row 0 speaks of the whole sheet
    totals: list[TableRow] = field(default_factory=list)  # lines that add the rows up
    expected: list[dict] = field(default_factory=list)  # of the warnings those about totals and signatures
    headings: dict[str, dict[int, tuple[str, str, str]]] = field(default_factory=dict)  # column from 0 → name, text, "exact" or "guessed"
    unknown: dict[str, list[str]] = field(default_factory=dict)  # headings that are not read
    unknown_columns: dict[str, dict[int, tuple[str, str]]] = field(default_factory=dict)  # the same by column: text, "number", "date", "text" or ""
    preamble: dict[str, list[str]] = field(default_factory=dict)  # the texts above the headings
    postscript: dict[str, list[str]] = field(default_factory=dict)  # the texts below the rows
    hidden: list[dict] = field(default_factory=list)  # {"sheet", "row", "heading", "name", "reason"}: a row, a column, or a whole sheet

    def warn(self, sheet: Sheet, row: int, reason: str) -> None:
        self.warnings.append({"sheet": sheet.title[:40], "row": row, "reason": reason})


def read_rows(content: bytes, name: str, words: HeadingWords, *, take_hidden: bool = False) -> TableRows:
    """Every data row of the file. A line that is left out is named in a warning. Raises FileRefused.

    Rows, columns and sheets that are hidden or struck out are left out and named, unless `take_hidden`.
    """
    result, tables = TableRows(), 0
    for sheet in read_sheets(content, name):
        found = words.find(sheet)
        if found:
            tables += 1
            _read_sheet(sheet, *found, result)
        elif sheet.title != EXPLANATION_SHEET and any(clean(cell) for row in sheet.rows for cell in row):
            result.warn(sheet, 0, _("This sheet has no table that can be read; it was left out."))
    if not tables:
        raise FileRefused(_("No table was found. It needs a heading row with at least %(headings)s.") % {
            "headings": "、".join(words.columns[name].split()[0] for name in words.needed),
        })  # fmt: skip
    if not result.rows:
        raise FileRefused(_("The table has headings but no rows below them."))
    return result


def _read_sheet(sheet: Sheet, headings: Headings, first_row: int, result: TableRows) -> None:
    result.headings[sheet.title[:40]] = {column: (name, headings.written[name], "exact") for column, name in headings.columns.items()}
    result.unknown[sheet.title[:40]] = list(headings.unknown)
    result.preamble[sheet.title[:40]] = [text for row in sheet.rows[: max(first_row - 1, 0)] for cell in row if (text := clean(cell))]
    if headings.unknown:
        result.warn(sheet, 0, _("Columns that were not read: %(columns)s.") % {"columns": "、".join(headings.unknown)[:200]})
    merged = filled_down(sheet, headings, first_row)
    above: dict[int, object] = {}
    for index in range(first_row, len(sheet.rows)):
        cells = list(sheet.rows[index])
        values = headings.values_in(cells)
        left_out = _why_no_data(cells, values, headings)
        if left_out is None:
            continue
        if left_out:
            result.warn(sheet, index + 1, left_out)
            if _is_total(cells):
                result.totals.append(TableRow(sheet=sheet.title[:40], row=index + 1, cells=values))
            if _is_total(cells) or _is_signature(cells):
                result.expected.append(result.warnings[-1])
            continue
        from_above = set()
        for column, name in headings.columns.items():
            if (index, column) in merged:
                values[name] = above.get(column)
                from_above.add(name)
            else:
                above[column] = values[name]
        result.rows.append(TableRow(sheet=sheet.title[:40], row=index + 1, cells=values, merged=from_above))
        if len(result.rows) > MOST_ROWS:
            raise FileRefused(_("The table has more than %(rows)d rows. Send it in parts.") % {"rows": MOST_ROWS})


def _why_no_data(cells: list, values: dict, headings: Headings) -> str | None:
    """Why a line is no data row: None when it is empty or repeats the headings, "" when it is one."""
    texts = [text for cell in cells if (text := clean(cell))]
    if not texts or headings.words.in_row(cells):
        return None
    filled = [name for name, value in values.items() if clean(value)]
    if _is_total(cells):
        return _("“%(text)s” is a total, not a row; it was left out.") % {"text": texts[0][:20]}
    if len(filled) < 2 or (_is_signature(cells) and ":" in spelled(texts[0])):
        return _("“%(text)s” is a remark, not a row; it was left out.") % {"text": texts[0][:20]}
    return ""


def _is_total(cells: list) -> bool:
    return _first_text(cells).startswith(TOTAL_WORDS)


def _is_signature(cells: list) -> bool:
    return _first_text(cells).startswith(REMARK_BEGINNINGS)


def _first_text(cells: list) -> str:
    return next((spelled(text) for cell in cells if (text := clean(cell))), "")
