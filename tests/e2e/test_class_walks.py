"""What an office person does with a class, counted in clicks and fields at 1280 pixels."""

import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from academy.models import Role, Town
from courses.models import ClassStatus, TrainingClass
from trainees.models import EnrolmentStatus, HourEntry, Nomination
from trainees.record.attendance import mark

from ..factories import (
    CourseVersionFactory,
    EnrolmentFactory,
    PositionFactory,
    RoleGrantFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    VenueFactory,
    VillageFactory,
    ask,
    class_with,
)
from .conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Walk:
    """A page on which clicks and fields are counted."""

    page: Page
    base: str
    clicks: int = 0
    fields: int = 0

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def press(self, words: str) -> None:
        pressed = self.page.locator("main").locator('a, button:not([tabindex="-1"])')
        pressed.filter(has_text=words).locator("visible=true").first.click()
        self.page.wait_for_load_state()
        self.clicks += 1

    def tick(self, words: str) -> None:
        self.page.get_by_label(words, exact=True).check()
        self.clicks += 1

    def fill(self, field: str, text: str) -> None:
        found = self.page.locator(f"#{field}")
        if found.evaluate("field => field.tagName") == "SELECT":
            found.select_option(text)
        else:
            found.fill(text)
        self.fields += 1


@pytest.fixture
def walk(browser, live_server):
    """Begin a walk as somebody with a role."""
    opened = []

    def begin(role: str, **scope) -> Walk:
        user = UserFactory()
        RoleGrantFactory(user=user, role=role, **scope)
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        visitor = Visitor(context, context.new_page(), live_server.url).be(user)
        return Walk(visitor.page, live_server.url)

    yield begin
    for context in opened:
        context.close()


def test_a_class_of_five_lessons_with_quotas_for_every_town_in_twenty_fields(walk):
    towns = [TownFactory() for _number in range(13)]
    venue = VenueFactory(capacity=60)
    courses = [CourseVersionFactory().course for _number in range(5)]
    first = timezone.localdate() + timedelta(days=40)
    office = walk(Role.DISTRICT_STAFF)
    office.open("/manage/classes/new/")
    began = time.monotonic()

    office.fill("id_class-title", "书记轮训班")
    office.fill("id_class-campus", str(venue.campus.pk))
    office.fill("id_class-capacity", "60")
    office.fill("id_class-booking_opens_at", f"{first - timedelta(days=30)}T09:00")
    office.fill("id_class-booking_closes_at", f"{first - timedelta(days=5)}T17:00")
    office.fill("id_lessons-0-course", courses[0].code)
    office.fill("id_lessons-0-venue", venue.code)
    office.fill("id_lessons-0-day", str(first))
    office.fill("id_lessons-0-starts", "09:00")
    office.fill("id_lessons-0-ends", "11:25")
    office.fill("repeat-times", "4")
    office.page.locator('button[value="repeats"]').click()
    office.page.wait_for_load_state()
    for number in range(1, 5):
        office.fill(f"id_lessons-{number}-course", courses[number].code)
    office.fill("each-seats", "2")
    office.page.locator('button[value="each-town"]').click()
    office.page.wait_for_load_state()
    office.press("存草稿")

    print(f"{office.fields} fields, {time.monotonic() - began:.1f} s of page time")
    assert office.fields <= 20
    training_class = TrainingClass.objects.get()
    assert training_class.lesson_count == 5
    assert set(training_class.lessons.values_list("course_version__course", flat=True)) == {
        course.pk for course in courses
    }
    pools = training_class.pools.filter(town__isnull=False)
    assert {pool.town: pool.seats for pool in pools} == dict.fromkeys(Town.objects.all(), 2)
    assert len(towns) == 13


def test_quotas_of_every_town_of_a_class_that_stands_are_two_fields_and_a_pasted_column(walk):
    towns = [TownFactory() for _number in range(13)]
    training_class = class_with(seats=40, starts_at=timezone.now() + timedelta(days=20))
    office = walk(Role.DISTRICT_STAFF)
    office.open(f"/manage/classes/{training_class.code}/quotas/")

    office.fill("fill-each", "2")
    office.page.locator('button[value="each"]').click()
    office.page.wait_for_load_state()
    first = office.page.locator("input.cell").first
    first.focus()
    first.evaluate(
        """cell => {
          const copied = new DataTransfer();
          copied.setData("text/plain", "3\\r\\n1\\r\\n");
          cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: copied, bubbles: true,
            cancelable: true}));
        }"""
    )
    expect(office.page.locator("[data-sum]")).to_have_text(str(2 * Town.objects.count()))
    first.press("Enter")
    assert office.page.evaluate("document.activeElement.value") == "1"
    office.press("保存名额")

    expect(office.page.locator("[role=status], [aria-live]").first).to_be_visible()
    pools = training_class.pools.filter(town__isnull=False).order_by("town__code")
    assert set(towns) <= {pool.town for pool in pools}
    assert [pool.seats for pool in pools] == [3, 1] + [2] * (len(pools) - 2)
    assert office.fields == 1


