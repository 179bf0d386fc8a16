"""The register of projects: who keeps what, what everybody reads, ten lists that offices send."""

import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook

from academy.imports import runs
from academy.imports.by_code import workbook_of
from academy.models import RowOutcome
from academy.search.index import search
from plans.models import Project, ProjectTopic
from plans.projects import register
from plans.projects.importer import ProjectImporter

from ..factories import NOW, CourseFactory, TownFactory, VillageFactory
from ..practicums.factories import PracticeCaseFactory

TODAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def units(town):
    """Two villages of the town, and one of another that has the name of the first."""
    town.name = "示例镇"
    town.save()
    other = TownFactory(name="邻镇")
    return [
        VillageFactory(town=town, name="春晓一村居委会"),
        VillageFactory(town=town, name="东林村村委会"),
        VillageFactory(town=other, name="春晓一村居委会"),
    ]


def project(village, **fields) -> Project:
    values = {"title": "口袋花园", "level": "district", "year": 2027, "updated_at": NOW}
    return Project.objects.create(village=village, **(values | fields))


def book(*rows, merged=(), title="Sheet1") -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def sent(content: bytes, by=None, name="a.xlsx"):
    return runs.preview(kind="projects", content=content, name=name, by=by, now=NOW)


def outcomes(run) -> list[str]:
    return [row.outcome for row in run.rows.all()]


def entered(content: bytes, by=None) -> list[tuple]:
    """What the register holds once the file is imported."""
    runs.confirm(run=sent(content, by), now=NOW)
    return list(
        Project.objects.order_by("code").values_list(
            "title", "village__name", "level", "year", "state"
        )
    )


