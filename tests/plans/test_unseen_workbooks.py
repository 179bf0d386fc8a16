"""Kinds of strangeness met in workbooks that nobody who wrote the reader had seen."""

import pytest

from tests.factories import TownFactory

from .reading import read_plan
from .sheets import HEADINGS, row, workbook

pytestmark = pytest.mark.django_db
BUDGET = "经费预算（元）"
TRADITIONAL = {
    "序号": "序號",
    "培训班名称": "培訓班名稱",
    "主办单位": "主辦單位",
    "培训对象": "培訓對象",
    "人数": "每期人數",
    "期数": "期數",
    "天数": "總天數",
    "学时": "學時",
    "拟办时间": "擬辦時間",
    "培训内容": "培訓內容",
    BUDGET: "經費預算（萬元）",
    "经费来源": "經費來源",
}


@pytest.fixture
def town():
    return TownFactory(name="示例镇")


def renamed(names: dict, *rows, **options) -> bytes:
    return workbook(
        list(rows), headings=[names.get(heading, heading) for heading in HEADINGS], **options
    )


@pytest.mark.parametrize(
    ("code", "people"), [('0"人/期"', 120), ('"每期"0"人"', 120), ('0"人"', 60), ("0", 60)]
)
def test_a_number_format_that_says_of_each_run_is_read_as_it_shows(town, code, people):
    def prepare(book):
        book.active["F3"].number_format = code

    (line,) = read_plan(workbook([row(人数=60)], prepare=prepare), owner=town).rows

    assert line.item.people == people


def test_traditional_characters_are_read_as_simplified_ones(town):
    told = {"answers": {"hours_for": "year"}}
    written = row(期数="兩期", 天数=2, **{BUDGET: 0.8})

    reading = read_plan(
        renamed(TRADITIONAL, written, below=[["合計", None, None, None, None, 60]]),
        owner=town,
        choices=told,
    )

    assert {question["ask"] for question in reading.questions} == {"heading", "hours_for"}
    (item,) = (line.item for line in reading.rows)
    assert (item.people, item.runs, item.days, item.budget) == (120, 2, 1, 8000)


@pytest.mark.parametrize("written", ["Ⅱ", "II", "二"])
def test_a_bare_number_below_quarter_is_that_quarter(town, written):
    (line,) = read_plan(renamed({"拟办时间": "季度"}, row(拟办时间=written)), owner=town).rows

    assert line.item.quarter == 2


COSTS = [
    [None],
    ["附：经费测算明细"],
    ["费用项目", "标准（元）", "数量", "金额（元）", "说明"],
    ["讲课费", 500, 4, 2000, "副高"],
    ["资料费", 20, 60, 1200],
]


def test_a_table_of_other_things_below_the_plan_is_left_out_and_named(town):
    reading = read_plan(workbook([row()], below=COSTS), owner=town)

    assert [line.name for line in reading.rows] == ["楼组长骨干班"]
    told = [warning for warning in reading.warnings if "另一张表" in warning["reason"]]
    assert [(warning["row"], "标准（元）" in warning["reason"]) for warning in told] == [(6, True)]


def test_a_second_plan_below_such_a_table_is_read(town):
    second = row(序号=2, 培训班名称="第二班")

    reading = read_plan(workbook([row()], below=[*COSTS, [None], HEADINGS, second]), owner=town)

    assert [line.name for line in reading.accepted] == ["楼组长骨干班", "第二班"]


def test_a_row_that_stands_twice_is_asked_about(town):
    reading = read_plan(workbook([row(), row(序号=2)]), owner=town)

    assert [bool(line.reason) for line in reading.rows] == [False, True]
    assert "第 3 行" in reading.rows[1].reason


def test_a_sheet_that_repeats_another_has_no_wrong_total(town):
    total = ["合计", None, None, None, None, 60]

    def prepare(book):
        again = book.copy_worksheet(book.active)
        again.title = "党建办"

    reading = read_plan(workbook([row()], below=[total], prepare=prepare), owner=town)

    assert len(reading.rows) == 1
    assert not [warning for warning in reading.warnings if "加起来" in warning["reason"]]


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [("人数", "≤60人", 60), (BUDGET, "1.2w", 12_000), (BUDGET, "0.6W元/期", 12_000)],
)
def test_signs_that_offices_type(town, column, written, value):
    (line,) = read_plan(workbook([row(**{column: written})]), owner=town).rows

    assert value == (line.item.people if column == "人数" else line.item.budget)


def test_hours_of_the_clock_are_told(town):
    (line,) = read_plan(workbook([row(学时="4小时")]), owner=town).rows

    assert line.item.hours == 4
    assert "45 分钟" in "".join(line.remarks)


def test_a_person_in_charge_and_the_telephone_in_one_column(town):
    headings = [*HEADINGS[:-1], "负责人及电话"]

    (line,) = read_plan(
        workbook([row(备注="苏晓岚 19900000123")], headings=headings), owner=town
    ).rows

    assert (line.item.contact_name, line.item.contact_phone) == ("苏晓岚", "19900000123")
