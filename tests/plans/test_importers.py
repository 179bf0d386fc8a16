"""What is read out of the files that offices send."""

import io
import json
from datetime import datetime
from decimal import Decimal

import pytest
from django.conf import settings
from openpyxl import Workbook, load_workbook

from academy.models import Town
from academy.spreadsheets.opening import FileRefused
from tests.factories import CampusFactory, DepartmentFactory, TownFactory

from .reading import read_plan
from .sheets import HEADINGS, row, saved, with_part, workbook

DEMO = settings.BASE_DIR / "demo" / "plans"
EXPECTED = json.loads((DEMO / "expected_overlaps.json").read_text("utf-8"))
pytestmark = pytest.mark.django_db
WORKSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def _town(db):
    TownFactory(code="310113102", name="示例镇")


def read(content: bytes, name="plan.xlsx", owner=None, **options):
    return read_plan(content, name, owner=owner or Town.objects.get(code="310113102"), **options)


def only(content: bytes, **options):
    reading = read(content, **options)
    (line,) = reading.rows
    return line


@pytest.mark.parametrize("name", EXPECTED["files"])
def test_the_real_files_are_read_whole(name):
    expected = EXPECTED["files"][name]
    owner = (
        TownFactory(name=expected["org"].removesuffix("人民政府"))
        if expected["org"].endswith("人民政府")
        else DepartmentFactory(name=expected["org"], short_name="示例")
    )

    reading = read((DEMO / name).read_bytes(), name, owner=owner)

    items = [line.item for line in reading.accepted]
    assert (len(reading.rows), reading.rejected) == (expected["items"], [])
    assert [warning["row"] for warning in reading.warnings] == [
        line.row for line in reading.rows if line.item.months == "清明前"
    ]
    assert sum(item.people for item in items) == expected["people_total"]
    assert sum(item.budget for item in items) == expected["budget_total_yuan"]
    assert [line.row for line in reading.rows] == list(
        range(expected["header_row"] + 1, expected["header_row"] + 1 + expected["items"])
    )
    assert [item.number for item in items] == list(range(1, expected["items"] + 1))
    # in one file it is one merged cell
    assert {item.organiser for item in items} == {expected["org"]}
    # from the line above the table
    assert all(item.contact_name and item.contact_phone.startswith("199") for item in items)


def test_every_column_of_the_form_is_read():
    headings = [
        *HEADINGS[:-1],
        "培训目的",
        "培训类别",
        "是否涉及本系统以外干部",
        "责任人/联系人、电话",
        "备注",
    ]
    cells = [*row()[:-1], "提高走访能力", "三类", "是（20人）", "示例甲 021-56781234", "分两批"]

    item = only(workbook([cells], headings=headings)).item

    assert (
        item.purpose,
        item.category,
        item.other_system_cadres,
        item.contact_name,
        item.contact_phone,
        item.remark,
    ) == (
        "提高走访能力",
        "third",
        True,
        "示例甲",
        "021-56781234",
        "分两批",
    )


@pytest.mark.parametrize(
    "headings",
    [
        [
            heading.replace("培训班名称", "培 训 班\n名称")
            .replace("人数", "参训\n人数")
            .replace("拟办时间", "拟办时间（月份/季度）")
            for heading in HEADINGS
        ],
        [
            {
                "培训班名称": "培训项目名称",
                "人数": "计划人数",
                "经费预算（元）": "所需经费",
                "经费来源": "列支渠道",
                "学时": "课时",
            }.get(heading, heading)
            for heading in HEADINGS
        ],
        [
            heading.replace("（", "(").replace("）", ")").replace("序号", "序　号")
            for heading in HEADINGS
        ],
    ],
    ids=["line breaks", "other words", "other brackets and spaces"],
)
def test_headings_are_found_by_their_meaning(headings):
    item = only(workbook([row()], headings=headings)).item

    assert (item.name, item.people, item.budget, item.funding, item.hours, item.months) == (
        "楼组长骨干班",
        60,
        8000,
        "镇财政",
        4,
        "4月",
    )


def test_headings_in_two_rows():
    first = [
        "序号",
        "培训班名称",
        "主办单位",
        "培训对象",
        "培训规模",
        None,
        "拟办时间",
        "经费预算（元）",
    ]
    second = [None, None, None, None, "人数", "期数", None, None]

    choices = {"answers": {"days": "0.5", "hours": "4"}}
    item = only(
        workbook([second, [1, "走访班", "镇", "楼组长", 60, 3, "4月", 8000]], headings=first),
        choices=choices,
    ).item

    assert (item.people, item.runs, item.budget) == (60, 3, 8000)


def test_what_is_no_item_is_passed_over():
    content = workbook(
        [
            row(),
            [None] * 16,
            ["小计", None, None, None, None, 60],
            HEADINGS,
            row(序号=2, 培训班名称="第二班"),
            [3],
            ["合 计", None, None, None, None, 120],
        ],
        below=[
            [None],
            ["审核意见：同意。 分管领导（签名）："],
            [None, "制表人：示例甲"],
            ["填表说明：人数填全年总人数。"],
        ],
    )

    reading = read(content)

    assert [(line.row, line.name) for line in reading.rows] == [(3, "楼组长骨干班"), (7, "第二班")]
    assert reading.warnings == []


