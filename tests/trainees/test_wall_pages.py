"""The page for the projector, and what whoever scans it sees."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from trainees.booking.enrolling import book
from trainees.door.checking_in import check_in
from trainees.door.wall import code_at
from trainees.models import Attendance, WallScan
from trainees.tasks import release_due_seat_pools

from ..factories import NOW, TraineeFactory, class_with

pytestmark = pytest.mark.django_db
STARTS = NOW.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=14)
PASSWORD = "demo-Password-1"  # of tests/factories.py
NINE = STARTS + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def watch():
    """Two minutes past nine, until a test moves it."""
    with time_machine.travel(NINE, tick=False) as moved:
        yield moved


@pytest.fixture
def lesson(campus):
    return class_with(seats=5, starts_at=STARTS, campus=campus).lessons.get()


@pytest.fixture
def seat(lesson, cadre):
    return book(trainee=cadre, training_class=lesson.training_class, by=cadre.user, now=NOW)


def address(lesson, now) -> str:
    return reverse("trainees:wall_scan", args=[lesson.pk, code_at(lesson.pk, now)])


def own(lesson) -> str:
    return reverse("trainees:own_check_in", args=[lesson.pk])


def send(client, page):
    """The form of a confirming page, as its script sends it."""
    return client.post(own(page.context["lesson"]), {"scan": page.context["scan"]}, follow=True)


def log_in(client, url, trainee):
    typed = {"login": trainee.user.phone, "password": PASSWORD}
    return client.post(url, typed, follow=True)


def text(response) -> str:
    return response.content.decode()


def test_the_wall_changes_its_code_every_ten_seconds(
    client, branch_coordinator, lesson, seat, watch
):
    client.force_login(branch_coordinator)
    shown = []
    for seconds in (0, 9, 10):
        watch.move_to(NINE + timedelta(seconds=seconds))
        shown.append(client.get(reverse("trainees:wall_code", args=[lesson.pk])).json())

    assert shown[0]["path"] == shown[1]["path"] != shown[2]["path"]
    assert [row["seconds"] for row in shown] == [10, 1, 10]
    assert (shown[0]["came"], shown[0]["people"], shown[0]["why"]) == (0, 1, "")


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (STARTS - timedelta(days=1), "上课当天才显示签到码。"),
        (STARTS + timedelta(minutes=146), "这节课已经结束。"),
    ],
)
def test_the_wall_shows_no_code_on_another_day(
    client, branch_coordinator, lesson, moment, why, watch
):
    watch.move_to(moment)
    client.force_login(branch_coordinator)
    page = client.get(reverse("trainees:wall", args=[lesson.pk]))

    assert page.context["code"] is None
    assert why in text(page)


def test_a_scan_marks_in_one_post_and_says_when(client, cadre, lesson, seat):
    client.force_login(cadre.user)
    page = client.get(address(lesson, NINE))
    assert not Attendance.objects.exists()  # a GET changes nothing
    done = send(client, page)
    again = send(client, client.get(address(lesson, NINE)))

    assert "已签到 9:02" in text(done)
    assert "您 9:02 已经签到" in text(again)
    assert Attendance.objects.get().enrolment == seat


def test_a_log_in_in_between_does_not_lose_the_scan(client, cadre, lesson, seat, watch):
    sent_on = client.get(address(lesson, NINE))
    assert sent_on.url == f"{reverse('account_login')}?next={own(lesson)}"
    watch.move_to(NINE + timedelta(minutes=4))
    page = log_in(client, sent_on.url, cadre)
    done = send(client, page)

    assert "已签到 9:02" in text(done)
    assert Attendance.objects.get().status == "present"


def test_a_link_that_was_passed_on_is_refused_without_a_log_in_and_with_one(
    client, cadre, lesson, seat, watch
):
    later = NINE + timedelta(seconds=20)
    watch.move_to(later)
    visitor = client.get(address(lesson, NINE))
    client.force_login(cadre.user)
    person = client.get(address(lesson, NINE))
    nothing = client.post(own(lesson), {"scan": "x"}, follow=True)

    assert visitor.status_code == person.status_code == 400
    assert "这个码已经失效" in text(visitor)
    assert "这个码已经失效" in text(person)
    assert "这次扫码已经失效" in text(nothing)
    assert not Attendance.objects.exists()


def test_the_scan_of_one_person_is_of_no_use_to_another(client, cadre, lesson, seat, colleague):
    book(trainee=colleague, training_class=lesson.training_class, by=colleague.user, now=NOW)
    client.force_login(cadre.user)
    page = client.get(address(lesson, NINE))
    client.force_login(colleague.user)
    refused = send(client, page)

    assert "这次扫码已经失效" in text(refused)
    assert not Attendance.objects.exists()


def test_a_kept_scan_lasts_half_an_hour(client, cadre, lesson, seat, watch):
    sent_on = client.get(address(lesson, NINE))
    watch.move_to(NINE + timedelta(minutes=30))
    page = log_in(client, sent_on.url, cadre)

    assert "scan" not in page.context
    assert "还没有签到" in text(page)


def test_an_early_scan_is_kept_and_the_sweep_counts_it(client, cadre, lesson, seat, watch):
    early = STARTS - timedelta(minutes=75)
    client.force_login(cadre.user)
    watch.move_to(early)
    done = send(client, client.get(address(lesson, early)))
    assert "8:00 起自动算作签到" in text(done)

    watch.move_to(STARTS - timedelta(minutes=60))
    release_due_seat_pools()
    page = client.get(own(lesson))

    assert "已签到 8:00" in text(page)


def test_whoever_is_not_booked_hears_what_to_do(client, colleague, lesson):
    client.force_login(colleague.user)
    page = send(client, client.get(address(lesson, NINE)))

    assert "没有报名也可以来" in text(page)


def test_the_browser_gets_a_random_cookie_for_thirty_days(client, cadre, lesson, seat):
    client.force_login(cadre.user)
    send(client, client.get(address(lesson, NINE)))

    cookie = client.cookies["door"]
    assert (cookie["max-age"], cookie["httponly"]) == (30 * 24 * 3600, True)
    assert cookie.value not in WallScan.objects.get().device


def test_the_roll_says_who_was_marked_with_one_phone(client, branch_coordinator, lesson):
    people = [TraineeFactory() for _number in range(3)]
    for person in people:
        book(trainee=person, training_class=lesson.training_class, by=person.user, now=NOW)
        check_in(lesson=lesson, user=person.user, scanned_at=NINE, device="shared")
    client.force_login(branch_coordinator)
    page = client.get(reverse("trainees:attendance", args=[lesson.pk]))

    assert f"同一部手机签到了 3 人：{'、'.join(person.name for person in people)}。" in text(page)
