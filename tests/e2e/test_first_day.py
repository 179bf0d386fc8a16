"""From an empty database to hours in a cadre's ledger, by pages alone behind the one command, with
at most fifteen clicks a step. Whoever sits there knows one address, that of the portal, and goes on
by what stands on the pages.
"""

import re
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from academy.accounts.sms import ConsoleChannel
from academy.models import Role, RoleGrant, Town, User, Village
from courses.models import Course, Expert, TrainingClass
from trainees.models import HourEntry, HourTarget, Trainee

from .conftest import ON_A_PC, ROOT, pick

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("width", ON_A_PC)]
ADMINISTRATOR, PASSWORD = "13900000801", "Bao-shan-2027!"
COORDINATOR, CLERK = "13900000802", "13900000803"
ROSTERS = ("roster-clean.xlsx", "roster-messy.xlsx", "roster-gbk.csv")  # of three offices
MOST_CLICKS = 15
COLLEGE = "宝山区社区治理学院总校"


class Hand:
    """Whoever sits at a window; counts what they press, choose and tick."""

    def __init__(self, visitor, codes: list[str], folder) -> None:
        self.visitor, self.page, self.codes, self.folder = visitor, visitor.page, codes, folder
        self.clicks = 0

    def step_is_done(self) -> None:
        assert self.clicks <= MOST_CLICKS
        self.clicks = 0

    def press(self, name: str, within: str = "main") -> None:
        """A link or a button on which stands just this."""
        just_this = re.compile(rf"^\s*{re.escape(name)}\s*$")
        found = self.page.locator(within).locator("a, button, summary").filter(has_text=just_this)
        found.locator("visible=true").first.click()
        self.page.wait_for_load_state()
        self.clicks += 1

    def choose(self, selector: str, label) -> None:
        pick(self.page, selector, label)
        self.clicks += 1

    def send_file(self, path) -> None:
        self.page.locator("main input[type=file]").set_input_files(path)
        self.press("看预览")
        self.clicks += 1
        confirm = self.page.locator("main button", has_text="确认导入")
        confirm.click()
        self.page.wait_for_load_state()
        self.clicks += 1
        expect(self.page.get_by_role("status").first).to_contain_text("导入")

    def send_sample(self, table: str) -> None:
        """Take the sample of a table from the start list, and send it as it is."""
        with self.page.expect_download() as download:
            self.page.locator(".start-list a[href*='/samples/']", has_text=table).click()
        path = self.folder / f"{table}.xlsx"
        download.value.save_as(path)
        self.clicks += 1
        self.press(f"上传{table}")
        self.send_file(path)
        expect(self.page.locator("h1")).to_have_text("启用清单")

    def come(self) -> None:
        """The one address that is typed, and the way to the log-in page."""
        self.visitor.open("/")
        self.press("登录", within="header")

    def go_on(self) -> None:
        """Back to the list of the first day, from any page."""
        self.page.locator("nav a", has_text="待办").locator("visible=true").first.click()
        self.page.wait_for_load_state()
        self.clicks += 1
        self.press("打开启用清单")

    def log_in_by_code(self, phone: str) -> None:
        self.come()
        self.press("验证码登录")
        self._get_code(phone)
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def set_a_password_by_code(self, phone: str, password: str) -> None:
        self.come()
        self.press("忘了密码，或没有设过密码")
        self.page.locator("main a[href*='/password/forgotten/']").locator(
            "visible=true"
        ).first.click()
        self.page.wait_for_load_state()
        self._get_code(phone)
        self.page.wait_for_load_state()
        for field in self.page.locator("main input[type=password]").all():
            field.fill(password)
        self.page.locator("main form[method=post] button.btn-primary").click()
        self.page.wait_for_load_state()
        self.clicks += 2

    def _get_code(self, phone: str) -> None:
        known = len(self.codes)
        self.page.locator("main input").locator("visible=true").first.fill(phone)
        self.page.locator("main form[method=post] button.btn-primary").click()
        self.page.locator("main input[name=code]").wait_for()
        while len(self.codes) == known:
            self.page.wait_for_timeout(50)
        self.page.locator("main input[name=code]").fill(self.codes[-1])
        self.page.locator("main form[method=post] button.btn-primary").click()
        self.clicks += 2


@pytest.fixture
def hand(window, monkeypatch, settings, tmp_path):
    settings.SMS_CHANNEL, settings.SMS_TEXT_IN_LOG = "academy.accounts.sms.ConsoleChannel", True
    codes: list[str] = []
    monkeypatch.setattr(
        ConsoleChannel,
        "send",
        lambda self, *, phone, text: codes.append(re.search(r"\d{6}", text)[0]),
    )
    return lambda: Hand(window(), codes, tmp_path)


def at(day, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), timezone.get_current_timezone())