GARDEN = ("口袋花园", "春晓一村居委会", "district", 2027, "running")
SQUARE = ("村口广场", "东林村村委会", "city", 2026, "completed")
FILES = {
    "plain": book(
        ["项目名称", "街镇", "居村", "级别", "年度", "状态"],
        ["口袋花园", "示例镇", "春晓一村居委会", "区级", 2027, "推进中"],
        ["村口广场", "示例镇", "东林村村委会", "市级", 2026, "已完成"],
    ),
    "titles above and a number in front": book(
        ["2027年美好社区先锋行动项目汇总表"],
        ["填报单位：示例镇"],
        ["序号", "项目名称", "所属街镇", "居村名称", "项目级别", "立项年度", "进展情况"],
        [1, "口袋花园", "示例镇", "春晓一村", "区", "2027年", "实施中"],
        [2, "村口广场", "示例镇", "东林村", "市", "2026年度", "已竣工"],
    ),
    "merged street-town": book(
        ["街道（镇）", "实施单位", "先锋项目", "层级", "实施年度", "目前进展"],
        ["示例镇", "春晓一村居民区", "口袋花园", "区级项目", 2027, "正在推进"],
        [None, "东林村委", "村口广场", "市级项目", 2026, "完成"],
        merged=["A2:A3"],
    ),
    "level of all above the table, year in the days": book(
        ["区级先锋行动项目清单"],
        ["项目名", "街镇", "居委", "启动时间", "状态"],
        ["口袋花园", "示例镇", "春晓1村居委会", "2027年3月", "在建"],
    ),
    "days as text": book(
        ["名称", "所在街镇", "社区", "等级", "年份", "进度", "开工时间", "竣工时间"],
        ["口袋花园", "示例镇", "春晓一村", "区级", "2027", "施工中", "2027.3.5", ""],
        ["村口广场", "示例镇", "东林村", "市级", "2026", "已验收", "20260301", "2026/9/30"],
    ),
    "street-town in the name": book(
        ["编号", "项目标题", "申报单位", "认定级别", "项目年度", "实施状态"],
        ["", "口袋花园", "示例镇春晓一村居委会", "区级", "二〇二七年", "进行中"],
        ["", "村口广场", "示例镇东林村村委会", "市级", "2026", "结项"],
    ),
    "codes of their own": book(
        ["项目代码", "先锋项目名称", "居民区", "所在街镇", "类别", "级别", "年度", "项目状态"],
        ["sl-01", "口袋花园", "春晓一村", "示例镇", "社区微更新", "区级", 2027, "已启动"],
        ["ＳＬ－０２", "村口广场", "东林村", "示例镇", "微更新项目", "市级", 2026, "建成"],
    ),
    "wide signs and blanks": book(
        ["项 目 名 称", "街 镇", "居 村", "级 别", "年 度", "状 态"],
        [" 口袋花园 ", "示例镇", "春晓一村 居委会", "区 级", "２０２７", "推进 中"],
        ["村口广场", "示例镇", "东林村村委会", "市级", "2026.0", "已 完成"],
    ),
    "more columns than are read": book(
        [
            "序号",
            "项目名称",
            "街镇",
            "村居",
            "级别",
            "年度",
            "状态",
            "主要做法",
            "取得成效",
            "联系人",
        ],
        [1, "口袋花园", "示例镇", "春晓一村", "区级", 2027, "推进中", "议事会画图", "", "示例甲"],
        [2, "村口广场", "示例镇", "东林村", "市级", 2026, "已完成", "铺装", "每周用三次", "示例乙"],
    ),
    "a total below": book(
        ["项目名称", "街镇", "村居名称", "级别", "立项年份", "项目进展"],
        ["口袋花园", "示例镇", "春晓一村", "宝山区", 2027, "持续推进"],
        ["村口广场", "示例镇", "东林村", "上海市", 2026, "100%"],
        ["合计", "2个"],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_list_as_an_office_sends_it_is_read(units, name):
    ProjectTopic.objects.create(name="社区微更新")
    ProjectTopic.objects.create(name="微更新")

    assert entered(FILES[name]) == (
        [GARDEN] if name.startswith("level of all") else [GARDEN, SQUARE]
    )


def test_a_file_that_is_sent_once_more_changes_nothing(units):
    runs.confirm(run=sent(FILES["plain"]), now=NOW)

    assert outcomes(sent(FILES["plain"])) == [RowOutcome.SAME, RowOutcome.SAME]


def test_the_workbook_of_the_register_comes_back_as_the_same(units):
    case, course = PracticeCaseFactory(), CourseFactory()
    one = project(units[0], code="XF-001", is_public=True, summary="议事会画图")
    one.cases.add(case)
    one.courses.add(course)

    content = workbook_of(ProjectImporter(None, NOW))

    assert outcomes(sent(content)) == [RowOutcome.SAME]


def test_an_import_is_undone_row_for_row(units):
    project(units[0], code="XF-001", state="prepared")
    before = list(Project.objects.values())
    run = runs.confirm(run=sent(FILES["plain"]), now=NOW)
    assert Project.objects.count() == 2

    runs.undo(run=run, by=None, now=NOW)

    assert list(Project.objects.values()) == before


LINE = {
    "项目名称": "口袋花园",
    "街镇": "示例镇",
    "居村": "春晓一村",
    "级别": "区级",
    "年度": 2027,
    "状态": "推进中",
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"居村": "春晓二村"}, "没有“春晓二村”"),
        ({"居村": "春晓二村"}, "示例镇春晓一村居委会"),
        ({"居村": "春晓一村", "街镇": ""}, "邻镇"),
        ({"街镇": "没有镇"}, "没有镇"),
        ({"级别": "国家级"}, "市级"),
        ({"年度": "十三月"}, "十三月"),
        ({"年度": "9" * 40}, "年"),
        ({"状态": "快了"}, "推进中"),
        ({"完成日期": "2027-05-01"}, "已完成"),
        ({"状态": "已完成", "开始日期": "2027-05-01", "完成日期": "2027-04-01"}, "早于"),
        ({"开始日期": "2027年13月"}, "2027-13-1"),
        ({"关联课程": "ZZ-999"}, "ZZ-999"),
        ({"主题": "没有的主题"}, "主题"),
        ({"对外公开": "是", "成效": "联系张某 13812345678"}, "手机"),
        ({"项目名称": "长" * 61}, "60"),
    ],
)
def test_what_cannot_be_taken_over_is_refused_with_a_sentence(units, changes, said):
    line = LINE | changes

    run = sent(book(list(line), list(line.values())))

    (row,) = run.rows.all()
    assert row.outcome == RowOutcome.REJECTED
    assert said in "".join(row.reasons), row.reasons


def test_a_village_has_one_project_of_a_name(units):
    project(units[0], code="XF-009")
    line = {"项目编号": "XF-010"} | LINE

    (row,) = sent(book(list(line), list(line.values()))).rows.all()

    assert "XF-009" in row.reasons[0]


def test_a_street_town_writes_projects_of_its_own_villages_only(units, town_staff):
    foreign = project(units[2], code="XF-001", title="别处的花园")
    own = LINE | {"街镇": "邻镇"}
    taken = {"项目编号": "XF-001"} | LINE

    (row,) = sent(book(list(own), list(own.values())), town_staff).rows.all()
    (other,) = sent(book(list(taken), list(taken.values())), town_staff).rows.all()

    assert "邻镇" in row.reasons[0]
    assert other.reasons == ["这是其他街镇的项目，请去掉这一行。"]
    assert workbook_of(ProjectImporter(town_staff, NOW)) != workbook_of(ProjectImporter(None, NOW))
    assert list(ProjectImporter(town_staff, NOW).exported_rows()) == []
    assert Project.objects.get() == foreign


def test_a_project_that_was_taken_out_does_not_come_back_by_a_file(units, district_staff):
    there = project(units[0], code="XF-001")
    register.remove(project=there, reason="重复", by=district_staff, now=NOW, today=TODAY)
    line = {"项目编号": "XF-001"} | LINE

    (row,) = sent(book(list(line), list(line.values()))).rows.all()

    assert "重复" in row.reasons[0]


