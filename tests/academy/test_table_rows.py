"""The rows of a table: plain values only, hidden ones left out and named, and what is no row told
apart.
"""

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from academy.spreadsheets.data_rows import read_rows
from academy.spreadsheets.headings import HeadingWords
from academy.spreadsheets.sheet import FileRefused
from academy.spreadsheets.table import NOTHING_MARKED, Taken
from tests.plans.sheets import with_part, workbook

COLUMNS = {
    "number": "序号",
    "name": "名称",
    "people": "人数",
    "hours": "学时",
    "content": "内容",
    "note": "备注",
}
WORDS = HeadingWords(COLUMNS, needed=("name",), fewest=4)
HEADINGS = list(COLUMNS.values())
STRUCK = Font(strike=True)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def line(number=1, name="甲班", people=60, hours=8, content="一课", note=None) -> list:
    return [number, name, people, hours, content, note]


def read(
    rows: list[list],
    *,
    headings=HEADINGS,
    above=(),
    name="a.xlsx",
    taken=NOTHING_MARKED,
    words=WORDS,
    **options,
):
    return read_rows(
        workbook(rows, headings=headings, above=above, **options),
        name,
        words,
        taken=taken,
    )


def named(found) -> list:
    """Of every row its place and its name."""
    return [(row.row, row.cells.get("name")) for row in found.rows]


def sheet_xml(cells: str) -> bytes:
    """A workbook with the headings in row 1 and these cells below."""
    headings = "".join(f'<c t="inlineStr"><is><t>{heading}</t></is></c>' for heading in HEADINGS)
    return with_part(
        workbook([]),
        "xl/worksheets/sheet1.xml",
        f'<worksheet xmlns="{MAIN}"><sheetData><row'
        f' r="1">{headings}</row>{cells}</sheetData></worksheet>',
    )


