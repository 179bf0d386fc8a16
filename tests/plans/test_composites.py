"""Several numbers in one cell of a plan, or under one heading."""

import pytest

from plans.imports.composites import pair_named_by, parts_of
from tests.factories import TownFactory

from .reading import read_plan
from .sheets import HEADINGS, row, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return TownFactory(name="示例镇")


def one(town, *, names: dict, **cells):
    """The only row of a workbook with these headings (None for none), as the answers to the rest
    leave it.
    """
    kept = [index for index, heading in enumerate(HEADINGS) if names.get(heading, heading)]
    line = row(**cells)
    headings = [names.get(HEADINGS[index], HEADINGS[index]) for index in kept]
    return read_plan(
        workbook([[line[index] for index in kept]], headings=headings), owner=town
    ).rows[0]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("2期×60人", {"runs": "2期", "people": "每期60人"}),
        ("每期48人，共2期，合计96人", {"people": "合计96人(每期48人)", "runs": "共2期"}),
        ("60人/期，2期", {"people": "每期60人", "runs": "2期"}),
        ("每期2天共4期", {"days": "每期2天", "runs": "共4期"}),
        ("1.5天/12学时", {"days": "1.5天", "hours": "12学时"}),
        ("2天（16学时）", {"days": "2天", "hours": "16学时"}),
    ],
)
def test_a_cell_is_taken_apart_by_the_units_in_it(written, parts):
    assert parts_of(written) == parts


@pytest.mark.parametrize(
    "written", ["60人", "一期50人、二期40人", "第一期50人", "2/60", "2期×3期", None]
)
def test_what_may_mean_two_things_is_not_taken_apart(written):
    with pytest.raises(ValueError):
        parts_of(written)


@pytest.mark.parametrize(
    ("heading", "pair"),
    [
        ("期数、人数", "people_and_runs"),
        ("培训时长（天/学时）", "days_and_hours"),
        ("期数及天数", "runs_and_days"),
        ("每期人数", ""),
        ("规模（人/期）", ""),
        ("开班日期", ""),
        ("参训人员", ""),
    ],
)
def test_a_heading_may_name_two_numbers(heading, pair):
    assert pair_named_by(heading) == pair


@pytest.mark.parametrize("written", ["2期×60人", "每期60人，共2期", "2期、合计120人"])
def test_people_and_runs_may_share_a_column(town, written):
    item = one(town, names={"人数": "期数、人数", "期数": None}, 人数=written).item

    assert (item.people, item.runs) == (120, 2)


def test_without_units_the_heading_says_the_order(town):
    item = one(town, names={"人数": "期数/人数", "期数": None}, 人数="2/120").item

    assert (item.people, item.runs) == (120, 2)


def test_a_number_that_stands_beside_another_needs_no_column(town):
    line = one(town, names={"天数": None, "期数": None}, 人数="每期60人，共2期，每期1天", 学时=8)

    assert (line.item.people, line.item.runs, line.item.days) == (120, 2, 1)


@pytest.mark.parametrize(
    "written", ["每期50人，共2期，合计120人", "3期×40人", "每期60人，共3期，合计180人"]
)
def test_numbers_that_contradict_are_rejected(town, written):
    assert one(town, names={}, 人数=written).reason


@pytest.mark.parametrize("column", ["人数", "期数", "天数", "学时", "经费预算（元）"])
def test_a_number_that_is_not_decided_is_none(town, column):
    assert "待定" in one(town, names={}, **{column: "待定"}).reason


@pytest.mark.parametrize(
    ("written", "budget", "funding"),
    [
        ("32000元/部门预算", 32_000, "部门预算"),
        ("镇财政（3.2万元）", 32_000, "镇财政"),
        ("3.2万元，2027年镇财政", 32_000, "2027年镇财政"),
        ("无", 0, ""),
    ],
)
@pytest.mark.parametrize("heading", ["经费预算/来源", "预算金额（含资金渠道）"])
def test_money_and_where_it_comes_from_stand_in_one_cell(town, heading, written, budget, funding):
    names = {"经费预算（元）": heading, "经费来源": ""}

    item = one(town, names=names, **{"经费预算（元）": written}).item

    assert (item.budget, item.funding) == (budget, funding)


@pytest.mark.parametrize("written", ["区级2万元、镇级1万元", "2万元（镇财政）、自筹"])
def test_money_from_two_sources_is_refused(town, written):
    line = one(
        town,
        names={"经费预算（元）": "经费预算/来源", "经费来源": ""},
        **{"经费预算（元）": written},
    )

    assert line.item is None
    assert line.reason.count(written) == 1


@pytest.mark.parametrize(
    ("names", "cells", "read"),
    [
        (
            {"培训对象": "参训范围及人数", "人数": ""},
            {"培训对象": "楼组长、志愿者，共240人"},
            {"audience": "楼组长、志愿者", "people": 240},
        ),
        (
            {"人数": ""},
            {"培训对象": "楼组长（每期50人）"},
            {"audience": "楼组长", "people": 100},
        ),
        (
            {"培训对象": "参训单位及每期人数", "人数": ""},
            {"培训对象": "楼组长 50人"},
            {"audience": "楼组长", "people": 100},
        ),
        (
            {"拟办时间": "培训时间及天数", "天数": ""},
            {"拟办时间": "6月，每期两天"},
            {"months": "6月", "days": 2},
        ),
        ({"天数": ""}, {"拟办时间": "3月下旬（半天）"}, {"months": "3月下旬", "days": 0.5}),
    ],
)
def test_a_number_stands_in_the_cell_of_a_text(town, names, cells, read):
    line = one(town, names=names, **cells)

    assert {name: getattr(line.item, name) for name in read} == read


def test_two_numbers_beside_a_text_are_refused(town):
    names = {"培训对象": "培训对象及人数", "人数": ""}

    line = one(town, names=names, 培训对象="书记60人、主任50人")

    assert "书记60人、主任50人" in line.reason


@pytest.mark.parametrize(
    ("heading", "written", "people", "runs"),
    [
        ("期数×人数", "2×45", 90, 2),
        ("期数/人数", "2/45", 45, 2),
        ("培训规模（期×人）", "2×45", 90, 2),
        ("人数（人×期）", "45×2", 90, 2),
    ],
)
def test_a_product_without_units_has_those_of_its_heading(town, heading, written, people, runs):
    item = one(town, names={"人数": heading, "期数": ""}, 人数=written).item

    assert (item.people, item.runs) == (people, runs)


@pytest.mark.parametrize("heading", ["天数×学时", "学制（天×学时/天）"])
def test_days_times_hours_are_the_hours_of_a_run(town, heading):
    item = one(town, names={"天数": heading, "学时": ""}, 天数="2×8").item

    assert (item.days, item.hours) == (2, 16)


def test_a_total_of_all_runs_names_one_number():
    assert pair_named_by("参训总人数（全年各期合计）") == ""
