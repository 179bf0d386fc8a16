"""A list of lecture fees as a workbook; Chinese whatever language the screen has."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils import translation

from academy.spreadsheets.writing import Book

from ..models import LectureFeeList, LectureFeeRow
from .ranks import caps_by_rank

COLUMNS = (
    ("序号", 5),
    ("授课人", 10),
    ("职务（职称）", 20),
    ("授课日期", 11),
    ("授课内容", 34),
    ("授课角色", 8),
    ("学时", 7),
    ("计费学时", 7),
    ("标准档次", 14),
    ("标准（元/学时）", 9),
    ("讲课费（元，税后）", 11),
    ("签收日期", 11),
    ("签名", 14),
)
WIDTHS = [width for _heading, width in COLUMNS]
HEADINGS = [heading for heading, _width in COLUMNS]


def title_of(fee_list: LectureFeeList) -> str:
    """示例镇2027年第一季度讲课费发放表（补充第1号）."""
    quarter = "一二三四"[fee_list.quarter - 1]
    title = f"{fee_list.owner.name}{fee_list.year}年第{quarter}季度讲课费发放表"
    return title if fee_list.number == 1 else f"{title}（补充第{fee_list.number - 1}号）"


def paid_rows(fee_list: LectureFeeList) -> list[LectureFeeRow]:
    """What stands on paper: all but the rows of which nothing is paid."""
    return list(fee_list.rows.exclude(yuan=0).select_related("corrects"))


def fee_sheet(fee_list: LectureFeeList) -> bytes:
    """The list as .xlsx, one landscape page wide."""
    with translation.override("zh-hans"):
        return _written(fee_list, paid_rows(fee_list))


def _written(fee_list: LectureFeeList, rows: Sequence[LectureFeeRow]) -> bytes:
    book, caps = Book(), caps_by_rank()
    sheet = book.sheet("讲课费", WIDTHS, heading_row=2, frozen_columns=2)
    sheet.set_row(0, 30)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, title_of(fee_list), book.title)
    sheet.write_string(
        1, 0, f"状态：{fee_list.get_status_display()}。{fee_list.reason}", book.plain
    )
    book.high_enough(sheet, 2, HEADINGS, WIDTHS)
    book.headings(sheet, 2, HEADINGS)
    line = 3
    for number, row in enumerate(rows, start=1):
        values = [
            number,
            row.lecturer,
            row.post,
            row.taught_on,
            f"更正：{row.taught}" if row.corrects else row.taught,
            row.get_role_display(),
            row.hours,
            row.counted_hours,
            row.get_rank_display(),
            caps.get(row.rank, ""),
            "" if row.yuan is None else row.yuan,
            row.received_on or "",
            "",
        ]
        book.high_enough(sheet, line, values, WIDTHS)
        book.row(sheet, line, values)
        line += 1
    total = sum((row.yuan or Decimal(0) for row in rows), Decimal(0))
    sums = {"授课人": "合计", "讲课费（元，税后）": total}
    book.row(sheet, line, [sums.get(heading, "") for heading in HEADINGS])
    sheet.write_string(line + 2, 0, signs_of(fee_list), book.plain)
    return book.done()


def signs_of(fee_list: LectureFeeList) -> str:
    """制表：甲　审核：乙　审批：丙."""
    people = (
        ("制表", fee_list.made_out_by),
        ("审核", fee_list.checked_by),
        ("审批", fee_list.approved_by),
    )
    return "　　　".join(f"{what}：{who.name if who else '　　　　'}" for what, who in people)
