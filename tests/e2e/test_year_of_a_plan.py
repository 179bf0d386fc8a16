"""A year of a street-town's plan in a real browser: pasted, warned, answered, sent back, filed, and
held against what happened.
"""

from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from academy.models import CampusKind, Role
from courses.models import TrainingClass
from plans.actual.hanging_classes import hang
from plans.filing import file_plan, submit
from plans.models import AnnualPlan, ClassFiling, OverlapAnswer, PlanItem, PlanStatus, WayOut
from tests.factories import SHANGHAI

from ..factories import (
    CampusFactory,
    CourseFactory,
    CourseVersionFactory,
    DepartmentFactory,
    RoleGrantFactory,
    TownFactory,
    UserFactory,
    VenueFactory,
)
from ..plans.factories import AnnualPlanFactory, PlanItemFactory
from ..plans.taught import taught
from .conftest import ON_A_PC, pick
from .test_grids import paste

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("width", ON_A_PC)]
TODAY = datetime(2027, 6, 16, 10, 0, tzinfo=SHANGHAI)  # a Wednesday: plans of 2027 are written
# name, for whom, people, runs, days, hours, months, place, content
ROWS = (
    ("业委会换届实务班", "业委会主任", "60", "2", "0.5", "4", "5月", "党校", "业委会换届流程"),
    ("楼组长走访班", "楼组长", "120", "3", "0.5", "4", "4月", "党校", "邻里走访"),
    ("垃圾分类志愿者班", "志愿者", "80", "2", "0.5", "4", "6月", "党校", "垃圾分类宣传"),
    ("信访接待班", "信访干部", "30", "1", "1", "8", "7月", "党校", "来访接待"),
    ("消防演练班", "消防员", "40", "1", "0.5", "4", "8月", "党校", "灭火器使用"),
    ("财务报销班", "报账员", "24", "1", "0.5", "4", "9月", "党校", "报销单据"),
    ("公文写作班", "文书", "26", "1", "0.5", "4", "10月", "党校", "通知和报告"),
    ("为老服务班", "助老员", "50", "2", "0.5", "4", "11月", "党校", "上门助浴"),
    ("青年入职班", "新进社工", "35", "1", "2", "16", "3月", "党校", "岗位须知"),
    ("河道巡查班", "河长", "20", "1", "0.5", "4", "4月", "党校", "河道保洁"),
)
# name, why, the field that is mended, with what
SENT_BACK = (
    ("财务报销班", "对象写明是哪些单位的报账员", "audience", "居民区报账员"),
    ("消防演练班", "请写明演练地点", "place", "微型消防站"),
)


@pytest.fixture(autouse=True)
def clock(time_machine):
    """The server's day; the browser's own clock does not matter here."""
    time_machine.move_to(TODAY)


def holder_of(role: str, **scope):
    user = UserFactory()
    RoleGrantFactory(user=user, role=role, **scope)
    return user


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()


def follow(page, name: str) -> None:
    page.get_by_role("link", name=name).locator("visible=true").first.click()


def said(page):
    return page.get_by_role("status").first


def a_filed_plan_of_a_department() -> AnnualPlan:
    """It trains the same people on the same in the same season."""
    plan = AnnualPlanFactory(town=None, department=DepartmentFactory())
    PlanItemFactory(
        plan=plan,
        number=1,
        name="业主委员会换届选举操作培训",
        audience="业委会主任",
        months="5月",
        content="业委会换届流程、换届小组组建",
    )
    by = UserFactory()
    return file_plan(plan=submit(plan=plan, by=by, now=TODAY), by=by, now=TODAY)


def test_a_street_town_drafts_answers_mends_and_the_year_is_held_against_its_plan(window, tmp_path):
    other = a_filed_plan_of_a_department()
    town = TownFactory()
    salon = CampusFactory(town=town, kind=CampusKind.SALON)
    venue, course = VenueFactory(campus=salon), CourseFactory(title="防汛值守")
    CourseVersionFactory(course=course, number=1)
    staff = holder_of(Role.TOWN_STAFF, town=town)
    clerk, office = window(staff), window(holder_of(Role.ADMINISTRATOR))

    plan = _paste_ten_rows_and_hand_in(clerk, staff, town, other)
    _send_two_items_back(office, plan)
    _mend_and_hand_in_again(clerk, plan)
    _file(office, plan, tmp_path)

    item = plan.items.get(name="楼组长走访班")
    held = taught(people=3, closed_at=TODAY, starts_at=TODAY - timedelta(days=30), campus=salon)
    hang(training_class=held, item=item, by=staff, now=TODAY)
    _open_an_ad_hoc_class(clerk, plan, salon, venue, course)
    _planned_against_held(office, town)


def _paste_ten_rows_and_hand_in(clerk, staff, town, other) -> AnnualPlan:
    page = clerk.open("/manage/")
    follow(page, "年度方案")
    press(page, f"起草{town.name}的方案")
    page.locator("tr.new [data-f=name]").first.click()
    paste(page, "\n".join("\t".join(row) for row in ROWS))
    expect(page.locator("[data-grid-said]")).to_contain_text("已保存")
    warned = page.locator("[data-grid-checks]")
    expect(warned).to_contain_text("1 项与其他培训重复")
    follow(page, "看与谁重复")

    pair = page.locator("article.overlap")
    expect(pair).to_have_count(1)
    expect(pair).to_contain_text(other.department.name)
    expect(pair.locator("h2")).to_contain_text("业委会")
    pair.locator("summary").click()
    pair.get_by_label("确有不同").check()
    pair.locator("textarea, input[type=text]").first.fill("本镇只训新当选的主任，区里训换届小组")
    press(page, "答复")
    expect(said(page)).to_contain_text("已答复")
    answer = OverlapAnswer.objects.get()
    assert (answer.way, answer.by.name) == (WayOut.DIFFERS, staff.name)

    plan = AnnualPlan.objects.get(town=town)
    follow(page, str(plan.year))
    press(page, "送审")
    expect(page.get_by_role("button", name="撤回送审")).to_be_visible()
    plan.refresh_from_db()
    assert (plan.status, plan.items.count()) == (PlanStatus.SUBMITTED, len(ROWS))
    return plan


