"""Plans whose headings, years and totals are written in words that no template knows."""

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from academy.spreadsheets.opening import FileRefused
from tests.factories import TownFactory

from .reading import read_plan
from .sheets import HEADINGS, row, saved, with_part, workbook

pytestmark = pytest.mark.django_db
STRANGE = {
    "培训班名称": "培训课题",
    "培训对象": "受训对象",
    "人数": "培训总人数",
    "期数": "总期次",
    "天数": "单期天数",
    "学时": "单期课时",
    "拟办时间": "计划实施月份",
    "培训方式": "教学组织形式",
}


@pytest.fixture
def town():
    return TownFactory(name="示例镇")


def renamed(names: dict, **cells) -> bytes:
    headings = [names.get(heading, heading) for heading in HEADINGS]
    return workbook([row(**cells)], headings=headings)


def test_a_table_of_strange_headings_is_asked_about_heading_by_heading(town):
    known = ("经费预算（元）", "经费来源")
    headings = [STRANGE.get(text, text if text in known else f"另 {text[0]}") for text in HEADINGS]

    reading = read_plan(workbook([row()], headings=headings), owner=town)

    guessed = {asked["text"]: asked["column"] for asked in reading.questions if asked["required"]}
    columns = ["name", "audience", "people", "runs", "days", "hours", "months", "formats"]
    assert guessed == dict(zip(STRANGE.values(), columns, strict=True))
    assert reading.rows[0].item.people == 60


def test_an_unknown_heading_may_be_said_to_be_that_of_the_people(town):
    content = renamed({"人数": "覆盖面"})

    asked = read_plan(content, owner=town)
    told = read_plan(content, owner=town, choices={"headings": {"覆盖面": "people"}})

    assert [question["text"] for question in asked.questions] == ["覆盖面"]
    assert "人数" in asked.rows[0].reason
    assert told.rows[0].item.people == 60


def test_a_table_without_people_and_without_an_unknown_heading_is_refused(town):
    with pytest.raises(FileRefused, match="人数"):
        read_plan(renamed({"人数": None}), owner=town)


@pytest.mark.parametrize(
    ("begin", "end"),
    [("起始", "截止"), ("自", "至"), ("开始月份", "结束月份"), ("开始", "完成时间")],
)
def test_begin_and_end_below_one_heading_are_the_planned_time(town, begin, end):
    names = {"拟办时间": "计划时间", "地点": None}
    headings = [names.get(heading, heading) for heading in HEADINGS]
    below = [{"拟办时间": begin, "地点": end}.get(heading) for heading in HEADINGS]
    content = workbook([below, row(拟办时间="3月", 地点="5月")], headings=headings)

    assert read_plan(content, owner=town).rows[0].item.months == "3月至5月"


def test_a_begin_without_an_end_is_told(town):
    reading = read_plan(renamed({"拟办时间": "开始时间"}), owner=town)

    assert reading.rows[0].item.months == "4月"
    assert "开始时间和结束时间" in reading.warnings[0]["reason"]


def test_a_heading_that_names_days_and_hours_is_guessed_as_both(town):
    names = {"天数": "培训时长（天/学时）", "学时": "其他"}

    reading = read_plan(renamed(names, 天数="0.5/4", 学时=None), owner=town)

    asked = {question["text"]: question["column"] for question in reading.questions}
    assert asked["培训时长（天/学时）"] == "days_and_hours"
    assert (reading.rows[0].item.days, reading.rows[0].item.hours) == (0.5, 4)


@pytest.mark.parametrize("year", ["二〇二六", "二零二六", "二○二六"])
def test_a_year_in_chinese_numerals_is_a_year(town, year):
    titled = read_plan(workbook([row()], above=([f"{year}年度培训方案"],)), owner=town)
    timed = read_plan(workbook([row(拟办时间=f"{year}年四月")]), owner=town)
    dated = read_plan(workbook([row()], above=([f"填报日期：{year}年十一月"],)), owner=town)

    assert "2026 年" in titled.rows[0].reason
    assert "2027 年" in timed.rows[0].reason
    assert not dated.rows[0].reason


def test_a_subtotal_with_words_in_front_is_one_of_its_part(town):
    def total(words: str, people: int) -> list:
        return [None, words, None, None, None, people]

    lines = [
        row(),
        total("上半年小计", 60),
        row(序号=2, 培训班名称="第二班", 人数=40),
        total("下半年小计", 40),
    ]

    assert not read_plan(workbook(lines), owner=town).warnings


@pytest.mark.parametrize("written", ["约60", "60人左右", "不超过60人"])
def test_a_number_that_is_only_about_right_is_taken_and_said(town, written):
    line = read_plan(workbook([row(人数=written)]), owner=town).rows[0]

    assert line.item.people == 60
    assert any("约数" in remark for remark in line.remarks)


def test_a_title_beside_a_picture_is_no_table_and_the_picture_is_named(town):
    book = Workbook()
    book.active.append(["2027年度培训方案（扫描件）"])

    with pytest.raises(FileRefused, match="图片"):
        read_plan(with_part(saved(book), "xl/media/image1.png", b"\x89PNG"), owner=town)


@pytest.mark.parametrize(
    ("known", "written", "column"),
    [
        ("培训内容", "授课要点", "content"),
        ("学时", "计划学时", "hours"),  # and not the planned time, which it is much like
        ("拟办时间", "预计实施时段", "months"),
        ("经费预算（元）", "预计经费/万元", "budget"),
        ("人数", "规模（人）", "people"),
        ("期数", "期", "runs"),
    ],
)
def test_the_last_word_of_a_heading_tells_its_column(town, known, written, column):
    asked = read_plan(renamed({known: written}), owner=town).questions

    assert {
        question["text"]: question["column"] for question in asked if question["ask"] == "heading"
    } == {written: column}


