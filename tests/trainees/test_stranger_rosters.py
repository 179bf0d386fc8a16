"""Rosters of offices that nobody has seen before: other words, other layouts, other files."""

import io

import pytest
from openpyxl import Workbook

from academy.imports import runs
from academy.models import RowOutcome
from academy.spreadsheets.opening import FileRefused

from ..academy.old_workbooks import table_of
from ..factories import NOW
from .roster_tables import HEADINGS, make_places, previewed, row, table

PEOPLE = (
    ("于少明", "13800000100", "富丽居委会", "社区工作者", "2024-06"),
    ("樊雅珺", "13800000101", "虎林居委会", "居民区书记", "2021-03"),
)
WANTED = [
    ("于少明", "13800000100", "富丽居委会", "社区工作者", "2024-06"),
    ("樊雅珺", "13800000101", "虎林居委会", "居民区书记", "2021-03"),
]


def sheet(*lines, prepare=None) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    if prepare:
        prepare(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_of(*lines, separator=",") -> str:
    return "".join(separator.join(line) + "\r\n" for line in lines)


def headed(*headings) -> list:
    return [headings, *PEOPLE]


def merge(*areas):
    def prepare(book):
        for area in areas:
            book.active.merge_cells(area)

    return prepare


def second_sheet(book):
    other = book.create_sheet("张庙")
    for line in (USUAL, PEOPLE[1]):
        other.append(line)


def october_as_a_number(book):
    book.active["E2"], book.active["E2"].number_format = 2024.1, "0.00"
    book.active["B2"] = 13800000100


USUAL = ("姓名", "手机号", "居村", "岗位", "任职时间")
REORDERED = [(post, since, unit, phone, name) for name, phone, unit, post, since in PEOPLE]
STRANGERS = {
    "other words": ("a.xlsx", sheet(*headed("名字", "联系方式", "工作单位", "职务", "任现职时间"))),
    "marks and units around": (
        "b.xlsx",
        sheet(*headed("*姓名", "手机号码（必填）", "2.所在居村", "★现任职务", "任职年月\n(年-月)")),
    ),
    "other order": (
        "c.xlsx",
        sheet(("职位", "到岗时间", "居（村）委会", "移动电话", "人员姓名"), *REORDERED),
    ),
    "headings far down": (
        "d.xlsx",
        sheet(("罗店镇",), (), ("填报单位：党建办", None, "2027年3月1日"), (), *headed(*USUAL)),
    ),
    "two rows of headings": (
        "e.xlsx",
        sheet(
            ("姓名", "联系电话", "任职情况", None, None),
            (None, None, "单位", "岗位", "任职时间"),
            *PEOPLE,
            prepare=merge("A1:A2", "B1:B2", "C1:E1"),
        ),
    ),
    "sums, signature and headings again": (
        "f.xlsx",
        sheet(
            USUAL,
            PEOPLE[0],
            ("小计", None, "1人"),
            USUAL,
            PEOPLE[1],
            ("合计", "2人"),
            ("填表人：朱莉  审核人：顾志明",),
        ),
    ),
    "the town in a column": (
        "g.xlsx",
        sheet(
            (*USUAL, "所属街镇"),
            (*PEOPLE[0], "罗店"),
            (*PEOPLE[1], "宝山区张庙街道"),
        ),
    ),
    "a sheet for each town": (
        "h.xlsx",
        sheet(USUAL, PEOPLE[0], prepare=second_sheet),
    ),
    "GBK with semicolons": ("i.csv", csv_of(USUAL, *PEOPLE, separator=";").encode("gbk")),
    "UTF-16 with tabs": ("j.csv", csv_of(USUAL, *PEOPLE, separator="\t").encode("utf-16")),
    "text with the name of a workbook": ("k.xlsx", csv_of(USUAL, *PEOPLE).encode("gb18030")),
    "a workbook with the name of the old format": ("l.xls", sheet(*headed(*USUAL))),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_roster_of_strangers_is_read(db, name):
    places = {unit.code: unit.name for town in make_places() for unit in town.villages.all()}

    run = previewed(STRANGERS[name][1], STRANGERS[name][0])

    assert [
        (
            line.values["name"],
            line.key,
            places[line.values["village"]],
            line.values["post"],
            line.values["appointed"],
        )
        for line in run.rows.all()
    ] == WANTED
    assert not [question for question in run.questions if question["required"]]


def test_a_number_is_read_as_it_is_shown(db):
    make_places()

    line = previewed(sheet(*headed(*USUAL), prepare=october_as_a_number)).rows.first()

    assert (line.key, line.values["appointed"]) == ("13800000100", "2024-10")


def test_a_number_shown_as_a_power_of_ten_is_rejected(db):
    make_places()

    def shorten(book):
        book.active["B2"], book.active["B2"].number_format = 13800000100, "0.00E+00"

    line = previewed(sheet(*headed(*USUAL), prepare=shorten)).rows.first()

    assert (line.outcome, "科学计数法" in line.reasons[0]) == (RowOutcome.REJECTED, True)


def test_a_formula_where_a_value_is_needed_is_rejected_and_text_like_one_stays_text(db):
    make_places()
    content = sheet(
        (*USUAL, "备注"),
        (*PEOPLE[0], "=1+1"),
        ('="樊"&"雅珺"', *PEOPLE[1][1:], "+8"),
    )

    first, second = previewed(content).rows.all()

    assert (first.outcome, second.outcome) == (RowOutcome.NEW, RowOutcome.REJECTED)


def test_a_hidden_column_is_named_and_never_read(db):
    make_places()

    def hide(book):
        book.active.column_dimensions["G"].hidden = True

    run = previewed(table(row(), prepare=hide))
    run = runs.choose(run=run, choices={"take_hidden": True}, now=NOW)

    assert "born" not in run.rows.get().values
    assert [item["heading"] for item in run.hidden] == [HEADINGS[6]]


def test_what_is_no_roster_is_refused_with_what_is_missing(db):
    make_places()
    with pytest.raises(FileRefused, match="手机号"):
        previewed(sheet(("姓名", "居村", "岗位"), ("于少明", "富丽居委会", "社区工作者")))


def page_of(*lines) -> bytes:
    """The lines as a web page, as a system of an office exports them."""
    cells = (f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    return f"<html><p>花名册</p><table border=1>{''.join(cells)}</table></html>".encode("gb18030")


@pytest.mark.parametrize(
    "content",
    [
        table_of(("花名册（2027年3月）",), USUAL, *PEOPLE),
        table_of(USUAL, *((name, float(phone), *rest) for name, phone, *rest in PEOPLE)),
        page_of(USUAL, *PEOPLE),
        page_of(("序号", *USUAL), *((n, *line) for n, line in enumerate(PEOPLE, start=1))),
    ],
    ids=["xls", "xls with numbers", "web page", "web page with numbers of rows"],
)
def test_files_of_old_programs_are_read_as_rosters(db, content):
    make_places()

    rows = previewed(content, name="花名册.xls").rows.order_by("row")

    assert [(row.values["name"], row.key, row.outcome) for row in rows] == [
        (name, phone, RowOutcome.NEW) for name, phone, *_rest in WANTED
    ]


def test_a_hidden_person_of_a_web_page_is_named_and_not_read(db):
    make_places()
    content = page_of(USUAL, *PEOPLE).replace(
        "<tr><td>樊".encode("gb18030"), "<tr style='display:none'><td>樊".encode("gb18030")
    )

    run = previewed(content, name="花名册.xls")

    assert [row.values["name"] for row in run.rows.all()] == ["于少明"]
    assert len(run.hidden) == 1


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (("代号", "称呼", "住处", "爱好"), "代号、称呼、住处、爱好"),
        (("A", "B", "C", "D"), "A、B、C、D"),
    ],
)
def test_a_table_that_is_no_roster_is_told_what_was_found_in_it(db, headings, found):
    make_places()
    with pytest.raises(FileRefused) as refused:
        previewed(sheet(headings, (1, "小于", "富丽路", "下棋")))

    assert found in str(refused.value)
    assert "姓名" in str(refused.value)
    assert "没有找到表格" not in str(refused.value)