# --- Pages ----------------------------------------------------------------------------------------


def form_of(unit, **changes) -> dict:
    values = {
        "title": "口袋花园",
        "village": unit.pk,
        "level": "district",
        "year": "2027",
        "state": "running",
    }
    return values | changes


def test_town_staff_add_a_project_and_everybody_reads_it_once_it_is_public(
    client, units, town_staff
):
    client.force_login(town_staff)
    client.post(reverse("plans:project_create"), form_of(units[0]))
    made = Project.objects.get()

    assert (made.code, made.updated_by) == ("XF-001", town_staff)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert search("口袋花园", kinds=["project"]) == []

    address = reverse("plans:project_edit", args=[made.code])
    client.post(address, form_of(units[0], is_public="on"))
    client.logout()

    assert client.get(made.get_absolute_url()).status_code == 200
    assert [hit.code for hit in search("口袋花园", kinds=["project"])] == ["XF-001"]
    for page in (reverse("plans:project_list"), made.town.get_absolute_url()):
        assert "口袋花园" in client.get(page).content.decode()


def test_town_staff_cannot_enter_a_project_of_another_street_town(client, units, town_staff):
    client.force_login(town_staff)

    client.post(reverse("plans:project_create"), form_of(units[2]))

    assert not Project.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"is_public": "on", "results": "请打 13812345678"},
        {"year": "1"},
        {"year": "9" * 40},
        {"title": ""},
        {"state": "十三"},
        {"completed_on": "2027-05-01"},
        {"code": "../"},
        {"plan_items": ["999999"]},
        {"village": "999999"},
    ],
)
def test_a_form_that_is_wrong_is_refused(client, units, district_staff, changes):
    client.force_login(district_staff)

    response = client.post(reverse("plans:project_create"), form_of(units[0], **changes))

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Project.objects.exists()


def test_two_projects_of_one_name_in_one_village_are_refused_by_the_form(
    client, units, district_staff
):
    project(units[0], code="XF-001")
    client.force_login(district_staff)

    response = client.post(reverse("plans:project_create"), form_of(units[0]))

    assert "title" in response.context["form"].errors


def test_a_project_is_taken_out_with_a_reason_and_put_back(client, units, district_staff):
    there = project(units[0], code="XF-001", is_public=True)
    client.force_login(district_staff)
    address = reverse("plans:project_remove", args=["XF-001"])

    assert client.post(address, {"reason": " "}).status_code == 200
    client.post(address, {"reason": "登记重复"})
    there.refresh_from_db()
    assert (there.is_public, there.removed_reason) == (False, "登记重复")
    assert client.get(there.get_absolute_url()).status_code == 404

    client.post(reverse("plans:project_restore", args=["XF-001"]))
    there.refresh_from_db()
    assert (there.is_removed, there.is_public) == (False, False)


def test_the_published_counts_stand_beside_the_entered_ones(client, units):
    project(units[0], code="XF-001", is_public=True)

    page = client.get(reverse("plans:project_list")).content.decode()

    assert "区级 1 个（公开报道为 100 个）" in page
    assert "市级 0 个（公开报道为 12 个）" in page


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["XF-001", "XF-002"]),
        ("?level=city", ["XF-002"]),
        ("?state=completed", ["XF-002"]),
        ("?q=XF-001", ["XF-001"]),
        ("?level=zz", []),
        ("?town=999", []),
        ("?topic=没有", []),
    ],
)
def test_the_public_list_is_narrowed(client, units, query, codes):
    project(units[0], code="XF-001", is_public=True)
    project(units[1], code="XF-002", title="广场", level="city", state="completed", is_public=True)
    project(units[1], code="XF-003", title="不公开的")

    response = client.get(reverse("plans:project_list") + query)

    assert [item.code for item in response.context["page"].object_list] == codes


def test_public_projects_stand_beside_their_course_and_case(client, units):
    course, case = CourseFactory(), PracticeCaseFactory(status="published", published_at=NOW)
    shown = project(units[0], code="XF-001", is_public=True)
    hidden = project(units[1], code="XF-002", title="不公开的")
    for item in (shown, hidden):
        item.courses.add(course)
        item.cases.add(case)

    for address in (course.get_absolute_url(), case.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "口袋花园" in page
        assert "不公开的" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"level": "world"},
        {"state": "gone"},
        {"year": 1999},
        {"code": "../"},
        {"completed_on": TODAY},
        {"removed_on": TODAY},
        {"removed_on": TODAY, "removed_reason": "重复", "is_public": True},
        {"state": "completed", "started_on": TODAY, "completed_on": date(2027, 1, 1)},
    ],
)
def test_the_database_refuses(units, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        project(units[0], **({"code": "XF-001"} | wrong))


def test_the_database_refuses_a_second_project_of_the_name(units):
    project(units[0], code="XF-001")
    with pytest.raises(IntegrityError), transaction.atomic():
        project(units[0], code="XF-002")
