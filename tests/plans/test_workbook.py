"""Exports: read back with equal totals, inert, bounded in queries."""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from academy.imports import runs
from academy.models import Department, Town
from plans.imports.table_context import context_of
from plans.models import AnnualPlan, PlanItem, WayOut
from plans.overlaps.answers import answer_overlap
from plans.papers.exporting import export_plan, export_year
from plans.workbook import HEADINGS, YEAR_COLUMNS, NothingToExport
from portal.demonstration.files import DEMO_DIR
from tests.factories import NOW, DepartmentFactory, TownFactory, UserFactory

from .factories import AnnualPlanFactory, PlanItemFactory, drafted, filed
from .reading import read_plan

pytestmark = pytest.mark.django_db
SAMPLES = sorted((DEMO_DIR / "plans").glob("plan-2027-*.xlsx"))
LEADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "\t=1",
    "https://example.org/",
    "007",
]


def book(content: bytes):
    return load_workbook(io.BytesIO(content))


def rows(sheet) -> list[tuple]:
    return list(sheet.iter_rows(values_only=True))


def test_the_year_is_read_back_with_equal_totals():
    one, two = filed(items=3), drafted(items=2, town=None, department=DepartmentFactory())
    PlanItemFactory(
        plan=two, number=9, people=7, runs=3, hours=Decimal("2.25"), budget=Decimal("0.05")
    )
    drafted(year=2028)

    workbook = book(export_year(2027, "xlsx"))

    summary, items = rows(workbook["汇总"]), rows(workbook["全部项目"])
    everything = PlanItem.objects.filter(plan__year=2027).totals()
    columns = {heading: index for index, heading in enumerate(YEAR_COLUMNS)}
    people = sum(line[columns["人数"]] for line in items[1:])
    hours = sum(line[columns["全年学时"]] for line in items[1:])
    yuan = round(sum(line[columns["经费预算（元）"]] for line in items[1:]), 2)
    assert items[0] == YEAR_COLUMNS
    assert (len(items) - 1, people, hours, yuan) == (
        6,
        everything["people"],
        float(everything["hours"]),
        float(everything["budget"]),
    )
    lines = {line[0]: line[1:] for line in summary[3:]}
    own = one.items.totals()
    assert list(lines) == [
        *[town.name for town in Town.objects.all()],
        *[department.name for department in Department.objects.all()],
        "街镇小计",
        "区级部门小计",
        "合计",
        "其中已备案",
    ]
    assert lines[one.owner.name][:4] == ("街镇", "已备案", one.filing_number, datetime(2027, 3, 1))
    assert lines["合计"][1::5] == ("2家", 6)
    assert lines["合计"][6:] == (6, people, hours, yuan)
    assert lines["其中已备案"][6:] == (3, own["people"], own["hours"], own["budget"])
    formats = {
        heading: {cell.number_format for cell in column[1:]}
        for heading, column in zip(items[0], workbook["全部项目"].columns, strict=True)
    }
    assert [formats[heading] for heading in ("人数", "学时", "经费预算（元）")] == [
        {"#,##0"},
        {"#,##0.00"},
        {"#,##0.00"},
    ]
    assert workbook["汇总"]["E4"].number_format == "yyyy-mm-dd"


def test_one_plan_in_the_shape_of_the_form_is_imported_again_unchanged():
    plan = filed(items=3)
    plan.items.filter(number=2).update(
        category="third",
        other_system_cadres=True,
        contact_name="示例甲",
        contact_phone="19900000123",
        remark="分两批",
        purpose="提高",
    )

    for file_format in ("xlsx", "csv"):
        reading = read_plan(
            export_plan(AnnualPlan.objects.get(), file_format),
            f"plan.{file_format}",
            owner=plan.town,
        )
        assert ([line.outcome for line in reading.rows], reading.warnings) == (["same"] * 3, [])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_plan_of_the_demonstration_comes_back_the_same(path):
    name = path.stem.rsplit("-", 1)[1].replace("房管局", "宝山区住房保障和房屋管理局")
    is_town = name.endswith("镇")
    owner = TownFactory(name=name) if is_town else DepartmentFactory(name=name)
    context = context_of(owner, 2027)
    content, by = path.read_bytes(), UserFactory()
    runs.confirm(
        run=runs.preview(
            kind="plan", content=content, name=path.name, by=by, now=NOW, context=context
        ),
        now=NOW,
    )
    plan = AnnualPlan.objects.get()

    for file_format in ("xlsx", "csv"):
        found = export_plan(plan, file_format)
        reading = read_plan(found, f"plan.{file_format}", owner=owner)
        assert [line.outcome for line in reading.rows] == ["same"] * plan.items.count() != []


