"""The code on the wall, from the projector to the roll: a phone reads the picture on the screen and
opens what it says. Source: docs/rules.md R70, R72.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from trainees.booking.enrolling import book
from trainees.models import Attendance
from trainees.tasks import release_due_seat_pools

from ..factories import NOW, class_with
from .conftest import ON_A_PHONE, PASSWORD, ROOT, WIDTHS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("width", ON_A_PHONE)]
STARTS = NOW.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=14)
# two minutes past nine, and three seconds before the code changes: the test need not wait long
NINE = STARTS + timedelta(minutes=2, seconds=7)
JSQR = ROOT / "node_modules" / "jsqr" / "dist" / "jsQR.js"
READ = """async (address) => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const {width, height} = picture;
  const canvas = Object.assign(document.createElement("canvas"), {width, height});
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const {data} = pen.getImageData(0, 0, width, height);
  return jsQR(data, width, height)?.data ?? "";
}"""


@pytest.fixture(autouse=True)
def watch(time_machine):
    time_machine.move_to(NINE)
    return time_machine


@pytest.fixture
def lesson(campus):
    return class_with(seats=5, starts_at=STARTS, campus=campus).lessons.get()


@pytest.fixture
def seat(lesson, cadre):
    return book(trainee=cadre, training_class=lesson.training_class, by=cadre.user, now=NOW)


@dataclass
class Projector:
    """The page of the wall on the screen, and the eye of a phone that looks at it."""

    page: Page
    eye: Page

    def shows(self) -> str:
        """The address that a phone reads off the screen."""
        picture = b64encode(self.page.screenshot()).decode()
        return self.eye.evaluate(READ, f"data:image/png;base64,{picture}")

    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.shows())

    def changes(self, before: str) -> str:
        """Wait until another code is shown; returns its address."""
        for _look in range(60):
            if (now := self.path()) not in ("", before):
                return now
            self.page.wait_for_timeout(250)
        raise AssertionError("the picture on the wall does not change")


@pytest.fixture
def projector(window, branch_coordinator, lesson):
    visitor = window(branch_coordinator)
    wide, high = WIDTHS["pc"]
    visitor.page.set_viewport_size({"width": wide, "height": high})
    page = visitor.open(f"/manage/lessons/{lesson.pk}/wall/")
    eye = window().page
    eye.add_script_tag(path=JSQR)
    return Projector(page, eye)


def log_in(page, person) -> None:
    """On the log-in page that a scan led to."""
    page.locator("input[name=login]").fill(person.user.phone)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form[method=post] button.btn-primary").first.click()


def marks() -> list[tuple]:
    return list(Attendance.objects.values_list("enrolment__trainee", "status", "method"))


def test_a_scan_in_time_marks_without_a_tap_and_the_wall_counts(
    window, projector, lesson, seat, cadre
):
    phone = window(cadre.user)
    expect(projector.page.locator("[data-came]")).to_have_text("0")
    page = phone.open(projector.path())

    expect(page.locator("h1")).to_have_text("已签到 9:02")
    assert marks() == [(cadre.pk, "present", "qr")]
    expect(projector.page.locator("[data-came]")).to_have_text("1")
    page.go_back()  # not to a code that is dead by then
    assert page.url == "about:blank"


def test_the_picture_changes_and_the_old_one_dies_after_twenty_seconds(
    window, projector, lesson, seat, cadre, watch
):
    phone, passer_by = window(cadre.user), window()
    old = projector.path()
    projector.changes(old)
    watch.move_to(timezone.now() + timedelta(seconds=20))

    for visitor in (phone, passer_by):
        page = visitor.open(old)
        expect(page.locator("h1")).to_have_text("还没有签到")
        expect(page.locator("main")).to_contain_text("这个码已经失效")
        expect(page.locator("main")).to_contain_text("请再扫一次投屏")
    assert marks() == []


def test_without_a_connection_the_wall_shows_no_dead_code(projector):
    page = projector.page
    page.clock.install()
    page.reload()
    projector.changes(projector.path())
    page.context.set_offline(True)
    page.clock.run_for(25_000)

    expect(page.locator("[data-away]")).to_be_visible()
    expect(page.locator("[data-away]")).to_contain_text("现在没有网络")
    expect(page.locator(".wall-code svg")).to_be_hidden()
    page.context.set_offline(False)
    page.clock.run_for(4_000)
    expect(page.locator(".wall-code svg")).to_be_visible()
    expect(page.locator("[data-away]")).to_be_hidden()


def test_a_log_in_after_the_scan_loses_nothing(window, projector, lesson, seat, cadre, watch):
    page = window().open(projector.path())
    expect(page.locator("main")).to_contain_text("已收到您 9:02 的扫码，登录后即算签到")
    watch.move_to(NINE + timedelta(minutes=20))
    log_in(page, cadre)

    expect(page.locator("h1")).to_have_text("已签到 9:02")
    assert marks() == [(cadre.pk, "present", "qr")]


def test_a_link_that_was_passed_on_marks_nobody(window, projector, lesson, seat, cadre, watch):
    """The address on the wall twenty seconds later, and the one that its scan led to."""
    sent_on = projector.path()
    friend = window().open(sent_on)
    expect(friend.locator("input[name=password]")).to_be_visible()
    led_to = friend.url
    watch.move_to(timezone.now() + timedelta(seconds=20))
    visitor = window()
    page = visitor.open(sent_on)
    expect(page.locator("main")).to_contain_text("这个码已经失效")
    page.goto(led_to)
    log_in(page, cadre)

    expect(page.locator("h1")).to_have_text("还没有签到")
    expect(page.locator("main")).to_contain_text("8:00 起可以扫投屏上的签到码")
    expect(visitor.open(sent_on).locator("main")).to_contain_text("这个码已经失效")
    assert marks() == []


def test_an_early_scan_says_when_it_counts_and_counts_then(
    window, projector, lesson, seat, cadre, watch
):
    watch.move_to(STARTS - timedelta(minutes=75, seconds=3))
    projector.page.reload()
    page = window(cadre.user).open(projector.path())
    expect(page.locator("h1")).to_have_text("已收到您的扫码")
    expect(page.locator("main")).to_contain_text("8:00 起自动算作签到，不用再扫")
    assert marks() == []

    watch.move_to(STARTS - timedelta(minutes=60))
    release_due_seat_pools()
    page.reload()
    expect(page.locator("h1")).to_have_text("已签到 8:00")
    assert marks() == [(cadre.pk, "present", "qr")]


def test_a_second_scan_says_so_and_a_stranger_hears_what_to_do(
    window, projector, lesson, seat, cadre, colleague
):
    phone = window(cadre.user)
    phone.open(projector.path())
    expect(phone.page.locator("h1")).to_have_text("已签到 9:02")
    again = phone.open(projector.path())
    expect(again.locator("main")).to_contain_text("您 9:02 已经签到，不用再签。")

    page = window(colleague.user).open(projector.path())
    expect(page.locator("h1")).to_have_text("还没有签到")
    expect(page.locator("main")).to_contain_text("请到门口告诉带班老师")
    assert marks() == [(cadre.pk, "present", "qr")]


def test_without_javascript_the_button_checks_in(window, projector, lesson, seat, cadre):
    page = window(cadre.user, javascript=False).open(projector.path())
    page.get_by_role("button", name=f"{cadre.name} 签到").click()

    expect(page.locator("h1")).to_have_text("已签到 9:02")
