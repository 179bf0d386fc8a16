"""A plan as a file in the shape of the filing form, xlsx or CSV; the rows of a year.

The form is Chinese whatever language the screen has, and what is written here the import reads back
unchanged. Text stays text: nothing in a cell ever becomes a formula, a link or a number. Source:
docs/rules.md R36, R39.
"""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.spreadsheets.writing import Book
from academy.text.numbers import plain

from .models import AnnualPlan, PlanItem, Standing

LEADS_TO_FORMULA = ("=", "+", "-", "@", "\t", "\r")
CATEGORY_WORDS = {"first": "一类", "second": "二类", "third": "三类", "": ""}
# heading, width in characters, how the cell is made
COLUMNS = (
    ("序号", 5, lambda item: item.number),
    ("培训班名称", 18, lambda item: item.name),
    ("主办单位", 12, lambda item: item.organiser),
    ("承办单位", 12, lambda item: item.co_organiser),
    ("培训目的", 12, lambda item: item.purpose),
    ("培训对象", 16, lambda item: item.audience),
    ("人数", 7, lambda item: item.people),
    ("期数", 5, lambda item: item.runs),
    ("拟办时间", 10, lambda item: item.months),
    ("天数", 5.5, lambda item: item.days),
    ("学时", 6, lambda item: item.hours),
    ("地点", 12, lambda item: item.place),
    ("培训内容", 20, lambda item: item.content),
    ("培训方式", 10, lambda item: item.formats),
    ("经费预算（元）", 11, lambda item: item.budget),
    ("经费来源", 9, lambda item: item.funding),
    ("培训类别", 6, lambda item: CATEGORY_WORDS[item.category]),
    ("是否涉及本系统以外干部", 8, lambda item: "是" if item.other_system_cadres else "否"),
    ("联系人", 7, lambda item: item.contact_name),
    ("联系电话", 11.5, lambda item: item.contact_phone),
    ("备注", 9, lambda item: item.remark),
)
CHANGE_WORDS = {Standing.AD_HOC: "临时增加", Standing.CANCELLED: "已取消"}
HEADINGS = [heading for heading, _width, _cell in COLUMNS]
HOURS_IN_THE_YEAR = "全年学时"  # hours of a run × runs: what the summary adds up
CHANGE = "变更情况"  # added during the year or cancelled, with the reason
# on paper: two landscape pages, the first ends with 地点; of a type of 10 points
LAST_OF_FIRST_PAGE = HEADINGS.index("地点")
FORM_SCALE = 95  # per cent of the type of 10 points
_ON_FIRST = LAST_OF_FIRST_PAGE + 1
YEAR_COLUMNS = (
    "单位",
    *HEADINGS[:_ON_FIRST],
    CHANGE,
    *HEADINGS[_ON_FIRST:],
    HOURS_IN_THE_YEAR,
    "备案编号",
)
YEAR_SECOND_PAGE = LAST_OF_FIRST_PAGE + 3
WIDTHS = tuple(width for _h, width, _c in COLUMNS)
YEAR_WIDTHS = (12, *WIDTHS[:_ON_FIRST], 10, *WIDTHS[_ON_FIRST:], 7.5, 8)
OWNER_WORDS = {"town": "街镇", "department": "区级部门", "campus": "教学点"}


class NothingToExport(PortalError):
    """There is no plan to put into the file."""


def export_year_csv(year: int) -> bytes:
    """The items of every plan of the year as CSV. Raises NothingToExport."""
    plans = {plan.pk: plan for plan in AnnualPlan.objects.of_year(year).with_owner()}
    if not plans:
        raise NothingToExport(
            _("There is no plan for %(year)s yet, so there is nothing to export.") % {"year": year}
        )
    items = PlanItem.objects.filter(plan__in=plans).in_code_order().iterator()
    return _csv(YEAR_COLUMNS, (year_row(plans[item.plan_id], item) for item in items))


def export_plan_csv(plan: AnnualPlan) -> bytes:
    """One plan as CSV."""
    items = list(plan.items.all())
    columns = columns_for(items)
    return _csv(
        [heading for heading, _w, _cell in columns],
        ([cell(item) for _h, _w, cell in columns] for item in items),
    )


def columns_for(items: list[PlanItem]) -> tuple:
    """The columns of the form; one more where an item was added during the year or cancelled."""
    changed = any(item.standing != Standing.PLANNED for item in items)
    return (*COLUMNS, (CHANGE, 6.5, change_of)) if changed else COLUMNS


def change_of(item: PlanItem) -> str:
    """ "已取消：…" or "临时增加：…" with the reason; nothing for a planned item."""
    if item.standing == Standing.PLANNED:
        return ""
    return f"{CHANGE_WORDS[item.standing]}：{item.standing_reason}"


# --- xlsx -----------------------------------------------------------------------------------------


def export_plan_xlsx(plan: AnnualPlan) -> bytes:
    """One plan as a workbook, set up as the form is printed."""
    with translation.override("zh-hans"):
        return _form(plan, list(plan.items.all()))


def _form(plan: AnnualPlan, items: list[PlanItem]) -> bytes:
    columns = columns_for(items)
    headings = [heading for heading, _w, _cell in columns]
    widths = [width for _h, width, _cell in columns]
    book = Book()
    sheet = book.sheet("备案表", widths, heading_row=2, frozen_columns=2)
    book.across_two_pages(sheet, scale=FORM_SCALE, second_page=LAST_OF_FIRST_PAGE + 1, repeated=2)
    sheet.set_row(0, 30)
    sheet.merge_range(
        0, 0, 0, LAST_OF_FIRST_PAGE, f"{plan.owner.name}{plan.year}年度培训方案备案表", book.title
    )
    sheet.write_string(1, 0, f"填报单位（盖章）：{plan.owner.name}", book.plain)
    sheet.write_string(
        1,
        8,
        f"备案编号：{plan.filing_number}" if plan.filing_number else f"状态：{plan.status_words}",
        book.plain,
    )
    book.high_enough(sheet, 2, headings, widths)
    book.headings(sheet, 2, headings)
    row, people, budget = 3, 0, Decimal(0)
    for item in items:
        values = [cell(item) for _h, _w, cell in columns]
        book.high_enough(sheet, row, values, widths)
        book.row(sheet, row, values)
        row += 1
        if item.standing != Standing.CANCELLED:
            people, budget = people + item.people, budget + item.budget
    totals = {"序号": "合计", "人数": people, "经费预算（元）": budget}
    book.row(sheet, row, [totals.get(heading, "") for heading in headings])
    sheet.write_string(
        row + 2,
        0,
        "审核意见：                    分管领导（签名）：                    年   月   日",
        book.plain,
    )
    return book.done()


def year_row(plan: AnnualPlan, item: PlanItem) -> list:
    """The cells of an item among those of the year, by YEAR_COLUMNS."""
    cells = [cell(item) for _h, _w, cell in COLUMNS]
    return [
        plan.owner.name,
        *cells[:_ON_FIRST],
        change_of(item),
        *cells[_ON_FIRST:],
        item.hours_in_the_year,
        plan.filing_number,
    ]


# --- CSV ------------------------------------------------------------------------------------------


def _csv(headings: Iterable[str], rows: Iterable[list]) -> bytes:
    """UTF-8 with the mark that Excel and WPS need; text that a spreadsheet would run gets a quote
    in front.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_inert(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _inert(value) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    text = str(value)
    return "'" + text if text.startswith(LEADS_TO_FORMULA) else text