def sheet_part(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


# --- Cells that are not plain ---------------------------------------------------------------------


def test_the_result_of_a_formula_is_taken_in_every_column_and_the_row_says_so():
    cells = (
        '<row r="2"><c r="A2"><f>ROW()-1</f><v>1</v></c><c r="B2"'
        ' t="str"><f>X!A1</f><v>甲班</v></c><c r="C2"><f>30*2</f><v>60</v></c><c r="E2" t="str"><f'
        ' t="array" ref="E2">X</f><v>一课</v></c></row>'
    )

    (row,) = read_rows(sheet_xml(cells), "a.xlsx", WORDS).rows

    assert row.cells == {
        "number": 1,
        "name": "甲班",
        "people": 60,
        "hours": None,
        "content": "一课",
        "note": None,
    }
    assert (row.formulas, row.reasons) == ({"number", "name", "people", "content"}, [])
    assert [("名称“甲班”" in remark, "人数“60”" in remark) for remark in row.remarks] == [
        (True, True)
    ]


def test_a_formula_without_a_result_and_an_error_reject_the_row_and_name_the_cell():
    cells = (
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>X</f></c><c r="C2"><v>60</v></c></row><row'
        ' r="3"><c r="A3"><v>2</v></c><c r="B3" t="str"><v>乙班</v></c><c r="C3"'
        ' t="e"><v>#REF!</v></c></row><row r="4"><c r="A4"><v>3</v></c><c r="B4"'
        ' t="str"><v>丙班</v></c><c r="C4" t="e"><f>X</f><v>#DIV/0!</v></c></row><row r="5"><c'
        ' r="A5"><v>4</v></c><c r="B5" t="str"><v>丁班</v></c><c r="E5" t="str"><v>#N/A</v></c><c'
        ' r="F5" t="str"><v>######</v></c></row>'
    )

    rows = read_rows(sheet_xml(cells), "a.xlsx", WORDS).rows

    assert [
        [
            word
            for word in ("B2", "C3", "#REF!", "C4", "#DIV/0!", "E5", "#N/A", "F5", "######")
            if word in " ".join(row.reasons)
        ]
        for row in rows
    ] == [
        ["B2"],
        ["C3", "#REF!"],
        ["C4", "#DIV/0!"],
        ["E5", "#N/A", "F5", "######"],
    ]
    assert [(row.cells["name"], row.cells["people"]) for row in rows] == [
        (None, 60),
        ("乙班", None),
        ("丙班", None),
        ("丁班", None),
    ]


def test_an_error_in_a_column_that_is_not_read_is_nobodys_business():
    found = read([[*line(), "=1/0"]], headings=[*HEADINGS, "颜色"])

    assert found.rows[0].reasons == []
    assert found.unknown_columns == {"Sheet1": {6: ("颜色", "")}}


def test_true_and_false_are_no_text_and_no_number():
    words = HeadingWords(COLUMNS, needed=("name",), fewest=4, truths=("note",))

    (row,) = read([line(people=True, note=False)], words=words).rows

    assert (
        row.cells["people"],
        row.cells["note"],
        ["C2" in reason and "TRUE" in reason for reason in row.reasons],
    ) == (None, False, [True])


def test_a_number_that_is_shown_as_another_is_refused():
    def prepare(book: Workbook):
        book.active["C2"].number_format = "0!.0,"

    (row,) = read([line(people=12_000)], prepare=prepare).rows

    assert (
        row.cells["people"],
        ["1.2" in reason and "12000" in reason for reason in row.reasons],
    ) == (None, [True])


def test_rich_text_is_plain_text_without_what_is_struck():
    text = CellRichText(
        TextBlock(InlineFont(strike=True), "旧课"), TextBlock(InlineFont(b=True), "新课")
    )

    found = read(
        [
            line(content=text),
            line(2, "乙班", content=CellRichText("一", TextBlock(InlineFont(b=True), "二"))),
        ]
    )

    assert [row.cells["content"] for row in found.rows] == ["新课", "一二"]
    assert ["E2" in remark for row in found.rows for remark in row.remarks] == [True]
    assert (
        read([line(content=text)], taken=Taken(struck=True)).rows[0].cells["content"] == "旧课新课"
    )


# --- What is hidden -------------------------------------------------------------------------------


def hide(*, rows=(), columns=(), strike=()):
    def prepare(book: Workbook):
        sheet = book.active
        for row in rows:
            sheet.row_dimensions[row].hidden = True
        for column in columns:
            sheet.column_dimensions[column].hidden = True
        for cell in strike:
            sheet[cell].font = STRUCK

    return prepare


THREE = [line(), line(2, "乙班"), line(3, "丙班")]


@pytest.mark.parametrize(
    ("prepare", "place"),
    [
        pytest.param(hide(rows=[3]), ("row", 3), id="hidden"),
        pytest.param(
            lambda book: setattr(book.active.row_dimensions[3], "height", 0.5),
            ("row", 3),
            id="no height",
        ),
        pytest.param(
            lambda book: book.active.row_dimensions.group(3, 3, hidden=True),
            ("row", 3),
            id="collapsed",
        ),
        pytest.param(hide(strike=["B3", "C3", "E3"]), ("row", 3), id="struck"),
    ],
)
def test_rows_that_are_hidden_or_struck_out_are_left_out_and_named(prepare, place):
    found = read(THREE, prepare=prepare)

    assert named(found) == [(2, "甲班"), (4, "丙班")]
    assert [{place[0]: item[place[0]], "content": "乙" in str(item)} for item in found.hidden] == [
        {"row": 3, "content": False}
    ]
    assert named(read(THREE, prepare=prepare, taken=Taken(True, True))) == [
        (2, "甲班"),
        (3, "乙班"),
        (4, "丙班"),
    ]


@pytest.mark.parametrize(
    "prepare",
    [
        hide(columns=["C"]),
        hide(strike=["C1", "C2"]),
        lambda book: setattr(book.active.column_dimensions["C"], "width", 0.1),
    ],
    ids=["hidden", "struck", "no width"],
)
def test_columns_that_are_hidden_or_struck_out_are_left_out_and_named(prepare):
    found = read([line()], prepare=prepare)

    assert "people" not in found.rows[0].cells
    assert [(item["heading"], item["name"], "人数" in item["reason"]) for item in found.hidden] == [
        ("人数", "people", True)
    ]
    assert read([line()], prepare=prepare, taken=Taken(True, True)).rows[0].cells["people"] == 60


@pytest.mark.parametrize(
    ("taken", "left", "read_rows"),
    [
        (Taken(), [(3, False), (4, True)], ["甲班"]),
        (Taken(hidden=True), [(4, True)], ["甲班", "乙班"]),
        (Taken(struck=True), [(3, False)], ["甲班", "丙班"]),
        (Taken(hidden=True, struck=True), [], ["甲班", "乙班", "丙班"]),
    ],
)
def test_hidden_rows_and_struck_ones_are_taken_each_for_itself(taken, left, read_rows):
    def prepare(book: Workbook):
        hide(rows=[3])(book)
        hide(strike=["A4", "B4", "C4"])(book)

    found = read(THREE, prepare=prepare, taken=taken)

    assert [(item["row"], item["is_struck"]) for item in found.hidden] == left
    assert [name for _place, name in named(found)] == read_rows


def test_of_two_columns_with_one_heading_the_one_that_is_seen_is_read():
    found = read(
        [[1, "甲班", 99, 8, "一课", None, 60]],
        headings=[*HEADINGS, "人数"],
        prepare=hide(columns=["C"]),
    )

    assert found.rows[0].cells["people"] == 60


def test_a_needed_column_that_is_hidden_is_not_called_missing():
    with pytest.raises(FileRefused, match="名称.*隐藏"):
        read([line()], prepare=hide(columns=["B"]))


def test_a_cell_that_is_struck_out_is_not_read_and_the_row_says_so():
    found = read([line()], prepare=hide(strike=["C2"]))

    assert found.rows[0].cells["people"] is None
    assert ["人数" in remark and "60" not in remark for remark in found.rows[0].remarks] == [True]


def test_a_hidden_sheet_is_named_and_read_when_wanted():
    def prepare(book: Workbook):
        sheet = book.create_sheet("去年")
        sheet.append(HEADINGS)
        sheet.append(line(name="旧班"))
        sheet.sheet_state = "hidden"

    found = read([line()], prepare=prepare)

    assert (named(found), [item["sheet"] for item in found.hidden]) == ([(2, "甲班")], ["去年"])
    assert named(read([line()], prepare=prepare, taken=Taken(hidden=True))) == [
        (2, "甲班"),
        (2, "旧班"),
    ]


def test_a_file_whose_table_is_hidden_says_so():
    def prepare(book: Workbook):
        book.create_sheet("说明").append(["见附表"])
        book["Sheet1"].sheet_state = "hidden"

    with pytest.raises(FileRefused, match="隐藏的工作表“Sheet1”"):
        read([line()], prepare=prepare)
    with pytest.raises(FileRefused, match="隐藏"):
        read([line()], prepare=hide(rows=[2]))


# --- Rows that take several lines -----------------------------------------------------------------


def test_a_row_with_merged_cells_keeps_every_line_of_its_text():
    rows = [
        line(content="一课"),
        [None, None, None, None, "二课", None],
        [None, None, None, None, "三课", "午后"],
        line(2, "乙班"),
    ]

    found = read(rows, merged=["A2:A4", "B2:B4", "C2:C4", "D2:D4"])

    assert [(row.row, row.cells["content"], row.cells["note"]) for row in found.rows] == [
        (2, "一课\n二课\n三课", "午后"),
        (5, "一课", None),
    ]


def test_a_text_of_too_many_lines_is_not_gathered():
    xml = "".join(
        f'<row r="{number}"><c r="E{number}" t="str"><v>{"课" * 9_000}</v></c></row>'
        for number in range(3, 7)
    )
    content = sheet_xml(
        '<row r="2"><c r="B2" t="str"><v>甲班</v></c><c r="C2"><v>60</v></c><c r="E2"'
        f' t="str"><v>一</v></c></row>{xml}'
    )
    content = with_part(
        content,
        "xl/worksheets/sheet1.xml",
        sheet_part(content).replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="B2:B6"/></mergeCells>'
        ),
    )

    assert [len(row.cells["content"]) for row in read_rows(content, "a.xlsx", WORDS).rows] == [
        18_003,
        18_001,
    ]


