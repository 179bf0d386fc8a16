"""The pulse of a season: seven numbers in their order, and where they lead. docs/rules.md R86."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from academy.models import Role
from courses.models import TrainingClass
from courses.schedule.season import Season
from portal.pulse import pulse_of
from trainees.models import EvaluationAnswered, Improvement, UseFollowUp

from ..conftest import grant
from ..factories import (
    NOW,
    TopicRequestFactory,
    TraineeFactory,
    UserFactory,
    class_with,
)
from ..trainees.certified import closed_class

pytestmark = pytest.mark.django_db
SEASON = Season(2027, 1)
NAMES = ["点单", "排期", "培训", "评价", "回访", "案例", "复盘"]


def counts(user=None):
    return [beat.count for beat in pulse_of(SEASON, user or AnonymousUser(), NOW)]


def test_an_empty_season_says_what_cannot_be_counted():
    beats = pulse_of(SEASON, AnonymousUser(), NOW)

    assert [beat.name for beat in beats] == NAMES
    assert [beat.count for beat in beats] == [0, 0, 0, None, None, 0, 0]
    assert "无法统计" in beats[3].note


def test_each_step_is_counted_in_its_season(django_assert_num_queries):
    coordinator = UserFactory()
    people = [TraineeFactory() for _one in range(5)]
    held = closed_class(people, coordinator, lessons=1)
    class_with(seats=3, starts_at=NOW + timedelta(days=20))
    class_with(seats=3, starts_at=NOW + timedelta(days=20), status="cancelled")
    class_with(seats=3, starts_at=NOW + timedelta(days=20), status="draft")
    class_with(seats=3, starts_at=NOW + timedelta(days=60))  # in the next season
    TopicRequestFactory(asked_at=NOW)
    TopicRequestFactory(asked_at=NOW + timedelta(days=60))
    Improvement.objects.create(
        training_class=held,
        finding="讲得太快",
        action="分两次讲",
        responsible=coordinator,
        due_on=NOW.date(),
        added_by=coordinator,
        added_at=NOW,
    )
    for person in people[:4]:
        _answers(held, person)
    assert TrainingClass.objects.count() == 5

    with django_assert_num_queries(7):
        assert counts() == [1, 2, 5, None, None, 0, 1]
    assert "不足 5 份" in pulse_of(SEASON, AnonymousUser(), NOW)[3].note
    _answers(held, people[4])
    assert counts() == [1, 2, 5, 5, 5, 0, 1]


def _answers(training_class, person):
    EvaluationAnswered.objects.create(training_class=training_class, trainee=person)
    UseFollowUp.objects.create(training_class=training_class, trainee=person, days=30, use="used")


def test_the_numbers_lead_only_to_rows_that_may_be_seen(client):
    office = grant(Role.DISTRICT_STAFF)
    public = [beat.url for beat in pulse_of(SEASON, AnonymousUser(), NOW)]
    inside = [beat.url for beat in pulse_of(SEASON, office, NOW)]

    assert public == ["", "/classes/", "/classes/?past=1", "", "", "/cases/", ""]
    assert all(inside)
    client.force_login(office)
    assert {client.get(url, follow=True).status_code for url in inside} == {200}


def test_the_public_page_and_the_board_draw_it(client):
    page = client.get("/season/", follow=True).content.decode()
    assert all(f'<span class="pulse-name">{name}</span>' in page for name in NAMES)
    assert client.get("/season/2027Q9/").status_code == 404

    client.force_login(grant(Role.DISTRICT_STAFF))
    board = client.get("/manage/season/2027Q1/").content.decode()

    assert '<ol class="pulse">' in board and 'href="/season/2027Q1/"' in board
