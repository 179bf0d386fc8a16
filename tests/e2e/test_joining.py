"""A resident joins from the page of a class and books it, on a phone and without JavaScript too."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses.schedule.conditions import set_conditions
from trainees.models import EnrolmentStatus, LightAccount, Trainee

from ..factories import LearnerGroupFactory, VillageFactory, ask, class_with
from .conftest import pick

PHONE = "13800000177"


class Collecting:
    """A channel that keeps what it was to send."""

    waits = False
    sent: list[str] = []

    def send(self, *, phone: str, text: str) -> None:
        self.sent.append(text)


@pytest.fixture
def open_class(transactional_db, settings):
    """A class open to volunteers, and a few villages to choose from."""
    settings.SMS_CHANNEL = f"{__name__}.Collecting"
    Collecting.sent.clear()
    for name in ("示例东村居委会", "示例西村居委会", "示例南村居委会"):
        VillageFactory(name=name)
    for number in "一二三四五六七八九十":  # more than a plain list that is read at a glance
        VillageFactory(name=f"样板{number}村居委会")
    now = timezone.now()
    training_class = class_with(
        seats=5,
        starts_at=now + timedelta(days=20),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=10),
    )
    ask(training_class, open_to_groups=[LearnerGroupFactory(name="示例志愿者")])
    return training_class


def visible(page, selector: str):
    return page.locator(selector).locator("visible=true").first


def fill_in(page) -> None:
    page.locator("input[name=name]").fill("示例乙")
    page.locator("input[name=phone]").fill(PHONE)
    page.get_by_label("示例志愿者").check()


def type_the_code(page) -> None:
    page.locator("input[name=code]").fill(re.search(r"\d{6}", Collecting.sent[-1])[0])
    page.locator("main form[method=post] button.btn-primary").first.click()


def booked() -> Trainee:
    person = Trainee.objects.get(user__phone=PHONE)
    assert [item.status for item in person.enrolments.all()] == [EnrolmentStatus.BOOKED]
    return person


def test_a_resident_joins_and_books_in_two_taps(window, open_class):
    page = window().open(f"/classes/{open_class.code}/")
    expect(page.locator("main")).to_contain_text("示例志愿者")
    visible(page, 'a[href^="/join/"]').click()  # the first tap of two: join

    fill_in(page)
    expect(page.locator(".join-steps [aria-current]")).to_contain_text("1/3")
    pick(page, "#id_village", "xicun")  # initials and the beginning of the pinyin
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("main form[method=post] button.btn-primary").first.click()
    expect(page.locator("input[name=code]")).to_be_focused()
    type_the_code(page)
    page.wait_for_url(re.compile(f"/classes/{open_class.code}/"))
    visible(page, 'form[action$="/book/"] button').click()  # the second: it is booked

    expect(page.get_by_role("status").first).to_be_visible()
    assert booked().village.name == "示例西村居委会"


def test_joining_works_without_javascript(window, open_class):
    page = window(javascript=False).open(f"/join/?next=/classes/{open_class.code}/")
    fill_in(page)
    page.locator("select[name=village]").select_option(label="示例东村居委会")
    page.locator("main form[method=post] button.btn-primary").first.click()
    type_the_code(page)
    visible(page, 'form[action$="/book/"] button').click()

    assert booked().village.name == "示例东村居委会"


def test_a_wrong_code_and_no_class_for_the_group_say_what_to_do(window, open_class):
    page = window().open("/join/")
    fill_in(page)
    pick(page, "#id_village", "slnc")
    page.locator("main form[method=post] button.btn-primary").first.click()
    expect(page.locator(".join-steps [aria-current]")).to_contain_text("2/3")
    page.locator("input[name=code]").fill("12")
    page.locator("main form[method=post] button.btn-primary").first.click()
    expect(page.locator("main")).to_contain_text("验证码不对，还可以试 4 次。")
    assert not LightAccount.objects.exists()
    type_the_code(page)
    expect(page).not_to_have_url(re.compile("/join/"))

    set_conditions(open_class, open_to_groups=[])
    page.goto(re.sub(r"(//[^/]+)/.*", rf"\1/classes/{open_class.code}/", page.url))

    expect(page.locator("#may-i")).to_contain_text("这个班不对您所在的群体开放")
    expect(page.locator("#may-i")).to_contain_text("“能报的班”里都是对您开放的班")
