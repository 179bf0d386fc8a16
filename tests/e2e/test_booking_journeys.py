"""Searching and booking, waiting and promotion, attendance and hours, in a real browser."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from academy.models import Role
from academy.search import index
from courses.models import ClassStatus, Course
from notices.tasks import send_due_notices
from trainees.models import Enrolment, EnrolmentStatus, HourEntry

from ..factories import (
    EnrolmentFactory,
    PositionFactory,
    RoleGrantFactory,
    ServiceItemFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
    class_with,
)

TWO_MINUTES = 120  # seconds of page time for 60 people


@pytest.fixture
def lift_class(transactional_db):
    """A class that teaches the lift course, open for booking now."""
    training_class = _open_class(seats=5)
    course = training_class.lessons.first().course_version.course
    Course.objects.filter(pk=course.pk).update(title="电梯加装协商实训")
    course.service_items.add(ServiceItemFactory(name="既有多层住宅加装电梯"))
    index.rebuild()
    return training_class


def _open_class(*, seats: int):
    now = timezone.now()
    return class_with(
        seats=seats,
        starts_at=now + timedelta(days=20),
        lessons=2,
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=10),
    )


def _visible(page, selector: str):
    return page.locator(selector).locator("visible=true").first


def test_a_cadre_searches_books_in_two_taps_sees_it_and_cancels(window, lift_class):
    cadre = TraineeFactory()
    visitor = window().log_in(cadre.user)
    page = visitor.open("/search/?q=jzdt")
    page.get_by_role("link", name="电梯加装协商实训").first.click()
    page.get_by_role("link", name=lift_class.title).first.click()  # the first tap of two: the class
    page.wait_for_url(re.compile(f"/classes/{lift_class.code}/"))

    _visible(page, 'form[action$="/book/"] button').click()  # the second: it is booked

    expect(page.get_by_role("status").first).to_be_visible()
    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.BOOKED
    visitor.open("/me/")
    expect(page.get_by_text(lift_class.title).first).to_be_visible()

    _visible(page, f'a[href$="/classes/{lift_class.code}/cancel/"]').click()
    page.locator('main form[method="post"] button').locator("visible=true").first.click()
    page.wait_for_url(re.compile("/me/"))

    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.WITHDRAWN


def test_booking_and_cancelling_work_without_javascript(window, lift_class):
    cadre = TraineeFactory()
    visitor = window(javascript=False).log_in(cadre.user)
    page = visitor.open(f"/classes/{lift_class.code}/")

    _visible(page, 'form[action$="/book/"] button').click()
    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.BOOKED

    visitor.open(f"/classes/{lift_class.code}/cancel/")
    page.locator('main form[method="post"] button').first.click()
    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.WITHDRAWN


def test_who_waits_is_promoted_when_a_seat_is_given_back_and_told(window, transactional_db):
    training_class = _open_class(seats=1)
    first, second = TraineeFactory(), TraineeFactory()
    one, two = window(first.user), window(second.user)
    for visitor in (one, two):
        _visible(
            visitor.open(f"/classes/{training_class.code}/"), 'form[action$="/book/"] button'
        ).click()
        expect(visitor.page.get_by_role("status").first).to_be_visible()
    expect(two.page.locator("main")).to_contain_text("候补")
    assert Enrolment.objects.get(trainee=second).status == EnrolmentStatus.WAITLISTED

    one.open(f"/classes/{training_class.code}/cancel/")
    one.page.locator('main form[method="post"] button').first.click()
    one.page.wait_for_url(re.compile("/me/"))
    send_due_notices()  # what the worker does within the minute

    assert Enrolment.objects.get(trainee=second).status == EnrolmentStatus.BOOKED
    two.open("/me/notices/")
    expect(two.page.locator("main")).to_contain_text(training_class.title)


def test_sixty_people_are_marked_the_class_is_closed_and_the_cadre_sees_the_hours(
    window, transactional_db
):
    now = timezone.now()
    training_class = class_with(
        seats=60,
        starts_at=now - timedelta(hours=3),
        booking_opens_at=now - timedelta(days=30),
        booking_closes_at=now - timedelta(days=3),
        status=ClassStatus.RUNNING,
    )
    lesson = training_class.lessons.get()
    pool = training_class.pools.get()
    villages, position = [VillageFactory() for _number in range(6)], PositionFactory()
    people = [
        TraineeFactory(village=villages[number % 6], position=position) for number in range(59)
    ]
    people.append(
        TraineeFactory(village=villages[0], position=position, user=UserFactory(name="曾国强"))
    )
    enrolments = [
        EnrolmentFactory(
            trainee=person, training_class=training_class, pool=pool, status=EnrolmentStatus.BOOKED
        )
        for person in people
    ]
    type(pool).objects.filter(pk=pool.pk).update(seats_taken=60)
    coordinator = UserFactory()
    RoleGrantFactory(user=coordinator, role=Role.BRANCH_COORDINATOR, campus=training_class.campus)
    visitor = window(coordinator)

    began = time.monotonic()
    page = visitor.open(f"/manage/lessons/{lesson.pk}/attendance/")
    page.evaluate("document.body.dataset.opened = 'once'")
    for enrolment, status in zip(enrolments[:3], ("absent", "excused", "late"), strict=True):
        page.locator(f"#p{enrolment.pk} summary").click()
        page.locator(f'#p{enrolment.pk} button[value="{status}:{enrolment.pk}"]').click()
        expect(page.locator(f"#p{enrolment.pk} .status")).to_be_visible()
    find = page.get_by_role("searchbox", name="找人")
    find.fill("ＺＧＱ")
    expect(page.locator("[data-person]:visible")).to_have_count(1)
    expect(page.locator("[data-person]:visible b")).to_have_text("曾国强")
    find.fill("")
    expect(page.locator("[data-person]:visible")).to_have_count(60)
    _visible(page, 'button[value="rest"]').click()
    expect(page.locator(".tally .num").first).to_have_text("57")
    seconds = time.monotonic() - began
    # each tap changed the roll in place
    assert page.evaluate("document.body.dataset.opened") == "once"
    print(f"60 people marked in {seconds:.1f} s of page time")
    assert seconds < TWO_MINUTES

    visitor.open(f"/manage/classes/{training_class.code}/")
    page.locator('main a[href$="/close/"]').locator("visible=true").first.click()
    expect(page.locator("tbody tr:not(.part)")).to_have_count(
        60
    )  # the hours of each before they are posted
    page.locator('input[name="shown"] ~ button').click()
    expect(page.locator(".space-head")).to_contain_text("已结班")
    training_class.refresh_from_db()
    assert training_class.status == ClassStatus.CLOSED
    assert HourEntry.objects.count() == 58  # all but the absent and the excused

    cadre = window(people[5].user)
    cadre.open("/me/hours/")
    expect(cadre.page.locator("main")).to_contain_text(lesson.title)
    expect(cadre.page.locator(".big-num")).to_have_text("3")
