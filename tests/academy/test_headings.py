"""Finding the table of a sheet by the words of its headings, and the rows below it that are
data.
"""

import pytest

from academy.spreadsheets.data_rows import read_rows
from academy.spreadsheets.headings import HeadingWords
from academy.spreadsheets.opening import FileRefused, Sheet
from academy.spreadsheets.sheet import MOST_ROWS
from tests.plans.sheets import workbook

WORDS = HeadingWords(
    {"code": "编号 代码", "name": "名称 课程名称", "hours": "学时 课时", "note": "备注"},
    needed=("code", "name"),
    fewest=3,
)
HEADINGS = ["编号", "名称", "学时", "备注"]


def rows(content: bytes, name: str = "a.xlsx") -> list[tuple]:
    return [(line.sheet, line.row, line.cells) for line in read_rows(content, name, WORDS).rows]


def line(code="A1", name="甲", hours=3, note=None) -> list:
    return [code, name, hours, note]


def cells(code="A1", name="甲", hours=3, note=None) -> dict:
    return {"code": code, "name": name, "hours": hours, "note": note}


def test_the_headings_are_found_below_title_rows_by_their_words():
    content = workbook(
        [line()], headings=HEADINGS, above=(["某某目录"], [], ["填报单位：某局", "日期：2026年"])
    )

    assert rows(content) == [("Sheet1", 5, cells())]


@pytest.mark.parametrize(
    "headings",
    [
        ["代码", "课程名称", "课时", "备注"],
        ["编号（必填）", "名称", "学时(45分钟)", "备注"],
        ["编　号", " 名称 ", "学\n时", "备注"],
    ],
)
def test_headings_have_other_spellings_brackets_and_spaces(headings):
    assert rows(workbook([line()], headings=headings)) == [("Sheet1", 3, cells())]


def test_columns_stand_in_any_order_and_unknown_ones_are_named():
    found = read_rows(
        workbook([[3, "甲", "x", "A1"]], headings=["学时", "名称", "颜色", "编号"]), "a.xlsx", WORDS
    )

    assert found.rows[0].cells == {"hours": 3, "name": "甲", "code": "A1"}
    assert [(warning["row"], "颜色" in warning["reason"]) for warning in found.warnings] == [
        (0, True)
    ]


def test_a_spelling_that_was_learned_names_its_column():
    words = HeadingWords(
        WORDS.columns,
        needed=WORDS.needed,
        fewest=3,
        learned={"课时 合计": "hours", "别的": "nothing"},
    )

    found = read_rows(
        workbook([line()], headings=["编号", "名称", "课时合计", "别的"]), "a.xlsx", words
    )

    assert found.rows[0].cells == {"code": "A1", "name": "甲", "hours": 3}


def test_every_sheet_with_the_table_is_read_and_another_is_named():
    def more(book):
        for title, lines in (
            ("二", [HEADINGS, line("B1")]),
            ("说明", [["请认真填写"]]),
            ("填写说明", [["栏目", "怎么填"]]),
            ("空", []),
        ):
            sheet = book.create_sheet(title)
            for row in lines:
                sheet.append(row)

    found = read_rows(workbook([line()], headings=HEADINGS, prepare=more), "a.xlsx", WORDS)

    assert [(row.sheet, row.row, row.cells["code"]) for row in found.rows] == [
        ("Sheet1", 3, "A1"),
        ("二", 2, "B1"),
    ]
    assert [warning["sheet"] for warning in found.warnings] == ["说明"]


def test_empty_total_signature_and_repeated_heading_rows_are_named_and_no_data():
    content = workbook(
        [
            line(),
            [],
            HEADINGS,
            line("A2"),
            ["小计", None, 6, None],
            ["第二部分", None, None, None],
            ["审核人：", None, None, None],
            ["填表人：王某", "日期：1月", None, None],
        ],
        headings=HEADINGS,
    )
    found = read_rows(content, "a.xlsx", WORDS)

    assert [(row.row, row.cells["code"]) for row in found.rows] == [(3, "A1"), (6, "A2")]
    assert [warning["row"] for warning in found.warnings] == [7, 8, 9, 10]


