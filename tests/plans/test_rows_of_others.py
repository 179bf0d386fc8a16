"""Rows of a workbook that are not of this plan: of another year, another unit, or called off; and
answers that nobody offered.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from academy.models import ImportRun
from academy.spreadsheets.opening import FileRefused
from tests.factories import TownFactory

from .reading import read_plan
from .sheets import HEADINGS, row, workbook

pytestmark = pytest.mark.django_db
OWN = ["示例镇2027年度培训计划"]


@pytest.fixture
def town():
    TownFactory(name="别的镇")
    return TownFactory(name="示例镇")


def names(reading) -> list[str]:
    return [line.name for line in reading.accepted]


def told(reading, *words: str) -> bool:
    return any(all(word in warning["reason"] for word in words) for warning in reading.warnings)


def with_column(heading: str, *values, **changes) -> bytes:
    lines = [
        [*row(序号=number, 培训班名称=f"班{number}", **changes), value]
        for number, value in enumerate(values, start=1)
    ]
    return workbook(lines, headings=[*HEADINGS, heading])


@pytest.mark.parametrize("heading", ["年度", "计划年度", "年份"])
@pytest.mark.parametrize("written", [2026, "2028年", "2026年度", "二〇二六年", "2026年结转"])
def test_rows_whose_column_names_another_year_are_left_out(town, heading, written):
    content = with_column(heading, 2027, written, "2027年度", None)

    reading = read_plan(content, owner=town)

    assert names(reading) == ["班1", "班3", "班4"]
    assert told(reading, "不是 2027 年", "第 4 行“班2”")
    assert reading.questions == []


def test_a_year_holds_for_the_rows_below_that_say_none(town):
    assert names(read_plan(with_column("年度", 2027, 2026, None, 2027), owner=town)) == [
        "班1",
        "班4",
    ]


def test_a_file_of_another_year_by_its_column_is_refused(town):
    with pytest.raises(FileRefused, match="2026"):
        read_plan(with_column("年度", 2026, "2026年"), owner=town)


OLD = row(序号=1, 培训班名称="旧班")


@pytest.mark.parametrize(
    "below",
    [
        [[None], ["附：2026年已办培训班情况"], HEADINGS, OLD],
        [["2026年完成情况"], HEADINGS, OLD],
        [["2026年完成情况"], ["单位：元"], HEADINGS, ["一、党建类"], OLD],
        [["二、2026年已办班次"], OLD],
        [["2026年完成情况"], [{"人数": "实际人数"}.get(word, word) for word in HEADINGS], OLD],
    ],
)
def test_rows_below_a_title_of_another_year_are_left_out(town, below):
    reading = read_plan(workbook([row()], below=below), owner=town)

    assert names(reading) == ["楼组长骨干班"]
    assert told(reading, "不是 2027 年", "旧班")


def test_the_first_table_may_be_that_of_another_year(town):
    below = [["2027年度培训计划"], HEADINGS, row()]
    content = workbook([OLD], above=(["2026年完成情况"],), below=below)

    reading = read_plan(content, owner=town)

    assert (names(reading), reading.questions) == (["楼组长骨干班"], [])
    assert told(reading, "旧班")


@pytest.mark.parametrize("note", ["备注：2026年办过的班不再列入", "二、2026—2027年轮训班次"])
def test_a_note_or_this_year_too_is_no_title_of_another_year(town, note):
    below = [[note], HEADINGS, row(序号=2, 培训班名称="第二班")]

    assert names(read_plan(workbook([row()], below=below), owner=town)) == [
        "楼组长骨干班",
        "第二班",
    ]


@pytest.mark.parametrize(
    ("title", "above"),
    [
        ("附件2", ["别的镇2027年度培训计划"]),
        ("附件2", ["填报单位：别的镇人民政府"]),
        ("附件2", ["主办单位：别的镇人民政府"]),
        ("附件2 别的镇", ["2027年度培训计划"]),
        ("别的镇2027年度培训计划", [None]),
    ],
)
def test_a_sheet_of_another_unit_is_left_out_or_asked_about(town, title, above):
    def prepare(book):
        sheet = book.create_sheet(title)
        for line in (above, HEADINGS, row(培训班名称="他班")):
            sheet.append(line)

    own = read_plan(workbook([row()], above=(OWN,), prepare=prepare), owner=town)
    unnamed = read_plan(workbook([row()], prepare=prepare), owner=town)

    assert (names(own), own.questions) == (["楼组长骨干班"], [])
    assert told(own, "别的镇", "他班")
    assert ([question["ask"] for question in unnamed.questions], names(unnamed)) == (
        ["right_file"],
        [],
    )


def test_a_table_of_another_unit_below_is_left_out(town):
    below = [["别的镇2027年度培训计划"], HEADINGS, row(培训班名称="他班")]

    reading = read_plan(workbook([row()], above=(OWN,), below=below), owner=town)

    assert names(reading) == ["楼组长骨干班"]
    assert told(reading, "别的镇", "他班")


@pytest.mark.parametrize(("organiser", "asked"), [("别的镇人民政府", True), ("社区办", False)])
def test_an_organiser_of_another_town_is_told(town, organiser, asked):
    (line,) = read_plan(workbook([row(主办单位=organiser)]), owner=town).rows

    assert any("别的镇" in remark for remark in line.remarks) is asked


@pytest.mark.parametrize(
    ("column", "said", "is_off"),
    [
        ("培训班名称", "班1（取消）", True),
        ("培训班名称", "【暂缓】班1", True),
        ("备注", "暂缓，不列入2027年计划", True),
        ("备注", "作废", True),
        ("承办单位", "取消", True),
        ("备注", "不取消", False),
        ("备注", "经费不列入预算", False),
        ("备注", "取消原定4月的一期，改在5月", False),
        ("培训班名称", "取消行政许可事项培训班", False),
    ],
)
def test_a_row_that_is_called_off_is_left_out_and_named(town, column, said, is_off):
    headings = [{"承办单位": "调整情况"}.get(heading, heading) for heading in HEADINGS]
    content = workbook([row(培训班名称="甲班"), row(序号=2, **{column: said})], headings=headings)

    reading = read_plan(content, owner=town)

    assert len(reading.accepted) == 2 - is_off
    assert told(reading, "已略过", "第 4 行") is is_off


def test_a_file_of_trainings_that_are_all_off_is_refused(town):
    with pytest.raises(FileRefused, match="取消"):
        read_plan(workbook([row(备注="取消")]), owner=town)


@pytest.mark.parametrize(
    ("written", "runs"),
    [("分4期", 4), ("3个班次", 3), ("共3个班", 3), ("分为两批", 2), ("3班次", 3)],
)
def test_runs_as_offices_count_them(town, written, runs):
    (line,) = read_plan(workbook([row(期数=written)]), owner=town).rows

    assert (line.item.runs, line.item.people) == (runs, 60)


def test_the_heading_of_the_content_is_guessed(town):
    headings = [{"培训内容": "内容安排"}.get(heading, heading) for heading in HEADINGS]

    reading = read_plan(workbook([row()], headings=headings), owner=town)

    assert [(question["column"], question["required"]) for question in reading.questions] == [
        ("content", True)
    ]


@pytest.mark.parametrize("said", ["经费来源均为部门预算。", "说明：资金来源：部门预算"])
def test_a_source_above_the_table_holds_for_all_rows(town, said):
    place = HEADINGS.index("经费来源")
    cells, headings = row(), list(HEADINGS)
    del cells[place], headings[place]

    reading = read_plan(workbook([cells], headings=headings, above=(OWN, [said])), owner=town)

    assert (reading.questions, reading.rows[0].item.funding) == ([], "部门预算")


# --- answers that nobody offered ------------------------------------------------------------------

BUDGET = "经费预算（元）"
STRANGE = {"期数": "办班次数", "学时": "总学时", BUDGET: "经费预算（万元）", "备注": "颜色"}
FORGED = ["yuan", "yes", "run", "1", "-1", "1e9", "９" * 60, "=1+1", "<b>", "name", "½"]


def test_a_forged_answer_is_a_sentence(client, town_staff, town):
    """A file that asks every kind of question there is, answered with what none of them offers."""
    drop = HEADINGS.index("经费来源")
    cells = [cell for index, cell in enumerate(row()) if index != drop]
    headings = [STRANGE.get(word, word) for word in HEADINGS if word != "经费来源"]
    above = (["2026年度培训方案"], ["单位：元"])
    content = workbook([cells], headings=headings, above=above)
    client.force_login(town_staff)
    client.post(
        reverse("plans:import_upload"),
        {
            "owner": f"town-{town.code}",
            "year": 2027,
            "file": SimpleUploadedFile("方案.xlsx", content),
        },
    )
    run = ImportRun.objects.get()
    choose = reverse("imports:import_choose", args=[run.pk])
    client.post(choose, {f"question-{n}": _sound(q) for n, q in enumerate(run.questions)})
    run.refresh_from_db()
    asked = run.questions
    assert {question["ask"] for question in asked} == {
        "heading",
        "column",
        "hours_for",
        "right_file",
        "budget_unit",
    }

    for number, question in enumerate(asked):
        for said in FORGED:
            answers = {f"question-{n}": _sound(of) for n, of in enumerate(asked)}
            ImportRun.objects.filter(pk=run.pk).update(questions=asked, choices=run.choices)
            response = client.post(choose, answers | {f"question-{number}": said}, follow=True)
            assert response.status_code == 200
            is_refused = "可选答案" in response.content.decode()
            if question["ask"] == "budget_unit":
                assert is_refused is (said != "1")


def _sound(question: dict) -> str:
    answers = {"column": "无", "right_file": "yes", "hours_for": "run"}
    return answers.get(question["ask"], question.get("column", ""))


def test_a_stored_answer_that_is_not_offered_is_refused(town):
    with pytest.raises(FileRefused, match="yuan"):
        read_plan(workbook([row()]), owner=town, choices={"answers": {"budget_unit": "yuan"}})


# --- Lines above rows that say whose they are -----------------------------------------------------


def below_lines(*lines_and_rows, column: int = 0) -> bytes:
    """Rows of a plan with lines between them, each alone in a column."""
    return workbook(
        [
            [*[None] * column, line] if isinstance(line, str) else row(**line)
            for line in lines_and_rows
        ]
    )


FIRST, SECOND, THIRD = ({"序号": number, "培训班名称": f"班{number}"} for number in (1, 2, 3))


@pytest.mark.parametrize(
    "line",
    [
        "二、以下班次由各部门报备",
        "以下由区委组织部主办：",
        "（二）由区级有关部门举办的班次，仅供参考",
        "以下项目由各职能部门自行申报",
        "二、由上级部门牵头举办的班次",
        "以下班次由别的镇主办",
        "附：以下班次不列入本单位计划",
        "由外单位主办、我镇派员参加：",
        "二、条线培训（由各条线部门另行备案）",
    ],
)
@pytest.mark.parametrize("column", [0, 1])
def test_rows_below_a_line_that_names_another_host_are_left_out(town, line, column):
    content = below_lines("一、本镇班次", FIRST, line, SECOND, THIRD, column=column)

    reading = read_plan(content, owner=town)

    assert names(reading) == ["班1"]
    assert told(reading, "第 6 行“班2”", "第 7 行“班3”")


@pytest.mark.parametrize(
    "line",
    [
        "二、由本镇主办的班次",
        "二、由示例镇人民政府主办",
        "以下由党建办牵头",
        "以下班次由各科室主办",
        "二、重点班次（由镇社区学校承办）",
        "二、由各居村组织参训的班次",
        "二、联合区级部门举办的班次",
    ],
)
def test_rows_below_a_line_that_names_the_own_host_are_read(town, line):
    reading = read_plan(below_lines("一、本镇班次", FIRST, line, SECOND), owner=town)

    assert names(reading) == ["班1", "班2"]


def test_the_rows_behind_the_next_line_are_own_rows_again(town):
    reading = read_plan(
        below_lines("一、由各部门报备", FIRST, "二、本镇主办", SECOND, THIRD), owner=town
    )

    assert names(reading) == ["班2", "班3"]


def test_where_all_rows_are_of_others_the_preview_asks(town):
    reading = read_plan(below_lines("以下由各部门报备", FIRST, SECOND), owner=town)

    assert [question["ask"] for question in reading.questions] == ["right_file"]
    assert reading.accepted == []
