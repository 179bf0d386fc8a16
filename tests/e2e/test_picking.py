"""Lists that are typed into, with the keyboard alone: a course, a room, experts, a person."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from academy.models import Role
from academy.people_keys import keep_findable
from academy.search import index

from ..factories import (
    CampusFactory,
    CourseFactory,
    ExpertFactory,
    RoleGrantFactory,
    TraineeFactory,
    UserFactory,
    VenueFactory,
)
from .conftest import ON_A_PC
from .test_every_page import found_by_axe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("width", ON_A_PC)]


@pytest.fixture
def office(window):
    """The window of the academy office, with more to choose from than a glance takes in."""
    campus = CampusFactory()
    CourseFactory(code="QX-921", title="电梯加装协商实训")
    CourseFactory(code="QX-922", title="业委会换届实训")
    CourseFactory.create_batch(12, title="条例逐条用")
    VenueFactory(code="QX-R1", name="一号厅", campus=campus, capacity=20)
    VenueFactory(code="QX-R2", name="议事室", campus=campus, capacity=25)
    VenueFactory.create_batch(12, name="报告厅", campus=campus, capacity=200)
    ExpertFactory.create_batch(12, name="王伟")
    for code, name in (("QM-01", "金敏蓉"), ("QM-02", "翁丽娣"), ("QM-03", "顾红")):
        ExpertFactory(code=code, name=name)
    user = UserFactory()
    RoleGrantFactory(user=user, role=Role.ADMINISTRATOR)
    people = TraineeFactory.create_batch(2, user__name="许雪娟")
    keep_findable([person.user for person in people])
    index.rebuild()
    return window(user)


def lit(page, field):
    """The choice that Enter would take."""
    expect(field).to_have_attribute("aria-activedescendant", re.compile("pick-"))
    return page.locator(f"#{field.get_attribute('aria-activedescendant')}")


def test_a_course_and_a_room_are_chosen_by_keys_alone(office):
    page = office.open("/manage/classes/new/")
    course = page.get_by_role("combobox", name="课程", exact=True)
    course.focus()
    expect(course).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("dianti")
    expect(lit(page, course)).to_contain_text("QX-921")
    expect(course).to_have_attribute("aria-expanded", "true")
    expect(page.locator(f"#{course.get_attribute('aria-controls')}")).to_have_role("listbox")
    page.keyboard.press("Enter")
    expect(course).to_have_value("QX-921 电梯加装协商实训")
    expect(course).to_have_attribute("aria-expanded", "false")
    assert page.locator("select[name=lessons-0-course]").input_value() == "QX-921"

    page.keyboard.press("Tab")
    room = page.get_by_role("combobox", name="教室", exact=True)
    expect(room).to_be_focused()
    page.keyboard.press("ArrowDown")  # all of them
    expect(lit(page, room)).to_contain_text("一号厅")
    page.keyboard.press("ArrowDown")
    expect(lit(page, room)).to_contain_text("议事室")
    page.keyboard.press("Home")
    expect(lit(page, room)).to_contain_text("一号厅")
    page.keyboard.press("ArrowUp")  # around
    expect(lit(page, room)).to_contain_text("报告厅")
    page.keyboard.press("Home")
    page.keyboard.press("End")
    expect(lit(page, room)).to_contain_text("报告厅")
    page.keyboard.press("Escape")
    expect(room).to_have_attribute("aria-expanded", "false")
    assert page.locator("select[name=lessons-0-venue]").input_value() == ""
    page.keyboard.type("yss")
    expect(lit(page, room)).to_contain_text("议事室")
    page.keyboard.press("Tab")  # takes it, as a table does
    assert page.locator("select[name=lessons-0-venue]").input_value() == "QX-R2"


def test_what_was_typed_and_not_taken_gives_way(office):
    page = office.open("/manage/classes/new/")
    course = page.get_by_role("combobox", name="课程", exact=True)
    course.focus()
    page.keyboard.type("dianti")
    expect(lit(page, course)).to_contain_text("QX-921")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("no such course")
    expect(page.locator(".pick-more:visible")).to_contain_text("没有找到")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(course).to_have_value("QX-921 电梯加装协商实训")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    assert page.locator("select[name=lessons-0-course]").input_value() == ""


def test_two_experts_stand_as_chips_and_the_last_goes_by_backspace(office):
    page = office.open("/manage/season/2027Q2/batch/")
    experts = page.get_by_role("combobox", name="授课老师")
    experts.focus()
    for letters, name in (("jmr", "金敏蓉"), ("weng", "翁丽娣"), ("顾", "顾红")):
        page.keyboard.type(letters)
        expect(lit(page, experts)).to_contain_text(name)
        page.keyboard.press("Enter")
        expect(page.locator(".pick-chips li").last).to_contain_text(name)
    page.keyboard.press("Backspace")
    expect(page.locator(".pick-chips li")).to_have_count(2)
    expect(experts).to_be_focused()
    chosen = page.locator("select[name=experts]").evaluate(
        "list => [...list.selectedOptions].map(option => option.value)"
    )
    assert chosen == ["QM-01", "QM-02"]


def test_a_person_is_chosen_by_keys_and_gets_a_role(office):
    page = office.open("/manage/roles/give/")
    field = page.get_by_role("combobox", name="姓名或手机号").first
    field.focus()
    page.keyboard.type("xxj")
    expect(page.locator("[role=option]:visible")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(lit(page, field)).to_contain_text("****")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("许雪娟")
    assert "q-key=" in page.url


def test_without_a_script_the_lists_stay(office, window):
    user = UserFactory()
    RoleGrantFactory(user=user, role=Role.ADMINISTRATOR)
    page = window(user, javascript=False).open("/manage/classes/new/")
    page.locator("#id_lessons-0-course").select_option("QX-921")
    page.locator("#id_lessons-0-venue").select_option("QX-R2")
    expect(page.get_by_role("combobox", name="课程", exact=True)).to_be_visible()


def test_a_lost_answer_leaves_the_list_to_choose_from(office):
    page = office.open("/manage/classes/new/")
    page.route("**/manage/pick/**", lambda route: route.abort())
    course = page.get_by_role("combobox", name="课程", exact=True)
    course.focus()
    page.keyboard.type("电梯")
    expect(lit(page, course)).to_contain_text("QX-921")


def test_axe_finds_nothing_while_a_list_is_open(office):
    page = office.open("/manage/classes/new/")
    first = timezone.localdate() + timedelta(days=30)
    page.locator("#id_lessons-0-day").fill(str(first))
    page.locator("#id_lessons-0-starts").fill("13:30")
    page.locator("#id_lessons-0-ends").fill("15:55")
    for name, letters in (("教室", "yss"), ("授课人员", "jin")):
        field = page.get_by_role("combobox", name=re.compile(name)).first
        field.focus()
        page.keyboard.type(letters)
        lit(page, field)
        expect(page.locator(".pick-found small.free:visible").first).to_be_visible()
        found = found_by_axe(page)
        assert [(item["id"], item["nodes"][0]["html"][:120]) for item in found] == []
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
