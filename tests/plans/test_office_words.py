"""What an office writes into a cell or a note besides a plain number."""

import json

import pytest
from django.core.management import CommandError, call_command

from plans.imports.notes import rated_in, summed_in
from plans.imports.surroundings import is_of_all_runs, years_in
from tests.factories import TownFactory

from .reading import read_plan
from .sheets import HEADINGS, row, workbook

pytestmark = pytest.mark.django_db
BUDGET = "经费预算（元）"


@pytest.fixture
def town():
    return TownFactory(name="示例镇")


def only(town, *, names: dict | None = None, above=(), **cells):
    headings = [(names or {}).get(heading, heading) for heading in HEADINGS]
    content = workbook([row(**cells)], headings=headings, above=(["2027年度培训方案"], *above))
    return read_plan(content, owner=town).rows[0]


@pytest.mark.parametrize(
    ("note", "each", "whole"),
    [
        ("经费单位为万元，为每期经费", {"budget"}, set()),
        ("人数、经费，均按每期填写", {"people", "budget"}, set()),
        ("单位：人/期、万元/期", {"people", "budget"}, set()),
        ("天数、学时为全年合计", set(), {"days", "hours"}),
        ("人数填全年总人数，天数和学时填每期数", {"days", "hours"}, {"people"}),
        ("经费按每期5000元编制", set(), set()),
        ("每期人数原则上不超过60人", set(), set()),
        ("人数不是每期数", set(), set()),
    ],
)
def test_a_note_says_what_columns_count(note, each, whole):
    assert (rated_in([note]), summed_in([note])) == (each, whole)


@pytest.mark.parametrize(
    ("heading", "whole"),
    [
        ("天数（全年）", True),
        ("合计天数", True),
        ("课时合计", False),
        ("天数 合计", False),
        ("天数（每期）", False),
        ("总学时（每期）", False),
    ],
)
def test_a_heading_says_in_brackets_that_it_counts_all_runs(heading, whole):
    assert is_of_all_runs(heading) is whole


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("2027—2028年度培训规划", {2027, 2028}),
        ("2027年度计划", {2027}),
        ("2026年11月20日填报", set()),
    ],
)
def test_a_title_names_its_years(title, years):
    assert years_in(title) == years


def test_a_note_that_hours_are_of_all_runs_is_asked_about(town):
    content = workbook([row()], above=(["2027年度培训方案"], ["注：天数、学时为全年合计"]))

    asked = read_plan(content, owner=town).questions
    told = read_plan(content, owner=town, choices={"answers": {"hours_for": "year"}}).rows[0]

    assert [question["ask"] for question in asked] == ["hours_for"]
    assert (told.item.days, told.item.hours) == (0.25, 2)


@pytest.mark.parametrize(
    ("written", "runs", "people"),
    [
        ("约60人", 2, 60),
        ("60人左右", 2, 60),
        ("不超过60人", 2, 60),
        ("60人以内", 2, 60),
        ("60余人", 2, 60),
        ("两期各10人", 2, 20),
        ("2期×60人", 2, 120),
        ("2期，每期60人", 2, 120),
        ("2期，每期60人", None, 120),
        ("60人×2期", 2, 120),
        ("40+40", 2, 80),
        ("40人+40人", 1, 80),
        ("男20人、女18人", 1, 38),
        ("第一期50人、第二期40人", 2, 90),
        ("上半年40人，下半年30人", 2, 70),
        ("书记20人、主任20人，合计40人", 1, 40),
        ("书记：20人\n主任：20人", 1, 40),
    ],
)
def test_people_as_offices_write_them(town, written, runs, people):
    assert only(town, 人数=written, 期数=runs).item.people == people


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("30-40人", 1),
        ("两期各10人", 3),
        ("2期×60人", 3),
        ("60×2", 3),
        ("第一期50人、第二期40人", 3),
        ("总人数60人、村干部20人", 1),
        ("男20人、每期18人", 1),
        ("书记20人、主任20人，合计50人", 1),
    ],
)
def test_people_that_contradict_or_may_be_two_numbers_are_refused(town, written, runs):
    assert only(town, 人数=written, 期数=runs).reason


@pytest.mark.parametrize(
    ("written", "budget"),
    [
        ("约1万元", 10000),
        ("每期预算5000元", 10000),
        ("1万2千元", 12000),
        ("1万2千5百元", 12500),
        ("不超过8000元", 8000),
        ("讲课费6000，资料费3500", 9500),
        ("讲课费0.6万元、资料费0.35万元", 9500),
        ("200元/人×60人", 12000),
        ("12000元（人均200元）", 12000),
        ("人均200元，共计12000元", 12000),
        ("12000元（400元/人·天）", 12000),
        ("400元/人·天×60人×0.5天", 12000),
    ],
)
def test_money_as_offices_write_it(town, written, budget):
    assert only(town, **{BUDGET: written}).item.budget == budget


