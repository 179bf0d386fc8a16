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


@pytest.mark.parametrize("written", ["1（分3批）", "4（共2批）", "2期×2期"])
def test_runs_that_speak_of_two_numbers_are_refused(town, written):
    (line,) = read_plan(workbook([row(期数=written)]), owner=town).rows

    assert "期数" in line.reason


@pytest.mark.parametrize("said", ["全年培训经费约三十万元", "经费共需几十万元"])
def test_a_sum_in_words_above_the_table_is_no_unit(town, said):
    content = renamed({BUDGET: "经费预算"}, row(), above=(["2027年度培训方案"], [said]))

    assert read_plan(content, owner=town).rows[0].item.budget == 8000


@pytest.mark.parametrize(
    ("section", "quarter"),
    [("第二季度", 2), ("二、第二季度（3个班）", 2), ("（三）下半年班次", 3), ("5月份", 2)],
)
def test_a_section_says_when_its_rows_are(town, section, quarter):
    place = HEADINGS.index("拟办时间")
    headings = [heading for heading in HEADINGS if heading != "拟办时间"]
    cells = [cell for index, cell in enumerate(row()) if index != place]

    (line,) = read_plan(workbook([[section], cells], headings=headings), owner=town).rows

    assert line.item.quarter == quarter
    assert section in "".join(line.remarks)


def test_another_section_ends_that_of_a_quarter(town):
    first, second = row(拟办时间=None), row(培训班名称="乙", 拟办时间=None)

    reading = read_plan(workbook([["第二季度"], first, ["二、机动班次"], second]), owner=town)

    assert [line.item.quarter for line in reading.rows] == [2, None]


def test_a_line_that_says_how_to_fill_in_is_no_row(town):
    hints = [None, "不超过30字", "填全称", None, "填岗位", "全年总人数", "全年期数", "每期"]

    assert len(read_plan(workbook([hints, row()]), owner=town).rows) == 1


def test_months_behind_a_year_need_no_month_sign(town):
    (line,) = read_plan(workbook([row(拟办时间="2027年4-5")]), owner=town).rows

    assert line.item.quarter == 2


def test_a_heading_of_a_second_table_is_guessed_though_the_first_has_the_column(town):
    second = [{BUDGET: "总经费（元）"}.get(heading, heading) for heading in HEADINGS]
    below = [[None], second, row(序号=2, 培训班名称="第二班", **{BUDGET: 5000})]

    reading = read_plan(workbook([row()], below=below), owner=town)

    assert [line.item.budget for line in reading.rows] == [8000, 5000]
    assert [question["column"] for question in reading.questions] == ["budget"]


def test_fewer_people_than_runs_are_asked_about(town):
    (line,) = read_plan(workbook([row(人数=2, 期数=60)]), owner=town).rows

    assert "填反" in line.reason


def test_fewer_hours_than_days_are_told(town):
    (line,) = read_plan(workbook([row(天数=8, 学时=1)]), owner=town).rows

    assert "8 天里有 1 学时" in "".join(line.remarks)


@pytest.mark.parametrize("heading", ["人均学时", "学时/人", "课时（人均）"])
def test_hours_of_each_person_are_hours(town, heading):
    reading = read_plan(renamed({"学时": heading}, row()), owner=town)

    assert [question["column"] for question in reading.questions] in ([], ["hours"])
    assert reading.rows[0].item.hours == 4


def grouped(town, parts: list[str], values: list, *, group="人数", **options):
    """A plan whose column of people, or of money, is a group of two columns."""
    column = "人数" if group == "人数" else BUDGET
    place = HEADINGS.index(column)
    above = [group if heading == column else heading for heading in HEADINGS]
    headings = [*above[: place + 1], None, *above[place + 1 :]]
    below = [None] * len(headings)
    below[place : place + 2] = parts
    cells = row()
    cells[place : place + 1] = values
    return read_plan(workbook([below, cells], headings=headings, **options), owner=town)


def test_people_in_parts_without_a_total_are_added_up(town):
    (line,) = grouped(town, ["妇联干部", "执委"], [40, 20]).rows

    assert line.item.people == 60
    assert "妇联干部、执委" in "".join(line.remarks)


def test_money_in_parts_is_added_up_in_its_unit(town):
    (line,) = grouped(town, ["师资费", "场地费"], [0.5, 0.3], group="经费预算（万元）").rows

    assert line.item.budget == 8000