def test_four_of_sixty_nine_are_sent_in_ten_clicks(walk):
    town = TownFactory()
    village, post = VillageFactory(town=town), PositionFactory()
    people = [TraineeFactory(village=village, position=post) for _number in range(20)]
    others = PositionFactory()
    for _number in range(49):
        TraineeFactory(village=village, position=others)
    training_class = class_with(
        seats=10,
        town_seats={town: 4},
        starts_at=timezone.now() + timedelta(days=20),
        booking_opens_at=timezone.now() - timedelta(days=1),
        booking_closes_at=timezone.now() + timedelta(days=9),
    )
    ask(training_class, audiences=[post])
    clerk = walk(Role.TOWN_STAFF, town=town)
    clerk.open("/manage/nominations/")

    clerk.press(training_class.title)
    expect(clerk.page.locator("input[name=people]")).to_have_count(20)
    for person in people[:4]:
        clerk.tick(person.name)
    clerk.press("安排所选的人")

    assert clerk.clicks <= 10
    assert {item.trainee for item in Nomination.objects.all()} == set(people[:4])
    expect(clerk.page.locator("main")).to_contain_text("名额 4 席，已用 4 席")
    expect(clerk.page.locator("input[name=people]")).to_have_count(16)


def test_the_one_absence_of_twenty_seven_is_seen_before_the_hours_are_posted(walk):
    training_class = class_with(
        seats=30, starts_at=timezone.now() - timedelta(days=2), status=ClassStatus.RUNNING
    )
    pool = training_class.pools.get()
    people = [
        EnrolmentFactory(
            training_class=training_class,
            trainee=TraineeFactory(),
            pool=pool,
            status=EnrolmentStatus.BOOKED,
        )
        for _number in range(27)
    ]
    type(pool).objects.filter(pk=pool.pk).update(seats_taken=27)
    lesson, by, now = training_class.lessons.get(), UserFactory(), timezone.now()
    mark(lesson=lesson, enrolments=people[1:], status="present", by=by, now=now)
    mark(lesson=lesson, enrolments=people[:1], status="absent", by=by, now=now)
    office = walk(Role.DISTRICT_STAFF)
    office.open(f"/manage/classes/{training_class.code}/")

    office.press("看学时，结班")

    absent = office.page.locator("tbody tr").filter(has_text=people[0].trainee.name)
    expect(absent).to_contain_text("缺课")
    box = absent.bounding_box()
    assert box["y"] + box["height"] <= 800  # on the first screen, before all others
    assert not HourEntry.objects.exists()
    office.press("结班，记学时")
    expect(office.page.locator("main")).to_contain_text("已结班")
    assert office.clicks == 2
    assert HourEntry.objects.count() == 26


def test_a_matrix_is_marked_by_keys_alone_and_its_sums_follow(walk):
    training_class = class_with(
        seats=5, lessons=2, starts_at=timezone.now() - timedelta(days=2), status=ClassStatus.RUNNING
    )
    pool = training_class.pools.get()
    people = [
        EnrolmentFactory(
            training_class=training_class,
            trainee=TraineeFactory(),
            pool=pool,
            status=EnrolmentStatus.BOOKED,
        )
        for _number in range(2)
    ]
    type(pool).objects.filter(pk=pool.pk).update(seats_taken=2)
    office = walk(Role.DISTRICT_STAFF)
    office.open(f"/manage/classes/{training_class.code}/attendance/")
    keyboard, focus = office.page.keyboard, office.page.locator("td.lesson a:focus")

    office.page.locator("td.lesson a").first.focus()
    keyboard.press("1")
    expect(focus).to_contain_text("到课")
    keyboard.press("ArrowRight")
    keyboard.press("5")
    expect(focus).to_contain_text("缺课")
    keyboard.press("ArrowDown")
    keyboard.press("Space")
    expect(focus).to_contain_text("到课")
    keyboard.press("Delete")
    expect(focus).to_contain_text("未点名")

    assert sorted(
        status
        for person in people
        for status in person.attendances.values_list("status", flat=True)
    ) == ["absent", "present"]
    expect(office.page.locator(".matrix tfoot")).to_contain_text("缺 1")
    expect(office.page.locator(".matrix tfoot td").last).to_have_text("3")
