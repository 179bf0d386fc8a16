"""What is typed and sent at the door by mistake or by hand: a sentence, and nobody is marked.
Source: docs/rules.md R70, R71.
"""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from academy.models import LearnerGroup
from trainees.booking.enrolling import book
from trainees.models import Attendance, Enrolment, EnrolmentEvent, SheetPhoto, Trainee
from trainees.views.door import TOKEN_SECONDS

from ..factories import NOW, ask, class_with

pytestmark = pytest.mark.django_db
STARTS = NOW.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=14)
NINE = STARTS + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def watch():
    """Two minutes past nine, until a test moves it."""
    with time_machine.travel(NINE, tick=False) as moved:
        yield moved


@pytest.fixture
def lesson(campus):
    return class_with(seats=1, starts_at=STARTS, campus=campus).lessons.get()


@pytest.fixture
def page(client, branch_coordinator):
    client.force_login(branch_coordinator)
    return client


def send(page, lesson, typed, name="walk_in"):
    return page.post(reverse(f"trainees:{name}", args=[lesson.pk]), typed, follow=True)


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def found(page, lesson, person) -> str:
    """What the page sends for the person that it found."""
    answer = send(page, lesson, {"step": "find", "phone": person.user.phone})
    return answer.context["found"][0][1]


def nobody_was_taken_in() -> bool:
    return not Attendance.objects.exists() and not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": ""}, "请填写手机号，或后四位。"),
        ({"phone": "123"}, "请填写 11 位手机号，或后四位。"),
        ({"phone": "12345"}, "请填写 11 位手机号，或后四位。"),
        ({"phone": "１２３４"}, "只填后四位时，还要填姓名。"),
        ({"phone": "1234"}, "只填后四位时，还要填姓名。"),
        ({"phone": "-1"}, "请填写 11 位手机号，或后四位。"),
        ({"phone": "1 or 1=1", "name": "张三"}, "请填写 11 位手机号，或后四位。"),
        ({"phone": "𠮷𠮷𠮷𠮷", "name": "张三"}, "请填写 11 位手机号，或后四位。"),
        ({"phone": "1" * 4000, "name": "张" * 4000}, ""),
    ],
)
def test_what_finds_nobody_is_said_beside_the_field(page, lesson, typed, said):
    answer = send(page, lesson, {"step": "find"} | typed)

    assert said in text(answer)
    assert answer.context["form"].errors
    assert "found" not in answer.context


@pytest.mark.parametrize("step", ["", "drop", "find", "take", "new"])
def test_an_empty_form_of_any_step_takes_nobody_in(page, lesson, step):
    text(send(page, lesson, {"step": step}))
    assert nobody_was_taken_in()


@pytest.mark.parametrize("who", ["", "x", "1:1:1", "𠮷", "a" * 5000])
def test_somebody_who_was_not_found_is_not_taken_in(page, lesson, who):
    assert "页面已过期，请重新查找" in text(send(page, lesson, {"step": "take", "who": who}))
    assert nobody_was_taken_in()


def test_who_was_found_at_another_door_or_half_an_hour_ago_is_looked_for_again(
    page, lesson, campus, cadre, branch_coordinator, watch
):
    other = class_with(seats=1, starts_at=STARTS, campus=campus).lessons.get()
    who = found(page, lesson, cadre)
    assert "页面已过期，请重新查找" in text(send(page, other, {"step": "take", "who": who}))

    watch.move_to(NINE + timedelta(seconds=TOKEN_SECONDS + 1))
    page.force_login(branch_coordinator)
    assert "页面已过期，请重新查找" in text(send(page, lesson, {"step": "take", "who": who}))
    assert nobody_was_taken_in()


