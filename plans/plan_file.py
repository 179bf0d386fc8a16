"""Reading an annual plan out of a file as offices really send it: where the table is, which rows are items, what is wrong with them."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.cells import Rejected, clean, spelled
from academy.headings import TOTAL_WORDS, Headings, filled_down
from academy.models import Department
from academy.sheets import FileRefused, Sheet, read_sheets

from .cells import HEADINGS, contact_in, in_ten_thousands, item_values, unit_in, years_in
from .items import MOST_ITEMS
from .models import Owner, PlanItem
from .timing import first_quarter

NEW, CHANGED, SAME, REJECTED = "new", "changed", "same", "rejected"
FILLED_WHEN_MERGED = (  # a number that covers several rows would count several times: those are rejected with a reason
    "organiser", "co_organiser", "purpose", "audience", "months", "place", "content", "formats", "funding", "category", "contact_name", "contact_phone",
)  # fmt: skip
REMARK_BEGINNINGS = ("审核意见", "填报", "填表", "制表", "负责人", "分管领导", "单位", "备注", "说明", "注", "审批", "盖章", "联系人", "日期", "经办")


@dataclass
class ImportRow:
    """One data row of the file: either `item`, not saved, or the `reason` why it is rejected."""

    row: int  # as the spreadsheet counts
    name: str
    item: PlanItem | None = None
    reason: str = ""
    fate: str = ""
    changes: list[str] = field(default_factory=list)  # names of the fields that differ


@dataclass
class Reading:
    """What a file says, and after `compare` what it would do."""

    rows: list[ImportRow]
    warnings: list[dict] = field(default_factory=list)  # {"row", "reason"}; row 0 speaks of the whole file
    staying: list[PlanItem] = field(default_factory=list)  # items of the plan that the file does not name

    def count(self, fate: str) -> int:
        return sum(row.fate == fate for row in self.rows)

    @property
    def rejected(self) -> list[ImportRow]:
        return [row for row in self.rows if row.reason]

    @property
    def accepted(self) -> list[ImportRow]:
        return [row for row in self.rows if row.item is not None]

    def as_dict(self) -> dict:
        """The answer of `import_plan --json`. Source: DESIGN.md §7."""
        return {
            "rows": len(self.rows), "new": self.count(NEW), "changed": self.count(CHANGED), "same": self.count(SAME),
            "rejected": [{"row": row.row, "reason": row.reason} for row in self.rejected], "warnings": self.warnings,
        }  # fmt: skip


def read_plan(content: bytes, name: str, *, owner: Owner, year: int) -> Reading:
    """The plan in the file. Raises FileRefused when there is no plan in it."""
    sheets = [sheet.without_hidden_rows() for sheet in read_sheets(content, name) if not sheet.is_hidden]
    for position, sheet in enumerate(sheets):
        found = HEADINGS.find(sheet)
        if found:
            headings, first_row = found[0].without(found[0].hidden), found[1]
            if "people" not in headings.columns.values():
                raise FileRefused(_("The table has no column 人数."))
            reading = _read_rows(sheet, headings, first_row, owner)
            reading.warnings[:0] = _whole_file_warnings(sheet, headings, first_row, owner, year)
            others = [other.title for other in sheets[position + 1 :] if HEADINGS.find(other)]
            if others:
                reading.warnings.append({"row": 0, "reason": _("Only the sheet “%(read)s” was read, not %(others)s.") % {"read": sheet.title, "others": "、".join(others)}})
            if not reading.rows:
                raise FileRefused(_("The table has headings but no items below them."))
            return reading
    raise FileRefused(_("No table of training projects was found. It needs a heading row with at least 培训班名称 and 人数."))


def _read_rows(sheet: Sheet, headings: Headings, first_row: int, owner: Owner) -> Reading:
    reading = Reading(rows=[])
    contact = _contact_of(sheet, first_row)
    merged = filled_down(sheet, headings, first_row)
    above: dict[int, object] = {}
    for index in range(first_row, len(sheet.rows)):
        cells = list(sheet.rows[index])
        values = headings.values_in(cells)
        kind = _kind_of_row(cells, values, headings)
        if kind == "total":
            reading.warnings += _total_warnings(index + 1, values, reading)
        if kind != "item":
            continue
        in_merged = set()
        for column, name in headings.columns.items():
            if (index, column) in merged:
                in_merged.add(name)
                if name in FILLED_WHEN_MERGED:
                    values[name] = above.get(column)
            else:
                above[column] = values[name]
        try:
            filled, remarks = item_values(values, headings, in_merged=in_merged, owner_name=owner.name, contact=contact)
        except Rejected as rejection:
            reading.rows.append(ImportRow(row=index + 1, name=clean(values.get("name"))[:80], reason=str(rejection)))
            continue
        reading.warnings += [{"row": index + 1, "reason": remark} for remark in remarks]
        item = PlanItem(**filled, quarter=first_quarter(filled["months"]))
        reading.rows.append(ImportRow(row=index + 1, name=item.name, item=item))
        if len(reading.rows) > MOST_ITEMS:
            raise FileRefused(_("A plan holds at most %(most)d items.") % {"most": MOST_ITEMS})
    _give_numbers(reading)
    return reading


def _kind_of_row(cells: list, values: dict, headings: Headings) -> str:
    """"item", "total", or "nothing" for empty rows, repeated headings and the lines for signatures below the table."""
    texts = [clean(cell) for cell in cells]
    filled = [text for text in texts if text]
    if not filled:
        return "nothing"
    squeezed = spelled(filled[0])
    if squeezed.startswith(TOTAL_WORDS) or spelled(clean(values.get("name"))).startswith(TOTAL_WORDS):
        return "total"
    if HEADINGS.in_row(cells):
        return "nothing"
    if clean(values.get("name")):
        # A line below the table may stand in the column of names, alone.
        return "item" if len(filled) > 1 or not squeezed.startswith(REMARK_BEGINNINGS) else "nothing"
    number = clean(values.get("number"))
    others = [text for name, value in values.items() if name != "number" and (text := clean(value))]
    if not others:
        return "nothing"  # a number prepared for an item that was never written, or a line in the first column
    return "item" if spelled(number).isdigit() or len(others) > 2 else "nothing"


def _give_numbers(reading: Reading) -> None:
    """The numbers of the file where they are sound; the rest follow on."""
    taken: set[int] = set()
    highest = max((row.item.number for row in reading.accepted if row.item.number), default=0)
    for row in reading.accepted:
        number = row.item.number
        if number is None or number in taken:
            highest += 1
            if number is not None:
                reading.warnings.append({"row": row.row, "reason": _("The number %(number)d stands twice; this item becomes %(new)d.") % {"number": number, "new": highest}})
            row.item.number = number = highest
        taken.add(number)


def _contact_of(sheet: Sheet, first_row: int) -> tuple[str, str]:
    """联系人：… 联系电话：… in a line above the table: whom to ask, for every item that names nobody."""
    for row in sheet.rows[: max(first_row - 1, 0)]:
        for cell in row:
            found = contact_in(clean(cell))
            if found:
                return found
    return "", ""


def _whole_file_warnings(sheet: Sheet, headings: Headings, first_row: int, owner: Owner, year: int) -> list[dict]:
    """Signs that the file is another unit's or another year's, and headings that nobody knows."""
    above = [clean(cell) for row in sheet.rows[: max(first_row - 1, 0)] for cell in row if cell is not None]
    found = []
    unit = next((unit for text in above if (unit := unit_in(text))), "")
    names = [owner.name, *([owner.short_name] if isinstance(owner, Department) else [])]
    if unit and not any(name and (name in unit or unit in name) for name in names):
        found.append(_("The file names %(unit)s as its unit, the plan is for %(owner)s. Is it the right file?") % {"unit": unit[:40], "owner": owner.name})
    years = {number for text in above for number in years_in(text)}
    if years and year not in years:
        found.append(_("The title speaks of %(found)s, the plan is for %(year)s. Is it the right file?") % {"found": "、".join(map(str, sorted(years))), "year": year})
    if in_ten_thousands(headings):
        found.append(_("The budget is written in 万元; it is taken over in yuan."))
    if headings.unknown:
        found.append(_("Columns that were not read: %(columns)s.") % {"columns": "、".join(headings.unknown)[:200]})
    return [{"row": 0, "reason": reason} for reason in found]


def _total_warnings(row: int, values: dict, reading: Reading) -> list[dict]:
    """Whether the written totals are those of the rows; a formula is not evaluated, so nothing is said of it."""
    found = []
    if spelled(clean(values.get("name")) or clean(values.get("number"))).startswith("小计") or reading.rejected:
        return found
    for name, label in (("people", pgettext("a total", "people")), ("budget", pgettext("a total", "budget"))):
        value = values.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            total = sum(getattr(item.item, name) for item in reading.accepted)
            if abs(float(total) - value) > 0.005:
                found.append({"row": row, "reason": _("The total of %(what)s is written as %(written)s; the rows add up to %(total)s.") % {
                    "what": label, "written": f"{value:,.10g}", "total": f"{total:,}",
                }})  # fmt: skip
    return found
