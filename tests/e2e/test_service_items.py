"""From a service item to a booked class in two taps, with JavaScript and without."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from trainees.models import Enrolment, EnrolmentStatus

from ..factories import ServiceItemFactory, TraineeFactory, class_with


@pytest.fixture
def lift_item(transactional_db):
    """An item with a course and an open class, and one without a course."""
    now = timezone.now()
    training_class = class_with(
        seats=5,
        starts_at=now + timedelta(days=20),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=9),
    )
    item = ServiceItemFactory(
        code="FX-01", name="既有多层住宅加装电梯", question="老楼想装电梯要走什么程序"
    )
    training_class.lessons.get().course_version.course.service_items.add(item)
    ServiceItemFactory(code="FX-16", name="社区矫正对象帮教")
    return item, training_class


@pytest.mark.parametrize("javascript", [True, False])
def test_two_taps_lead_from_the_item_to_a_booked_class(window, lift_item, javascript):
    _item, training_class = lift_item
    cadre = TraineeFactory()
    page = window(cadre.user, javascript=javascript).open("/services/FX-01/")
    expect(page.get_by_role("heading", level=1)).to_have_text("老楼想装电梯要走什么程序")

    page.locator("main a.btn-primary").locator("visible=true").first.click()  # the first tap
    page.wait_for_url(re.compile(f"/classes/{training_class.code}/"))
    # the second
    page.locator('form[action$="/book/"] button').locator("visible=true").first.click()

    expect(page.get_by_role("status").first).to_be_visible()
    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.BOOKED


def test_the_code_on_a_card_opens_the_page_of_its_item(window, lift_item):
    page = window().open("/services/FX-01/card/")
    address = page.locator(".qr-foot small").inner_text()

    page.goto(address)

    assert page.url == address
    expect(page.get_by_role("heading", level=1)).to_have_text("老楼想装电梯要走什么程序")


def test_a_gap_leads_to_a_request_that_is_filled_in(window, lift_item):
    visitor = window(TraineeFactory().user)
    visitor.open("/services/FX-16/").locator("main a.btn-primary").first.click()

    expect(visitor.page.locator("input[name=topic]")).to_have_value("社区矫正对象帮教")
