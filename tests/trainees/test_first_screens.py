"""Where experts and those who book for colleagues begin."""

from datetime import timedelta

import pytest
from django.urls import reverse

from academy.uploads.kinds import examine
from courses.models import ClassStatus
from trainees.classes.materials import add_material
from trainees.me.teaching import teaching_of

from ..factories import (
    NOW,
    CampusFactory,
    ExpertFactory,
    LessonFactory,
    TownFactory,
    UserFactory,
    class_with,
    taught_by,
)
from ..practicums.factories import PDF, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def expert():
    return ExpertFactory(user=UserFactory(), published=False)


def lesson_of(expert, *, days: int, **fields):
    held = class_with(seats=5, lessons=0, starts_at=NOW + timedelta(days=days), **fields)
    lesson = LessonFactory(training_class=held, starts_at=held.starts_at)
    taught_by(lesson, expert)
    return lesson


def test_an_expert_sees_the_lessons_ahead_with_their_materials_and_free_times(client, expert):
    far, near = lesson_of(expert, days=20), lesson_of(expert, days=5)
    lesson_of(ExpertFactory(), days=3)
    file = examine(upload(PDF, "讲义.pdf", "application/pdf"))
    add_material(lesson=near, title="示例讲义", file=file, by=expert.user, now=NOW)
    client.force_login(expert.user)

    page = client.get("/after-login/", follow=True)

    shown = page.context["teaching"]
    assert [item.lesson for item in shown.lessons] == [near, far]
    assert "示例讲义" in page.text and "还没有课件" in page.text
    assert shown.free and all(
        not (starts_at < lesson.ends_at and lesson.starts_at < ends_at)
        for starts_at, ends_at in shown.free
        for lesson in (near, far)
    )


def test_the_lessons_of_an_expert_cost_the_same_however_many(expert, django_assert_num_queries):
    lesson_of(expert, days=5)
    teaching_of(expert, NOW)  # what a process keeps is read
    with django_assert_num_queries(4):
        teaching_of(expert, NOW)
    for days in (6, 7, 8):
        lesson_of(expert, days=days)
    with django_assert_num_queries(4):
        assert len(teaching_of(expert, NOW).lessons) == 4


def test_who_books_for_colleagues_is_led_from_a_class_to_their_people(client, village_coordinator):
    town = village_coordinator.grants.get().village.town
    elsewhere = class_with(seats=5, campus=CampusFactory(town=TownFactory()))
    near = class_with(seats=5, campus=CampusFactory(town=town), starts_at=NOW + timedelta(days=40))
    class_with(seats=5, booking_closes_at=NOW - timedelta(hours=1))
    class_with(seats=5, status=ClassStatus.DRAFT)
    client.force_login(village_coordinator)

    page = client.get(reverse("trainees:book_colleagues"))

    assert [run.row.code for run in page.context["runs"]] == [near.code, elsewhere.code]
    assert f'href="/classes/{near.code}/colleagues/"' in page.text
