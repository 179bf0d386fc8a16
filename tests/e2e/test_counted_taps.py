"""What people do on a phone, counted in taps at 390 pixels: from home to a seat, from the seat into
the calendar, from the log-in to a signature, from a class to an account with a seat. The monitor
shows what is counted here.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page

from portal.monitor.taps import TAPS
from practicums.models import ItemKind, SignOff
from trainees.models import Enrolment, EnrolmentStatus

from ..factories import (
    CampusFactory,
    LearnerGroupFactory,
    TraineeFactory,
    VillageFactory,
    ask,
    class_with,
)
from ..practicums.factories import SecondmentFactory, handed_in
from .test_joining import PHONE, Collecting

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Taps:
    """A page on which taps are counted; typing is none."""

    page: Page
    count: int = 0

    def on(self, target: Locator) -> None:
        target.locator("visible=true").first.click()
        self.count += 1


def open_class(**fields):
    now = timezone.now()
    return class_with(
        seats=5,
        starts_at=now + timedelta(days=20),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=10),
        **fields,
    )


def test_from_home_to_a_seat_in_three_taps_and_into_the_calendar_in_one(window):
    cadre = TraineeFactory()
    near = open_class(campus=CampusFactory(town=cadre.village.town))
    page = window(cadre.user).open("/")
    taps = Taps(page)

    taps.on(page.locator(f'main a[href="{near.get_absolute_url()}"]'))
    taps.on(page.locator('form[action$="/book/"] button'))
    page.wait_for_url(re.compile(f"/classes/{near.code}/booked/"))

    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.BOOKED
    assert taps.count == TAPS["seat"] <= 3

    taps = Taps(page)
    with page.expect_download() as file:
        taps.on(page.locator('main a[href$="/calendar.ics"]'))
    assert file.value.suggested_filename.endswith(".ics")
    assert taps.count == TAPS["calendar"] == 1


def test_a_mentor_signs_within_three_taps_of_the_log_in(window):
    secondment = SecondmentFactory(
        starts_on=timezone.localdate() - timedelta(days=30),
        ends_on=timezone.localdate() + timedelta(days=90),
    )
    item = handed_in(secondment, ItemKind.WORK_CASE, now=timezone.now())
    visitor = window()
    page = visitor.open("/accounts/login/")
    page.locator("input[name=login]").fill(secondment.mentor.phone)
    page.locator("input[name=password]").fill("demo-Password-1")
    taps = Taps(page)

    taps.on(page.locator("main form[method=post] button.btn-primary"))
    page.wait_for_url(re.compile("/me/mentoring/"))
    taps.on(page.locator(f'main a.btn[href="{item.get_absolute_url()}"]'))
    taps.on(page.locator('form[action$="/sign/"] button'))
    page.wait_for_load_state()

    assert SignOff.objects.filter(item=item, user=secondment.mentor).exists()
    assert taps.count == TAPS["sign"] <= 3


def test_a_resident_joins_and_has_a_seat_in_eight_taps(window, settings):
    settings.SMS_CHANNEL = f"{Collecting.__module__}.{Collecting.__name__}"
    Collecting.sent.clear()
    VillageFactory(name="示例东村居委会")
    training_class = open_class()
    ask(training_class, open_to_groups=[LearnerGroupFactory(name="示例志愿者")])
    page = window().open(training_class.get_absolute_url())
    taps = Taps(page)

    taps.on(page.locator('a[href^="/join/"]'))
    page.locator("input[name=name]").fill("示例乙")
    page.locator("input[name=phone]").fill(PHONE)
    taps.on(page.get_by_label("示例志愿者"))
    page.select_option("select[name=village]", label="示例东村居委会")
    taps.count += 2  # the list opens, and one of it is chosen
    taps.on(page.locator("main form[method=post] button.btn-primary"))
    page.locator("input[name=code]").fill(re.search(r"\d{6}", Collecting.sent[-1])[0])
    taps.on(page.locator("main form[method=post] button.btn-primary"))
    page.wait_for_url(re.compile(f"/classes/{training_class.code}/"))
    taps.on(page.locator('form[action$="/book/"] button'))
    page.wait_for_url(re.compile("/booked/"))

    assert Enrolment.objects.get().status == EnrolmentStatus.BOOKED
    assert taps.count == TAPS["join"] <= 8
