"""On a phone: twenty colleagues in one form, being sent and replaced, leaving a queue, taking an
offer.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from academy.models import Role
from notices.models import Notice
from notices.tasks import send_due_notices
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.invariants import breaches
from trainees.models import Enrolment, EnrolmentStatus, Nomination, NominationStatus

from ..factories import (
    PositionFactory,
    RoleGrantFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
    ask,
    class_with,
)
from ..trainees.pasts import has_taken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("width", ["phone"])]

PHONE = 390  # px


def bookable(**fields):
    now = timezone.now()
    window = {
        "booking_opens_at": now - timedelta(days=1),
        "booking_closes_at": now + timedelta(days=7),
    }
    return class_with(**{"seats": 30, "starts_at": now + timedelta(days=14)} | window | fields)


def holder_of(role: str, **scope):
    user = UserFactory()
    RoleGrantFactory(user=user, role=role, **scope)
    return user


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()


def said(page) -> str:
    return page.get_by_role("status").first.inner_text()


def sideways(page) -> int:
    """Pixels that stick out of the phone."""
    return page.evaluate("document.documentElement.scrollWidth") - PHONE


def test_twenty_colleagues_in_one_form_and_three_read_why_not(window):
    village, secretary, clerk = (
        VillageFactory(),
        PositionFactory(name="居民区书记"),
        PositionFactory(name="社区工作者"),
    )
    training_class, held = bookable(), bookable(title="同一时间的班", seats=3)
    ask(training_class, audiences=[secretary])
    people = [TraineeFactory(village=village, position=secretary) for _number in range(19)] + [
        TraineeFactory(village=village, position=clerk)
    ]
    stranger = TraineeFactory(position=secretary)
    book(trainee=people[0], training_class=held, by=people[0].user, now=timezone.now())
    has_taken(
        people[1],
        training_class.lessons.get().course_version.course,
        at=timezone.now() - timedelta(days=60),
    )
    page = window(holder_of(Role.VILLAGE_COORDINATOR, village=village)).open(
        training_class.get_absolute_url()
    )

    page.get_by_role("link", name="替同事报名").locator("visible=true").first.click()
    expect(page.locator("main")).not_to_contain_text(stranger.name)
    assert page.locator('input[name="people"]').count() == 20
    page.get_by_role("link", name="全选还没报名的人").click()
    assert page.locator('input[name="people"]:checked').count() == 20
    press(page, "报名所选的人")

    result = page.get_by_role("status").first
    lines = [re.sub(r"\s+", " ", line.inner_text()) for line in result.locator("li").all()]
    refused = lines[:3]  # they come first: somebody has to do something about them
    assert (len(lines), [line for line in lines if "没有办成" in line]) == (20, refused)
    for person, why in (
        (people[0], "同一时间的班"),
        (people[1], "同样的内容上过"),
        (people[19], "本班给居民区书记上"),
    ):
        assert [line for line in refused if person.name in line and why in line] != [], lines
    assert "17 人报上" in result.inner_text()
    assert sideways(page) <= 0
    assert training_class.pools.get().seats_taken == 17
    assert Notice.objects.filter(kind="booked_by_colleague").count() == 17
    # who was refused stays ticked: say why, and press again
    assert page.locator('input[name="people"]:checked').count() == 3


def test_sent_by_the_town_refused_with_a_reason_and_replaced(window):
    town = TownFactory()
    village = VillageFactory(town=town)
    sent, other = TraineeFactory(village=village), TraineeFactory(village=village)
    training_class = bookable(seats=10, town_seats={town: 1})
    staff = window(holder_of(Role.TOWN_STAFF, town=town))
    page = staff.open(training_class.get_absolute_url())
    page.get_by_role("link", name="调训").locator("visible=true").first.click()
    page.get_by_label(sent.name).check()
    press(page, "安排所选的人")
    expect(page.get_by_role("status").first).to_contain_text(sent.name)

    send_due_notices()  # what the worker does within the minute
    called = window(sent.user)
    page = called.open("/me/notices/")
    page.locator("main").get_by_role("button", name=re.compile(training_class.title)).first.click()
    expect(page.locator("h1")).to_have_text(training_class.title)
    page.locator("#reason").fill("那天居民区换届，走不开")
    press(page, "来不了")
    assert "街镇会安排别人" in said(page)
    assert Nomination.objects.get().status == NominationStatus.CANNOT

    page = staff.open(f"/manage/classes/{training_class.code}/nominations/")
    expect(page.locator("main")).to_contain_text("那天居民区换届，走不开")
    page.get_by_role("link", name=re.compile(sent.name)).locator("visible=true").first.click()
    page.locator("#id_to").select_option(str(other.pk))
    press(page, "换人")
    assert sideways(page) <= 0
    assert list(Nomination.objects.order_by("pk").values_list("trainee", "status")) == [
        (sent.pk, NominationStatus.REPLACED),
        (other.pk, NominationStatus.ASKED),
    ]

    page = window(other.user).open(f"/me/nominations/{Nomination.objects.get(trainee=other).pk}/")
    press(page, "我能来")
    assert Nomination.objects.get(trainee=other).status == NominationStatus.COMING
    assert Enrolment.objects.live().get().trainee == other
    assert list(breaches()) == []


def test_leaving_the_queue_takes_two_taps(window):
    training_class, first, cadre = bookable(seats=1), TraineeFactory(), TraineeFactory()
    for person in (first, cadre):
        book(trainee=person, training_class=training_class, by=person.user, now=timezone.now())
    page = window(cadre.user).open("/me/")
    expect(page.locator("main")).to_contain_text("候补第 1 位")

    page.get_by_role("link", name=re.compile("退出候补")).locator("visible=true").first.click()
    press(page, "退出候补")

    assert "已退出候补" in said(page)
    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.WITHDRAWN
    training_class.refresh_from_db()
    assert training_class.waiting_count == 0


@pytest.fixture
def offered(transactional_db):
    """A class that begins tomorrow, and the cadre to whom its one seat is offered."""
    now = timezone.now()
    training_class = bookable(
        seats=1, starts_at=now + timedelta(hours=30), booking_closes_at=now + timedelta(hours=29)
    )
    first, cadre = TraineeFactory(), TraineeFactory()
    seat, _place = (
        book(trainee=person, training_class=training_class, by=person.user, now=now)
        for person in (first, cadre)
    )
    withdraw(enrolment=seat, by=first.user, now=now)
    return training_class, cadre


def test_an_offer_is_taken_with_one_tap_from_its_notice(window, offered):
    training_class, cadre = offered
    send_due_notices()
    visitor = window(cadre.user)
    page = visitor.open("/me/notices/")
    page.locator("main").get_by_role("button", name=re.compile(training_class.title)).first.click()
    expect(page.locator("main")).to_contain_text("没有答复")

    press(page, "要这个名额")

    assert "名额是您的了" in said(page)
    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.BOOKED
    expect(visitor.open("/me/").locator("main")).to_contain_text(training_class.title)


@pytest.mark.parametrize("path", ["/", "/me/"])
def test_an_offer_waits_for_its_tap_on_the_own_pages(window, offered, path):
    training_class, cadre = offered
    page = window(cadre.user).open(path)
    expect(page.locator("main")).to_contain_text(training_class.title)

    press(page, "要这个名额")

    assert "名额是您的了" in said(page)
    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.BOOKED


def test_a_double_click_and_the_back_button_book_once(window):
    training_class, cadre = bookable(), TraineeFactory()
    page = window(cadre.user).open(training_class.get_absolute_url())
    book_button = 'form[action$="/book/"] button'

    page.locator(book_button).locator("visible=true").first.dblclick()
    expect(page.locator("h1")).to_have_text("报上了")
    page.go_back()
    again = page.locator(book_button).locator("visible=true")
    if again.count():  # the page as it was before booking
        again.first.click()
        expect(page.get_by_role("status").first).to_contain_text("已经报上")

    assert list(Enrolment.objects.values_list("trainee", "status")) == [
        (cadre.pk, EnrolmentStatus.BOOKED)
    ]
    assert training_class.pools.get().seats_taken == 1


def test_two_tabs_take_and_decline_the_same_offer(window, offered):
    training_class, cadre = offered
    visitor = window(cadre.user)
    page = visitor.open(f"/classes/{training_class.code}/offer/")
    other = visitor.context.new_page()
    other.goto(page.url)

    press(page, "要这个名额")
    assert "名额是您的了" in said(page)
    press(other, "来不了")

    assert "这个名额您已经要了" in said(other)
    assert Enrolment.objects.get(trainee=cadre).status == EnrolmentStatus.BOOKED