def test_cover_and_hidden_sheets_are_passed_over():
    def prepare(book: Workbook):
        cover = book.create_sheet("填表说明", 0)
        cover.append(["填表说明\n1.人数填全年总人数。"])
        hidden = book.create_sheet("去年", 1)
        hidden.append(HEADINGS)
        hidden.append(row(培训班名称="去年的班"))
        hidden.sheet_state = "hidden"

    assert only(workbook([row()], prepare=prepare)).name == "楼组长骨干班"


def test_every_sheet_with_a_table_is_read_and_named():
    def prepare(book: Workbook):
        more = book.create_sheet("附件2")
        more.append(HEADINGS)
        more.append(row(培训班名称="附件里的班"))

    reading = read(workbook([row()], prepare=prepare))

    assert [(line.name, line.item.number) for line in reading.rows] == [
        ("楼组长骨干班", 1),
        ("附件里的班", 2),
    ]
    assert [("附件2" in warning["reason"], warning["row"]) for warning in reading.warnings] == [
        (True, 0)
    ]


def test_a_hidden_column_is_not_read():
    def prepare(book: Workbook):
        book.active.column_dimensions["P"].hidden = True

    assert only(workbook([row(备注="内部意见")], prepare=prepare)).item.remark == ""


def test_a_needed_column_that_is_hidden_is_not_called_missing():
    def prepare(book: Workbook):
        book.active.column_dimensions["I"].hidden = True

    content = workbook([row()], prepare=prepare)

    assert "“学时”一栏是隐藏的" in only(content).reason
    assert "学时" in read(content).hidden[0]["reason"]


def test_a_merged_text_counts_for_all_its_rows():
    content = workbook(
        [
            row(),
            row(序号=2, 培训班名称="第二班", 主办单位=None, 经费来源=None),
            row(序号=3, 培训班名称="第三班", 主办单位=None),
        ],
        merged=["C3:C5", "O3:O4"],
    )

    reading = read(content)

    assert [(line.item.organiser, line.item.funding) for line in reading.rows] == [
        ("示例镇人民政府", "镇财政")
    ] * 3


def test_an_empty_cell_that_is_not_merged_stays_empty():
    reading = read(
        workbook([row(), row(序号=2, 培训班名称="第二班", 主办单位=None, 经费来源=None)])
    )

    assert (reading.rows[1].item.organiser, reading.rows[1].item.funding) == ("示例镇", "")


@pytest.mark.parametrize("column", ["人数", "期数"])
def test_nobody_and_no_run_are_no_training(column):
    line = only(workbook([row(**{column: 0})]))

    assert (line.item, f"“{column}”至少是 1" in str(line.reason)) == (None, True)


@pytest.mark.parametrize(("column", "heading"), [("F", "人数"), ("N", "经费预算（元）")])
def test_a_number_merged_over_rows_is_not_counted_twice(column, heading):
    reading = read(
        workbook(
            [row(), row(序号=2, 培训班名称="第二班", **{heading: None})],
            merged=[f"{column}3:{column}4"],
        )
    )

    assert ["合并" in line.reason for line in reading.rows] == [True, True]


@pytest.mark.parametrize(
    ("written", "people"),
    [
        (60, 60),
        (60.0, 60),
        ("60", 60),
        ("６０", 60),
        ("60人", 60),
        (" 60 人次 ", 60),
        ("1,200", 1200),
        ("1，200人", 1200),
        ("60名", 60),
        ("每期60名", 120),
        ("60人/期", 120),
        ("每期60人，共2期", 120),
        ("120人（每期60人）", 120),
        ("60×2", 120),
        ("六十人", 60),
        ("六十", 60),
        ("一百五十", 150),
        ("三百零八人", 308),
        ("两百", 200),
        ("十", 10),
        ("60人（含村干部10人）", 60),
    ],
)
def test_ways_to_write_a_number_of_people(written, people):
    assert only(workbook([row(人数=written)])).item.people == people


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        0,
        "60-80人",
        "每期60人，共3期",
        "120人（每期50人）",
        "每人60",
        "二百五",
        "三千五人",
        "六〇五十",
        "百",
        "几十",
        "二三",
        "一百一百",
        "六十、七十",
        -1,
        "-3",
        12.5,
        "=50+10",
        True,
        "²",
        "1e5",
        "60、80",
        1_000_001,
        "9" * 400,
        datetime(2027, 3, 1),
    ],
)
def test_numbers_of_people_that_cannot_be_read_are_rejected(written):
    line = only(workbook([row(人数=written)]))

    assert line.item is None
    assert line.reason