def test_a_full_class_asks_why_and_a_blank_is_no_reason(page, lesson, cadre, colleague):
    book(trainee=cadre, training_class=lesson.training_class, by=cadre.user, now=NOW)
    who = found(page, lesson, colleague)
    for reason in ("", "   ", "　"):
        answer = send(page, lesson, {"step": "take", "who": who, "reason": reason})
        assert "名额已满" in text(answer)
        who = answer.context["found"][0][1]
    assert not Attendance.objects.exists()

    text(send(page, lesson, {"step": "take", "who": who, "reason": "加" * 500}))

    assert Attendance.objects.get().method == "walk_in"
    assert EnrolmentEvent.objects.get(enrolment__trainee=colleague).reason == "加" * 150


@pytest.mark.parametrize("minutes", [-61, 146])
def test_before_and_after_the_door_every_step_says_why(
    page, lesson, cadre, branch_coordinator, watch, minutes
):
    who = found(page, lesson, cadre)
    watch.move_to(STARTS + timedelta(minutes=minutes))
    page.force_login(branch_coordinator)

    for step in ("find", "take", "new"):
        answer = send(page, lesson, {"step": step, "who": who, "phone": cadre.user.phone})
        assert answer.context["closed"]
        assert answer.context["closed"] in text(answer)
    assert nobody_was_taken_in()


def test_a_form_of_somebody_unknown_that_is_not_right_comes_back(page, lesson, village, cadre):
    group = LearnerGroup.objects.first() or LearnerGroup.objects.create(name="志愿者")
    right = {
        "new-name": "新面孔",
        "new-phone": "19900007777",
        "new-village": village.code,
        "new-group": group.pk,
    }
    assert nobody_of(send(page, lesson, {"step": "new"} | right))  # a class for cadres alone
    ask(lesson.training_class, open_to_groups=[group])
    for wrong in (
        {"new-name": ""},
        {"new-phone": "199"},
        {"new-phone": cadre.user.phone},
        {"new-village": "nowhere"},
        {"new-group": "-1"},
        {"new-group": "x"},
    ):
        assert nobody_of(send(page, lesson, {"step": "new"} | right | wrong)), wrong


def nobody_of(answer) -> bool:
    text(answer)
    return nobody_was_taken_in() and not Trainee.objects.filter(user__name="新面孔").exists()


@pytest.mark.parametrize("code", ["", "  ", "1", "1:x", "𠮷", "9" * 5000])
@pytest.mark.parametrize("of_the_script", [True, False])
def test_what_is_no_ticket_gets_a_sentence(page, lesson, code, of_the_script):
    headers = {"HX-Request": "true"} if of_the_script else {}
    address = reverse("trainees:ticket_scan", args=[lesson.pk])
    answer = page.post(address, {"code": code}, headers=headers)

    assert "这不是本系统的入场单" in text(answer)
    assert ("<form" in text(answer)) is not of_the_script
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("签到表.jpg", b""), ("签到表.jpg", b"no picture"), ("签到表.pdf", b"%PDF-1.7\n%%EOF")],
)
def test_what_is_no_photo_of_the_sheet_is_refused_with_a_sentence(page, lesson, name, content):
    answer = send(page, lesson, {"photo": SimpleUploadedFile(name, content)}, "sheet_photos")

    assert answer.context["form"].errors["photo"]
    assert not SheetPhoto.objects.exists()


@pytest.mark.parametrize("name", ["walk_in", "ticket_scan", "sheet_photos", "wall", "wall_code"])
def test_a_lesson_that_is_not_there_or_of_another_campus_is_not_found(page, lesson, name):
    elsewhere = class_with(seats=1, starts_at=STARTS).lessons.get()
    for key in (elsewhere.pk, 0, 10**30):
        assert page.get(reverse(f"trainees:{name}", args=[key])).status_code in (403, 404)


@pytest.mark.parametrize("scan", ["", "x", "1:1:1", "𠮷", "a" * 5000])
def test_a_scan_made_by_hand_checks_nobody_in(client, lesson, cadre, scan):
    book(trainee=cadre, training_class=lesson.training_class, by=cadre.user, now=NOW)
    client.force_login(cadre.user)

    assert "这次扫码已经失效" in text(send(client, lesson, {"scan": scan}, "own_check_in"))
    assert not Attendance.objects.exists()
