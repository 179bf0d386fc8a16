"""What the staff's list of things to do says of the lessons of today."""

from datetime import timedelta

import pytest

from trainees.booking.enrolling import book
from trainees.models import AttendanceStatus
from trainees.record.attendance import clear, mark
from trainees.waiting import waiting_for

from ..factories import NOW, class_with

pytestmark = pytest.mark.django_db


def titles(user, now):
    return [item.title for item in waiting_for(user, now) if item.title.startswith("今天")]


def test_a_lesson_of_today_waits_until_everybody_is_marked(
    branch_coordinator, campus, cadre, colleague
):
    training_class = class_with(
        seats=3, campus=campus, starts_at=NOW + timedelta(hours=30), title="议事"
    )
    lesson = training_class.lessons.get()
    now = lesson.starts_at
    assert titles(branch_coordinator, now) == []  # nobody has booked

    seats = [
        book(trainee=one, training_class=training_class, by=one.user, now=NOW)
        for one in (cadre, colleague)
    ]
    waits = ["今天：议事"]
    assert titles(branch_coordinator, now) == waits

    status = AttendanceStatus.PRESENT
    mark(lesson=lesson, enrolments=seats[:1], status=status, by=branch_coordinator, now=now)
    assert titles(branch_coordinator, now) == waits
    mark(lesson=lesson, enrolments=seats[1:], status=status, by=branch_coordinator, now=now)
    assert titles(branch_coordinator, now) == []

    clear(lesson=lesson, enrolments=seats[:1], by=branch_coordinator, now=now)
    assert titles(branch_coordinator, now) == waits