@pytest.mark.parametrize(
    ("written", "budget"),
    [
        (8000, "8000"),
        (8000.5, "8000.50"),
        ("8,000.00", "8000"),
        ("￥8000元", "8000"),
        ("0.8万元", "8000"),
        ("1.25万", "12500"),
        (0, "0"),
        ("无", "0"),
        ("—", "0"),
        (8000.1 + 0.2, "8000.30"),
        (None, "0"),
        ("3.5 万元整", "35000"),
        ("叁万伍仟元整", "35000"),
        ("每期4000元", "8000"),
        ("4000元/期", "8000"),
        ("每人200元", "12000"),
        ("免费", "0"),
        ("200元×60人", "12000"),
        ("每人每天200元", "6000"),
        ("0.8(万元)", "8000"),
        ("每期4000元，共8000元", "8000"),
        ("8000元，其中讲课费3000元", "8000"),
    ],
)
def test_ways_to_write_a_budget(written, budget):
    assert only(workbook([row(**{"经费预算（元）": written})])).item.budget == Decimal(budget)


@pytest.mark.parametrize(
    "written",
    [
        "=N3*2",
        "待核",
        -1,
        "1.234",
        1e12,
        "NaN",
        "inf",
        True,
        "1-2万元",
        "8000元（每期5000元）",
        "60人",
    ],
)
def test_budgets_that_cannot_be_read_are_rejected(written):
    assert only(workbook([row(**{"经费预算（元）": written})])).reason


def test_a_budget_in_ten_thousands_is_taken_over_in_yuan():
    headings = [heading.replace("经费预算（元）", "经费预算（万元）") for heading in HEADINGS]

    reading = read(workbook([row(**{"经费预算（元）": 1.6})], headings=headings))

    assert reading.rows[0].item.budget == 16000
    assert "万元" in reading.warnings[0]["reason"]


@pytest.mark.parametrize(
    ("written", "months", "quarter"),
    [
        ("第二、三季度", "第二、三季度", 2),
        ("10月至11月", "10月至11月", 4),
        (5, "5月", 2),
        (datetime(2027, 2, 1), "2月", 1),
        ("清明前", "清明前", None),
        ("１０月", "10月", 4),
    ],
)
def test_ways_to_write_the_planned_time(written, months, quarter):
    item = only(workbook([row(拟办时间=written)])).item

    assert (item.months, item.quarter) == (months, quarter)


def test_a_formula_without_its_result_is_rejected_in_every_column():
    line = only(workbook([row(备注="=1+1", 培训内容='=HYPERLINK("http://x")')]))

    assert (line.item, line.reason.count("公式")) == (None, 2)


def test_text_that_begins_like_a_formula_is_rejected():
    assert "以“=”开头" in only(workbook([row(备注=" =1+1")])).reason


def test_a_name_that_is_missing_too_long_or_a_formula_is_rejected():
    reading = read(
        workbook(
            [
                row(培训班名称=None),
                row(培训班名称="班" * 81),
                row(培训班名称="=A1"),
                row(培训班名称="待定"),
            ]
        )
    )

    assert [line.row for line in reading.rejected] == [3, 4, 5, 6]


def test_text_loses_what_no_database_could_store():
    item = only(workbook([row(培训班名称="楼组长\u200b骨干\n班", 地点="党校　一楼")])).item

    assert (item.name, item.place) == ("楼组长骨干 班", "党校 一楼")


def test_numbers_of_rows_that_repeat_or_lack_follow_on():
    reading = read(
        workbook(
            [
                row(序号=2),
                row(序号=2, 培训班名称="b"),
                row(序号=None, 培训班名称="c"),
                row(序号="1", 培训班名称="d"),
            ]
        )
    )

    assert [line.item.number for line in reading.rows] == [2, 3, 4, 1]
    assert [warning["row"] for warning in reading.warnings] == [4]


def test_a_written_total_that_is_wrong_is_pointed_out():
    reading = read(
        workbook(
            [row()],
            below=[
                ["合计", None, None, None, None, 61, None, None, None, None, None, None, None, 8000]
            ],
        )
    )

    assert [
        (warning["row"], "61" in warning["reason"], "60" in warning["reason"])
        for warning in reading.warnings
    ] == [(4, True, True)]


def test_a_file_of_another_unit_or_year_is_pointed_out():
    above = (
        ["别的镇2026年度培训方案"],
        ["填报单位（盖章）：别的镇人民政府"],
        ["填报日期：2026年11月20日"],
    )

    reading = read(workbook([row()], above=above))

    assert [
        "别的镇" in warning["reason"] or "2026" in warning["reason"] for warning in reading.warnings
    ] == [True, True]


def test_the_short_name_of_a_department_is_enough():
    owner = DepartmentFactory(name="宝山区住房保障和房屋管理局", short_name="房管")

    assert read(workbook([row()], above=(["填报单位：区房管局"],)), owner=owner).warnings == []


def test_a_campus_owns_a_plan_as_well():
    assert read(
        workbook([row()], above=(["填报单位：别处"],)), owner=CampusFactory(name="示例分校")
    ).warnings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_that_offices_use(encoding):
    text = (
        ",".join(HEADINGS)
        + "\r\n"
        + ",".join("" if cell is None else str(cell) for cell in row(备注="𠮷"))
        + "\r\n"
    )

    item = only(text.encode(encoding), name="plan.CSV").item

    assert (item.name, item.people, item.hours, item.remark) == ("楼组长骨干班", 60, 4, "𠮷")