def test_a_row_without_its_key_is_data_as_long_as_it_says_something():
    assert rows(workbook([[None, "甲", 3, None]], headings=HEADINGS)) == [
        ("Sheet1", 3, cells(code=None))
    ]


def test_merged_cells_count_for_all_their_rows():
    content = workbook(
        [line(note="共用"), ["A2", "乙", 3, None], ["A3", "丙", 3, None]],
        headings=HEADINGS,
        merged=["D3:D4"],
    )

    assert [row[2]["note"] for row in rows(content)] == ["共用", "共用", None]


def test_headings_may_stand_in_two_rows():
    content = workbook(
        [["代码", "名称", None, None], line()], headings=["编号", "名称", "学时", "备注"], above=()
    )

    assert [row[1] for row in rows(content)] == [3]


def test_hidden_columns_are_not_read():
    def hide(book):
        book.active.column_dimensions["D"].hidden = True

    assert rows(workbook([line(note="私人")], headings=HEADINGS, prepare=hide)) == [
        ("Sheet1", 3, {"code": "A1", "name": "甲", "hours": 3})
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_that_offices_use(encoding):
    content = "目录\r\n编号,名称,学时\r\nA1,甲𠮷,３\r\n".encode(encoding)

    assert rows(content, "a.csv") == [("", 3, {"code": "A1", "name": "甲𠮷", "hours": "３"})]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(workbook([], headings=["你好"]), "a.xlsx", id="no headings"),
        pytest.param(workbook([], headings=HEADINGS), "a.xlsx", id="no rows"),
        pytest.param(b"a,b\n1,2\n", "a.csv", id="csv without the table"),
        pytest.param(
            "编号,名称,学时\n".encode() + b"1,a,3\n" * (MOST_ROWS + 1), "a.csv", id="too long"
        ),
    ],
)
def test_a_file_without_the_table_is_refused(content, name):
    with pytest.raises(FileRefused) as refused:
        read_rows(content, name, WORDS)

    assert str(refused.value)


def test_more_rows_than_one_import_takes_are_refused_over_all_sheets():
    half = MOST_ROWS // 2 + 1

    def more(book):
        sheet = book.create_sheet("二")
        for row in [HEADINGS, *(line(f"B{number}") for number in range(half))]:
            sheet.append(row)

    with pytest.raises(FileRefused):
        rows(
            workbook(
                [line(f"A{number}") for number in range(half)], headings=HEADINGS, prepare=more
            )
        )


def test_a_heading_row_is_only_looked_for_near_the_top():
    assert WORDS.find(Sheet("x", [[""]] * 50 + [HEADINGS])) is None


def test_what_stands_around_the_rows_is_told():
    content = workbook(
        [
            line(),
            line("A2"),
            ["合计", None, 6, None],
            ["制表人：", None, None, None],
            ["第二部分", None, None, None],
        ],
        headings=[*HEADINGS, "颜色"],
        above=(["某某目录"], ["单位：万元", "日期：2026年"]),
        merged=["C4:C5"],
    )

    found = read_rows(content, "a.xlsx", WORDS)

    assert [row.merged for row in found.rows] == [set(), {"hours"}]
    assert [(row.row, row.cells["hours"]) for row in found.totals] == [(6, 6)]
    assert [warning["row"] for warning in found.expected] == [6, 7]
    assert found.preamble == {"Sheet1": ["某某目录", "单位：万元", "日期：2026年"]}
    assert found.headings["Sheet1"][2] == ("hours", "学时", "exact")
    assert found.unknown == {"Sheet1": ["颜色"]}


def test_two_tables_side_by_side_are_refused_instead_of_losing_the_right_one():
    content = workbook(
        [[*line(), None, *line("B1", "乙")]], headings=[*HEADINGS, None, *HEADINGS], above=()
    )

    with pytest.raises(FileRefused, match="左右两张表并排"):
        rows(content)


def test_a_heading_that_stands_twice_by_itself_is_only_named():
    content = workbook([[*line(), "乙"]], headings=[*HEADINGS, "课程名称"], above=())

    assert rows(content)[0][2] == cells()