def test_a_real_academy_moves_in(hand, monkeypatch):
    assert not User.objects.exists()
    said = iter([PASSWORD, PASSWORD])
    monkeypatch.setattr(
        "academy.management.commands.first_administrator.Command._password", lambda self: next(said)
    )
    call_command("first_administrator", ADMINISTRATOR, "沈知远")

    today = timezone.localdate()
    with time_machine.travel(at(today + timedelta(days=1), "09:00")):
        office = hand()
        set_up(office)
        open_the_first_class(office, timezone.localdate() + timedelta(days=2))
    training_class = TrainingClass.objects.get()
    cadre = Trainee.objects.filter(position__name="居民区书记").order_by("pk").first()
    with time_machine.travel(at(today + timedelta(days=1), "11:00")):
        learner = hand()
        book(learner, cadre.user.phone)
    with time_machine.travel(training_class.starts_at - timedelta(minutes=10)):
        hold(hand(), cadre.user.name)
    with time_machine.travel(training_class.ends_at + timedelta(minutes=10)):
        close(hand())
        learner.press(cadre.user.name, within="header")
        expect(learner.page.locator("main")).to_contain_text("3 学时")
    assert HourEntry.objects.get().trainee == cadre
    assert HourEntry.objects.get().hours == Decimal(3)


def set_up(office: Hand) -> None:
    """From logging in to the roles."""
    office.come()
    page = office.page
    page.locator("input[name=login]").fill(ADMINISTRATOR)
    page.locator("input[name=password]").fill(PASSWORD)
    office.press("登录")
    office.press("打开启用清单")
    office.step_is_done()

    office.send_sample("街镇")
    office.send_sample("居村")
    office.step_is_done()
    office.send_sample("部门")
    office.send_sample("教学点")
    office.step_is_done()
    assert (Town.objects.count(), Village.objects.count()) == (13, 567)

    office.press("用常用词填好")
    office.press("就用这些词")
    office.step_is_done()
    office.send_sample("服务事项")
    office.send_sample("课程目录")
    office.step_is_done()
    office.send_sample("教室")
    office.step_is_done()
    office.send_sample("师资")
    office.step_is_done()
    assert (Course.objects.published().count(), Expert.objects.count()) == (8, 8)

    for number, roster in enumerate(ROSTERS):
        office.press("再传一份" if number else "上传花名册")
        office.send_file(ROOT / "tests" / "cases" / "rosters" / roster)
    office.step_is_done()
    assert Trainee.objects.count() == 120 + 64 + 36

    office.go_on()
    office.press("授予角色")
    give(office, "韩梅", COORDINATOR, "分校教务", COLLEGE)
    office.press("给一个角色")
    give(office, "何静", CLERK, "街镇工作人员", "大场镇")
    office.step_is_done()
    assert set(RoleGrant.objects.values_list("role", flat=True)) == {
        Role.ADMINISTRATOR,
        Role.BRANCH_COORDINATOR,
        Role.TOWN_STAFF,
    }

    office.go_on()
    office.send_sample("学时要求")
    office.step_is_done()
    assert HourTarget.objects.count() == 3


def give(office: Hand, name: str, phone: str, role: str, place: str) -> None:
    office.page.locator("#id_name").fill(name)
    office.page.locator("#id_phone").fill(phone)
    office.press("建账号，选角色")
    office.page.locator(".row-action", has_text=role).get_by_role("link").first.click()
    office.clicks += 1
    pick(office.page, "#id_place", place)
    office.clicks += 1
    office.press("给这个角色")
    expect(office.page.get_by_role("status").first).to_contain_text(name)


def open_the_first_class(office: Hand, day) -> None:
    page = office.page
    office.press("新建班次")
    now = timezone.localtime()
    page.locator("#id_class-title").fill("社区治理第一课")
    office.choose("#id_class-campus", COLLEGE)
    page.locator("#id_class-capacity").fill("30")
    page.locator("#id_class-booking_opens_at").fill(f"{now:%Y-%m-%dT%H:%M}")
    page.locator("#id_class-booking_closes_at").fill(f"{day - timedelta(days=1)}T17:00")
    pick(page, "#id_lessons-0-course", "ZZ-002")
    pick(page, "#id_lessons-0-venue", "R02")
    office.clicks += 2
    page.locator("#id_lessons-0-day").fill(str(day))
    page.locator("#id_lessons-0-starts").fill("13:30")
    page.locator("#id_lessons-0-ends").fill("15:45")
    office.press("开放报名")
    expect(page.get_by_role("status").first).to_contain_text("社区治理第一课")
    office.step_is_done()


def book(learner: Hand, phone: str) -> None:
    learner.set_a_password_by_code(phone, PASSWORD)
    page = learner.page
    learner.step_is_done()

    learner.press("班次", within="header")
    page.locator("main a", has_text="社区治理第一课").locator("visible=true").first.click()
    page.wait_for_load_state()
    learner.clicks += 1
    learner.press("报名", within="body")  # on a phone the button stays at the foot of the page
    expect(page.get_by_role("status").first).to_contain_text("报上了")
    learner.step_is_done()


def hold(coordinator: Hand, name: str) -> None:
    coordinator.log_in_by_code(COORDINATOR)
    coordinator.press("去点名")
    expect(coordinator.page.locator("main")).to_contain_text(name)
    coordinator.press("其余 1 人都到了")
    expect(coordinator.page.locator("main")).to_contain_text("都点过了")
    coordinator.step_is_done()


def close(coordinator: Hand) -> None:
    coordinator.log_in_by_code(COORDINATOR)
    coordinator.press("结班")
    coordinator.press("看学时，结班")
    coordinator.press("结班，记学时")
    expect(coordinator.page.locator("main")).to_contain_text("已结班")
    coordinator.step_is_done()
