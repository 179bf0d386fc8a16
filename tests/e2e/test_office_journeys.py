"""A course and a class are made, a plan is filed, the work case is signed, in a real browser."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from academy.models import Role
from courses.models import ClassStatus, Course, CourseStatus, Lesson, TrainingClass
from plans.forms import planning_year
from plans.models import AnnualPlan, PlanItem, PlanStatus
from practicums.models import SHORT_NAMES, ItemKind, ItemStatus, Secondment, SecondmentStatus

from ..factories import (
    CampusFactory,
    RoleGrantFactory,
    TeachingFormatFactory,
    TownFactory,
    TrackFactory,
    UserFactory,
    VenueFactory,
)
from ..practicums.factories import SecondmentFactory
from .conftest import ON_A_PC, pick

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("width", ON_A_PC)]


def _holder_of(role: str, **scope):
    user = UserFactory()
    RoleGrantFactory(user=user, role=role, **scope)
    return user


def _press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()


def test_district_staff_create_a_course_and_a_class_with_two_lessons(window):
    track, teaching_format = TrackFactory(prefix="SW"), TeachingFormatFactory()
    venue = VenueFactory(campus=CampusFactory())
    visitor = window(_holder_of(Role.DISTRICT_STAFF))

    page = visitor.open("/manage/courses/")
    page.get_by_role("link", name="新建课程").locator("visible=true").first.click()
    page.locator("#id_title").fill("楼道堆物协商实训")
    page.locator("#id_track").select_option(str(track.pk))
    page.locator("#id_summary").fill("学会和楼组一起商量堆物怎么清。")
    page.locator("#id_hours").fill("3")
    page.get_by_label(teaching_format.name).check()
    _press(page, "发布")
    expect(page.get_by_role("status").first).to_contain_text("楼道堆物协商实训")
    course = Course.objects.get()
    assert (course.code, course.status, course.hours) == (
        "SW-001",
        CourseStatus.PUBLISHED,
        Decimal(3),
    )

    first = timezone.localdate() + timedelta(days=30)
    page = visitor.open("/manage/classes/")
    page.get_by_role("link", name="新建班次").locator("visible=true").first.click()
    page.locator("#id_class-title").fill("楼组长成长班")
    page.locator("#id_class-campus").select_option(str(venue.campus.pk))
    page.locator("#id_class-capacity").fill("30")
    page.locator("#id_class-booking_opens_at").fill(f"{first - timedelta(days=29)}T09:00")
    page.locator("#id_class-booking_closes_at").fill(f"{first - timedelta(days=3)}T17:00")
    for number in range(2):
        if not page.locator(f"#id_lessons-{number}-course").count():
            _press(page, "再加一次课")
        pick(page, f"#id_lessons-{number}-course", course.code)
        pick(page, f"#id_lessons-{number}-venue", venue.code)
        page.locator(f"#id_lessons-{number}-day").fill(str(first + timedelta(days=number)))
        page.locator(f"#id_lessons-{number}-starts").fill("13:30")
        page.locator(f"#id_lessons-{number}-ends").fill("15:55")
    _press(page, "开放报名")
    expect(page.get_by_role("status").first).to_contain_text("楼组长成长班")

    training_class = TrainingClass.objects.get()
    assert (training_class.status, training_class.capacity, training_class.lesson_count) == (
        ClassStatus.OPEN,
        30,
        2,
    )
    # the course's three hours
    assert (
        list(Lesson.objects.order_by("number").values_list("venue__code", "hours"))
        == [(venue.code, Decimal("1.5"))] * 2
    )
    public = window().open(f"/classes/{training_class.code}/")
    expect(public.locator("h1")).to_have_text("楼组长成长班")


def test_the_administrator_files_a_towns_plan_and_the_years_workbook_has_equal_totals(
    window, tmp_path
):
    town, year = TownFactory(), planning_year(timezone.localdate())
    clerk = window(_holder_of(Role.TOWN_STAFF, town=town))
    page = clerk.open(f"/manage/plans/?year={year}")
    _press(page, f"起草{town.name}的方案")
    for name, people, runs, budget in (
        ("楼组长培训班", 40, 2, "8000"),
        ("新任居委主任培训班", 25, 1, "3600.50"),
    ):
        page.get_by_role("link", name="添加培训班").locator("visible=true").first.click()
        for field, text in {
            "name": name,
            "organiser": f"{town.name}人民政府",
            "audience": "楼组长",
            "people": people,
            "runs": runs,
            "months": "4月",
            "content": "邻里走访、矛盾早发现",
            "budget": budget,
            "hours": "4",
            "days": "0.5",
        }.items():
            page.locator(f"#id_{field}").fill(str(text))
        _press(page, "保存")
        expect(page.locator("main")).to_contain_text(name)
    _press(page, "送审")
    expect(page.get_by_role("status").first).to_be_visible()
    plan = AnnualPlan.objects.get()
    assert plan.status == PlanStatus.SUBMITTED

    office = window(_holder_of(Role.ADMINISTRATOR))
    page = office.open(plan.get_absolute_url())
    _press(page, "同意备案并编号")
    expect(page.get_by_role("status").first).to_be_visible()
    plan.refresh_from_db()
    assert plan.status == PlanStatus.FILED
    expect(page.locator(".page-head")).to_contain_text(plan.filing_number)

    office.open(f"/manage/plans/?year={year}")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出全年").locator("visible=true").first.click()
    download.value.save_as(tmp_path / "year.xlsx")
    summary, items = (
        list(sheet.iter_rows(values_only=True))
        for sheet in load_workbook(tmp_path / "year.xlsx").worksheets[:2]
    )
    column = {heading: index for index, heading in enumerate(items[0])}
    read_back = [
        sum(line[column[heading]] for line in items[1:])
        for heading in ("人数", "全年学时", "经费预算（元）")
    ]
    stored = PlanItem.objects.totals()
    assert read_back == [stored["people"], float(stored["hours"]), float(stored["budget"])]
    assert (stored["people"], stored["budget"]) == (65, Decimal("11600.50"))
    assert [line[0] for line in summary if line[0] == plan.owner.name] == [plan.owner.name]


def _hand_in(page) -> None:
    """Look it over, say that nothing is classified, hand in."""
    page.locator("button[name=check]:visible").click()
    page.locator("#hand-in_declared_open").check()
    page.locator("button[form=hand-in]:visible, #hand-in button:visible").first.click()


def test_the_work_case_goes_back_and_is_signed_and_closing_names_what_is_open(window):
    today = timezone.localdate()
    secondment = SecondmentFactory(
        starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=60)
    )
    mine = f"/me/secondment/{secondment.code}/{ItemKind.WORK_CASE}/"
    theirs = f"/manage/secondments/{secondment.code}/items/{ItemKind.WORK_CASE}/"

    def status() -> str:
        return secondment.items.get(kind=ItemKind.WORK_CASE).status

    secondee, mentor = window(secondment.trainee.user), window(secondment.mentor)
    page = secondee.open(mine)
    page.locator("#draft_text").fill("起因：三家都不同意。")
    _hand_in(page)
    expect(page.get_by_role("status").first).to_be_visible()
    assert status() == ItemStatus.HANDED_IN

    page = mentor.open(theirs)
    expect(page.locator("main")).to_contain_text("起因：三家都不同意。")
    page.locator("#decide_comment").fill("请写清楚谁做了什么。")
    page.locator("button[name=send_back]").click()
    expect(page.get_by_role("status").first).to_be_visible()
    assert status() == ItemStatus.SENT_BACK

    page = secondee.open(mine)
    expect(page.locator("main")).to_contain_text("请写清楚谁做了什么。")
    page.locator("#draft_text").fill("居委主任上门三次，三家都签了字。")
    _hand_in(page)
    expect(page.get_by_role("status").first).to_be_visible()

    page = mentor.open(theirs)
    page.locator("button[name=sign]").click()
    expect(page.get_by_role("status").first).to_be_visible()
    assert status() == ItemStatus.SIGNED

    page = window(_holder_of(Role.DISTRICT_STAFF)).open(f"/manage/secondments/{secondment.code}/")
    page.locator('form[action$="/close/"] button').click()
    refusal = page.locator(".says .say")
    expect(refusal).to_be_visible()
    open_items = [
        str(SHORT_NAMES[item.kind]) for item in secondment.items.exclude(kind=ItemKind.WORK_CASE)
    ]
    assert [name for name in open_items if name not in refusal.inner_text()] == []
    assert str(SHORT_NAMES[ItemKind.WORK_CASE]) not in refusal.inner_text()
    assert Secondment.objects.get(pk=secondment.pk).status == SecondmentStatus.RUNNING


def test_what_was_typed_is_not_lost_without_a_question(window):
    visitor = window(_holder_of(Role.DISTRICT_STAFF))
    page = visitor.open("/manage/courses/new/")
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("#id_title").fill("楼道堆物协商实训")
    page.locator("header a").first.click()
    page.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    expect(page.locator("#id_title")).to_have_value("楼道堆物协商实训")
    # what is sent is not asked about, and is sent once
    _press(page, "发布")
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    assert asked == ["beforeunload"]
