"""The pages of plans: what they show, what they do, how they answer what makes no sense."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.http import content_disposition_header
from openpyxl import load_workbook
from openpyxl.styles import Font

from academy.imports import runs
from academy.models import ImportRun, RoleGrant, TownKind
from plans.filing import amend, return_for_changes
from plans.grid.cells import GRID_FIELDS
from plans.imports.table_context import context_of
from plans.models import AnnualPlan, PlanItem, PlanStatus
from tests.factories import NOW, CampusFactory, DepartmentFactory, TownFactory

from ..page_text import squeezed
from .factories import APPROVAL, PlanItemFactory, drafted, filed, submitted
from .sheets import HEADINGS, row, workbook

pytestmark = pytest.mark.django_db
ITEM = {
    "name": "楼组长骨干班",
    "organiser": "示例镇",
    "audience": "楼组长",
    "people": "60",
    "runs": "2",
    "months": "4月、8月",
    "days": "0.5",
    "hours": "4.25",
    "content": "走访",
    "budget": "0",
}


def page(client, address, /, *args, expect=200, **query) -> str:
    response = client.get(reverse(f"plans:{address}", args=args), query)
    assert response.status_code == expect
    return response.content.decode()


def press(client, address, /, *args, **data):
    return client.post(
        reverse(address if ":" in address else f"plans:{address}", args=args), data, follow=True
    )


@pytest.fixture
def town_client(client, town_staff):
    client.force_login(town_staff)
    return client


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


# --- the list -------------------------------------------------------------------------------------


def test_a_unit_sees_its_own_plan_only_and_no_gap_list(town_client, town):
    drafted(town=town)
    foreign = drafted()

    text = page(town_client, "plan_list", year=2027)

    assert town.name in text
    assert foreign.town.name not in text
    assert "还没有报送的单位" not in text
    assert "导出全年" not in text


def test_the_office_sees_every_plan_and_who_is_missing_in_code_order(admin_client):
    late = TownFactory(code="310113901", name="甲镇")
    early = TownFactory(code="310113900", name="乙镇")
    park = TownFactory(code="310113902", name="园区", kind=TownKind.INDUSTRIAL_PARK)
    ended = DepartmentFactory(ended_on=NOW.date())
    drafted(town=early)
    done = filed(town=TownFactory(name="丙镇"))
    changing = amend(approval=APPROVAL, plan=filed(), reason="新增", by=None, now=NOW)

    text = page(admin_client, "plan_list", year=2027)

    table, gaps = text.split('id="gaps"')
    assert done.town.name in table and done.filing_number in table
    assert gaps.index(early.name) < gaps.index(late.name)
    for absent in (park, ended, done.town, changing.town):
        assert absent.name not in gaps


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"year": "abc"}, "没有这一年的方案"),
        ({"year": "1"}, "没有这一年的方案"),
        ({"year": "9" * 400}, "没有这一年的方案"),
        ({"year": "2027", "status": "lost"}, "没有这种状态的方案"),
        ({"year": "2027", "owner": "nobody"}, "没有编号为“nobody”"),
    ],
)
def test_an_unknown_filter_value_gives_an_empty_list_and_a_sentence(query, sentence, admin_client):
    drafted()

    text = page(admin_client, "plan_list", **query)

    assert sentence in text
    assert "没有这个筛选条件" in text


def test_filters_and_odd_pages(admin_client, town):
    plan, other = submitted(town=town), drafted()

    assert (
        other.town.name
        not in page(admin_client, "plan_list", year=2027, status="submitted").split('id="gaps"')[0]
    )
    assert (
        other.town.name
        not in page(admin_client, "plan_list", year=2027, owner=town.code).split('id="gaps"')[0]
    )
    for number in ("9999", "abc", "-1"):
        assert plan.town.name in page(admin_client, "plan_list", year=2027, page=number)


def test_a_year_without_plans_says_what_to_do_next(town_client):
    text = page(town_client, "plan_list", year=2031)

    assert "2031 年还没有方案" in text
    assert reverse("plans:import_upload") in text


def test_late_plans_are_marked(admin_client):
    submitted(now=NOW.replace(month=4, day=1))

    assert "逾期" in page(admin_client, "plan_list", year=2027)


@pytest.mark.parametrize("cast", ["town_staff", "administrator"])
def test_queries_of_the_list_do_not_grow(
    cast, request, client, town, django_assert_max_num_queries
):
    user = request.getfixturevalue(cast)
    client.force_login(user)
    drafted(town=town)
    page(client, "plan_list", year=2027)  # what is cached once is cached now
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(12) as captured:
            page(client, "plan_list", year=2027)
        counts.append(len(captured))
        drafted(town=None, campus=CampusFactory(kind="salon"))
        drafted()

    assert counts[0] == counts[1]


# --- one plan -------------------------------------------------------------------------------------


def test_the_page_shows_rows_totals_and_masked_phones(town_client, town):
    plan = drafted(town=town)
    plan.items.update(contact_name="示例甲", contact_phone="19900000123")

    text = page(town_client, "plan", plan.pk)

    assert 'data-total="people">80<' in text
    assert 'data-total="budget">16,000<' in text
    assert "199****0123" in text
    assert "19900000123" not in text
    # every column of the table, its number, and the one that unfolds the empty ones
    assert len(re.findall(r'<th[^>]* scope="col"', text)) == len(GRID_FIELDS) + 2


@pytest.mark.parametrize("cast", ["town_staff", "administrator"])
def test_queries_of_a_plan_do_not_grow(cast, request, client, town, django_assert_max_num_queries):
    client.force_login(request.getfixturevalue(cast))
    plan = filed(town=town, items=1)
    counts = []
    page(client, "plan", plan.pk)  # what is cached once is cached now
    for number in (2, 3, 4):
        with django_assert_max_num_queries(15) as captured:
            page(client, "plan", plan.pk)
        counts.append(len(captured))
        PlanItemFactory(plan=plan, number=number)

    assert len(set(counts)) == 1


def test_the_whole_way_of_a_plan(client, town, town_staff, district_staff, administrator):
    client.force_login(town_staff)
    response = press(client, "plan_create", owner=f"town-{town.code}", year=2027)
    plan = AnnualPlan.objects.get()
    assert response.redirect_chain == [(plan.get_absolute_url(), 302)]

    assert "方案里还没有培训班" in press(client, "plan_submit", plan.pk).content.decode()
    press(client, "item_create", plan.pk, **ITEM)
    item = PlanItem.objects.get()
    assert (item.number, item.quarter, item.hours, item.budget) == (1, 2, 4.25, 0)
    press(client, "item_edit", plan.pk, item.pk, **(ITEM | {"people": "70"}))
    press(client, "plan_submit", plan.pk)

    client.force_login(district_staff)
    refused = client.post(reverse("plans:plan_return", args=[plan.pk]), {"opinion": "  "})
    assert refused.status_code == 200
    assert "请写明要改什么" in refused.content.decode()
    press(client, "plan_return", plan.pk, opinion="第 1 项改对象")

    client.force_login(town_staff)
    assert "第 1 项改对象" in page(client, "plan", plan.pk)
    press(client, "plan_submit", plan.pk)

    client.force_login(administrator)
    assert "001号" in press(client, "plan_file", plan.pk, opinion="").content.decode()
    assert "已由别的管理员备案" in press(client, "plan_file", plan.pk).content.decode()

    client.force_login(town_staff)
    assert (
        client.post(reverse("plans:plan_amend", args=[plan.pk]), {"reason": ""}).status_code == 200
    )
    press(client, "plan_amend", plan.pk, reason="新增一期")
    press(client, "item_create", plan.pk, **(ITEM | {"name": "新增的班"}))
    press(client, "plan_drop_change", plan.pk)
    plan.refresh_from_db()
    assert (plan.status, list(plan.items.values_list("name", "people"))) == (
        PlanStatus.FILED,
        [("楼组长骨干班", 70)],
    )
    assert "楼组长骨干班" in page(client, "plan_version", plan.pk, 1)
    page(client, "plan_version", plan.pk, 2, expect=404)


def test_a_second_plan_of_the_year_is_refused_with_a_sentence(town_client, town):
    drafted(town=town)

    assert (
        "已有 2027 年的方案"
        in press(town_client, "plan_create", owner=f"town-{town.code}", year=2027).content.decode()
    )


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"owner": "town-nowhere", "year": "2027"},
        {"owner": "x", "year": "2027"},
        {"owner": "{own}", "year": "abc"},
        {"owner": "{own}", "year": "1"},
    ],
)
def test_a_plan_of_nowhere_or_never_is_not_begun(sent, town_client, town, other_town):
    sent = {name: value.format(own=f"town-{town.code}") for name, value in sent.items()}

    response = press(town_client, "plan_create", **sent)

    assert (response.status_code, AnnualPlan.objects.count()) == (200, 0)
    assert 'class="say bad"' in response.content.decode()


def test_nobody_begins_the_plan_of_another_unit(town_client, other_town):
    press(town_client, "plan_create", owner=f"town-{other_town.code}", year=2027)

    assert AnnualPlan.objects.count() == 0


# --- items ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "请填写“培训班名称”"),
        ({"audience": " "}, "请填写“培训对象”"),
        ({"people": "-1"}, "“人数”不能小于 0"),
        ({"people": "很多"}, "请写数字"),
        ({"people": "0"}, "“人数”至少是 1"),
        ({"runs": "0"}, "“期数”至少是 1"),
        ({"months": "十三月"}, "没有“十三月”"),
        ({"months": "4月、13月"}, "没有“13月”"),
        ({"people": "9" * 30}, "people"),
        ({"hours": "4.1"}, "最小到 0.25"),
        ({"hours": "NaN"}, "hours"),
        ({"budget": "-0.01"}, "“经费预算（元）”不能小于 0"),
        ({"budget": "1e400"}, "budget"),
        ({"contact_phone": "打电话"}, "请写电话号码"),
        ({"months": "=4月"}, "以“=”开头"),
        ({"category": "fourth"}, "category"),
        ({"name": "班" * 81}, "name"),
    ],
)
def test_an_item_that_makes_no_sense_is_told_beside_its_field(changes, sentence, town_client, town):
    plan = drafted(town=town, items=0)

    response = town_client.post(reverse("plans:item_create", args=[plan.pk]), ITEM | changes)

    assert (response.status_code, plan.items.count()) == (200, 0)
    assert list(response.context["form"].errors) == list(changes)
    assert "is-invalid" in response.content.decode()
    if not sentence.isascii():
        assert sentence in response.content.decode()


@pytest.mark.parametrize(
    ("months", "stored", "remark"),
    [("４", "4月", ""), ("汛期前", "汛期前", "看不出是哪个月或哪个季度")],
)
def test_the_planned_time_is_read_as_an_import_reads_it(months, stored, remark, town_client, town):
    plan = drafted(town=town, items=0)

    response = press(town_client, "item_create", plan.pk, **ITEM | {"months": months})

    assert plan.items.get().months == stored
    assert [
        str(message) for message in response.context["messages"] if "看不出" in str(message)
    ] == ([f"拟办时间“{months}”{remark}，这一项不归入任何季度。"] if remark else [])


def test_whom_to_ask_is_read_as_an_import_reads_it(town_client, town):
    plan = drafted(town=town, items=0)
    contact = {"contact_name": "王 老师，买买提•阿不都", "contact_phone": "+86 199 0000 0123"}

    press(town_client, "item_create", plan.pk, **ITEM | contact)

    item = plan.items.get()
    assert (item.contact_name, item.contact_phone) == ("王老师、买买提·阿不都", "19900000123")


def test_a_new_item_is_filled_with_what_is_known(town_client, town):
    plan = drafted(town=town, items=0)
    assert f'value="{town.name}"' in page(town_client, "item_create", plan.pk)

    PlanItemFactory(plan=plan, number=1, organiser="示例镇人民政府", contact_name="示例乙")

    text = page(town_client, "item_create", plan.pk)
    assert 'value="示例镇人民政府"' in text
    assert 'value="示例乙"' in text


def test_saving_can_lead_to_the_next_item(town_client, town):
    plan = drafted(town=town, items=0)

    response = press(town_client, "item_create", plan.pk, **ITEM, another="1")

    assert response.redirect_chain == [(reverse("plans:item_create", args=[plan.pk]), 302)]


def test_items_of_a_plan_in_review_lead_back_with_a_sentence(town_client, town):
    plan = submitted(town=town)
    item = plan.items.first()

    for response in (
        town_client.get(reverse("plans:item_edit", args=[plan.pk, item.pk]), follow=True),
        press(town_client, "item_edit", plan.pk, item.pk, **ITEM),
        press(town_client, "item_remove", plan.pk, item.pk),
    ):
        assert "方案正在审核" in response.content.decode()
    item.refresh_from_db()
    assert item.name == "培训班1"


def test_an_item_is_found_only_under_its_own_plan(town_client, town):
    plan, other = drafted(town=town), drafted()
    foreign = other.items.first()

    for name in ("item_edit", "item_remove"):
        assert (
            town_client.post(reverse(f"plans:{name}", args=[plan.pk, foreign.pk]), ITEM).status_code
            == 404
        )
    assert other.items.count() == 2


# --- import ---------------------------------------------------------------------------------------


def send(client, town, content: bytes, name="方案.xlsx", year=2027):
    return press(
        client,
        "import_upload",
        owner=f"town-{town.code}",
        year=year,
        file=SimpleUploadedFile(name, content),
    )


def test_a_file_is_previewed_confirmed_and_undone(town_client, town):
    response = send(town_client, town, workbook([row(), row(序号=2, 培训班名称="第二班")]))

    text = squeezed(response)
    assert ("新增 2" in text, "不能导入 0" in text, "第二班" in text) == (True, True, True)
    assert AnnualPlan.objects.count() == 0  # nothing is written before

    upload = ImportRun.objects.get()
    plan_page = press(town_client, "imports:import_confirm", upload.pk)
    plan = AnnualPlan.objects.get()
    assert (plan_page.redirect_chain[-1][0], plan.items.count()) == (plan.get_absolute_url(), 2)
    assert reverse("imports:import_undo", args=[upload.pk]) in plan_page.content.decode()
    assert (
        "已经导入过了" in press(town_client, "imports:import_confirm", upload.pk).content.decode()
    )

    press(town_client, "imports:import_undo", upload.pk)
    assert plan.items.count() == 0


def test_rejected_rows_are_shown_with_their_reason_and_stop_the_file(town_client, town):
    text = send(
        town_client, town, workbook([row(), row(序号=2, 培训班名称="坏的班", 人数="很多")])
    ).content.decode()

    upload = ImportRun.objects.get()
    assert "不是数字" in text
    assert text.count(reverse("imports:import_confirm", args=[upload.pk])) == 1
    assert 'name="leave_out" required' in " ".join(text.split())
    assert "不能导入" in press(town_client, "imports:import_confirm", upload.pk).content.decode()
    assert AnnualPlan.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"hello", "plan.xlsx", "内容不是"),
        (b"hello", "plan.jpg", "不是 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "plan.xls", ".xls"),
        (b"PK\x03\x04 not really", "plan.xlsx", "损坏"),
        (b"", "plan.xlsx", "文件是空的"),
    ],
)
def test_a_file_that_is_none_is_told_beside_the_field_and_not_kept(
    content, name, sentence, town_client, town
):
    response = send(town_client, town, content, name)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert ImportRun.objects.count() == 0


def test_a_workbook_without_a_plan_is_told_beside_the_field(town_client, town):
    assert (
        "没有找到表格" in send(town_client, town, workbook([], headings=["你好"])).content.decode()
    )


def test_a_good_file_beside_a_wrong_year_has_to_be_chosen_again_and_the_page_says_so(
    town_client, town
):
    refused = send(town_client, town, workbook([row()]), year=1999).context["form"].errors

    assert (set(refused), refused["file"]) == (
        {"year", "file"},
        ["请重新选一次文件：浏览器没有把它留住。"],
    )
    assert "file" not in send(town_client, town, b"", year=1999).context["form"].cleaned_data
    assert send(town_client, town, b"", year=1999).context["form"].errors["file"] == [
        "文件是空的。"
    ]


def test_the_pages_of_a_plan_import_stand_under_the_annual_plans(town_client, town):
    send(town_client, town, workbook([row()]))
    plans = reverse("plans:plan_list")

    for address in (reverse("plans:import_upload"), ImportRun.objects.get().get_absolute_url()):
        menu = re.search(
            r'<nav[^>]*aria-label="主导航"[^>]*>(.*?)</nav>',
            town_client.get(address).content.decode(),
            re.S,
        )[1]
        assert re.findall(r'href="([^"]*)"[^>]* aria-current="page"', menu) == [plans]


def test_a_file_too_large_is_refused(town_client, town, settings):
    settings.UPLOAD_MAX_BYTES = 1_000

    assert "文件超过" in send(town_client, town, workbook([row()])).content.decode()


def test_nobody_imports_for_another_unit_or_sees_anothers_upload(
    town_client, town, other_town, administrator
):
    send(town_client, other_town, workbook([row()]))
    assert ImportRun.objects.count() == 0

    foreign = runs.preview(
        kind="plan",
        content=workbook([row()]),
        name="a.xlsx",
        by=administrator,
        now=NOW,
        context=context_of(town, 2027),
    )
    for name in ("import_confirm", "import_undo"):
        assert town_client.post(reverse(f"imports:{name}", args=[foreign.pk])).status_code == 404


def test_a_second_file_leaves_the_first_preview_as_it_is(town_client, town):
    send(town_client, town, workbook([row()]), "一.xlsx")
    first = ImportRun.objects.get()
    send(town_client, town, workbook([row()]), "二.xlsx")

    assert "楼组长骨干班" in town_client.get(first.get_absolute_url()).content.decode()
    press(town_client, "imports:import_confirm", first.pk)
    assert AnnualPlan.objects.get().items.count() == 1


def test_a_preview_is_put_away_and_its_page_says_so(town_client, town):
    send(town_client, town, workbook([row()]))
    run = ImportRun.objects.get()

    press(town_client, "imports:import_discard", run.pk)

    assert "楼组长骨干班" not in (text := town_client.get(run.get_absolute_url()).content.decode())
    assert "已经收起" in text


def test_who_does_not_work_for_the_unit_any_more_is_told(town_client, town, town_staff):
    send(town_client, town, workbook([row()]))
    run = ImportRun.objects.get()
    RoleGrant.objects.filter(user=town_staff).update(town=TownFactory())

    assert town_client.get(run.get_absolute_url()).status_code == 403
    assert town_client.post(reverse("imports:import_confirm", args=[run.pk])).status_code == 403


def test_the_preview_shows_every_column_that_is_stored(town_client, town):
    text = send(town_client, town, workbook([row(备注="分两批")])).content.decode()

    assert (
        "19900000123"
        not in send(
            town_client, town, workbook([[*row(), "19900000123"]], headings=[*HEADINGS, "联系电话"])
        ).content.decode()
    )
    for said in (
        "走访、议事",
        "课堂教学",
        "示例镇党校",
        "镇财政",
        "8,000",
        "0.5",
        "分两批",
        "楼组长",
        "4月",
    ):
        assert said in text


def test_a_guess_is_asked_about_and_answered_on_the_preview(town_client, town):
    content = workbook(
        [row()], headings=[{"期数": "办班次数"}.get(heading, heading) for heading in HEADINGS]
    )
    text = send(town_client, town, content).content.decode()
    run = ImportRun.objects.get()
    assert "把“办班次数”当作“期数”？" in text
    assert reverse("imports:import_confirm", args=[run.pk]) not in text

    answered = press(
        town_client, "imports:import_choose", run.pk, **{"question-0": "runs"}
    ).content.decode()
    assert reverse("imports:import_confirm", args=[run.pk]) in answered
    press(town_client, "imports:import_confirm", run.pk)

    assert AnnualPlan.objects.get().items.get().runs == 2


def test_the_preview_takes_the_hidden_rows_in_when_asked(town_client, town):
    def prepare(book):
        book.active.row_dimensions[4].hidden = True

    content = workbook([row(), row(序号=2, 培训班名称="第二班")], prepare=prepare)
    text = send(town_client, town, content).content.decode()
    run = ImportRun.objects.get()
    assert "第 4 行" in text
    assert 'name="take_hidden"' in text
    assert "第二班" not in text

    text = press(town_client, "imports:import_choose", run.pk, take_hidden="on").content.decode()

    assert "第二班" in text


def test_struck_rows_have_a_tick_of_their_own(town_client, town):
    def prepare(book):
        book.active.row_dimensions[4].hidden = True
        for cell in book.active[5]:
            cell.font = Font(strike=True)

    rows = [row(), row(序号=2, 培训班名称="第二班"), row(序号=3, 培训班名称="第三班")]
    send(town_client, town, workbook(rows, prepare=prepare))
    run = ImportRun.objects.get()

    text = press(town_client, "imports:import_choose", run.pk, take_struck="on").content.decode()

    assert ("第三班" in text, "第二班" in text) == (True, False)
    assert (
        'name="take_hidden"' in text,
        'name="take_struck" checked' in " ".join(text.split()),
    ) == (
        True,
        True,
    )


def test_the_good_rows_are_imported_where_a_person_leaves_the_others_out(town_client, town):
    rows = [row(), row(序号=2, 培训班名称="第二班", 人数="若干"), row(序号=3, 培训班名称="第三班")]
    text = send(town_client, town, workbook(rows)).content.decode()
    run = ImportRun.objects.get()
    assert "不能导入的 1 行先留下" in text

    text = press(town_client, "imports:import_confirm", run.pk).content.decode()
    assert "1 行不能导入，所以整份都没有写入" in text
    assert not AnnualPlan.objects.exists(), "nothing is left out that nobody ticked"

    press(town_client, "imports:import_confirm", run.pk, leave_out="on")

    plan = AnnualPlan.objects.get()
    assert list(plan.items.order_by("number").values_list("number", "name")) == [
        (1, "楼组长骨干班"),
        (3, "第三班"),
    ]
    assert "1 项没有导入" in plan.steps.last().opinion
    result = town_client.get(run.get_absolute_url()).content.decode()
    assert reverse("imports:import_rejected", args=[run.pk]) in result


def test_where_every_row_is_refused_there_is_nothing_to_leave_out(town_client, town):
    text = send(town_client, town, workbook([row(人数="若干")])).content.decode()
    run = ImportRun.objects.get()
    assert 'name="leave_out"' not in text

    press(town_client, "imports:import_confirm", run.pk, leave_out="on")

    assert not AnnualPlan.objects.exists()


def test_a_column_that_is_missing_is_asked_for_on_the_preview(town_client, town):
    place = HEADINGS.index("学时")
    content = workbook(
        [[cell for index, cell in enumerate(row()) if index != place]],
        headings=[heading for heading in HEADINGS if heading != "学时"],
    )
    text = send(town_client, town, content).content.decode()
    run = ImportRun.objects.get()
    assert "文件里没有“学时”这一栏" in text

    press(
        town_client,
        "imports:import_choose",
        run.pk,
        **{"question-0": "8", "question-9": "x", "take_hidden": "on"},
    )
    press(town_client, "imports:import_confirm", run.pk)

    assert AnnualPlan.objects.get().items.get().hours == 8


def test_a_heading_may_be_said_to_be_one_that_the_template_lacks(town_client, town):
    names = {"拟办时间": "开始时间", "地点": "收官节点"}
    headings = [names.get(heading, heading) for heading in HEADINGS]
    assert (
        "结束时间"
        in send(town_client, town, workbook([row(地点="6月")], headings=headings)).content.decode()
    )
    run = ImportRun.objects.get()

    press(town_client, "imports:import_choose", run.pk, **{"question-0": "end"})
    press(town_client, "imports:import_confirm", run.pk)

    assert AnnualPlan.objects.get().items.get().months == "4月至6月"


@pytest.mark.parametrize("said", ["", "nothing", "number" * 30, "\0", "runs"])
def test_odd_answers_do_no_harm(said, town_client, town):
    content = workbook(
        [row()],
        headings=[
            {"期数": "办班次数", "备注": "颜色"}.get(heading, heading) for heading in HEADINGS
        ],
    )
    send(town_client, town, content)

    press(
        town_client,
        "imports:import_choose",
        ImportRun.objects.get().pk,
        **{"question-0": said, "question-1": said},
    )


def test_a_plan_in_review_is_not_imported_into(town_client, town):
    submitted(town=town)

    text = send(town_client, town, workbook([row()])).content.decode()

    assert "现在不能导入" in text
    assert (
        "方案正在审核"
        in press(town_client, "imports:import_confirm", ImportRun.objects.get().pk).content.decode()
    )


@pytest.mark.parametrize(
    "query", [{"owner": "nobody", "year": "abc"}, {"year": "²⁰²⁷"}, {"owner": "", "year": "20270"}]
)
def test_odd_links_to_the_import_page_do_no_harm(query, town_client):
    page(town_client, "import_upload", **query)


# --- export ---------------------------------------------------------------------------------------


def test_the_administrator_downloads_the_year(admin_client):
    filed(items=3)

    response = admin_client.get(reverse("plans:export_all"), {"year": "2027", "format": "xlsx"})

    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["汇总", "全部项目", "重复提示", "单位分月", "按月", "未报送"]
    assert response["Content-Disposition"] == content_disposition_header(
        True, "2027年度培训方案汇总.xlsx"
    )
    assert book["全部项目"].max_row == 4


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"year": "2031"}, "2031 年还没有方案"),
        ({"year": "abc"}, "请选要导出的年度"),
        ({}, "请选要导出的年度"),
        ({"year": "2027", "format": "exe"}, "docx 或 csv"),
    ],
)
def test_what_cannot_be_exported_is_told_on_the_page(query, sentence, admin_client):
    filed()

    response = admin_client.get(reverse("plans:export_all"), query, follow=True)

    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_a_unit_downloads_its_own_plan(town_client, town):
    plan = drafted(town=town)

    response = town_client.get(reverse("plans:plan_export", args=[plan.pk]), {"format": "csv"})

    assert response.content.decode("utf-8-sig").count("\r\n") == 3
    assert (
        "docx 或 csv"
        in town_client.get(
            reverse("plans:plan_export", args=[plan.pk]), {"format": "exe"}, follow=True
        ).content.decode()
    )


def test_the_reason_of_a_return_is_on_top_for_the_unit(town_client, town):
    plan = return_for_changes(plan=submitted(town=town), reason="预算依据不清", by=None, now=NOW)

    text = page(town_client, "plan", plan.pk)

    assert text.index("预算依据不清") < text.index("grid-table")