def test_lines_with_numbers_of_their_own_are_rows_that_say_what_was_merged():
    rows = [line(people=30), [None, None, 40, None, None, None]]

    found = read(rows, merged=["A2:A3", "B2:B3", "E2:E3"])

    assert [(row.cells["name"], row.cells["people"], row.merged) for row in found.rows] == [
        ("甲班", 30, set()),
        ("甲班", 40, {"number", "name", "content"}),
    ]


def test_lines_belong_to_the_part_of_the_row_that_they_stand_below():
    rows = [
        line(people=30),
        [None, None, None, None, "二课"],
        [None, None, 40, None, "三课"],
        [None, None, None, None, "四课"],
    ]

    found = read(rows, merged=["A2:A5", "B2:B5"])

    assert [(row.cells["people"], row.cells["content"]) for row in found.rows] == [
        (30, "一课\n二课"),
        (40, "三课\n四课"),
    ]


def test_a_merged_number_is_enough_where_the_name_stays_empty():
    rows = [line(), [None, None, None, None, "二课", "午后"], line(2, "乙班")]

    assert [(row.row, row.cells["content"]) for row in read(rows, merged=["A2:A3"]).rows] == [
        (2, "一课\n二课"),
        (4, "一课"),
    ]


def test_one_more_line_of_a_text_without_merged_cells_belongs_to_the_row_above_and_is_told():
    found = read([line(), [None, None, None, None, "二课", None], line(2, "乙班")])

    assert [(row.row, row.cells["content"], len(row.remarks)) for row in found.rows] == [
        (2, "一课\n二课", 1),
        (4, "一课", 0),
    ]