@pytest.mark.parametrize(
    "written",
    [
        "讲课费0.6万元、资料费3500",
        "12000元（人均300元）",
        "200元×50人",
        "1万元、2万元",
        "约1-2万元",
        "1万2",
    ],
)
def test_money_that_does_not_fit_is_refused(town, written):
    assert only(town, **{BUDGET: written}).reason


@pytest.mark.parametrize("written", ["约60人", "60人左右", "40+40", "男20人、女18人"])
def test_what_is_not_a_plain_number_is_told(town, written):
    assert any(written in remark for remark in only(town, 人数=written).remarks)


@pytest.mark.parametrize("written", ["不另行安排经费", "自筹", "不需经费", "学员自理"])
def test_money_of_nobody_is_nothing_and_its_words_are_kept(town, written):
    line = only(town, 备注="分两批", **{BUDGET: written})

    assert (line.item.budget, line.item.remark) == (0, f"分两批；经费：{written}")
    assert any(written in remark for remark in line.remarks)


def test_a_rate_beside_an_empty_budget_is_named_and_not_multiplied(town):
    line = only(town, names={"承办单位": "经费标准（元/人天）"}, 承办单位=200, **{BUDGET: None})

    assert line.item.budget == 0
    assert any("经费标准" in remark and "200" in remark for remark in line.remarks)


@pytest.mark.parametrize("heading", ["每期人数", "单期规模", "全年参训总人数", "合计人数"])
@pytest.mark.parametrize("differs", [False, True])
def test_people_beside_that_say_another_number_refuse_the_row(town, heading, differs):
    same = 30 if heading in ("每期人数", "单期规模") else 60
    line = only(town, names={"承办单位": heading}, 承办单位=same + 10 * differs)

    assert (line.item is None, "不一致" in line.reason) == (differs, differs)
    assert differs or line.item.people == 60


def intakes(first: dict, second: dict, merged) -> bytes:
    return workbook([row(**first), row(**second)], merged=merged)


def test_intakes_below_a_merged_name_are_items_of_their_own(town):
    content = intakes(
        {"期数": "第一期", "人数": 60, "拟办时间": "4月"},
        {"培训班名称": None, "期数": "第二期", "人数": 50, "拟办时间": "9月"},
        ["B3:B4"],
    )

    items = [line.item for line in read_plan(content, owner=town).rows]

    assert [(item.name, item.runs, item.people, item.months) for item in items] == [
        ("楼组长骨干班（第一期）", 1, 60, "4月"),
        ("楼组长骨干班（第二期）", 1, 50, "9月"),
    ]


def test_intakes_that_share_all_numbers_are_runs_of_one_item(town):
    kept = ("期数", "拟办时间")
    second = {heading: None for heading in HEADINGS if heading not in kept}
    letters = dict(zip(HEADINGS, "ABCDEFGHIJKLMNOP", strict=True))
    content = intakes(
        {"期数": "第一期", "拟办时间": "4月"},
        {**second, "期数": "第二期", "拟办时间": "9月"},
        [f"{letters[heading]}3:{letters[heading]}4" for heading in second],
    )

    line = read_plan(content, owner=town).rows[0]

    assert (line.item.runs, line.item.people, line.item.months) == (2, 60, "4月 9月")


def test_as_above_is_what_stands_above(town):
    content = workbook([row(), row(序号=2, 培训班名称="第二班", 培训对象="同上", 地点="〃")])

    item = read_plan(content, owner=town).rows[1].item

    assert (item.audience, item.place) == ("楼组长", "党校")


@pytest.mark.parametrize(
    ("above", "cells", "typed"),
    [
        ("注：天数、学时为全年合计", {}, "--answer hours_for=year|run"),
        ("", {BUDGET: 5}, "--answer budget_unit=1|10000"),
        ("2026年度", {}, "--answer right_file=yes"),
    ],
)
def test_the_command_says_what_to_type_for_a_choice(tmp_path, town, capsys, above, cells, typed):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook([row(**cells)], above=([above or "培训方案"],)))

    with pytest.raises(CommandError) as caught:
        call_command(
            "import_plan", str(path), "--owner", town.code, "--year", "2027", "--commit", "--json"
        )

    assert typed in str(caught.value)
    assert json.loads(capsys.readouterr().out)["rejected"]