def test_the_year_as_one_file_is_taken_for_each_of_its_units():
    plan, other = filed(items=2), filed(items=3)

    reading = read_plan(export_year(2027, "xlsx"), "年度.xlsx", owner=plan.town)

    assert [line.outcome for line in reading.rows] == ["same"] * 2
    assert any(other.town.name in warning["reason"] for warning in reading.warnings)


def print_set_up(sheet) -> tuple:
    """How a sheet is printed: its type in points and how many pages wide it is."""
    type_size = min(cell.font.sz for line in sheet.iter_rows() for cell in line if cell.value)
    breaks = [item.id for item in sheet.col_breaks.brk]
    scale = sheet.page_setup.scale
    return (
        sheet.page_setup.orientation,
        sheet.print_title_rows,
        sheet.print_title_cols,
        type_size * scale / 100 if scale else None,
        len(breaks) + 1 if breaks else sheet.page_setup.fitToWidth,
    )


def test_the_year_is_two_pages_wide_and_nothing_is_below_8_points():
    filed(items=2)
    year = book(export_year(2027, "xlsx"))

    assert print_set_up(year["全部项目"]) == ("landscape", "$1:$1", "$A:$C", 8.0, 2)
    one = print_set_up(book(export_plan(AnnualPlan.objects.get(), "xlsx"))["备案表"])
    assert one == ("landscape", "$3:$3", "$A:$B", 9.5, 2)
    for sheet in year:
        assert sheet.print_title_rows
        # on one page a sheet is scaled down by as much as it is too wide for 277 mm
        if sheet.title != "全部项目":
            characters = sum(item.width for item in sheet.column_dimensions.values())
            assert 10 * min(1, 277 / (characters * 2.4)) >= 8, sheet.title


def test_the_year_says_who_is_missing_and_what_is_when():
    plan = filed(items=2)
    plan.items.filter(number=1).update(months="4月、8月")
    plan.items.filter(number=2).update(months="待定")
    drafted(town=TownFactory(code="310113998", name="示例九镇"))

    year = book(export_year(2027, "xlsx"))

    assert [line[:3] for line in rows(year["未报送"])[1:]] == [("示例九镇", "街镇", "起草中")]
    assert [cell.is_date for cell in year["未报送"]["D"][1:]] == [True]
    months = [line for line in rows(year["按月"])[1:] if line[1] == plan.owner.name]
    assert [(line[0], line[2]) for line in months] == [
        (4, "培训班1"), (8, "培训班1"), ("未定", "培训班2"),
    ]  # fmt: skip


def test_a_cancelled_item_is_listed_and_added_up_nowhere():
    plan = filed(items=3)
    plan.items.filter(number=2).update(standing="cancelled", standing_reason="并入区级班")
    plan.items.filter(number=3).update(standing="ad_hoc", standing_reason="防汛专项")

    year = book(export_year(2027, "xlsx"))
    form = rows(book(export_plan(AnnualPlan.objects.get(), "xlsx"))["备案表"])

    change = YEAR_COLUMNS.index("变更情况")
    assert [line[change] for line in rows(year["全部项目"])[1:]] == [
        None,
        "已取消：并入区级班",
        "临时增加：防汛专项",
    ]
    assert [line[2] for line in rows(year["按月"])[1:]] == ["培训班1", "培训班3"]
    units = rows(year["单位分月"])
    assert [line[units[0].index("4月")] for line in units[1:2] + units[-1:]] == [2, 2]
    assert form[2][-1] == "变更情况"
    assert form[6][:1] + form[6][6:7] == ("合计", 80)  # two of the three, 40 each


def test_the_year_has_the_overlaps_with_their_answers():
    town, department = (
        drafted(items=1),
        drafted(items=1, town=None, department=DepartmentFactory()),
    )

    def pairs() -> list[tuple]:
        return rows(book(export_year(2027, "xlsx"))["重复提示"])[1:]

    (before,) = pairs()
    answer_overlap(
        one=town.items.get(),
        other=department.items.get(),
        way=WayOut.JOIN,
        reason="由区里办",
        by=UserFactory(),
        now=NOW,
    )
    (after,) = pairs()
    town.items.update(content="邻里走访、矛盾早发现、协商")
    (changed,) = pairs()

    assert sorted(before[:4:2]) == sorted([town.owner.name, department.owner.name])
    assert before[6:] == ("未答复", None, None)
    assert after[7:] == ("由区里办", datetime(2027, 3, 1))
    assert changed[7] == "由区里办（答复后文字有改动）"


def test_the_summary_names_every_unit_that_should_file():
    drafted()
    TownFactory(code="310113998", name="示例九镇")
    DepartmentFactory(code="BM99", name="示例九局")

    summary = rows(book(export_year(2027, "xlsx"))["汇总"])

    assert [line[:3] for line in summary if line[0] and "示例九" in line[0]] == [
        ("示例九镇", "街镇", "未报送"),
        ("示例九局", "区级部门", "未报送"),
    ]