def _send_two_items_back(office, plan: AnnualPlan) -> None:
    page = office.open("/manage/")
    page.locator(f"main a[href*='{plan.get_absolute_url()}']").first.click()
    page.locator("#id_opinion").fill("请改好这两项再送审。")
    page.locator("summary").filter(has_text="逐项写退回原因").first.click()
    for name, reason in (
        ("财务报销班", "对象写明是哪些单位的报账员"),
        ("消防演练班", "请写明演练地点"),
    ):
        page.locator(f"#reason-{plan.items.get(name=name).pk}").fill(reason)
    press(page, "退回补正")
    expect(said(page)).to_be_visible()
    plan.refresh_from_db()
    assert plan.status == PlanStatus.RETURNED


def _mend_and_hand_in_again(clerk, plan: AnnualPlan) -> None:
    page = clerk.open("/manage/")
    page.locator(f"main a[href*='{plan.get_absolute_url()}']").first.click()
    for name, reason, field, text in SENT_BACK:
        follow(page, name)
        expect(page.locator("main")).to_contain_text(reason)
        page.locator(f"#id_{field}").fill(text)
        press(page, "保存")
        expect(page.locator("h1")).to_contain_text("方案")
    press(page, "送审")
    expect(page.get_by_role("button", name="撤回送审")).to_be_visible()


def _file(office, plan: AnnualPlan, tmp_path) -> None:
    page = office.open("/manage/")
    page.locator(f"main a[href*='{plan.get_absolute_url()}']").first.click()
    press(page, "同意备案并编号")
    expect(said(page)).to_be_visible()
    plan.refresh_from_db()
    assert (plan.status, plan.versions.count()) == (PlanStatus.FILED, 1)

    office.open(f"/manage/plans/?year={plan.year}")
    with page.expect_download() as download:
        follow(page, "导出全年")
    download.value.save_as(tmp_path / "year.xlsx")
    _summary, items, pairs = load_workbook(tmp_path / "year.xlsx").worksheets[:3]
    names = {str(cell) for line in items.iter_rows(values_only=True) for cell in line}
    assert names >= {row[0] for row in ROWS} | {"居民区报账员"}
    texts = {str(cell) for line in pairs.iter_rows(values_only=True) for cell in line}
    assert "本镇只训新当选的主任，区里训换届小组" in "".join(texts)


def _open_an_ad_hoc_class(clerk, plan: AnnualPlan, salon, venue, course) -> None:
    page = clerk.open("/manage/classes/")
    follow(page, "新建班次")
    day = TODAY + timedelta(days=30)
    page.locator("#id_class-title").fill("防汛值守临时班")
    if page.locator("#id_class-campus").count():
        page.locator("#id_class-campus").select_option(str(salon.pk))
    page.locator("#id_class-capacity").fill("30")
    page.locator("#id_class-booking_opens_at").fill(f"{TODAY:%Y-%m-%d}T09:00")
    page.locator("#id_class-booking_closes_at").fill(f"{day - timedelta(days=3):%Y-%m-%d}T17:00")
    pick(page, "#id_lessons-0-course", course.code)
    pick(page, "#id_lessons-0-venue", venue.code)
    page.locator("#id_lessons-0-day").fill(f"{day:%Y-%m-%d}")
    page.locator("#id_lessons-0-starts").fill("13:30")
    page.locator("#id_lessons-0-ends").fill("15:55")
    press(page, "开放报名")
    expect(page.locator("main")).to_contain_text("请选择班次对应的方案项目")
    page.locator("#id_plan-reason").fill("汛期前市里临时部署")
    press(page, "开放报名")
    expect(said(page)).to_contain_text("防汛值守临时班")
    training_class = TrainingClass.objects.get(title="防汛值守临时班")
    filing = ClassFiling.objects.get(training_class=training_class)
    assert (filing.item, filing.reason) == (None, "汛期前市里临时部署")

    clerk.open(f"/manage/classes/{training_class.code}/")
    page.locator(f"a[href$='/{training_class.code}/plan/']").first.click()
    follow(page, f"补入“{plan}”")
    expect(page.locator("#amend #id_reason")).to_have_value("汛期前市里临时部署")


def _planned_against_held(office, town) -> None:
    page = office.open("/manage/")
    follow(page, "监测")
    press(page, "重新统计")
    planned = page.locator("#planned-held")
    expect(planned).to_contain_text("17")  # runs of the ten rows, and two of the department
    planned.get_by_role("link", name="按单位、按季度看").click()
    row = page.locator("tr").filter(has_text=town.name).first
    row.get_by_role("link", name="3", exact=True).click()
    expect(page.locator("h1")).to_contain_text("2027")
    expect(page.locator("main tbody tr")).to_have_count(3)
    assert PlanItem.objects.count() == len(ROWS) + 1