def test_a_length_is_counted_in_what_stands_in_brackets(town):
    names = {"天数": "学制", "学时": "总时长（学时/期）"}
    content = workbook([row()], headings=[names.get(heading, heading) for heading in HEADINGS])

    asked = read_plan(content, owner=town)

    assert {question["text"]: question["column"] for question in asked.questions} == {
        "学制": "days",
        "总时长（学时/期）": "hours",
    }


def test_who_signs_and_when_is_no_item_and_does_not_hide_the_note_above(town):
    below = (
        ["备注：人数为每期人数"],
        ["示例镇人民政府", *[None] * 13, "2026年12月1日"],
    )

    lines = read_plan(workbook([row()], below=below), owner=town).rows

    assert [line.item.people for line in lines] == [120]


def test_the_runs_in_a_note_fit_those_of_the_row(town):
    assert only(town, 人数="120（共2期）", 期数=2).item.people == 120
    assert "期数" in only(town, 学时="32（共4期）", 期数=1).reason
    assert only(town, 学时="16（共2期）", 期数=2).reason


def test_a_subtotal_beside_a_merged_group_is_no_item(town):
    headings = ["类别", *HEADINGS]
    content = workbook(
        [["甲类", *row()], [None, "小计", *[None] * 4, 60]], headings=headings, merged=["A3:A4"]
    )

    assert len(read_plan(content, owner=town).rows) == 1


def test_the_sum_goes_before_the_rate_and_hours_of_the_clock_are_no_days(town):
    names = {"备注": "人均费用（元/人·天）", BUDGET: "总费用（元）", "天数": "单场时长（小时）"}
    headings = [names.get(heading, heading) for heading in HEADINGS]
    content = workbook([row(备注=200, 天数="3小时")], headings=headings)

    asked = {
        question["text"]: question["column"]
        for question in read_plan(content, owner=town).questions
        if question["ask"] == "heading"
    }

    assert asked == dict(zip(names.values(), ("", "budget", ""), strict=True))


@pytest.mark.parametrize(
    ("known", "written", "column"),
    [
        ("天数", "天/期", "days"),
        ("天数", "培训周期（天）", "days"),
        ("拟办时间", "何时举办", "months"),
        ("拟办时间", "什么时候办", "months"),
        ("培训对象", "谁来参加", "audience"),
        ("经费来源", "钱从哪里来", "funding"),
    ],
)
def test_a_heading_in_plain_speech_is_guessed(town, known, written, column):
    headings = [written if heading == known else heading for heading in HEADINGS]

    asked = read_plan(workbook([row()], headings=headings), owner=town).questions

    assert (written, column) in {(q["text"], q["column"]) for q in asked if q["ask"] == "heading"}


@pytest.mark.parametrize(
    ("cells", "runs"),
    [
        ({"备注": "分2期举办，每期30人"}, 2),
        ({"备注": "全年共办三期"}, 3),
        ({"备注": "分上下半年两批实施"}, 2),
        ({"拟办时间": "每季度一期"}, 4),
        ({"拟办时间": "5月、9月各1期"}, 2),
        ({"培训班名称": "楼组长骨干班（共3期）"}, 3),
        ({"培训班名称": "楼组长骨干班（第3期）"}, 1),
        ({"培训班名称": "楼组长骨干班（二期）"}, 1),
        ({"备注": "第2期与民政局合办"}, 1),
        ({"备注": "先办2期，再办3期"}, 1),
    ],
)
def test_runs_that_are_only_told_in_words(town, cells, runs):
    line = only(town, 期数=None, **cells)

    assert line.item.runs == runs
    assert any("期数" in remark for remark in line.remarks)


def test_runs_told_in_every_row_are_not_asked_for(town):
    headings = [heading for heading in HEADINGS if heading != "期数"]
    cells = [cell for name, cell in zip(HEADINGS, row(备注="分2期"), strict=True) if name != "期数"]

    read = read_plan(workbook([cells], headings=headings), owner=town)

    assert (read.questions, read.rows[0].item.runs) == ([], 2)


@pytest.mark.parametrize(
    ("heading", "remark", "people", "told"),
    [
        ("人数", "分2期，每期60人", 120, True),
        ("人数", "每期30人", 60, False),
        ("人数", "每期不超过60人", 60, False),
        ("人数", "每期50人", 60, True),
        ("全年人数", "每期60人", 60, True),
    ],
)
def test_a_remark_says_of_what_the_people_are(town, heading, remark, people, told):
    line = only(town, names={"人数": heading}, 备注=remark)

    assert line.item.people == people
    assert any("每期" in words for words in line.remarks) is told


def test_a_remark_says_of_what_the_money_is(town):
    assert only(town, 备注="每期经费0.8万元").item.budget == 16_000