@pytest.mark.parametrize(
    ("parts", "values"),
    [
        (["学员", "工作人员"], [60, 5]),
        (["学员", "其中党员"], [60, 20]),
        (["干部", "群众"], [40, "若干"]),
    ],
)
def test_what_may_be_no_part_is_not_added_up(town, parts, values):
    assert grouped(town, parts, values).accepted == []


def test_the_parts_of_money_are_not_guessed_as_the_whole(town):
    parts = ["师资费（元）", "场地费（元）"]

    reading = grouped(town, parts, [5000, 3000], group="经费预算")

    assert not any(question["required"] for question in reading.questions)
    assert reading.rows[0].item.budget == 8000


@pytest.mark.parametrize(
    ("heading", "people"),
    [
        ("培训人数（全年合计，含各期）", 60),
        ("人数（全年各期合计）", 60),
        ("人数（全年合计，每期不超过30人）", 60),
        ("人数（每期）", 120),
        ("人数（每期合计）", 120),
        ("人数（填每期数）", 120),
        ("人数（全年）", 60),
    ],
)
def test_a_note_in_a_heading_says_of_what_its_people_are(town, heading, people):
    assert read_plan(renamed({"人数": heading}, row()), owner=town).rows[0].item.people == people


def test_runs_of_a_year_are_guessed_by_their_unit(town):
    reading = read_plan(renamed({"期数": "期/年"}, row()), owner=town)

    assert [question["column"] for question in reading.questions] == ["runs"]
    assert reading.rows[0].item.runs == 2


@pytest.mark.parametrize("words", ["承上页", "（承前页）", "过次页", "转下页"])
def test_figures_carried_from_page_to_page_are_no_row(town, words):
    carried = [None] * len(HEADINGS)
    carried[HEADINGS.index("培训班名称")] = words
    carried[HEADINGS.index("人数")] = 60

    reading = read_plan(workbook([row(), carried, row(培训班名称="乙")]), owner=town)

    assert [bool(line.item) for line in reading.rows] == [True, True]


@pytest.mark.parametrize("heading", ["调整后人数", "现定人数", "变更后的人数"])
def test_a_number_that_was_changed_beside_is_asked_about(town, heading):
    content = workbook([[*row(), 40]], headings=[*HEADINGS, heading])

    (line,) = read_plan(content, owner=town).rows

    assert line.item is None
    assert heading in line.reason


def test_a_changed_number_that_is_the_same_holds(town):
    people = row()[HEADINGS.index("人数")]
    content = workbook([[*row(), people]], headings=[*HEADINGS, "调整后人数"])

    assert read_plan(content, owner=town).rows[0].item.people


# --- Months as columns ----------------------------------------------------------------------------

SPANS = ["3月", "6月", "9月"]


def ticked(marks: dict, *, heading="人数/期", spans=SPANS) -> bytes:
    """A plan without 期数 and 拟办时间, and with a column for each of the spans."""
    names = [name for name in HEADINGS if name not in ("期数", "拟办时间")]
    cells = dict(zip(HEADINGS, row(人数=50), strict=True))
    headings = [heading if name == "人数" else name for name in names]
    line = [cells[name] for name in names] + [marks.get(span) for span in spans]
    return workbook([line], headings=[*headings, *spans])


@pytest.mark.parametrize(
    ("marks", "runs", "months"),
    [
        ({"3月": "√", "9月": "√"}, 2, "3月、9月"),
        ({"6月": "●"}, 1, "6月"),
        ({"3月": 2, "6月": "1期", "9月": "√"}, 4, "3月、6月、9月"),
        ({"3月": "三"}, None, ""),
    ],
)
def test_ticks_below_months_tell_the_runs_where_no_column_does(town, marks, runs, months):
    reading = read_plan(ticked(marks), owner=town)

    assert any(question.get("column") == "runs" for question in reading.questions) is (not runs)
    for line in reading.accepted:
        assert (line.item.runs, line.item.people, line.item.months) == (runs, 50 * runs, months)
        assert any(months in remark and str(runs) in remark for remark in line.remarks)


def test_ticks_below_quarters_tell_the_runs_as_well(town):
    content = ticked({"一季度": "√", "四季度": "√"}, spans=["一季度", "二季度", "三季度", "四季度"])

    (line,) = read_plan(content, owner=town).accepted

    assert (line.item.runs, line.item.people) == (2, 100)


@pytest.mark.parametrize(
    ("months", "quarter", "stored"),
    [
        (None, "三季度", "三季度"),
        ("待定", "三季度", "待定"),
        ("8月", "三季度", "8月"),
        (None, "二、三", "第二、三季度"),
    ],
)
def test_a_quarter_beside_an_empty_month_says_when(town, months, quarter, stored):
    line = row(拟办时间=months, 承办单位=quarter)

    (read,) = read_plan(
        renamed({"承办单位": "季度", "拟办时间": "月份"}, line), owner=town
    ).accepted

    assert read.item.months == stored