# --- files that are none --------------------------------------------------------------------------

GOOD = workbook([row()])


def bomb() -> bytes:
    return with_part(
        GOOD,
        SHEET,
        f"<worksheet {WORKSHEET}><sheetData>"
        + '<row r="1"><c r="A1"/></row>' * 900_000
        + "</sheetData></worksheet>",
    )


REFUSED = {
    "empty": (b"", "plan.xlsx"),
    "text called xlsx": ("序号,培训班名称\n".encode(), "plan.xlsx"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "plan.png"),
    "old xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "plan.xls"),
    "cut off": (GOOD[: len(GOOD) // 2], "plan.xlsx"),
    "cut off at the end": (GOOD[:-40], "plan.xlsx"),
    "a zip of something else": (
        with_part(b"PK\x05\x06" + b"\0" * 18, "hello.txt", "x"),
        "plan.xlsx",
    ),
    "broken sheet": (with_part(GOOD, SHEET, "<worksheet><sheetData><row>"), "plan.xlsx"),
    "entities": (
        with_part(
            GOOD,
            SHEET,
            f'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet {WORKSHEET}><sheetData/></worksheet>',
        ),
        "plan.xlsx",
    ),
    "no table": (workbook([], headings=["你好"]), "plan.xlsx"),
    "headings only": (workbook([]), "plan.xlsx"),
    "no column for people": (
        workbook([], headings=["序号", "培训班名称", "主办单位", "培训对象"]),
        "plan.xlsx",
    ),
    "binary csv": (b"\0\1\2\3", "plan.csv"),
    "csv that is no text": (b"\xff\xff\xff\xff\x80", "plan.csv"),
    "csv without a table": (b"a,b,c\n1,2,3\n", "plan.csv"),
    "csv with an endless cell": (b'"' + b"x" * 200_000, "plan.csv"),
    "too many rows": ("\n".join(["1"] * 3_000).encode(), "plan.csv"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_plan_is_refused_with_a_sentence(name):
    content, file_name = REFUSED[name]

    with pytest.raises(FileRefused) as caught:
        read(content, file_name)

    assert str(caught.value).strip()


def test_a_file_too_large_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 100

    with pytest.raises(FileRefused):
        read(GOOD)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bomb, id="many rows in a small file"),
        pytest.param(lambda: with_part(GOOD, SHEET, b" " * 30_000_000), id="large when unpacked"),
        pytest.param(
            lambda: with_part(
                GOOD,
                SHEET,
                f"<worksheet {WORKSHEET}><sheetData><row>"
                + "<c/>" * 1_000_000
                + "</row></sheetData></worksheet>",
            ),
            id="one fat row",
        ),
        pytest.param(lambda: with_part(GOOD, "xl/styles.xml", b" " * 13_000_000), id="large part"),
    ],
)
def test_a_bomb_is_refused_before_it_is_built(content):
    with pytest.raises(FileRefused, match="远超一张表"):
        read(content())


def test_one_cell_at_the_far_corner_costs_nothing():
    book = load_workbook(io.BytesIO(GOOD))
    content = saved(book)
    far = with_part(
        content,
        SHEET,
        f'<worksheet {WORKSHEET}><sheetData><row r="1048576"><c'
        ' r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
    )

    with pytest.raises(FileRefused):
        read(far)


# --- numbers with words, money whose unit stands elsewhere, what is asked -------------------------


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (2, "2"),
        (0.5, "0.5"),
        ("半天", "0.5"),
        ("两天半", "2.5"),
        ("2天半", "2.5"),
        ("1.5天", "1.5"),
        ("每期2天", "2"),
        ("3个半天", "1.5"),
        ("三日", "3"),
        (None, "0"),
    ],
)
def test_ways_to_write_days(written, days):
    assert only(workbook([row(天数=written)])).item.days == Decimal(days)


@pytest.mark.parametrize("written", ["1-2天", "共4天", "若干", "8学时", "-1", "两三天"])
def test_days_that_cannot_be_read_are_rejected(written):
    assert "天数" in only(workbook([row(天数=written)])).reason


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("8学时", "8"),
        ("8课时/期", "8"),
        ("每天8学时", "4"),
        ("16学时（每天8学时）", None),
        ("共16学时", None),
    ],
)
def test_ways_to_write_hours(written, hours):
    item = only(workbook([row(学时=written)])).item

    assert (item and item.hours) == (hours and Decimal(hours))


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("2期", 2),
        ("两期", 2),
        ("每季度一期", 4),
        ("每月1期", 12),
        ("半年一次", 2),
        ("第1—3期", 3),
        (None, 1),
    ],
)
def test_ways_to_write_runs(written, runs):
    assert only(workbook([row(期数=written)])).item.runs == runs


