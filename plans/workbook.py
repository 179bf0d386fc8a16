"""Plans as files: one plan in the shape of the filing form, or a year with a summary and all items;
xlsx or CSV.

The form is Chinese whatever language the screen has, and what is written here the import reads back
unchanged. Text stays text: nothing in a cell ever becomes a formula, a link or a number. Source:
docs/rules.md R36, R39.
"""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.spreadsheets.writing import Book
from academy.text.numbers import plain

from .models import SETTLED, AnnualPlan, PlanItem, kind_of
from .owners import every_owner, not_handed_in, plans_by_owner
from .timing import months_in

FORMATS = ("xlsx", "csv")
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
HEADINGS = [heading for heading, _width, _cell in COLUMNS]
HOURS_IN_THE_YEAR = "全年学时"  # hours of a run × runs: what the summary adds up
YEAR_COLUMNS = ("单位", *HEADINGS, HOURS_IN_THE_YEAR, "备案编号")
# on paper: two landscape pages, the first ends with 地点; of a type of 10 points
LAST_OF_FIRST_PAGE = HEADINGS.index("地点")
FORM_SCALE, YEAR_SCALE = 95, 80
WIDTHS = tuple(width for _h, width, _c in COLUMNS)
YEAR_WIDTHS = (12, *WIDTHS, 7.5, 8)
NOT_HANDED_IN = (("单位", 30), ("类别", 12), ("状态", 16), ("最近改动", 14))
OWNER_WORDS = {"town": "街镇", "department": "区级部门", "campus": "教学点"}
# headings of its own, so that the sheet is not taken for one of items when the file is imported
BY_MONTH = (
    ("月份", 8),
    ("单位", 26),
    ("班名", 34),
    ("全年多少人", 12),
    ("全年多少期", 12),
    ("在哪里", 26),
)
WITHOUT_MONTH = 13  # sorts behind December
SUMMARY_COLUMNS = (
    ("单位", 22),
    ("状态", 11),
    ("备案编号", 18),
    ("报送日期", 12),
    ("备案日期", 12),
    ("是否逾期报送", 13),
    ("项目数", 8),
    ("人数", 10),
    ("全年学时", 11),
    ("经费预算（元）", 15),
)


class NothingToExport(PortalError):
    """There is no plan to put into the file."""


def export_year(year: int, file_format: str) -> bytes:
    """Every plan of the year. Raises NothingToExport."""
    plans = list(AnnualPlan.objects.of_year(year).with_owner().with_totals().in_code_order())
    if not plans:
        raise NothingToExport(
            _("There is no plan for %(year)s yet, so there is nothing to export.") % {"year": year}
        )
    with translation.override("zh-hans"):
        return _year_workbook(year, plans) if file_format == "xlsx" else _year_csv(plans)


def export_plan(plan: AnnualPlan, file_format: str) -> bytes:
    """One plan."""
    with translation.override("zh-hans"):
        return (
            _plan_workbook(plan)
            if file_format == "xlsx"
            else _csv(
                HEADINGS, ([cell(item) for _h, _w, cell in COLUMNS] for item in plan.items.all())
            )
        )


def file_name(year: int, file_format: str, plan: AnnualPlan | None = None) -> str:
    """Return the Chinese name of the file: of one plan, or of the year."""
    return f"{year}年度培训方案{'-' + plan.owner.name if plan else '汇总'}.{file_format}"


# --- xlsx -----------------------------------------------------------------------------------------


def _plan_workbook(plan: AnnualPlan) -> bytes:
    book = Book()
    sheet = book.sheet("备案表", WIDTHS, heading_row=2, frozen_columns=2)
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
    book.high_enough(sheet, 2, HEADINGS, WIDTHS)
    book.headings(sheet, 2, HEADINGS)
    row, people, budget = 3, 0, Decimal(0)
    for item in plan.items.all():
        values = [cell(item) for _h, _w, cell in COLUMNS]
        book.high_enough(sheet, row, values, WIDTHS)
        book.row(sheet, row, values)
        row, people, budget = row + 1, people + item.people, budget + item.budget
    totals = {"序号": "合计", "人数": people, "经费预算（元）": budget}
    book.row(sheet, row, [totals.get(heading, "") for heading in HEADINGS])
    sheet.write_string(
        row + 2,
        0,
        "审核意见：                    分管领导（签名）：                    年   月   日",
        book.plain,
    )
    return book.done()