def test_a_rate_is_not_taken_for_the_budget(town):
    asked = read_plan(
        renamed({"备注": "人均标准（元/人·天）", "经费预算（元）": "经费合计（元）"}), owner=town
    ).questions

    assert {question["column"] for question in asked if question["text"].startswith("经费")} == {
        "budget"
    }
    assert {question["column"] for question in asked if question["text"].startswith("人均")} == {""}


def test_a_table_of_which_no_heading_is_known_is_shown_and_asked_about(town):
    words = ("顺号", "拟开设班", "听课的", "来多少", "办几回", "几时办", "讲什么")
    lines = [
        [1, "楼组长骨干班", "楼组长", 60, 2, "4月", "走访"],
        [2, "调解骨干班", "调解员", 40, 1, "5月", "调解"],
    ]
    content = workbook(lines, headings=words)

    asked = read_plan(content, owner=town)
    told = read_plan(
        content,
        owner=town,
        choices={
            "headings": {"拟开设班": "name", "来多少": "people"},
            "answers": {"runs": "2", "days": "1", "hours": "8"},
        },
    )

    assert ("拟开设班", "name") in {
        (question["text"], question["column"])
        for question in asked.questions
        if question["ask"] == "heading"
    }
    assert set(words) - {"顺号"} <= {
        question["text"] for question in asked.questions if question["ask"] == "heading"
    }
    assert [line.item for line in asked.rows] == [None, None]
    assert [(line.item.name, line.item.people) for line in told.rows] == [
        ("楼组长骨干班", 60),
        ("调解骨干班", 40),
    ]


def test_a_second_table_is_read_by_its_own_headings(town):
    first = workbook([row()])
    below = [
        (
            heading.replace("元", "万元")
            if "元" in heading
            else "每期人数"
            if heading == "人数"
            else heading
        )
        for heading in HEADINGS
    ]
    content = workbook(
        [row(), below, row(序号=2, 培训班名称="第二班", 人数=30, **{"经费预算（元）": 1.5})]
    )

    rows = read_plan(content, owner=town).rows

    assert rows[0].item.budget == read_plan(first, owner=town).rows[0].item.budget == 8000
    assert (rows[1].item.people, rows[1].item.budget) == (60, 15000)


def test_a_missing_budget_is_asked_for(town):
    content = workbook(
        [[cell for cell in row() if cell != 8000]],
        headings=[heading for heading in HEADINGS if "预算" not in heading],
    )

    asked = [
        question["column"]
        for question in read_plan(content, owner=town).questions
        if question["required"]
    ]
    answered = read_plan(content, owner=town, choices={"answers": {"budget": "9000"}})

    assert asked == ["budget"]
    assert answered.rows[0].item.budget == 9000


FORM = (
    ["培训班名称", "楼组长骨干班", "人数", 60],
    ["期数", 2, "天数", 1],
    ["学时", 8, "拟办时间", "第二季度"],
    ["培训内容", "走访", "经费来源", None],
    ["经费预算", "0.3万元"],
    ["经办人签字：", "分管领导签字："],
)


def forms(*of_sheets, above=("示例镇培训项目申报单",)) -> Workbook:
    """A sheet for each of the forms, which are lines."""
    book = Workbook()
    book.remove(book.active)
    for number, lines in enumerate(of_sheets, start=1):
        sheet = book.create_sheet(f"单{number}")
        for line in (above, *lines):
            sheet.append(line)
    return book


def test_a_form_of_one_training_is_an_item(town):
    (line,) = read_plan(saved(forms(FORM)), owner=town).accepted

    item = line.item
    assert (line.row, item.name, item.people, item.runs, item.days, item.hours) == (
        2,
        "楼组长骨干班",
        60,
        2,
        1,
        8,
    )
    assert (item.months, item.content, item.budget, item.funding) == (
        "第二季度",
        "走访",
        3000,
        "",
    )


def test_forms_on_several_sheets_are_an_item_each(town):
    one_below_the_other = [
        [label, value]
        for line in FORM[:5]
        for label, value in zip(line[::2], line[1::2], strict=True)
    ]
    one_below_the_other[0] = ["项目名称", "网格员班"]

    lines = read_plan(saved(forms(FORM, one_below_the_other)), owner=town).accepted

    assert [line.item.name for line in lines] == ["楼组长骨干班", "网格员班"]
    assert {line.item.people for line in lines} == {60}


def test_what_a_form_holds_is_named_with_its_own_cell(town):
    form = [list(line) for line in FORM]
    form[2][1] = "=4*2"

    (line,) = read_plan(saved(forms(form)), owner=town).rejected

    assert "B4" in line.reason


def hidden_line(book: Workbook) -> None:
    book.active.row_dimensions[3].hidden = True


def struck_line(book: Workbook) -> None:
    book.active["B3"].font = Font(strike=True)


@pytest.mark.parametrize(
    ("lines", "prepare"),
    [
        ((*FORM, ["人数", 90]), None),
        (FORM, hidden_line),
        (FORM, struck_line),
    ],
    ids=["two numbers of people", "a hidden line", "a struck line"],
)
def test_a_form_that_may_be_read_in_two_ways_is_refused_as_one(town, lines, prepare):
    book = forms(lines)
    if prepare:
        prepare(book)

    with pytest.raises(FileRefused, match="写在内容旁边"):
        read_plan(saved(book), owner=town)