def test_a_quarter_merged_over_rows_says_when_for_each(town):
    rows = [
        row(拟办时间=None, 承办单位="三季度"),
        row(序号=2, 培训班名称="第二班", 拟办时间=None, 承办单位=None),
        row(序号=3, 培训班名称="第三班", 拟办时间="11月", 承办单位="四季度"),
    ]

    lines = read_plan(
        renamed({"承办单位": "季度", "拟办时间": "月份"}, *rows, merged=["D3:D4"]), owner=town
    ).accepted

    assert [line.item.months for line in lines] == ["三季度", "三季度", "11月"]


# --- Lengths, words of the neighbourhood, money without money -------------------------------------


@pytest.mark.parametrize(
    ("written", "days", "hours"),
    [
        (["2天（16学时）", "3课时"], [2, 0], [16, 3]),
        (["6学时", "半天（4课时）", "1天/8学时"], [0, 0.5, 1], [6, 4, 8]),
        (["3小时", "4课时"], [0, 0], [3, 4]),
    ],
)
@pytest.mark.parametrize("heading", ["培训时长", "时长"])
def test_a_length_may_be_told_in_hours_alone(town, heading, written, days, hours):
    names = [name for name in HEADINGS if name != "学时"]
    place = HEADINGS.index("学时")
    lines = [row(序号=n, 培训班名称=f"班{n}", 天数=text) for n, text in enumerate(written, start=1)]
    content = workbook(
        [[*line[:place], *line[place + 1 :]] for line in lines],
        headings=[heading if name == "天数" else name for name in names],
    )

    reading = read_plan(content, owner=town)

    assert not any(question.get("column") == "hours" for question in reading.questions)
    assert [line.item.days for line in reading.accepted] == days
    assert [line.item.hours for line in reading.accepted] == hours


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("培训对象", "啥人来听"),
        ("培训对象", "什么人参加"),
        ("培训对象", "给谁讲"),
        ("拟办时间", "啥辰光"),
        ("拟办时间", "啥时候办"),
        ("期数", "办几趟"),
        ("培训内容", "讲点啥"),
        (BUDGET, "要多少铜钿"),
    ],
)
def test_headings_as_people_say_them_are_guessed(town, name, heading):
    reading = read_plan(renamed({name: heading}, row()), owner=town)

    assert [question["text"] for question in reading.questions if question["required"]] == [heading]
    assert reading.accepted[0].item.audience == "楼组长"
    assert (reading.accepted[0].item.months, reading.accepted[0].item.runs) == ("4月", 2)


@pytest.mark.parametrize(
    "written",
    ["由各村承担", "不花钱", "不要钱", "费用由企业负担", "由区级部门解决", "经费由承办方支付"],
)
def test_what_others_pay_costs_the_plan_nothing(town, written):
    (line,) = read_plan(workbook([row(**{BUDGET: written})]), owner=town).accepted

    assert line.item.budget == 0
    assert written in line.item.remark


@pytest.mark.parametrize("written", ["由街镇承担5000", "承担", "部分由镇承担，其余自筹"])
def test_money_that_may_be_part_of_a_sum_is_no_nothing(town, written):
    assert read_plan(workbook([row(**{BUDGET: written})]), owner=town).accepted == []


def test_where_the_money_comes_from_and_how_much_may_be_one_heading(town):
    names = [name for name in HEADINGS if name != "经费来源"]
    place = HEADINGS.index("经费来源")
    line = row(**{BUDGET: "居委活动经费，1200元"})
    content = workbook(
        [[*line[:place], *line[place + 1 :]]],
        headings=["钱从哪里来、多少" if name == BUDGET else name for name in names],
    )

    (read,) = read_plan(content, owner=town).accepted

    assert (read.item.budget, read.item.funding) == (1200, "居委活动经费")


@pytest.mark.parametrize(
    ("heading", "per_run"),
    [("一期人数", True), ("当期人数", True), ("人/期", True), ("人数累计", False)],
)
def test_a_heading_says_of_one_run_or_of_all(town, heading, per_run):
    (line,) = read_plan(renamed({"人数": heading}, row(人数=60, 期数=2)), owner=town).accepted

    assert line.item.people == (120 if per_run else 60)


