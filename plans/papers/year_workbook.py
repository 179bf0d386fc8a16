"""The plans of a year as one workbook: every unit, every item, overlaps with their answers, months.

Rows are written as they are read, so that a year of any size takes no more memory. A cancelled item
is listed and added up nowhere. Source: docs/rules.md R39, R57.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from academy.models import Campus
from academy.spreadsheets.writing import Book

from ..models import SETTLED, AnnualPlan, Owner, PlanItem, Standing, kind_of
from ..overlaps.answers import Pair, pairs_of
from ..overlaps.reading import guard_of, items_by_training, items_of
from ..overlaps.words import reasons_for
from ..owners import every_owner, files_every_year, not_handed_in
from ..timing import months_in
from ..workbook import (
    OWNER_WORDS,
    YEAR_COLUMNS,
    YEAR_SECOND_PAGE,
    YEAR_WIDTHS,
    NothingToExport,
    year_row,
)

YEAR_SCALE = 80  # per cent of the type of 10 points
COMPARED_AT_MOST = 2_000  # items: pairs grow with their square
MONTHS = range(1, 13)
WITHOUT_MONTH = 13  # sorts behind December
SUMMARY = (
    ("单位", 24),
    ("类别", 9),
    ("状态", 12),
    ("备案编号", 18),
    ("报送日期", 11),
    ("备案日期", 11),
    ("是否逾期报送", 8),
    ("项目数", 7),
    ("人数", 9),
    ("全年学时", 11),
    ("经费预算（元）", 15),
)
MISSING = (("单位", 30), ("类别", 12), ("状态", 16), ("最近改动", 14))
# headings of their own, so that no sheet but that of the items is taken for one of items
BY_MONTH = (
    ("月份", 8),
    ("单位", 26),
    ("班名", 34),
    ("全年多少人", 12),
    ("全年多少期", 12),
    ("在哪里", 26),
)
UNITS_BY_MONTH = (
    ("哪个单位", 24),
    ("类别", 9),
    *((f"{month}月", 6) for month in MONTHS),
    ("未定", 6),
    ("共几项", 8),
)
OVERLAPS = (
    ("单位一", 14),
    ("班名一", 19),
    ("单位二", 14),
    ("班名二", 19),
    ("相近程度", 7),
    ("为什么相近", 26),
    ("答复", 8),
    ("说明", 19),
    ("答复日期", 11),
)
NOT_STARTED = "未建方案"


@dataclass
class _Seen:
    """What one reading of the items leaves for the other sheets."""

    texts: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # by month
    counts: dict[int, Counter] = field(default_factory=lambda: defaultdict(Counter))
    rows: int = 0


def write_year(year: int, stream: IO[bytes] | None = None) -> bytes:
    """Write every plan of the year into the stream, or return the file. Raises NothingToExport."""
    plans = plans_of(year)
    with translation.override("zh-hans"):
        book = Book(stream)
        units = units_of(plans)
        _summary(book, year, units)
        seen = _items(book, plans)
        _write(book, "重复提示", OVERLAPS, _overlap_rows(year, seen.rows))
        _write(book, "单位分月", UNITS_BY_MONTH, _unit_rows(units, seen), frozen=2)
        _write(book, "按月", BY_MONTH, _month_rows(plans, seen))
        _write(book, "未报送", MISSING, _missing_rows(units))
        book.close()
    return b"" if stream is not None else book.stream.getvalue()


def plans_of(year: int) -> list[AnnualPlan]:
    """Return the plans of the year with their totals. Raises NothingToExport."""
    plans = list(AnnualPlan.objects.of_year(year).with_owner().with_totals().in_code_order())
    if not plans:
        raise NothingToExport(
            _("There is no plan for %(year)s yet, so there is nothing to export.") % {"year": year}
        )
    return plans


def units_of(plans: Iterable[AnnualPlan]) -> list[tuple[Owner, AnnualPlan | None]]:
    """Who should file, and whoever does besides, in the order of codes within each kind."""
    by_owner = {(kind_of(plan.owner), plan.owner.pk): plan for plan in plans}
    units: list[tuple[Owner, AnnualPlan | None]] = []
    for owner in every_owner():
        plan = by_owner.pop((kind_of(owner), owner.pk), None)
        if plan is not None or files_every_year(owner):
            units.append((owner, plan))
    # a unit that has ended since keeps its plan
    units += [(plan.owner, plan) for plan in by_owner.values()]
    order = list(OWNER_WORDS)
    return sorted(units, key=lambda unit: (order.index(kind_of(unit[0])), unit[0].code))


# --- the summary ----------------------------------------------------------------------------------


def _summary(book: Book, year: int, units: list[tuple[Owner, AnnualPlan | None]]) -> None:
    widths = [width for _h, width in SUMMARY]
    sheet = book.sheet("汇总", widths, heading_row=2, frozen_columns=1)
    sheet.set_row(0, 30)
    sheet.merge_range(0, 0, 0, len(SUMMARY) - 1, f"{year}年度培训方案汇总", book.title)
    day = timezone.localdate().isoformat()
    sheet.write_string(
        1, 0, f"导出日期：{day}。全年学时＝每期学时×期数；已取消的项目不计入。", book.plain
    )
    book.high_enough(sheet, 2, [heading for heading, _w in SUMMARY], widths)
    book.headings(sheet, 2, [heading for heading, _w in SUMMARY])
    row = 3
    for owner, plan in units:
        book.row(sheet, row, _summary_row(owner, plan))
        row += 1
    plans = [plan for _owner, plan in units if plan]
    kinds = {kind: [plan for plan in plans if kind_of(plan.owner) == kind] for kind in OWNER_WORDS}
    lines = [(f"{OWNER_WORDS[kind]}小计", found) for kind, found in kinds.items() if found]
    lines += [
        ("合计", plans),
        ("其中已备案", [plan for plan in plans if plan.status in SETTLED]),
    ]
    for words, found in lines:
        values = [words, "", f"{len(found)}家", "", "", "", "", *_totals(found)]
        book.row(sheet, row, values)
        row += 1


def _summary_row(owner: Owner, plan: AnnualPlan | None) -> list:
    start = [owner.name, OWNER_WORDS[kind_of(owner)]]
    if plan is None:
        return [*start, "未报送", *[""] * 8]
    return [
        *start,
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


# --- the items ------------------------------------------------------------------------------------


def _items(book: Book, plans: list[AnnualPlan]) -> _Seen:
    """Write every item, the only sheet that grows without end."""
    sheet = book.sheet("全部项目", YEAR_WIDTHS, heading_row=0, frozen_columns=3)
    book.across_two_pages(sheet, scale=YEAR_SCALE, second_page=YEAR_SECOND_PAGE, repeated=3)
    book.high_enough(sheet, 0, YEAR_COLUMNS, YEAR_WIDTHS)
    book.headings(sheet, 0, YEAR_COLUMNS)
    by_key = {plan.pk: plan for plan in plans}
    seen, months_of = _Seen(), {}
    found = PlanItem.objects.filter(plan__in=by_key).in_code_order()
    for row, item in enumerate(found.iterator(), start=1):
        plan = by_key[item.plan_id]
        values = year_row(plan, item)
        book.high_enough(sheet, row, values, YEAR_WIDTHS)
        book.row(sheet, row, values)
        seen.rows = row
        if item.standing == Standing.CANCELLED:
            continue
        if item.months not in months_of:
            months_of[item.months] = sorted(months_in(item.months)) or [WITHOUT_MONTH]
        for month in months_of[item.months]:
            seen.texts[month].add(item.months)
            seen.counts[plan.pk][month] += 1
    return seen


# --- the sheets beside them -----------------------------------------------------------------------


def _write(book: Book, name: str, columns: tuple, rows: Iterable[list], *, frozen=1) -> None:
    widths = [width for _h, width in columns]
    headings = [heading for heading, _width in columns]
    sheet = book.sheet(name, widths, heading_row=0, frozen_columns=frozen)
    book.high_enough(sheet, 0, headings, widths)
    book.headings(sheet, 0, headings)
    for row, values in enumerate(rows, start=1):
        book.high_enough(sheet, row, values, widths)
        book.row(sheet, row, values)


def _overlap_rows(year: int, how_many: int) -> Iterator[list]:
    """The pairs, the surest first, as the page of overlaps has them."""
    if how_many > COMPARED_AT_MOST:
        yield [f"共{how_many}项，超过{COMPARED_AT_MOST}项时不逐对比较", *[""] * (len(OVERLAPS) - 1)]
        return
    items = [item for item in items_of(year) if item.standing != Standing.CANCELLED]
    for pair in pairs_of(guard_of(items).overlaps(), items_by_training(items)):
        yield _overlap_row(pair)


def _overlap_row(pair: Pair) -> list:
    answer = pair.answer
    return [
        pair.one.plan.owner.name,
        pair.one.name,
        pair.other.plan.owner.name,
        pair.other.name,
        Decimal(str(pair.overlap.score)),
        "；".join(reasons_for(pair.overlap, months=(pair.one.months, pair.other.months))),
        "未答复" if answer is None else answer.get_way_display(),
        "" if answer is None else answer.reason + ("（答复后文字有改动）" * pair.has_changed),
        timezone.localdate(answer.at) if answer else "",
    ]


def _unit_rows(units: list[tuple[Owner, AnnualPlan | None]], seen: _Seen) -> Iterator[list]:
    """How many trainings of each unit fall into each month; one of two months counts in both."""
    for owner, plan in units:
        counts = seen.counts[plan.pk] if plan else Counter()
        months = [counts[month] or "" for month in (*MONTHS, WITHOUT_MONTH)]
        yield [owner.name, OWNER_WORDS[kind_of(owner)], *months, plan.item_total if plan else 0]
    sums = [
        sum(seen.counts[plan.pk][month] for _owner, plan in units if plan) or ""
        for month in (*MONTHS, WITHOUT_MONTH)
    ]
    yield ["合计", "", *sums, sum(plan.item_total for _owner, plan in units if plan)]


def _month_rows(plans: list[AnnualPlan], seen: _Seen) -> Iterator[list]:
    """The items by the months they name; one of two months stands in both. A month is a query of
    its own: the items of a year are never all in memory.
    """
    owners = {plan.pk: plan.owner.name for plan in plans}
    counted = PlanItem.objects.filter(plan__in=owners).exclude(standing=Standing.CANCELLED)
    fields = ("plan_id", "name", "people", "runs", "place")
    for month in sorted(seen.texts):
        found = counted.filter(months__in=seen.texts[month]).in_code_order()
        for plan, *values in found.values_list(*fields).iterator():
            yield [month if month < WITHOUT_MONTH else "未定", owners[plan], *values]


def _missing_rows(units: list[tuple[Owner, AnnualPlan | None]]) -> Iterator[list]:
    """Who has not handed in a plan: by code, with the draft where there is one."""
    by_owner = {(kind_of(owner), owner.pk): plan for owner, plan in units if plan}
    owners = [owner for owner, _plan in units if not isinstance(owner, Campus)]
    for owner, plan in not_handed_in(owners, by_owner):
        yield [
            owner.name,
            OWNER_WORDS[kind_of(owner)],
            plan.status_words if plan else NOT_STARTED,
            timezone.localdate(plan.updated_at) if plan else "",
        ]
