"""Master tables by code: the files of the academy, what a workbook gives back, strange files."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from academy.imports import runs
from academy.imports.by_code import TableByCode, workbook_of
from academy.imports.registry import importer_of, importers
from academy.imports.snapshots import StillUsed
from academy.models import Campus, Town, TownBorder, Venue, Village
from academy.network import load_network
from academy.spreadsheets.opening import FileRefused
from courses.loading.catalogue import load_catalogue
from courses.models import Expert, ServiceItem, TeachingFormat
from tests.plans.access_table import project_of
from tests.plans.sheets import workbook
from trainees.models import HourTarget

from ..factories import (
    NOW,
    CampusFactory,
    DepartmentFactory,
    ExpertFactory,
    PositionFactory,
    TeachingFormatFactory,
    TownFactory,
    TraineeFactory,
    VenueFactory,
    VillageFactory,
)
from ..practicums.factories import SecondmentFactory

pytestmark = pytest.mark.django_db
DEMO = Path(settings.BASE_DIR) / "demo"
NETWORK = ("towns", "villages", "departments", "campuses", "venues")
CATALOGUE = (("teaching-formats", "teaching_formats"), ("service-items", "service_items"))
KINDS = sorted(kind for kind, found in importers().items() if issubclass(found, TableByCode))


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def previewed(kind: str, content: bytes, name="表.xlsx", by=None):
    return runs.preview(kind=kind, content=content, name=name, by=by, now=NOW)


def imported(kind: str, content: bytes, name="表.xlsx"):
    return runs.confirm(run=previewed(kind, content, name), now=NOW)


def counts(run) -> dict[str, int]:
    return {fate: count for fate, count in runs.counts_of(run.rows.all()).items() if count}


def exported(kind: str) -> bytes:
    return workbook_of(importer_of(kind)(None, NOW))


def reasons(kind: str, content: bytes, name="表.xlsx") -> list[str]:
    return [reason for row in previewed(kind, content, name).rows.all() for reason in row.reasons]


def csv(*lines: str, encoding="utf-8") -> bytes:
    return "\n".join(lines).encode(encoding)


def test_the_files_of_the_academy_fill_an_empty_portal_and_undo_empties_it():
    done = []
    for kind in NETWORK:
        run = imported(kind, (DEMO / "network" / f"{kind}.csv").read_bytes(), f"{kind}.csv")
        assert set(counts(run)) == {"new"}, kind
        done.append(run)
    for kind, file in CATALOGUE:
        content = (DEMO / "catalogue" / f"{file}.csv").read_bytes()
        done.append(imported(kind, content, f"{file}.csv"))
        assert set(counts(done[-1])) == {"new"}, kind
    done.append(
        imported("experts", (DEMO / "catalogue" / "experts.csv").read_bytes(), "experts.csv")
    )
    assert (Town.objects.count(), Campus.objects.count(), Venue.objects.count()) == (13, 17, 40)
    assert Expert.objects.count() > 100

    by_pages = {kind: exported(kind) for kind in KINDS}
    for run in reversed(done):
        runs.undo(run=run, by=None, now=NOW)
    models = (Town, Village, Campus, Venue, ServiceItem, TeachingFormat, Expert)
    assert not any(model.objects.exists() for model in models)

    load_network(DEMO / "network", today=NOW.date())
    load_catalogue(DEMO / "catalogue", now=NOW)
    for kind in NETWORK:  # the command and the pages write the same
        assert set(counts(previewed(kind, by_pages[kind]))) == {"same"}, kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_comes_back_as_before_and_an_empty_template_has_its_columns(kind):
    town = TownFactory()
    TownBorder.objects.create(town=town, neighbour=TownFactory(), source="示例地图")
    campus = CampusFactory(town=town, capacity=0, phone="021-5678 0000")
    VenueFactory(campus=campus, immersive=True, equipment="投影、白板")
    village = VillageFactory(town=town)
    department = DepartmentFactory()
    TeachingFormatFactory()
    ExpertFactory(name="示例师", village=village, phone="13800000123")
    ServiceItem.objects.create(code="FW-1", name="示例事项", department=department)
    SecondmentFactory(host_department=department)
    HourTarget.objects.create(
        position=PositionFactory(), hours="56.25", legal_basis="文件", valid_from="2027-01-01"
    )

    project_of(village)

    content = exported(kind)
    if kind != "cases":
        assert set(counts(previewed(kind, content))) == {"same"}
    lines = [list(line) for line in load_workbook(io.BytesIO(content)).active.values]
    assert lines[0] == [column.heading for column in importer_of(kind).columns]
    assert not any("13800000123" in str(value) for line in lines for value in line)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("GBK.csv", csv("代码,名称,类别", "310113999,新示例镇,镇", encoding="gb18030")),
        ("带BOM.csv", csv("代码,名称,类型", "310113999,新示例镇,镇", encoding="utf-8-sig")),
        ("分号.csv", csv("代码;名称;类型", "310113999;新示例镇;镇")),
        ("英文.csv", csv("code,name,kind", "310113999,新示例镇,town")),
        ("空格.csv", csv("街镇 代码 ,街镇名称,性质", " ３１０１１３９９９ ,新示例镇 ,乡镇")),
        (
            "标题.xlsx",
            workbook(
                [[310113999, "新示例镇", "镇"]],
                headings=["编号", "街道名称", "类型"],
                above=(["宝山区街镇一览表"],),
            ),
        ),
    ],
)
def test_tables_as_offices_have_them_are_read(name, content):
    assert counts(imported("towns", content, name)) == {"new": 1}
    assert str(Town.objects.get(code="310113999")) == "新示例镇"


@pytest.mark.parametrize(
    ("kind", "lines", "sentence"),
    [
        ("towns", ["代码,名称,类型", "1,甲镇,镇", "1,乙镇,镇"], "已经出现过"),
        ("towns", ["代码,名称,类型", "1,甲镇,村"], "不认识"),
        ("towns", ["代码,名称,类型", "1,,镇"], "缺少“街镇名称”"),
        ("towns", ["代码,名称,类型", "1/../2,甲镇,镇"], "编号只能用"),
        ("towns", ["代码,名称,类型", f"1,{'长' * 41},镇"], "40"),
        ("towns", ["代码,名称,类型", "1,=1+1,镇"], "公式"),
        ("towns", ["代码,名称,类型,停用日期", "1,甲镇,镇,明年"], "不是日期"),
        ("towns", ["代码,名称", "1,甲镇"], "还要填：类型"),
        ("villages", ["代码,名称,街镇,类型", "1,甲居委会,无此镇,居委会"], "无此镇"),
        ("venues", ["代码,名称,教学点,容纳人数", "R9,甲教室,无此校,20"], "无此校"),
        ("venues", ["代码,名称,教学点代码,容纳人数", "R9,甲教室,C00,很多"], "不是数字"),
        ("venues", ["代码,名称,教学点代码,容纳人数", "R9,甲教室,C00,-5"], "不能小于"),
        ("hour-targets", ["岗位,学时,依据,起始日期", "无此岗,40,文件,2027-01-01"], "无此岗"),
        ("experts", ["编号,姓名,类别,手机", "JS-1,示例甲,书记,12345"], "号"),
    ],
)
def test_a_wrong_row_is_said_and_nothing_is_written(kind, lines, sentence):
    CampusFactory(code="C00")
    before = importer_of(kind).model.objects.count()
    found = reasons(kind, csv(*lines), "表.csv")

    assert any(sentence in reason for reason in found), found
    assert importer_of(kind).model.objects.count() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [("表.xlsx", b"PK\x03\x04zz"), ("表.csv", b""), ("表.csv", csv("甲,乙", "1,2"))],
)
def test_a_file_that_is_no_such_table_is_refused_as_a_whole(name, content):
    with pytest.raises(FileRefused):
        previewed("towns", content, name)


def test_what_a_file_does_not_say_stays_as_it_is():
    town = TownFactory(code="310113888", map_order=5)
    other = TownFactory()
    run = imported("towns", csv("代码,名称", "310113888,改名镇"), "表.csv")

    town.refresh_from_db()
    assert counts(run) == {"changed": 1}
    assert (town.name, town.map_order) == ("改名镇", 5)
    assert Town.objects.filter(pk=other.pk, ended_on=None).exists()


def test_a_hidden_number_leaves_the_number_as_it_is():
    ExpertFactory(code="JS-900", name="示例师", phone="13800000123")
    imported("experts", csv("编号,姓名,手机", "JS-900,示例老师,138****0123"), "表.csv")

    expert = Expert.objects.get(code="JS-900")
    assert (expert.name, expert.phone) == ("示例老师", "13800000123")


def test_a_row_that_is_used_by_now_cannot_be_undone_away():
    town = TownFactory(code="310113888")
    run = imported(
        "villages", csv("代码,名称,街镇,类型", f"1,甲居委会,{town.name},居委会"), "表.csv"
    )
    TraineeFactory(village=Village.objects.get(code="1"))

    with pytest.raises(StillUsed):
        runs.undo(run=run, by=None, now=NOW)
    assert Village.objects.filter(code="1").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_only_who_keeps_a_table_takes_it_along(client, district_staff, administrator, kind):
    for user in (district_staff, administrator):
        client.force_login(user)
        may = importer_of(kind).may_use(user)
        address = reverse("imports:import_export", args=[kind])
        assert client.get(address).status_code == (200 if may else 404)
    assert importer_of(kind).may_use(administrator)
    assert client.get(importer_of(kind)(administrator, NOW).page()).status_code == 200


@pytest.mark.parametrize("kind", ["towns", "service-items"])
def test_a_file_goes_from_the_page_of_its_table_and_comes_back_there(client, administrator, kind):
    client.force_login(administrator)
    DepartmentFactory(code="D01")
    listed = reverse("tables:table_list", args=[kind])
    upload = reverse("imports:import_list") + f"?kind={kind}"
    assert upload in client.get(listed).text
    assert client.get(upload).context["form"]["kind"].value() == kind
    content = {"towns": csv("代码,名称,类型", "1,甲镇,镇")}.get(
        kind, csv("代码,名称,部门代码", "FW-1,甲事项,D01")
    )
    sent = {"kind": kind, "file": SimpleUploadedFile("表.csv", content)}
    preview = client.post(upload, sent, follow=True)
    pressed = client.post(
        reverse("imports:import_confirm", args=[preview.context["run"].pk]), follow=True
    )
    assert pressed.redirect_chain[-1][0] == listed
    assert "甲" in pressed.text