# --- Lines that are no rows -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "label",
    [
        "合计",
        "合 计",
        "总\n计：",
        "小计",
        "本页小计",
        "全年合计",
        "累计",
        "计",
        "Total",
        "合计（元）",
        "合计12项",
        "共计六项",
        "本表共1项，60人",
        "全年共3期",
        "一季度小计",
        "党建类合计",
        "2027年总计",
        "其中：已备案",
        "总人数",
        "平均每班",
        "以上合计",
        "共3个班次",
    ],
)
@pytest.mark.parametrize("column", [0, 1])
def test_a_total_is_no_row_and_is_told_with_its_numbers(label, column):
    total = [None, None, 60, 8, None, None]
    total[column] = label

    found = read([line(), total])

    assert named(found) == [(2, "甲班")]
    assert [(row.row, row.cells["people"], row.cells["hours"]) for row in found.totals] == [
        (3, 60, 8)
    ]


@pytest.mark.parametrize(
    "name",
    [
        "小计算机班",
        "累计学分制培训",
        "总计划编制班",
        "统计合计实务",
        "注册会计师：初级",
        "共同富裕培训",
        "单位内控：实务班",
        "计生干部班",
        "示范班",
        "例会制度培训",
    ],
)
def test_a_name_that_begins_like_a_total_or_a_remark_is_a_row(name):
    assert named(read([line(name=name)])) == [(2, name)]
    assert named(read([line(number=None, name=name)])) == [(2, name)]


@pytest.mark.parametrize(
    "cells", [["一、党建类", None, 60], [None, "（二）能力类", 60], ["一", "党建类", 60]]
)
def test_the_heading_of_a_section_is_no_row_and_no_total_and_is_told(cells):
    found = read([line(), cells, line(2, "乙班")])

    assert (named(found), found.totals, found.expected) == ([(2, "甲班"), (4, "乙班")], [], [])
    assert ["小标题" in warning["reason"] for warning in found.warnings] == [True]


def test_a_name_like_a_total_in_a_row_full_of_words_is_a_row():
    words = HeadingWords(
        {**COLUMNS, "place": "地点", "formats": "方式", "funding": "来源"},
        needed=("name",),
        fewest=4,
    )
    headings = [*HEADINGS, "地点", "方式", "来源"]

    assert named(
        read(
            [[None, "共十个村联合培训班", 60, 8, "一课", None, "党校", "面授", "财政"]],
            headings=headings,
            words=words,
        )
    ) == [(2, "共十个村联合培训班")]