@pytest.mark.parametrize("written", ["第一期", "1-2期", 0, "若干期"])
def test_runs_that_cannot_be_read_are_rejected(written):
    assert only(workbook([row(期数=written)])).reason


BUDGET = "经费预算（元）"
PLAIN = ["经费预算" if heading == BUDGET else heading for heading in HEADINGS]


@pytest.mark.parametrize(
    ("heading", "above", "below", "written", "budget"),
    [
        ("经费预算", "填报单位：示例镇人民政府      单位：万元", "", 1.2, 12000),
        ("经费预算", "（单位：人、天、万元）", "", 1.2, 12000),
        ("经费预算", "金额单位：人民币千元", "", 12, 12000),
        ("经费预算", "填报单位：示例镇人民政府", "", 12000, 12000),
        ("经费预算", "单位：元", "", 12000, 12000),
        ("经费预算（万元）", "", "", 1.2, 12000),
        ("经费预算（万元）", "", "", "1.2", 12000),
        ("经费预算（万元）", "", "", "1.2万元", 12000),
        ("经费预算（万元）", "", "", "12000元", 12000),
        ("经费预算（万元）", "", "", "每期0.6万", 12000),
    ],
)
def test_the_unit_of_money_stands_anywhere(heading, above, below, written, budget):
    headings = [heading if name == "经费预算" else name for name in PLAIN]

    assert (
        only(
            workbook(
                [row(**{BUDGET: written})], headings=headings, above=(["2027年度培训方案"], [above])
            )
        ).item.budget
        == budget
    )


@pytest.mark.parametrize(
    ("above", "heading", "written"),
    [
        ("", "经费预算", 1.2),
        ("", "经费预算（元）", 5),
        ("", "经费预算（元）", "5元"),
        ("单位：元", "经费预算（万元）", 1.2),
        ("单位：万元", "经费预算", 12000),
        ("", "经费预算（万元）", 8000),
        ("", "经费预算", 50),
    ],
)
def test_money_that_may_be_wrong_by_ten_thousand_is_asked_about(above, heading, written):
    headings = [heading if name == "经费预算" else name for name in PLAIN]
    content = workbook(
        [row(**{BUDGET: written})], headings=headings, above=(["2027年度培训方案"], [above])
    )

    reading = read(content)
    answered = read(content, choices={"answers": {"budget_unit": "10000"}})

    assert (len(reading.rejected), [question["ask"] for question in reading.questions]) == (
        1,
        ["budget_unit"],
    )
    assert answered.rows[0].item.budget == (
        5 if written == "5元" else Decimal(str(written)) * 10_000
    )


@pytest.mark.parametrize(
    ("column", "written", "stored"),
    [
        ("期数", "3", 3),
        ("天数", "半天", Decimal("0.5")),
        ("学时", "4学时", 4),
        ("经费来源", "镇财政", "镇财政"),
    ],
)
def test_a_column_that_was_not_found_is_asked_for_and_never_made_up(column, written, stored):
    name = {"期数": "runs", "天数": "days", "学时": "hours", "经费来源": "funding"}[column]
    place = HEADINGS.index(column)
    content = workbook(
        [[cell for index, cell in enumerate(row()) if index != place]],
        headings=[heading for heading in HEADINGS if heading != column],
    )

    reading, answered = read(content), read(content, choices={"answers": {name: written}})

    assert [(question["ask"], question["column"]) for question in reading.questions] == [
        ("column", name)
    ]
    assert all(question["required"] for question in reading.questions)
    # a text rejects no row
    assert [column in line.reason for line in reading.rejected] == (
        [] if name == "funding" else [True]
    )
    assert getattr(answered.rows[0].item, name) == stored


def test_a_heading_in_other_words_is_guessed_and_asked_about():
    words = {"期数": "办班次数", "学时": "课时合计", "经费来源": "列支科目"}
    content = workbook([row()], headings=[words.get(heading, heading) for heading in HEADINGS])

    reading = read(content)

    assert [
        (question["text"], question["column"], question["required"])
        for question in reading.questions
    ] == [("办班次数", "runs", True), ("课时合计", "hours", True), ("列支科目", "funding", True)]
    assert (
        reading.rows[0].item.runs,
        reading.rows[0].item.hours,
        reading.rows[0].item.funding,
    ) == (2, 4, "镇财政")
    refused = read(
        content, choices={"headings": {"办班次数": "", "课时合计": "hours", "列支科目": "funding"}}
    )
    assert "期数" in refused.rows[0].reason


def test_a_heading_that_says_for_each_run_is_multiplied():
    assert (
        only(
            workbook(
                [row()],
                headings=[{"人数": "每期人数"}.get(heading, heading) for heading in HEADINGS],
            )
        ).item.people
        == 120
    )


# --- other units, other years, totals -------------------------------------------------------------


def with_units(*units: str) -> bytes:
    lines = [
        [*row(序号=number, 培训班名称=f"班{number}"), unit]
        for number, unit in enumerate(units, start=1)
    ]
    return workbook(lines, headings=[*HEADINGS, "单位"])