def test_a_length_of_one_run_is_no_number_of_runs(town):
    reading = read_plan(
        renamed({"天数": "一期天数", "期数": "共几期"}, row(期数=4, 天数=0.5)), owner=town
    )

    assert [(line.item.runs, line.item.days) for line in reading.accepted] == [(4, 0.5)]


def test_a_word_that_a_narrow_cell_breaks_is_one_word(town):
    reading = read_plan(
        renamed({"经费来源": "预算\n科目"}, row(经费来源="其他培训支出")), owner=town
    )

    assert [line.item.funding for line in reading.accepted] == ["其他培训支出"]


def test_a_column_of_names_is_not_taken_for_a_number(town):
    headings = [heading for heading in HEADINGS if heading != "人数"]
    cells = [value for heading, value in zip(HEADINGS, row(), strict=True) if heading != "人数"]

    reading = read_plan(workbook([[*cells, "靳伟"]], headings=[*headings, "跟班人"]), owner=town)

    assert "people" not in {
        question["column"] for question in reading.questions if question["ask"] == "heading"
    }


def test_a_note_that_the_numbers_are_of_one_run_is_kept(town):
    (line,) = read_plan(
        workbook([row(人数=35, 期数=2)], above=[["填表说明：人数、天数、学时、经费均填一期数。"]]),
        owner=town,
    ).accepted

    assert line.item.people == 70


# --- Forms below each other, tables on their side -------------------------------------------------


def form_of(name: str, people: int) -> list[list]:
    return [
        ["培训班名称", name],
        ["人数", people, "期数", 2],
        ["天数", 1, "学时", 8],
        ["拟办时间", "4月", "经费预算（元）", 6000],
        ["经费来源", "镇财政", "培训内容", "走访"],
    ]


def lines_of_sheet(lines: list[list], *, merged=()) -> bytes:
    return workbook(lines[1:], headings=lines[0], above=(["示例镇2027年培训"],), merged=merged)


def test_forms_below_each_other_are_an_item_each(town):
    below = [["填表人：苏晓岚"], [None], ["项目二"]]
    content = lines_of_sheet([*form_of("甲班", 60), *below, *form_of("乙班", 30)])

    reading = read_plan(content, owner=town)

    assert [(line.row, line.item.name, line.item.people) for line in reading.accepted] == [
        (2, "甲班", 60),
        (10, "乙班", 30),
    ]
    assert {w["row"] for w in reading.warnings if "项目二" in w["reason"]} == {9}


def test_a_form_below_another_one_keeps_the_unit_of_its_own_heading(town):
    second = form_of("乙班", 30)
    second[3] = ["拟办时间", "5月", "经费预算（万元）", 0.6]

    reading = read_plan(lines_of_sheet([*form_of("甲班", 60), *second]), owner=town)

    assert [line.item.budget for line in reading.accepted] == [6000, 6000]


def test_a_cell_of_a_form_beside_no_heading_is_named(town):
    form = form_of("甲班", 60)
    form[0] += ["另见附页"]

    reading = read_plan(lines_of_sheet(form), owner=town)

    assert any("C2" in warning["reason"] for warning in reading.warnings)


ON_ITS_SIDE = [
    ["培训班名称", "甲班", "乙班", "合计"],
    ["人数", 60, 30, 90],
    ["期数", 2, 1, None],
    ["天数", 1, 0.5, None],
    ["学时", 8, "=4+0", None],
    ["拟办时间", "4月", "第二季度", None],
    ["经费预算（元）", 6000, 3000, 9000],
    ["经费来源", "镇财政", None, None],
    ["培训内容", "走访", "议事", None],
]


def test_a_table_that_lies_on_its_side_has_an_item_in_each_column(town):
    reading = read_plan(lines_of_sheet(ON_ITS_SIDE, merged=["B9:C9"]), owner=town)

    assert [(line.row, line.name) for line in reading.rows] == [(2, "甲班"), (3, "乙班")]
    (first,) = (line.item for line in reading.accepted)
    assert (first.people, first.runs, first.months, first.budget) == (60, 2, "4月", 6000)
    assert "C6" in reading.rows[1].reason
    assert any("A 列是第 1 行" in warning["reason"] for warning in reading.warnings)


def test_a_value_merged_over_the_columns_is_that_of_each(town):
    lines = [*ON_ITS_SIDE[:4], ["学时", 8, 4, None], *ON_ITS_SIDE[5:]]

    reading = read_plan(lines_of_sheet(lines, merged=["B9:C9"]), owner=town)

    assert [line.item.funding for line in reading.accepted] == ["镇财政", "镇财政"]