def test_lines_around_the_rows_are_no_rows():
    rows = [
        ["甲", "乙", 1, 2, 3, 4],
        ["例", "某班", 50, 8, "一课", "请参照"],
        line(),
        [2, "——", "/"],
        [None, "二、能力建设类"],
        HEADINGS,
        line(3, "乙班"),
        ["填表人：王某", None, "联系电话：021", None, None, None],
        ["注：人数为全年人数"],
    ]

    found = read(rows, above=(["2027年度", None, "单位：万元"],))

    assert named(found) == [(5, "甲班"), (9, "乙班")]
    assert [warning["row"] for warning in found.warnings] == [4, 7, 10, 11]
    assert [warning["row"] for warning in found.expected] == [10, 11]
    assert found.preamble == {"Sheet1": ["2027年度", "单位：万元"]}
    assert found.postscript == {"Sheet1": ["填表人：王某", "联系电话：021", "注：人数为全年人数"]}


@pytest.mark.parametrize("name", ["（示例）楼组长班", "例：楼组长班"])
def test_an_example_is_no_row(name):
    assert named(read([line(0, name), line()])) == [(3, "甲班")]


def test_a_column_without_a_heading_is_told():
    found = read([[*line(), None, "别的"]])

    assert ["H" in warning["reason"] for warning in found.warnings] == [True]


def test_a_second_table_below_is_read_by_its_own_headings():
    found = read([line(), [], ["名称", "序号", "学时", "人数"], ["乙班", 2, 4, 30]])

    assert [(row.cells["name"], row.cells["people"]) for row in found.rows] == [
        ("甲班", 60),
        ("乙班", 30),
    ]


def test_dates_and_numbers_stay_what_they_are():
    found = read(
        [
            line(content=datetime(2027, 4, 1), note=46844),
            line(2, "乙班", people=" 1,200 ", note=2027.04),
        ]
    )

    assert [
        (row.cells["people"], row.cells["content"], row.cells["note"]) for row in found.rows
    ] == [(60, datetime(2027, 4, 1), 46844), (" 1,200 ", "一课", 2027.04)]


# --- Headings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [
        "*{}",
        "＊{}",
        "{}*",
        "★ {}",
        "{}：",
        "{}（必填）",
        "{}【必填】",
        "1.{}",
        "1、{}",
        "（1）{}",
        "①{}",
        "一、{}",
        "{}\n（请如实填写，不得遗漏，不能确定的写待定；如有疑问请与区社区治理学院联系）",
        "{}\n按全年填",
        "“{}”",
    ],
)
def test_marks_around_a_heading_do_not_count(mark):
    assert read([line()], headings=[mark.format(heading) for heading in HEADINGS]).rows[
        0
    ].cells == dict(zip(COLUMNS, line(), strict=True))


@pytest.mark.parametrize(
    "people",
    ["人数/人", "人数（人）", "人 数", "人\n数", "人数（单位：人）", "人数:人", "人数人次"],
)
def test_units_behind_a_heading_do_not_count_and_are_told(people):
    found = read([line()], headings=["序号", "名称", people, "学时", "内容", "备注"])

    assert found.headings["Sheet1"][2][0] == "people"
    assert found.headings["Sheet1"][2][1].replace(" ", "") == people.replace(" ", "").replace(
        "\n", ""
    )


GROUPS = [
    ["序号", "名称", "规模", None, "安排", None],
    [None, None, "人数", "学时", "内容", "颜色"],
]
TALL = ["A1:A2", "B1:B2"]


@pytest.mark.parametrize(
    ("rows", "merged"),
    [(GROUPS, [*TALL, "C1:D1", "E1:F1"]), (GROUPS, ()), ([["备案表"], *GROUPS], ())],
    ids=["merged", "as text", "below a title"],
)
def test_headings_in_two_rows_of_which_one_is_unknown(rows, merged):
    found = read([line(note="红")], headings=rows[-1], above=rows[:-1], merged=merged)

    assert found.rows[0].cells == {
        "number": 1,
        "name": "甲班",
        "people": 60,
        "hours": 8,
        "content": "一课",
    }
    assert found.unknown == {"Sheet1": ["安排 颜色"]}


def test_headings_in_three_rows_and_needed_ones_below_a_group():
    above = [["序号", "基本情况", None, None, None, "备注"], [None, "班", "规模", None, "课", None]]

    found = read(
        [line(note="红")],
        headings=[None, "名称", "人数", "学时", "内容", None],
        above=above,
        merged=["A1:A3", "F1:F3", "B1:E1"],
    )

    assert found.rows[0].cells == dict(zip(COLUMNS, line(note="红"), strict=True))
    assert found.headings["Sheet1"][2] == ("people", "基本情况 规模 人数", "exact")