@pytest.mark.parametrize(
    "unit", ["别的镇", "宝山区别的镇人民政府", "区民政局", "民政局", "没听说过的街道"]
)
def test_rows_of_another_unit_are_left_out_and_it_says_so(unit):
    TownFactory(name="别的镇")
    DepartmentFactory(name="宝山区民政局", short_name="民政")

    reading = read(with_units("示例镇", unit, "示例镇党建办", "社区办"))

    assert [line.name for line in reading.rows] == ["班1", "班3", "班4"]
    assert [unit in warning["reason"] for warning in reading.warnings] == [True]


def test_a_file_of_other_units_alone_is_refused_by_that_reason():
    TownFactory(name="别的镇")

    with pytest.raises(FileRefused, match="别的镇"):
        read(with_units("别的镇", "别的镇"))


def test_a_sheet_of_another_year_is_left_out():
    def prepare(book: Workbook):
        for title in ("2026年", "2027年（二）"):
            more = book.create_sheet(title)
            more.append(HEADINGS)
            more.append(row(培训班名称=f"班 {title}"))

    reading = read(workbook([row()], prepare=prepare))

    assert [line.name for line in reading.rows] == ["楼组长骨干班", "班 2027年（二）"]
    assert any(warning["sheet"] == "2026年" for warning in reading.warnings)


def test_a_row_that_stands_in_two_sheets_is_read_once():
    def prepare(book: Workbook):
        more = book.create_sheet("一季度")
        more.append(HEADINGS)
        more.append(row(序号=7))

    reading = read(workbook([row(), row(序号=2, 培训班名称="第二班")], prepare=prepare))

    assert [line.name for line in reading.rows] == ["楼组长骨干班", "第二班"]
    assert any(
        warning["sheet"] == "一季度" and "3" not in warning["reason"]
        for warning in reading.warnings
    )


def test_subtotals_that_contradict_the_rows_are_pointed_out():
    def total(words: str, people: int) -> list:
        return [words, None, None, None, None, people]

    content = workbook(
        [
            row(),
            total("小计", 60),
            row(序号=2, 培训班名称="第二班"),
            total("小计", 61),
            total("合计", 120),
        ]
    )

    assert [warning["row"] for warning in read(content).warnings] == [6]


def test_months_that_are_numbers_or_dates():
    written = [46478, 2027.04, datetime(2026, 4, 1), 4, "汛期前"]

    reading = read(
        workbook(
            [
                row(序号=number, 培训班名称=f"班{number}", 拟办时间=time)
                for number, time in enumerate(written, start=1)
            ]
        )
    )

    assert [line.item.quarter for line in reading.rows] == [2, 2, 2, 2, None]
    assert [bool(line.remarks) for line in reading.rows] == [True, False, True, False, True]


@pytest.mark.parametrize(("written", "named"), [("十三月", "十三月"), (2027.1, "2027.1")])
def test_a_time_that_is_no_month_or_may_be_two_is_rejected(written, named):
    assert named in only(workbook([row(拟办时间=written)])).reason


PUT_RIGHT = "联系人和联系电话写错了列"
NO_MOBILE = "联系电话不是一个 11 位手机号"


@pytest.mark.parametrize(
    ("name", "phone", "kept", "remark"),
    [
        ("苏晓岚", 19900000123, ("苏晓岚", "19900000123"), None),
        ("苏晓岚", "\u202d19900000123\u202c", ("苏晓岚", "19900000123"), None),
        ("苏晓岚", "苏晓岚19900000123", ("苏晓岚", "19900000123"), None),
        ("苏晓岚", "19900000123（微信同号）", ("苏晓岚", "19900000123"), None),
        ("苏晓岚", "86-19900000123", ("苏晓岚", "19900000123"), None),
        ("苏晓岚", "021-00001234转801", ("苏晓岚", "021-00001234转801"), NO_MOBILE),
        ("苏晓岚", "（021）00001234", ("苏晓岚", "(021)00001234"), NO_MOBILE),
        ("苏晓岚", "19900000123;00001234", ("苏晓岚", "19900000123、00001234"), NO_MOBILE),
        ("苏晓岚", "1.99E+10", ("苏晓岚", ""), "联系电话读不出来"),
        ("苏晓岚", "１９９００００００１２３", ("苏晓岚", ""), "联系电话读不出来"),
        ("19900000123", "苏晓岚", ("苏晓岚", "19900000123"), PUT_RIGHT),
        ("苏晓岚 19900000123", None, ("苏晓岚", "19900000123"), PUT_RIGHT),
        ("张三1", "19900000123", ("", "19900000123"), "姓名里不能有数字"),
        ("王老师（组织科）、苏晓岚", None, ("王老师(组织科)、苏晓岚", ""), None),
    ],
    ids=ascii,
)
def test_the_contact_is_a_name_and_a_number(name, phone, kept, remark):
    reading = read(workbook([[*row(), name, phone]], headings=[*HEADINGS, "联系人", "联系电话"]))

    assert [
        (item.contact_name, item.contact_phone) for item in (line.item for line in reading.rows)
    ] == [kept]
    assert [remark in warning["reason"] for warning in reading.warnings] == (
        [True] if remark else []
    )