def test_the_form_is_set_up_for_printing():
    sheet = book(export_plan(filed(), "xlsx"))["备案表"]

    assert [cell.value for cell in sheet[3]] == HEADINGS
    assert (
        sheet.freeze_panes,
        sheet.print_title_rows,
        sheet.page_setup.orientation,
        sheet.page_setup.paperSize,
    ) == ("C4", "$3:$3", "landscape", 9)
    assert rows(sheet)[5][0] == "合计"


@pytest.mark.parametrize("text", LEADS)
def test_text_stays_text_in_every_cell(text):
    plan = AnnualPlanFactory()
    fields = (
        "name",
        "organiser",
        "audience",
        "content",
        "remark",
        "months",
        "place",
        "contact_name",
    )
    PlanItemFactory(plan=plan, number=1, contact_phone="19900000123", **dict.fromkeys(fields, text))

    for content in (export_plan(plan, "xlsx"), export_year(2027, "xlsx")):
        for sheet in book(content):
            cells = [cell for line in sheet.iter_rows() for cell in line]
            assert [
                cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink
            ] == []
            assert [cell.data_type for cell in cells if cell.value == "19900000123"] in ([], ["s"])
    for content in (export_plan(plan, "csv"), export_year(2027, "csv")):
        for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
            assert [
                cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            ] == []


@pytest.mark.parametrize(
    "text", ["<r>1 & 2</r>", "<r><t>伪装</t></r>", "<r></r>", "<is>", "a<r>b</r>", "a & <b>"]
)
def test_text_that_looks_like_the_inside_of_a_workbook_is_text(text):
    plan = AnnualPlanFactory()
    PlanItemFactory(plan=plan, number=1, name=text, remark=text)

    everything = [
        rows(sheet)
        for content in (export_plan(plan, "xlsx"), export_year(2027, "xlsx"))
        for sheet in book(content)
    ]
    reading = read_plan(export_plan(plan, "xlsx"), owner=plan.town)

    assert [cell for sheet in everything for line in sheet for cell in line].count(text) == 5
    assert [line.outcome for line in reading.rows] == ["same"]


def test_a_year_without_plans_is_refused():
    drafted(year=2028)

    with pytest.raises(NothingToExport, match="2027"):
        export_year(2027, "xlsx")


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_queries_do_not_grow_with_the_rows(file_format):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            export_year(2027, file_format)
        return len(captured)

    drafted(items=1)
    drafted(items=1, town=None, department=DepartmentFactory())  # overlaps the town's
    few = queries()
    for _ in range(3):
        drafted(items=10)

    assert queries() == few <= 14


# --- the command ----------------------------------------------------------------------------------


def test_command_writes_the_year_and_says_what_is_in_it(tmp_path, capsys):
    filed(items=2)
    path = tmp_path / "year.xlsx"

    call_command(
        "export_plans", "--year", "2027", "--format", "xlsx", "--output", str(path), "--json"
    )

    assert json.loads(capsys.readouterr().out) == {
        "file": str(path),
        "plans": 1,
        "items": 2,
        "people": 80,
        "hours": "16",
        "yuan": "16000",
    }
    assert book(path.read_bytes()).sheetnames == [
        "汇总",
        "全部项目",
        "重复提示",
        "单位分月",
        "按月",
        "未报送",
    ]


def test_command_writes_one_plan_as_csv(tmp_path):
    plan = filed(items=2)
    path = tmp_path / "plan.csv"

    call_command(
        "export_plans",
        "--year",
        "2027",
        "--owner",
        plan.town.code,
        "--format",
        "csv",
        "--output",
        str(path),
    )

    assert len(path.read_text("utf-8-sig").splitlines()) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["--year", "2031"],
        ["--year", "2027", "--owner", "nobody"],
        ["--year", "2031", "--owner", "{town}"],
        ["--year", "99999999999999999999"],
    ],
)
def test_command_refuses_what_is_not_there(arguments, tmp_path):
    town = filed().town
    path = tmp_path / "x.xlsx"

    with pytest.raises(CommandError) as caught:
        call_command(
            "export_plans",
            *[argument.format(town=town.code) for argument in arguments],
            "--output",
            str(path),
        )

    assert (caught.value.returncode, path.exists()) == (1, False)


def test_command_refuses_a_folder_that_is_not_there(tmp_path):
    filed()

    with pytest.raises(CommandError) as caught:
        call_command(
            "export_plans", "--year", "2027", "--output", str(tmp_path / "gone" / "x.xlsx")
        )

    assert caught.value.returncode == 1


def test_command_names_the_formats_it_can_write(tmp_path):
    with pytest.raises(CommandError, match="xlsx.*docx.*csv"):
        call_command(
            "export_plans",
            "--year",
            "2027",
            "--format",
            "pdf",
            "--output",
            str(tmp_path / "x.pdf"),
        )
