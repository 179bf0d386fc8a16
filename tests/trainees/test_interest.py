"""A class without a date: interest, the notice when it has one, and the first days for the
interested.
"""

from datetime import timedelta

import pytest
import time_machine

from courses.models import ClassStatus, TrainingClass
from courses.schedule.class_plans import SchedulingRefused
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.classes.changes import cancel_class
from trainees.eligibility.interest import (
    FIRST_REFUSAL,
    open_to_the_interested,
    show_interest,
    take_back_interest,
)
from trainees.eligibility.reasons import reasons_for
from trainees.errors import NotEligible, NotGauging
from trainees.models import Interest

from ..factories import NOW, TrainingClassFactory, class_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced():
    """A draft that everybody sees, with its lessons set, so that it could open."""
    return class_with(seats=5, status=ClassStatus.DRAFT, gauges_interest=True, title="待定的班")


def like(trainee, training_class):
    return show_interest(trainee=trainee, training_class=training_class, now=NOW)


def open_it(training_class, now=NOW):
    return open_to_the_interested(training_class=training_class, by=None, now=now)


def test_interest_is_kept_once_and_can_be_taken_back(announced, cadre):
    assert like(cadre, announced) == like(cadre, announced)
    assert Interest.objects.count() == 1

    take_back_interest(trainee=cadre, training_class=announced)
    assert Interest.objects.count() == 0


@pytest.mark.parametrize("status", [ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.CANCELLED])
def test_a_class_that_is_not_announced_takes_no_interest(cadre, status):
    with pytest.raises(NotGauging):
        like(cadre, class_with(seats=5, status=status))


@time_machine.travel(NOW, tick=False)
def test_opening_tells_the_interested_once_and_keeps_the_first_days_for_them(
    announced, cadre, outsider
):
    like(cadre, announced)

    opened = open_it(announced)

    assert (opened.status, opened.gauges_interest, opened.first_refusal_until) == (
        ClassStatus.OPEN,
        False,
        NOW + FIRST_REFUSAL,
    )
    (notice,) = Notice.objects.filter(kind="class_dated")
    assert (notice.person, notice.title) == (cadre.user, "日期定了：待定的班")
    assert "3月3日 周三 10:00" in notice.body
    with pytest.raises(SchedulingRefused):
        open_it(announced)
    assert Notice.objects.filter(kind="class_dated").count() == 1


def test_only_the_interested_book_until_the_hour_and_everybody_from_then_on(
    announced, cadre, outsider
):
    like(cadre, announced)
    opened = open_it(announced)

    with pytest.raises(NotEligible, match="现在只留给登记过有兴趣的人"):
        book(
            trainee=outsider,
            training_class=opened,
            by=outsider.user,
            now=opened.first_refusal_until - timedelta(seconds=1),
        )
    assert book(trainee=cadre, training_class=opened, by=cadre.user, now=NOW).status == "booked"
    assert (
        book(
            trainee=outsider,
            training_class=opened,
            by=outsider.user,
            now=opened.first_refusal_until,
        ).status
        == "booked"
    )


@time_machine.travel(NOW, tick=False)
def test_the_page_says_so_as_a_reason(announced, cadre, outsider):
    like(cadre, announced)
    opened = open_it(announced)

    def said(trainee, now=NOW):
        return [
            (reason.ok, reason.title, reason.fact)
            for reason in reasons_for(trainee, opened, now)
            if reason.rule == "interest"
        ]

    until = "3月3日 周三 10:00前只有登记过有兴趣的人能报"
    assert (said(cadre), said(outsider)) == (
        [(True, "您登记过有兴趣，可以先报", until)],
        [(False, "现在只留给登记过有兴趣的人", until)],
    )
    assert said(outsider, opened.first_refusal_until) == []


def test_the_days_are_counted_from_when_booking_opens_and_leave_half_of_a_short_window_to_all(
    announced, cadre
):
    like(cadre, announced)
    TrainingClass.objects.filter(pk=announced.pk).update(
        booking_opens_at=NOW + timedelta(days=1), booking_closes_at=NOW + timedelta(days=2)
    )
    announced.refresh_from_db()

    assert open_it(announced).first_refusal_until == NOW + timedelta(hours=36)


def test_without_interest_a_class_opens_to_all(announced):
    assert open_it(announced).first_refusal_until is None


# --- Pages ----------------------------------------------------------------------------------------


@time_machine.travel(NOW, tick=False)
def test_a_class_without_a_date_is_public_and_takes_one_tap(client, cadre):
    announced = TrainingClassFactory(
        status=ClassStatus.DRAFT, gauges_interest=True, title="待定的班"
    )
    plain = TrainingClassFactory(status=ClassStatus.DRAFT)
    url = announced.get_absolute_url()

    assert (client.get(url).status_code, client.get(plain.get_absolute_url()).status_code) == (
        200,
        404,
    )
    assert "待定的班" in client.get("/classes/").content.decode()
    client.force_login(cadre.user)
    assert "有兴趣" in client.get(url).content.decode()
    assert client.post(f"{url}interest/").url == url
    assert "已登记有兴趣" in client.get(url).content.decode()
    client.post(f"{url}interest/", {"step": "take_back"})
    assert Interest.objects.count() == 0
    assert client.post(f"/classes/{plain.code}/interest/").status_code == 404


@time_machine.travel(NOW, tick=False)
def test_staff_see_the_number(client, district_staff, announced, cadre, outsider):
    like(cadre, announced)
    like(outsider, announced)
    client.force_login(district_staff)

    assert "2 人有兴趣" in client.get(f"/manage/classes/{announced.code}/").content.decode()


def test_a_class_that_is_cancelled_before_it_has_a_date_tells_the_interested(
    announced, cadre, district_staff
):
    like(cadre, announced)

    cancel_class(training_class=announced, reason="老师调走了", by=district_staff, now=NOW)

    notice = Notice.objects.get(person=cadre.user)
    assert (notice.title, notice.body) == (f"不办了：{announced.title}", "老师调走了")