# --- what only looks right ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "above", [["别的镇2027年度培训计划"], ["填报单位：别的镇人民政府"], ["2026年度培训方案备案表"]]
)
def test_a_file_of_another_unit_or_year_is_not_taken_without_asking(above):
    TownFactory(name="别的镇")
    content = workbook([row()], above=(above,))

    reading, confirmed = read(content), read(content, choices={"answers": {"right_file": "yes"}})

    assert [question["ask"] for question in reading.questions] == ["right_file"]
    assert (len(reading.rejected), len(confirmed.accepted)) == (1, 1)


@pytest.mark.parametrize("written", ["2026年4月", "2028年1月"])
def test_a_time_of_another_year_is_rejected(written):
    assert "不在 2027 年" in only(workbook([row(拟办时间=written)])).reason


@pytest.mark.parametrize(
    ("heading", "written", "budget"),
    [
        ("每期经费（元）", 4000, 8000),
        ("人均经费标准（元）", 200, 12000),
        ("经费（元/期）", 4000, 8000),
        ("经费预算（元/人·天）", 200, 6000),
    ],
)
def test_money_for_one_run_or_person_is_multiplied_and_said(heading, written, budget):
    line = only(
        workbook(
            [row(**{BUDGET: written})],
            headings=[heading if name == BUDGET else name for name in HEADINGS],
        )
    )

    assert (line.item.budget, len(line.remarks)) == (budget, 1)


def test_a_number_for_each_of_several_parts_is_no_number_of_the_year():
    line = only(
        workbook(
            [row()], headings=["每个居村人数" if name == "人数" else name for name in HEADINGS]
        )
    )
    assert "每一份" in line.reason


@pytest.mark.parametrize("heading", ["总天数", "全年天数"])
def test_days_of_all_runs_are_asked_about(heading):
    content = changed({"天数": heading})
    assert "hours_for" in [question["ask"] for question in read(content).questions]
    assert read(content, choices={"answers": {"hours_for": "year"}}).rows[0].item.days == Decimal(
        "0.25"
    )


def test_the_name_of_a_training_may_stand_under_a_word_that_is_only_guessed():
    reading = read(
        workbook(
            [row()],
            headings=[{"培训班名称": "培训主题"}.get(heading, heading) for heading in HEADINGS],
        )
    )

    assert (
        [line.name for line in reading.rows],
        [question["column"] for question in reading.questions],
    ) == (["楼组长骨干班"], ["name"])


def test_text_in_csv_that_begins_like_a_formula_is_rejected():
    text = (
        ",".join(HEADINGS)
        + "\r\n"
        + ",".join("" if cell is None else str(cell) for cell in row(备注="=1+1"))
        + "\r\n"
    )

    assert "备注" in only(text.encode(), name="plan.csv").reason


@pytest.mark.parametrize(
    ("column", "written", "stored"),
    [("期数", "二", 2), ("期数", "三期", 3), ("天数", "两", 2), ("学时", "十六", 16)],
)
def test_a_number_in_words_is_read_where_it_stands_alone(column, written, stored):
    name = {"期数": "runs", "天数": "days", "学时": "hours"}[column]

    assert getattr(only(workbook([row(**{column: written})])).item, name) == stored


def test_headings_in_brackets_are_read():
    reading = read(workbook([row()], headings=[f"【{heading}】" for heading in HEADINGS]))

    assert (reading.questions, reading.rows[0].item.people, reading.rows[0].item.budget) == (
        [],
        60,
        8000,
    )


def test_a_heading_may_name_the_year_of_the_plan_and_that_of_another_is_not_read():
    headings = [
        {"人数": "2027年计划人数", "经费预算（元）": "2027年预算（元）", "备注": "2026年人数"}.get(
            heading, heading
        )
        for heading in HEADINGS
    ]

    reading = read(workbook([row(备注=999)], headings=headings))

    assert (reading.rows[0].item.people, reading.rows[0].item.budget) == (60, 8000)
    assert any("2026年人数" in warning["reason"] for warning in reading.warnings)


def test_a_workbook_without_a_table_says_whether_it_is_empty_or_holds_pictures():
    empty = saved(Workbook())

    with pytest.raises(FileRefused, match="是空的"):
        read(empty)
    with pytest.raises(FileRefused, match="只有图片"):
        read(with_part(empty, "xl/media/image1.png", b"\x89PNG"))


def test_the_name_of_the_only_sheet_may_tell_of_another_year():
    reading = read(workbook([row()], title="2026年", above=(["培训方案备案表"],)))

    assert "2026 年" in reading.rows[0].reason
    assert [question["ask"] for question in reading.questions] == ["right_file"]


