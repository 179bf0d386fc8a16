"""A plan is pasted and sent, a round of classes is previewed, in a real browser; clicks are
counted.
"""

from datetime import date

import pytest
from playwright.sync_api import expect

from academy.models import CampusKind, Role
from plans.forms import planning_year
from plans.models import AnnualPlan, PlanItem, PlanStatus

from ..factories import (
    CampusFactory,
    CourseFactory,
    CourseVersionFactory,
    RoleGrantFactory,
    TownFactory,
    UserFactory,
    VenueFactory,
)
from ..plans.factories import drafted

pytestmark = pytest.mark.django_db(transaction=True)
ON_PC = pytest.mark.parametrize("width", ["pc"], indirect=True)
PASTE = """([text, html]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  if (html) data.setData("text/html", html);
  const about = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", about));
}"""
TEN = "\n".join(
    f"示例班{number}\t楼组长\t1,2{number:02}\t2\t0.5\t4\t{number}月\t党校\t邻里走访"
    for number in range(1, 11)
)


def staff_of(town):
    user = UserFactory()
    RoleGrantFactory(user=user, role=Role.TOWN_STAFF, town=town)
    return user


def paste(page, text: str, html: str = "") -> None:
    page.evaluate(PASTE, [text, html])


def cell(page, number: int, name: str):
    return page.locator(f"#item-{number} [data-f={name}]")


def said(page):
    return page.locator("[data-grid-said]")


@ON_PC
def test_a_plan_of_ten_rows_is_pasted_and_sent_in_six_clicks(window):
    town = TownFactory()
    page = window(staff_of(town)).open("/manage/plans/")
    clicks = 0

    def click(locator) -> None:
        nonlocal clicks
        clicks += 1
        locator.click()

    click(page.locator("main form[method=post] button.btn-primary").first)
    click(page.locator("tr.new [data-f=name]").first)
    paste(page, TEN)
    expect(said(page)).to_contain_text("已保存")
    expect(page.locator("[data-total=people]")).to_have_text("12,055")
    expect(page.locator("[data-hand-in] button")).to_be_enabled()
    click(page.locator("[data-hand-in] button"))
    expect(page.get_by_role("button", name="撤回送审")).to_be_visible()

    plan = AnnualPlan.objects.get()
    assert (plan.status, plan.items.count(), clicks <= 6) == (PlanStatus.SUBMITTED, 10, True)
    assert plan.items.last().content == "邻里走访"
    assert plan.year == planning_year(date.today())


@ON_PC
def test_a_wrong_cell_keeps_all_pasted_rows_until_it_is_mended(window):
    town = TownFactory()
    plan = drafted(town=town, items=1)
    page = window(staff_of(town)).open(plan.get_absolute_url())

    page.locator("tr.new [data-f=name]").first.click()
    paste(page, TEN.replace("1,203", "七十来人"))
    expect(cell(page, 4, "people")).to_have_class("r wrong")
    expect(said(page)).to_contain_text("一项也没有保存")
    expect(page.locator("[data-hand-in] button")).to_be_disabled()
    assert plan.items.count() == 1

    page.get_by_role("button", name="改为 70").click()
    expect(said(page)).to_contain_text("已保存")
    assert plan.items.count() == 11
    assert plan.items.get(number=4).people == 70


@ON_PC
def test_headings_are_read_and_merged_cells_are_asked_about(window):
    town = TownFactory()
    plan = drafted(town=town, items=0)
    page = window(staff_of(town)).open(plan.get_absolute_url())

    page.locator("tr.new [data-f=name]").first.click()
    paste(
        page,
        "参训人数\t培训名称\t参训对象\n30\t甲班\t楼组长\n40\t乙班\t",
        "<table><tr><td>参训人数<td>培训名称<td>参训对象</tr><tr><td>30<td>甲班<td rowspan=2>楼组长"
        "</tr><tr><td>40<td>乙班</tr></table>",
    )
    expect(page.locator(".grid-note")).to_contain_text("合并")
    page.get_by_role("button", name="改为 楼组长").click()
    expect(said(page)).to_contain_text("已保存")

    assert list(plan.items.values_list("name", "people", "audience")) == [
        ("甲班", 30, "楼组长"),
        ("乙班", 40, "楼组长"),
    ]


@ON_PC
def test_cells_are_typed_into_with_keys_alone_and_a_row_comes_back(window):
    town = TownFactory()
    plan = drafted(town=town, items=3)
    page = window(staff_of(town)).open(plan.get_absolute_url())

    cell(page, 1, "name").focus()
    page.keyboard.type("新名称")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("98")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("已保存")
    first = plan.items.get(number=1)
    assert (first.name, first.people) == ("新名称", 98)

    page.get_by_role("button", name="删除此项").click()
    expect(said(page)).to_contain_text("已删除“培训班2”")
    assert plan.items.count() == 2
    page.keyboard.press("Enter")  # undo has the focus
    expect(said(page)).to_contain_text("已保存")
    assert list(plan.items.values_list("name", flat=True)) == ["新名称", "培训班2", "培训班3"]

    cell(page, 1, "people").click()
    page.get_by_role("button", name="复制此项").click()
    page.keyboard.type("副本")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("已保存")
    expect(cell(page, 2, "name")).to_have_text("副本")
    expect(page.locator("#item-2[data-pk]:not(.unsaved)")).to_be_visible()
    assert plan.items.get(number=2).people == 98


@ON_PC
def test_a_stale_row_says_what_changed_and_asks(window):
    town = TownFactory()
    plan = drafted(town=town, items=2)
    page = window(staff_of(town)).open(plan.get_absolute_url())
    PlanItem.objects.filter(plan=plan, number=1).update(people=120)

    cell(page, 1, "people").click()
    page.keyboard.type("98")
    page.keyboard.press("Enter")
    expect(page.locator(".grid-note")).to_contain_text("别人把“40”改成了“120”，您填的是“98”")
    assert plan.items.get(number=1).people == 120

    page.get_by_role("button", name="按我填的保存").click()
    expect(said(page)).to_contain_text("已保存")
    assert plan.items.get(number=1).people == 98


@ON_PC
def test_twelve_sites_by_eight_weeks_are_seen_on_one_screen(window):
    user = UserFactory()
    RoleGrantFactory(user=user, role=Role.DISTRICT_STAFF)
    course = CourseVersionFactory(course=CourseFactory(code="ZZ-901", title="电梯加装协商")).course
    for number in range(1, 13):
        campus = CampusFactory(
            code=f"S{number:02}", kind=CampusKind.SALON, town=TownFactory(name=f"{number}号镇")
        )
        VenueFactory(campus=campus, capacity=40, name="议事厅")
    year = date.today().year + 1
    page = window(user).open(f"/manage/season/{year}Q4/batch/")
    page.locator("[name=course]").select_option(course.code)
    page.locator("[name=first_day]").fill(f"{year}-10-01")
    page.locator("[name=booking_opens_at]").fill(f"{year}-09-01T09:00")
    page.locator("main form[method=post] button.btn-primary").click()

    page.set_viewport_size({"width": 1280, "height": 800})
    matrix = page.locator(".matrix")
    expect(matrix.locator("tbody tr")).to_have_count(12)
    expect(matrix.locator("tbody td")).to_have_count(96)
    box = matrix.bounding_box()
    assert (box["y"] + box["height"] <= 800, box["x"] + box["width"] <= 1280) == (True, True)
    expect(matrix.locator("td.holiday")).to_have_count(12)  # the first week is National Day
    expect(matrix.locator("thead th").nth(1)).to_contain_text("国庆节")
