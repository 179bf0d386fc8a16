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
    """One data row: its place as the spreadsheet counts, and its cells by the name of their column."""

    sheet: str
    row: int
    cells: dict


@dataclass
class TableRows:
    rows: list[TableRow] = field(default_factory=list)
    warnings: list[dict] = field(default_factory=list)  # {"sheet", "row", "reason"}; row 0 speaks of the whole sheet

    def warn(self, sheet: Sheet, row: int, reason: str) -> None:
        self.warnings.append({"sheet": sheet.title[:40], "row": row, "reason": reason})


def read_rows(content: bytes, name: str, words: HeadingWords) -> TableRows:
    """Every data row of the file. A line that is left out is named in a warning. Raises FileRefused."""
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
            continue
        for column, name in headings.columns.items():
            if (index, column) in merged:
                values[name] = above.get(column)
            else:
                above[column] = values[name]
        result.rows.append(TableRow(sheet=sheet.title[:40], row=index + 1, cells=values))
        if len(result.rows) > MOST_ROWS:
            raise FileRefused(_("The table has more than %(rows)d rows. Send it in parts.") % {"rows": MOST_ROWS})


def _why_no_data(cells: list, values: dict, headings: Headings) -> str | None:
    """Why a line is no data row: None when it is empty or repeats the headings, "" when it is one."""
    texts = [text for cell in cells if (text := clean(cell))]
    if not texts or headings.words.in_row(cells):
        return None
    filled = [name for name, value in values.items() if clean(value)]
    first = spelled(texts[0])
    if first.startswith(TOTAL_WORDS):
        return _("“%(text)s” is a total, not a row; it was left out.") % {"text": texts[0][:20]}
    if len(filled) < 2 or (first.startswith(REMARK_BEGINNINGS) and ":" in first):
        return _("“%(text)s” is a remark, not a row; it was left out.") % {"text": texts[0][:20]}
    return ""
