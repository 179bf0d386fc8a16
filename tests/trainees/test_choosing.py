"""The list of what a person can book, and the reason for each class that is not on it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from academy.search import index
from courses.models import TrainingClass
from trainees.booking.enrolling import book
from trainees.eligibility.choosing import sort_out

from ..factories import NOW, PositionFactory, ask, class_with

# of the page for a trainee: the list with its facets, and every booking rule for all classes at
# once
MOST_QUERIES = 30


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def classes(cadre, colleague):
    """One class for everybody, and one for each thing that may stand against booking."""
    later = NOW + timedelta(days=30)
    fits = class_with(seats=5, title="合适的班", code="PX-1")
    other_post = class_with(seats=5, title="别的岗位的班", code="PX-2", starts_at=later)
    ask(other_post, audiences=[PositionFactory(name="别的岗位")])
    class_with(
        seats=5,
        title="还没开始报名的班",
        code="PX-3",
        starts_at=later + timedelta(days=1),
        booking_opens_at=NOW + timedelta(days=2),
        booking_closes_at=later,
    )
    class_with(
        seats=5,
        title="报名已截止的班",
        code="PX-4",
        starts_at=later + timedelta(days=2),
        booking_closes_at=NOW - timedelta(days=1),
    )
    full = class_with(
        seats=1,
        title="满了的班",
        code="PX-5",
        starts_at=later + timedelta(days=3),
        has_waiting_list=False,
    )
    book(trainee=colleague, training_class=full, by=colleague.user, now=NOW)
    own = class_with(seats=5, title="已报的班", code="PX-6", starts_at=later + timedelta(days=4))
    book(trainee=cadre, training_class=own, by=cadre.user, now=NOW)
    class_with(seats=5, title="撞时间的班", code="PX-7", starts_at=later + timedelta(days=4))
    return fits


def test_each_class_is_either_bookable_or_says_why_not(classes, cadre):
    choice = sort_out(cadre, TrainingClass.objects.order_by("code"), NOW)

    assert choice.bookable == ["PX-1"]
    assert {code: reason.rule for code, reason in choice.hidden.items()} == {
        "PX-2": "position",
        "PX-3": "window",
        "PX-4": "window",
        "PX-5": "seat",
        "PX-6": "enrolled",
        "PX-7": "clash",
    }


def test_the_page_shows_what_can_be_booked_and_explains_the_rest(classes, cadre, client):
    client.force_login(cadre.user)
    response = client.get("/classes/?bookable=1")

    assert [row.code for row in response.context["rows"]] == ["PX-1"]
    assert [item.row.code for item in response.context["hidden"]] == [
        "PX-2",
        "PX-3",
        "PX-4",
        "PX-5",
        "PX-6",
        "PX-7",
    ]
    assert "另有 6 个班暂时报不了" in response.text and "别的岗位" in response.text


def test_the_counts_of_the_facets_are_of_what_can_be_booked(classes, cadre, client):
    client.force_login(cadre.user)
    facets = {
        facet.name: facet
        for facet in client.get("/classes/?bookable=1").context["selection"].facets
    }

    assert [(choice.value, choice.count) for choice in facets["campus"].choices] == [
        (classes.campus.code, 1)
    ]
    assert (
        f"/classes/?bookable=1&amp;campus={classes.campus.code}".replace("/classes/", "")
        in client.get("/classes/?bookable=1").text
    )


def test_a_facet_narrows_the_explained_ones_too(classes, cadre, client):
    client.force_login(cadre.user)
    response = client.get(f"/classes/?bookable=1&campus={classes.campus.code}")

    assert ([row.code for row in response.context["rows"]], response.context["hidden"]) == (
        ["PX-1"],
        [],
    )


def test_a_search_and_what_can_be_booked_go_together(classes, cadre, client):
    index.rebuild(["class"])
    client.force_login(cadre.user)
    response = client.get("/classes/?bookable=1&q=班")

    assert [row.code for row in response.context["rows"]] == ["PX-1"]
    assert len(response.context["hidden"]) == 6


def test_a_visitor_is_asked_to_log_in_and_sees_every_class_that_takes_bookings(classes, client):
    response = client.get("/classes/?bookable=1")

    assert {row.code for row in response.context["rows"]} == {f"PX-{n}" for n in (1, 2, 5, 6, 7)}
    assert "/accounts/login/?next=/classes/%3Fbookable%3D1" in response.text


@pytest.mark.parametrize(
    "query",
    [
        "bookable=0",
        "bookable=<b>",
        "bookable=1&campus=XX",
        "bookable=1&past=1",
        "bookable=1&page=9999",
    ],
)
def test_any_wish_is_answered(classes, cadre, client, query):
    client.force_login(cadre.user)

    assert client.get(f"/classes/?{query}").status_code == 200


def queries(client) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/classes/?bookable=1").status_code == 200
    return len(captured)


def test_the_rules_of_many_classes_cost_as_much_as_those_of_few(classes, cadre, client):
    client.force_login(cadre.user)
    queries(client)  # the session learns how the list was left
    few = queries(client)
    for number in range(12):
        item = class_with(
            seats=5, code=f"PX-9{number}", starts_at=NOW + timedelta(days=60 + number)
        )
        ask(item, audiences=[PositionFactory()])

    assert queries(client) == few <= MOST_QUERIES