def changed(headings: dict[str, str | None], **cells) -> bytes:
    """One row under other headings; those that are None are missing, `cells` are columns beside the
    others.
    """
    kept = [
        (headings.get(heading, heading), cell)
        for heading, cell in zip(HEADINGS, row(), strict=True)
        if headings.get(heading, heading)
    ]
    return workbook(
        [[*(cell for _h, cell in kept), *cells.values()]],
        headings=[*(heading for heading, _c in kept), *cells],
    )


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("天数/学时", "2天/16学时"),
        ("天数（学时）", "2天（16学时）"),
        ("天数/学时", "2/16"),
        ("学时/天数", "16/2"),
        ("天数/学时", "16课时、2天"),
        ("天数/学时", "2天16学时"),
    ],
)
def test_days_and_hours_may_share_a_column(heading, written):
    item = only(changed({"天数": None, "学时": None}, **{heading: written})).item

    assert (item.days, item.hours) == (2, 16)


@pytest.mark.parametrize("written", [16, "16", "2天", "2天/16学时/1期", datetime(2027, 3, 24)])
def test_days_and_hours_that_cannot_be_told_apart_are_rejected(written):
    assert "分不清" in only(changed({"天数": None, "学时": None}, **{"天数/学时": written})).reason


def test_hours_of_the_year_are_asked_about_where_there_are_several_runs():
    content = changed({"学时": "全年总学时"})

    reading = read(content)
    hours = [
        read(content, choices={"answers": {"hours_for": said}}).rows[0].item.hours
        for said in ("year", "run")
    ]

    assert (
        [question["ask"] for question in reading.questions],
        "全年总学时" in reading.rows[0].reason,
    ) == (["hours_for"], True)
    assert hours == [2, 4]


@pytest.mark.parametrize(
    ("begin", "end", "months"),
    [
        (datetime(2027, 3, 9), datetime(2027, 3, 10), "3月"),
        (datetime(2027, 5, 6), datetime(2027, 7, 8), "5月至7月"),
        ("2027年9月", "2027年10月", "9月至10月"),
        ("4月", None, "4月"),
        (None, None, ""),
    ],
)
def test_begin_and_end_are_the_planned_time(begin, end, months):
    assert only(changed({"拟办时间": None}, 开始时间=begin, 结束时间=end)).item.months == months
    assert only(changed({"拟办时间": None}, 开班时间=begin, 结班时间=end)).item.months == months


def test_an_end_before_the_begin_is_rejected():
    assert "早于" in only(changed({"拟办时间": None}, 开始时间="9月", 结束时间="3月")).reason


def test_ticks_below_quarters_and_months_are_the_planned_time():
    assert (
        only(
            changed({"拟办时间": None}, 一季度=None, 二季度="√", 三季度=None, 四季度="√")
        ).item.months
        == "第二季度、第四季度"
    )
    assert only(changed({"拟办时间": None}, **{"3月": "●", "4月": None})).item.months == "3月"
    line = only(changed({"拟办时间": None}, 一季度=5000))
    assert (line.item.months, "不是勾" in line.remarks[0]) == ("", True)


def test_a_note_says_that_people_are_counted_for_each_run():
    def people(note: str) -> int:
        return only(workbook([row()], above=(["2027年度培训方案"], [note]))).item.people

    assert [
        people("注：人数为每期人数；经费单位：元"),
        people("人数、经费均为每期数"),
        people("人数为全年总人数，学时为每期数"),
        people("经费按每期5000元编制"),
    ] == [120, 120, 60, 60]


def lines_of_one_item(first: list, content: str) -> bytes:
    """A second line with hours and content of its own, all else merged with the first."""
    again = [
        cell if heading in ("学时", "培训内容") else None
        for heading, cell in zip(HEADINGS, row(培训内容=content), strict=True)
    ]
    letters = "ABCDEFGHIJKLMNOP"
    merged = [
        f"{letter}3:{letter}4"
        for letter, heading in zip(letters, HEADINGS, strict=True)
        if heading not in ("学时", "培训内容")
    ]

    return workbook([first, again], merged=merged)


def test_a_number_in_every_line_of_one_item_is_neither_added_nor_dropped():
    assert "学时" in only(lines_of_one_item(row(), "第二讲")).reason


def test_a_number_in_a_later_line_of_one_item_keeps_the_text_beside_it():
    item = only(lines_of_one_item(row(学时=None), "第二讲")).item

    assert (item.hours, item.content) == (4, "走访、议事 第二讲")


def test_of_two_columns_of_one_name_the_plainer_heading_is_read():
    item = only(changed({"备注": "每期人数", "主办单位": "责任单位", "承办单位": "主办单位"})).item

    assert (item.people, item.organiser) == (60, "示例镇党校")
    assert only(changed({"人数": "每期人数", "备注": None}, 总人数=120)).item.people == 120


def test_a_word_for_the_name_or_the_runs_is_the_name_where_there_is_none():
    named = read(changed({"培训班名称": "班次"}))
    counted = read(changed({"期数": "班次"}))

    assert [
        (question["text"], question["column"])
        for question in (*named.questions, *counted.questions)
    ] == [("班次", "name"), ("班次", "runs")]
    assert (named.rows[0].item.name, counted.rows[0].item.runs) == ("楼组长骨干班", 2)