@pytest.mark.parametrize(("days", "hours"), [(2, 16), ("半天", 4)])
def test_a_note_says_how_many_hours_a_day_has(town, days, hours):
    headings = [heading for heading in HEADINGS if heading != "学时"]
    cells = [cell for name, cell in zip(HEADINGS, row(天数=days), strict=True) if name != "学时"]
    content = workbook([cells], headings=headings, below=(["注：每天按8学时计算"],))

    read = read_plan(content, owner=town)

    assert (read.questions, read.rows[0].item.hours) == ([], hours)


def test_one_intake_alone_is_one_run_where_each_intake_has_a_row(town):
    rows = [row(期数="第一期"), row(期数="第二期"), row(培训班名称="读书班", 期数="第一期")]

    line = read_plan(workbook(rows), owner=town).rows[2]

    assert (line.item.name, line.item.runs) == ("读书班", 1)
    assert any("第一期" in remark for remark in line.remarks)


@pytest.mark.parametrize(("written", "runs"), [("4（每季1期）", 4), ("3（每季1期）", None)])
def test_how_often_beside_the_runs_has_to_fit_them(town, written, runs):
    item = only(town, 期数=written).item

    assert (item and item.runs) == runs


def test_numbers_of_one_run_and_of_the_year_stand_below_one_heading(town):
    names = (
        "序号 培训班名称 培训对象 期数 人数 - 学时 - 天数 拟办时间 培训内容 经费预算（元） 经费来源"
    )
    headings = [name if name != "-" else None for name in names.split()]
    below = [*[None] * 4, "每期", "全年", "每期", "全年"]
    line = [1, "楼组长骨干班", "楼组长", 2, 30, 60, 4, 8, 0.5, "4月", "走访", 8000, "镇财政"]
    merged = [f"{letter}2:{letter}3" for letter in "ABCDIJKLM"] + ["E2:F2", "G2:H2"]

    read = read_plan(workbook([below, line], headings=headings, merged=merged), owner=town)

    item = read.rows[0].item
    assert (item.people, item.runs, item.hours) == (60, 2, 4)


@pytest.mark.parametrize(
    ("heading", "written", "months", "quarter"),
    [
        ("季度", "二、三、四", "第二、三、四季度", 2),
        ("举办季度", 3, "第3季度", 3),
        ("季度", "4月", "4月", 2),
        ("月份/季度", "3", "3月", 1),
    ],
)
def test_bare_numbers_below_quarter_are_quarters(town, heading, written, months, quarter):
    item = only(town, names={"拟办时间": heading}, 拟办时间=written).item

    assert (item.months, item.quarter) == (months, quarter)


@pytest.mark.parametrize(("written", "days"), [("1天/期，共2天", 1), ("1天/期，共3天", None)])
def test_days_of_one_run_beside_those_of_all(town, written, days):
    item = only(town, 天数=written).item

    assert (item and item.days) == days


def test_a_line_below_a_row_may_name_its_content(town):
    headings = [heading for heading in HEADINGS if heading != "培训内容"]
    cells = [cell for name, cell in zip(HEADINGS, row(), strict=True) if name != "培训内容"]
    told = ["", "培训内容：走访、议事"]
    content = workbook([cells, told, [2, "读书班", *cells[2:]]], headings=headings)

    lines = read_plan(content, owner=town).rows

    assert [(line.item.name, line.item.content) for line in lines] == [
        ("楼组长骨干班", "走访、议事"),
        ("读书班", ""),
    ]


def test_money_in_a_sum_below_the_table_is_no_unit(town):
    below = (["总计：全年2期、60人，所需经费0.8万元"],)

    assert read_plan(workbook([row()], below=below), owner=town).rows[0].item.budget == 8000


def test_content_in_several_columns_is_one_text(town):
    names = {"培训内容": "培训内容", "主办单位": "主要课程", "承办单位": "培训目的"}
    headings = [names.get(heading, heading) for heading in HEADINGS]
    content = workbook([row(主办单位="理论", 承办单位="提升")], headings=headings)

    read = read_plan(content, owner=town)
    left = read_plan(content, owner=town, choices={"headings": {"主要课程": ""}})

    assert set(read.rows[0].item.content.split("；")) == {"理论", "走访、议事"}
    assert any("主要课程" in warning["reason"] for warning in read.warnings)
    assert left.rows[0].item.content == "走访、议事"


@pytest.mark.parametrize(("hours", "told"), [(4, False), (24, True)])
def test_hours_that_no_day_has_are_told(town, hours, told):
    line = only(town, 天数=0.5, 学时=hours)

    assert any("0.5" in remark for remark in line.remarks) is told
