"""The roll on a phone without a network: half an hour, over a reload, with two devices that mark
differently, each mark taken once. Source: docs/rules.md R74.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from academy.models import Role
from trainees.booking.enrolling import book
from trainees.models import Attendance, AttendanceChange, SentMark
from trainees.record.attendance import mark

from ..factories import CampusFactory, RoleGrantFactory, TraineeFactory, UserFactory, class_with
from .conftest import ON_A_PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("width", ON_A_PHONE)]


@pytest.fixture
def coordinator():
    user = UserFactory(name="李老师")
    RoleGrantFactory(user=user, role=Role.BRANCH_COORDINATOR, campus=CampusFactory())
    return user


@pytest.fixture
def lesson(coordinator):
    """A lesson that has begun, with four people on its roll."""
    now = timezone.now()
    training_class = class_with(
        seats=4,
        campus=coordinator.grants.get().campus,
        starts_at=now - timedelta(minutes=5),
        booking_opens_at=now - timedelta(days=9),
        booking_closes_at=now - timedelta(days=1),
    )
    for _n in range(4):
        trainee = TraineeFactory()
        book(
            trainee=trainee,
            training_class=training_class,
            by=trainee.user,
            now=now - timedelta(days=2),
        )
    return training_class.lessons.get()


@pytest.fixture
def people(lesson):
    return list(lesson.training_class.enrolments.order_by("trainee__stroke_key", "pk"))


def open_roll(visitor, lesson):
    """Open the roll and wait until the phone keeps a copy of it."""
    page = visitor.open(f"/manage/lessons/{lesson.pk}/attendance/")
    page.wait_for_function(
        """async () => {
          if (!navigator.serviceWorker.controller) return false;
          const name = (await caches.keys()).find((one) => one.startsWith("roll-"));
          if (!name) return false;
          const kept = await (await caches.open(name)).keys();
          const has = (part) => kept.some((one) => one.url.endsWith(part));
          return has(location.pathname) && has("roll-offline.js");
        }"""
    )
    return page


def tap(page, person, words: str, shown: str = "") -> None:
    row = page.locator(f"#p{person.pk}")
    row.locator("summary").click()
    row.get_by_role("button", name=words, exact=True).click()
    expect(row.locator("summary")).to_contain_text(shown or words)


def waiting(page):
    return page.locator("[data-says]")


def marks():
    return dict(Attendance.objects.values_list("enrolment", "status"))


def test_half_an_hour_without_a_network_over_a_reload(
    window, coordinator, lesson, people, time_machine
):
    start = timezone.now()
    time_machine.move_to(start)
    visitor = window(coordinator)
    page = open_roll(visitor, lesson)
    tap(page, people[0], "到课", shown="到")
    visitor.context.set_offline(True)

    tap(page, people[1], "迟到")
    expect(waiting(page)).to_contain_text("1 条点名待发送")
    expect(waiting(page)).to_contain_text("没有网络")
    time_machine.move_to(start + timedelta(minutes=31))
    page.reload()
    expect(page.locator(f"#p{people[0].pk} summary")).to_contain_text("到")
    expect(page.locator(f"#p{people[1].pk} summary")).to_contain_text("迟到 · 待发送")
    tap(page, people[1], "缺课")  # thought better of it: one mark, not two
    expect(waiting(page)).to_contain_text("1 条点名待发送")
    page.locator("button[value=rest]").click()
    expect(waiting(page)).to_contain_text("3 条点名待发送")
    assert marks() == {people[0].pk: "present"}

    visitor.context.set_offline(False)
    # idle for half an hour: the log-in comes first, and nothing is lost
    expect(waiting(page)).to_contain_text("登录已过期", timeout=40_000)
    page.locator("[data-login] a").click()
    page.wait_for_url(re.compile("login"))
    visitor.be(coordinator)
    page = visitor.open(f"/manage/lessons/{lesson.pk}/attendance/")
    expect(waiting(page)).to_contain_text("已全部发送")

    assert marks() == {
        people[0].pk: "present",
        people[1].pk: "absent",
        people[2].pk: "present",
        people[3].pk: "present",
    }
    assert SentMark.objects.count() == 3
    assert AttendanceChange.objects.filter(method="offline").count() == 3
    assert set(AttendanceChange.objects.filter(method="offline").values_list("at", flat=True)) <= {
        moment
        for moment in AttendanceChange.objects.values_list("at", flat=True)
        if moment >= start + timedelta(minutes=31)
    }
    page.reload()
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_two_devices_that_mark_differently(window, coordinator, lesson, people):
    colleague = UserFactory(name="周敏")
    visitor = window(coordinator)
    page = open_roll(visitor, lesson)
    visitor.context.set_offline(True)
    for person in people[:3]:
        tap(page, person, "到课")
    now = timezone.now()
    mark(lesson=lesson, enrolments=people[:2], status="absent", by=colleague, now=now)
    mark(lesson=lesson, enrolments=people[2:3], status="present", by=colleague, now=now)

    visitor.context.set_offline(False)
    clashes = page.locator("[data-clashes] li")
    expect(clashes).to_have_count(2)
    expect(clashes.first).to_contain_text("周敏")
    assert marks() == {
        people[0].pk: "absent",
        people[1].pk: "absent",
        people[2].pk: "present",
    }
    page.reload()  # the question waits
    expect(clashes).to_have_count(2)
    mine = clashes.filter(has_text=people[0].trainee.user.name)
    mine.get_by_role("button", name="用我的：到课").click()
    expect(clashes).to_have_count(1)
    clashes.get_by_role("button", name="用对方的：缺课").click()
    expect(clashes).to_have_count(0)

    expect(page.locator(f"#p{people[1].pk} summary")).to_contain_text("缺课")
    expect(waiting(page)).to_contain_text("已全部发送")
    assert marks() == {
        people[0].pk: "present",
        people[1].pk: "absent",
        people[2].pk: "present",
    }


def test_an_answer_that_is_lost_leaves_one_mark(window, coordinator, lesson, people):
    """The server has taken the marks, the phone does not hear it and sends them again."""
    visitor = window(coordinator)
    page = open_roll(visitor, lesson)
    visitor.context.set_offline(True)
    tap(page, people[0], "到课")
    tap(page, people[1], "迟到")
    page.evaluate(
        """() => {
          const plain = window.fetch;
          window.lost = 0;
          window.fetch = async (url, options) => {
            const answer = await plain(url, options);
            if (options?.method === "POST" && window.lost++ < 2) throw new TypeError("lost");
            return answer;
          };
        }"""
    )
    visitor.context.set_offline(False)
    expect(waiting(page)).to_contain_text("已全部发送", timeout=60_000)

    assert page.evaluate("window.lost") == 3
    assert marks() == {people[0].pk: "present", people[1].pk: "late"}
    assert (SentMark.objects.count(), AttendanceChange.objects.count()) == (2, 2)


def test_who_is_missing_updates_itself(window, coordinator, lesson, people):
    visitor = window(coordinator)
    page = visitor.open(f"/manage/lessons/{lesson.pk}/attendance/?who=missing")
    expect(page.locator("[data-person]")).to_have_count(4)

    mark(
        lesson=lesson,
        enrolments=people[:3],
        status="present",
        by=UserFactory(),
        now=timezone.now(),
    )

    expect(page.locator("[data-person]")).to_have_count(1, timeout=30_000)
    expect(page.locator(".segments")).to_contain_text("1")
