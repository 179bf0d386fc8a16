"""What an office prints, read from the PDF that Chromium makes; test_papers_in_libreoffice.py reads
the workbooks.

Nothing is set smaller than 8 pt, the head is on every page, the pages are counted.
"""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from academy.models import Role
from plans.models import PlanItem
from trainees.booking.enrolling import book

from ..factories import (
    SHANGHAI,
    RoleGrantFactory,
    TraineeFactory,
    UserFactory,
    class_with,
)
from ..plans.factories import PlanItemFactory, filed
from .paper import read

pytestmark = pytest.mark.django_db(transaction=True)
LEAST = 8  # points
A4, A4_ACROSS = (210, 297), (297, 210)
ON_PC = pytest.mark.parametrize("width", ["pc"], indirect=True)


def office():
    user = UserFactory()
    RoleGrantFactory(user=user, role=Role.ADMINISTRATOR)
    return user


def printed(window, address: str):
    page = window(office()).open(address)
    return read(page.pdf(prefer_css_page_size=True))


def booked_by(count: int):
    training_class = class_with(seats=60)
    for _n in range(count):
        trainee = TraineeFactory()
        then = training_class.booking_opens_at + timedelta(days=1)
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=then)
    return training_class


def long_plan(items: int = 24, **fields):
    plan = filed(items=1, **fields)
    plan.items.all().delete()
    PlanItem.objects.bulk_create(
        PlanItemFactory.build(
            plan=plan,
            number=number,
            name=f"居村干部突发事件处置演练培训第{number}号",
            content="信息上报、现场先期处置、疏散转移、舆情口径、桌面推演",
            place="应急处突实训室",
            purpose="提高先期处置能力",
            budget=Decimal(16_000),
            contact_name="示例甲",
            contact_phone="19900000123",
        )
        for number in range(1, items + 1)
    )
    return plan


@ON_PC
def test_the_form_of_a_plan(window):
    plan = long_plan()

    paper = printed(window, f"/manage/plans/{plan.pk}/paper/")

    assert (paper.size, paper.pages) == (A4_ACROSS, 3)
    assert paper.smallest >= LEAST
    for number, text in enumerate(paper.texts, 1):
        assert "年度培训方案备案表" in text
        assert "培训对象" in text
        assert f"第{number}页,共3页" in text
    assert "分管领导" in paper.texts[-1]


@ON_PC
def test_the_sign_in_sheet_and_the_roster(window):
    training_class = booked_by(30)
    lesson = training_class.lessons.get()

    sheet = printed(window, f"/manage/lessons/{lesson.pk}/sign-in/")

    assert (sheet.size, sheet.pages, sheet.smallest >= LEAST) == (A4, 2, True)
    for number, text in enumerate(sheet.texts, 1):
        for words in (training_class.code, training_class.title, lesson.venue.name, lesson.title):
            assert words.replace(" ", "") in text
        for words in ("应到:30人", "实到", "班主任签字", "备注", f"第{number}页,共2页"):
            assert words in text

    roster = printed(window, f"/manage/classes/{training_class.code}/paper/")

    assert (roster.size, roster.smallest >= LEAST) == (A4, True)
    for number, text in enumerate(roster.texts, 1):
        assert f"{training_class.title}名单".replace(" ", "") in text
        assert f"第{number}页,共{roster.pages}页" in text


@ON_PC
def test_a_page_of_the_sheet_holds_22_boxes_of_30_by_9_millimetres(window):
    training_class = booked_by(30)
    page = window(office()).open(f"/manage/lessons/{training_class.lessons.get().pk}/sign-in/")
    page.emulate_media(media="print")

    boxes = page.locator(".sign-in").first.locator("tbody td:nth-child(5)")
    sizes = [
        (box["width"] / 96 * 25.4, box["height"] / 96 * 25.4)
        for box in (boxes.nth(n).bounding_box() for n in range(boxes.count()))
    ]

    assert len(sizes) == 22
    assert min(width for width, _height in sizes) >= 30
    assert min(height for _width, height in sizes) >= 9


@ON_PC
def test_the_season_as_a_board(window):
    for number in range(8):
        class_with(
            seats=30,
            title=f"示例实训营第{number}期",
            starts_at=datetime(2027, 1 + number % 3, 10 + number, 9, tzinfo=SHANGHAI),
        )

    paper = printed(window, "/manage/season/2027Q1/?month=all")

    assert (paper.size, paper.smallest >= LEAST) == (A4_ACROSS, True)
    for number, text in enumerate(paper.texts, 1):
        assert "1/11" in text
        assert f"第{number}页,共{paper.pages}页" in text
    assert "示例实训营" in "".join(paper.texts)
