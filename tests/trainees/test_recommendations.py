"""A few classes for one person: each names its rule, each can be booked, never more than three."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from academy.models import CampusKind
from trainees.booking.enrolling import book
from trainees.me.follows import follow
from trainees.me.recommendations import MOST, recommend
from trainees.models import HourTarget

from ..factories import NOW, CampusFactory, PositionFactory, VenueFactory, ask, class_with


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def salon(town):
    return CampusFactory(kind=CampusKind.SALON, town=town, name="示例镇治理会客厅")


def target(trainee, hours):
    HourTarget.objects.create(
        position=trainee.position,
        hours=Decimal(hours),
        legal_basis="示例",
        valid_from=date(2020, 1, 1),
    )


def rules(trainee):
    return [(item.training_class.code, item.rule) for item in recommend(trainee, NOW)]


def test_without_a_reason_nothing_is_recommended(cadre):
    class_with(seats=5)

    assert rules(cadre) == []


def test_missing_hours_name_a_class_with_the_track_that_lacks(cadre, salon):
    target(cadre, 7)
    training_class = class_with(seats=5, code="PX-1", campus=salon)
    track = training_class.lessons.get().course_version.course.track

    found = recommend(cadre, NOW)

    assert [(item.training_class, item.rule) for item in found] == [(training_class, "hours")]
    assert (
        found[0].reason == f"您的岗位 2027 年还差 7 学时，还没有{track.name}的学时；这个班 3 学时，"
        "就在本街镇会客厅，3月15日 周一开课，1 次课。"
    )


def test_hours_that_are_booked_already_are_not_missing(cadre):
    target(cadre, 3)
    booked = class_with(seats=5)
    class_with(seats=5, starts_at=NOW + timedelta(days=20))
    assert len(rules(cadre)) == 2

    book(trainee=cadre, training_class=booked, by=cadre.user, now=NOW)

    assert rules(cadre) == []


def test_a_class_of_next_year_counts_for_next_year(cadre):
    target(cadre, 3)
    book(trainee=cadre, training_class=class_with(seats=5), by=cadre.user, now=NOW)
    class_with(seats=5, starts_at=NOW + timedelta(days=330))

    assert [item.reason[:18] for item in recommend(cadre, NOW)] == ["您的岗位 2028 年还差 3 学时"]


def test_what_is_followed_the_own_salon_and_the_own_post_each_name_a_class(cadre, salon):
    followed = class_with(seats=5, code="PX-1", starts_at=NOW + timedelta(days=20))
    class_with(seats=5, code="PX-2", starts_at=NOW + timedelta(days=21), campus=salon)
    for_the_post = class_with(seats=5, code="PX-3", starts_at=NOW + timedelta(days=22))
    ask(for_the_post, audiences=[cadre.position])
    follow(trainee=cadre, target=followed.campus, now=NOW)

    assert rules(cadre) == [("PX-1", "follow"), ("PX-2", "salon"), ("PX-3", "post")]


def test_never_more_than_three_and_different_rules_first(cadre, salon):
    target(cadre, 40)
    for number in range(4):
        class_with(seats=5, code=f"PX-{number}", starts_at=NOW + timedelta(days=20 + number))
    class_with(seats=5, code="PX-9", starts_at=NOW + timedelta(days=30), campus=salon)

    assert len(rules(cadre)) == MOST
    # in the own town, so before what begins earlier elsewhere
    assert rules(cadre)[0] == ("PX-9", "hours")


def test_the_place_of_a_class_is_where_its_lessons_are(cadre, salon, client):
    target(cadre, 7)
    class_with(seats=5, code="PX-1")
    here = class_with(seats=5, code="PX-2", starts_at=NOW + timedelta(days=20))
    here.lessons.update(venue=VenueFactory(campus=salon))
    client.force_login(cadre.user)

    first = recommend(cadre, NOW)[0]

    assert (first.training_class, "就在本街镇会客厅" in first.reason) == (here, True)
    for page in (
        f"/classes/?town={salon.town.code}",
        f"/classes/?campus={salon.code}",
        salon.town.get_absolute_url(),
        salon.get_absolute_url(),
    ):
        _before, _facts, row = client.get(page).text.partition('<p class="class-row-facts">')
        assert row.partition('<span class="sep"')[0].endswith(salon.name), page
    shown = client.get(here.get_absolute_url()).text
    assert salon.name in shown and here.campus.name not in shown


def test_a_recommendation_names_where_the_lessons_are(cadre):
    target(cadre, 7)
    elsewhere = class_with(seats=5)
    elsewhere.lessons.update(venue=VenueFactory(campus=CampusFactory(name="上课的分校")))

    assert "上课的分校" in recommend(cadre, NOW)[0].reason


def test_every_class_that_is_recommended_can_be_booked(cadre, colleague):
    target(cadre, 40)
    class_with(seats=5, code="PX-1", booking_closes_at=NOW - timedelta(days=1))
    class_with(seats=5, code="PX-2", booking_opens_at=NOW + timedelta(days=1))
    ask(class_with(seats=5, code="PX-3"), audiences=[PositionFactory()])
    full = class_with(seats=1, code="PX-4", starts_at=NOW + timedelta(days=40))
    book(trainee=colleague, training_class=full, by=colleague.user, now=NOW)
    fits = class_with(seats=5, code="PX-5", starts_at=NOW + timedelta(days=50))

    assert rules(cadre) == [("PX-5", "hours")]
    book(trainee=cadre, training_class=fits, by=cadre.user, now=NOW)


def test_many_classes_cost_as_much_as_few(cadre):
    target(cadre, 40)
    follow(trainee=cadre, target=class_with(seats=5).campus, now=NOW)
    with CaptureQueriesContext(connection) as few:
        recommend(cadre, NOW)
    for number in range(8):
        other = class_with(seats=5, starts_at=NOW + timedelta(days=20 + number))
        ask(other, audiences=[cadre.position])

    with CaptureQueriesContext(connection) as many:
        recommend(cadre, NOW)

    assert len(many) == len(few)


def test_my_page_shows_them_to_the_trainee(client, cadre):
    target(cadre, 40)
    class_with(seats=5, title="补学时的班")
    client.force_login(cadre.user)

    text = client.get("/me/").text

    assert "适合您的班" in text and "您的岗位 2027 年还差 40 学时" in text