def _year_workbook(year: int, plans: list[AnnualPlan]) -> bytes:
    book = Book()
    sheet = book.sheet(
        "汇总", [width for _h, width in SUMMARY_COLUMNS], heading_row=2, frozen_columns=1
    )
    sheet.set_row(0, 30)
    sheet.merge_range(0, 0, 0, len(SUMMARY_COLUMNS) - 1, f"{year}年度培训方案汇总", book.title)
    sheet.write_string(
        1, 0, f"导出日期：{timezone.localdate().isoformat()}。全年学时＝每期学时×期数。", book.plain
    )
    book.headings(sheet, 2, [heading for heading, _width in SUMMARY_COLUMNS])
    row = 3
    for row, plan in enumerate(plans, start=3):  # the row after the last is where the totals go
        book.row(sheet, row, _summary_row(plan))
    filed = [plan for plan in plans if plan.status in SETTLED]
    book.row(sheet, row + 1, ["合计", f"{len(plans)}家", "", "", "", "", *_totals(plans)])
    book.row(sheet, row + 2, ["其中已备案", f"{len(filed)}家", "", "", "", "", *_totals(filed)])

    by_key = {plan.pk: plan for plan in plans}
    items = book.sheet("全部项目", YEAR_WIDTHS, heading_row=0, frozen_columns=3)
    book.across_two_pages(items, scale=YEAR_SCALE, second_page=LAST_OF_FIRST_PAGE + 2, repeated=3)
    book.high_enough(items, 0, YEAR_COLUMNS, YEAR_WIDTHS)
    book.headings(items, 0, YEAR_COLUMNS)
    for row, values in enumerate(_year_rows(by_key), start=1):
        book.high_enough(items, row, values, YEAR_WIDTHS)
        book.row(items, row, values)
    _write(book, "未报送", NOT_HANDED_IN, _missing_rows(year))
    _write(book, "按月", BY_MONTH, _month_rows(by_key))
    return book.done()


def _write(book: Book, name: str, columns: tuple, rows: Iterable[list]) -> None:
    widths = [width for _h, width in columns]
    sheet = book.sheet(name, widths, heading_row=0, frozen_columns=1)
    book.headings(sheet, 0, [heading for heading, _width in columns])
    for row, values in enumerate(rows, start=1):
        book.high_enough(sheet, row, values, widths)
        book.row(sheet, row, values)


def _missing_rows(year: int) -> Iterable[list]:
    """Who has not handed in a plan: by code, with the draft where there is one."""
    for owner, plan in not_handed_in(every_owner(), plans_by_owner(year)):
        yield [
            owner.name,
            OWNER_WORDS[kind_of(owner)],
            plan.status_words if plan else "未建方案",
            timezone.localdate(plan.updated_at) if plan else "",
        ]


def _month_rows(by_key: dict[int, AnnualPlan]) -> Iterable[list]:
    """The items by the months they name; one of two months stands in both."""
    found = []
    for item in PlanItem.objects.filter(plan__in=by_key).in_code_order():
        for month in sorted(months_in(item.months)) or [WITHOUT_MONTH]:
            found.append((month, item))
    found.sort(key=lambda pair: pair[0])  # keeps the order of the owners within a month
    for month, item in found:
        yield [
            month if month < WITHOUT_MONTH else "未定",
            by_key[item.plan_id].owner.name,
            item.name,
            item.people,
            item.runs,
            item.place,
        ]


def _summary_row(plan: AnnualPlan) -> list:
    return [
        plan.owner.name,
        plan.status_words,
        plan.filing_number,
        plan.handed_in_on or "",
        timezone.localdate(plan.filed_at) if plan.filed_at else "",
        "逾期" if plan.is_late else "",
        plan.item_total,
        plan.people_total,
        plan.hours_total,
        plan.budget_total,
    ]


def _totals(plans: list[AnnualPlan]) -> list:
    return [
        sum(plan.item_total for plan in plans),
        sum(plan.people_total for plan in plans),
        sum((plan.hours_total for plan in plans), Decimal(0)),
        sum((plan.budget_total for plan in plans), Decimal(0)),
    ]


def _year_rows(by_key: dict[int, AnnualPlan]) -> Iterable[list]:
    """The items of the plans, in the order of the plans, never all in memory."""
    for item in PlanItem.objects.filter(plan__in=by_key).in_code_order().iterator():
        plan = by_key[item.plan_id]
        yield [
            plan.owner.name,
            *(cell(item) for _h, _w, cell in COLUMNS),
            item.hours_in_the_year,
            plan.filing_number,
        ]


# --- CSV ------------------------------------------------------------------------------------------


def _year_csv(plans: list[AnnualPlan]) -> bytes:
    return _csv(YEAR_COLUMNS, _year_rows({plan.pk: plan for plan in plans}))


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
