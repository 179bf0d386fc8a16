"""The pages of leave and absences: asked, taken back, answered in the list of requests."""

from datetime import timedelta

import pytest
from django.urls import reverse

from trainees.models import AbsenceAppeal, AbsenceReason, Attendance, Decision, LeaveRequest
from trainees.record.attendance import mark

from ..factories import NOW, class_with
from .test_booking import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(cadre):
    return take(cadre, class_with(seats=5, lessons=3))


@pytest.fixture
def lessons(seat):
    return list(seat.training_class.lessons.order_by("starts_at"))


def text_of(client, page):
    return client.get(page).content.decode()


def test_leave_is_asked_from_the_page_of_the_class_and_answered_in_the_list(
    client, seat, lessons, cadre, district_staff, time_machine
):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cadre.user)
    page = reverse("trainees:leave", args=[seat.training_class.code])
    assert page in text_of(client, seat.training_class.get_absolute_url())
    shown = text_of(client, page)
    assert "公务" in shown
    assert "请选择原因" in client.post(page, {"lessons": [lessons[0].pk]}).content.decode()
    assert "请选择来不了的课次" in client.post(page, {"reason": "有事"}).content.decode()
    for wrong in ("0", "x", "9" * 30):
        assert client.post(page, {"lessons": [wrong], "why": wrong}).status_code == 200
    duty = AbsenceReason.objects.get(name="公务")

    client.post(page, {"lessons": [lessons[0].pk, lessons[1].pk], "why": duty.pk})

    asked = LeaveRequest.objects.get()
    shown = text_of(client, page)
    assert "等答复" in shown
    assert shown.count('name="lessons"') == 1, "the third lesson is left to ask for"
    assert "请假（含待答复）6 学时" in shown
    assert "已超过七分之一" in shown
    client.post(reverse("trainees:take_leave_back", args=[asked.pk]))
    assert "已撤回" in text_of(client, page)
    client.post(page, {"lessons": [lessons[0].pk], "reason": "接孩子"})
    asked = LeaveRequest.objects.latest("pk")

    client.force_login(district_staff)
    shown = text_of(client, reverse("trainees:requests"))
    assert "接孩子" in shown
    assert "七分之一" in shown
    assert "已超过" in shown
    assert lessons[0].title in shown
    assert "请假申请" in text_of(client, "/manage/")
    client.post(
        reverse("trainees:decide_request", args=["leave", asked.pk]), {"decision": "granted"}
    )
    asked.refresh_from_db()
    assert asked.decision == Decision.GRANTED
    time_machine.move_to(lessons[0].starts_at, tick=False)
    client.force_login(district_staff)
    shown = text_of(client, reverse("trainees:attendance", args=[lessons[0].pk]))
    assert "请假" in shown
    assert "接孩子" not in shown, "the sentence stays with the request"


def test_a_page_opened_before_the_lesson_and_sent_after_it_says_what_can_be_done(
    client, seat, lessons, cadre, time_machine
):
    time_machine.move_to(lessons[0].starts_at, tick=False)
    client.force_login(cadre.user)
    page = reverse("trainees:leave", args=[seat.training_class.code])

    said = client.post(page, {"lessons": [lessons[0].pk], "reason": "有事"}, follow=True)

    assert "不能再请假" in said.content.decode()
    time_machine.move_to(lessons[2].ends_at, tick=False)
    assert "没有可以请假的课次" in text_of(client, page)
    assert page not in text_of(client, seat.training_class.get_absolute_url())


def test_the_page_of_absences_leads_to_the_appeal_with_its_date(
    client, seat, lessons, cadre, district_staff, time_machine
):
    now = lessons[0].starts_at
    mark(lesson=lessons[0], enrolments=[seat], status="absent", by=district_staff, now=now)
    time_machine.move_to(now + timedelta(hours=1), tick=False)
    client.force_login(cadre.user)
    page = reverse("trainees:absence", args=[Attendance.objects.get().pk])
    assert page in text_of(client, reverse("trainees:my_absences"))
    assert "2027年3月25日" in text_of(client, page)
    assert "请选择哪里不对" in client.post(page, {"reason": "有事"}).content.decode()

    client.post(page, {"claim": "there", "reason": "我到了，没点到"})

    asked = AbsenceAppeal.objects.get()
    assert asked.was_there
    assert "教务还没有答复" in text_of(client, page)
    client.force_login(district_staff)
    assert "本人称到课了" in text_of(client, reverse("trainees:requests"))
    client.post(
        reverse("trainees:decide_request", args=["absence", asked.pk]), {"decision": "granted"}
    )
    client.force_login(cadre.user)
    assert client.get(page).status_code == 404, "there is no absence any more"
    assert page not in text_of(client, reverse("trainees:my_absences"))