def test_a_group_and_its_heading_together_may_be_the_word():
    words = HeadingWords(
        {**COLUMNS, "funding": "经费来源", "budget": "经费 经费预算"}, needed=("name",), fewest=4
    )

    found = read(
        [[1, "甲班", 60, 5, "镇财政"]],
        headings=[None, None, None, "预算（万元）", "来源"],
        above=[["序号", "名称", "人数", "经费", None]],
        words=words,
    )

    assert (found.rows[0].cells["budget"], found.rows[0].cells["funding"]) == (5, "镇财政")
    assert found.headings["Sheet1"][3][1] == "经费 预算（万元）"


def test_a_heading_of_its_own_comes_before_its_group_with_a_unit():
    words = HeadingWords(
        {**COLUMNS, "months": "时间", "funding": "经费渠道"}, needed=("name",), fewest=4
    )
    above = [
        ["序号", "名称", "安排", None, None, "经费", None],
        [None, None, "时间", None, None, "预算", None],
    ]

    found = read(
        [[1, "甲班", "4月", 8, 60, 9, "镇财政"]],
        headings=[None, None, "时间（月）", "学时", "人数", "金额", "渠道"],
        above=above,
        words=words,
        merged=["A1:A3", "B1:B3"],
    )

    assert found.rows[0].cells == {
        "number": 1,
        "name": "甲班",
        "months": "4月",
        "hours": 8,
        "people": 60,
        "funding": "镇财政",
    }


def test_what_was_last_year_is_not_read_as_this_year():
    found = read(
        [[1, "甲班", 99, 8, 60, 8]],
        headings=[None, None, "人数", "学时", "人数", "学时"],
        above=[["序号", "名称", "上年实际", None, "本年计划", None]],
    )

    assert found.rows[0].cells == {"number": 1, "name": "甲班", "people": 60, "hours": 8}
    assert found.unknown == {"Sheet1": ["上年实际 人数", "上年实际 学时"]}


def test_what_is_of_another_year_is_not_read():
    found = read(
        [[1, "甲班", 99, 8, 60, 8]],
        headings=[None, None, "人数", "学时", "人数", "学时"],
        above=[["序号", "名称", "2026年", None, "2027年", None]],
        words=replace(WORDS, year=2027),
    )

    assert found.rows[0].cells == {"number": 1, "name": "甲班", "people": 60, "hours": 8}


def test_units_in_a_row_of_their_own_belong_to_the_headings():
    found = read([["", "", "（人）", "（学时）"], line()])

    assert (named(found), found.headings["Sheet1"][2][1]) == ([(3, "甲班")], "人数 （人）")


def test_unknown_columns_are_told_with_what_stands_in_them():
    found = read(
        [[*line(), 3, datetime(2027, 4, 1), "红", None]],
        headings=[*HEADINGS, "次数", "日子", "颜色", "空"],
    )

    assert found.unknown_columns == {
        "Sheet1": {6: ("次数", "number"), 7: ("日子", "date"), 8: ("颜色", "words"), 9: ("空", "")}
    }


@pytest.mark.parametrize(
    ("headings", "above", "words"),
    [
        (["序号", "人数", "学时", "内容"], (["备案表"],), ["第 2 行", "人数", "缺少“名称”"]),
        (["序号", "名称", "颜色"], (), ["第 1 行", "序号、名称", "4"]),
        (["你好"], (), ["没有找到表格", "名称"]),
        (["甲方", "乙方", "丙方"], (["清单"],), ["第 2 行", "甲方、乙方、丙方", "名称", "4"]),
        (["编码", "标题", "颜色", "名目"], (), ["第 1 行", "编码、标题", "要有“名称”"]),
    ],
)
def test_a_file_without_the_table_names_the_row_that_comes_nearest(headings, above, words):
    with pytest.raises(FileRefused) as refused:
        read([[1, 2, 3, 4]], headings=headings, above=above)

    assert [word for word in words if word not in str(refused.value)] == []
