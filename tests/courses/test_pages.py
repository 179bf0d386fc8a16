"""What everybody may look at: facets and filters, unknown values, far pages, the cost of a page."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from academy.search import index
from courses.models import ClassStatus, CourseStatus
from trainees.classes.changes import cancel_class

from ..factories import (
    NOW,
    CourseFactory,
    DepartmentFactory,
    LessonFactory,
    PositionFactory,
    ServiceItemFactory,
    StageFactory,
    TeachingFormatFactory,
    TrackFactory,
    class_with,
)

MOST_QUERIES_OF_A_LIST = 8
MOST_QUERIES_OF_A_COURSE = 14  # with what the office has set, which is kept for an hour


@pytest.fixture
def catalogue(db):
    """Two courses that differ in every facet."""
    lift = CourseFactory(
        code="SW-001",
        title="电梯加装协商实训",
        track=TrackFactory(prefix="SW", name="实务实训"),
        department=DepartmentFactory(code="D1"),
    )
    lift.formats.add(TeachingFormatFactory(code="F02", name="场景模拟"))
    lift.audiences.add(PositionFactory(name="居民区书记"))
    lift.service_items.add(
        ServiceItemFactory(
            code="FW-01", name="既有多层住宅加装电梯", question="老楼想装电梯要走什么程序"
        )
    )
    rules = CourseFactory(
        code="ZC-001",
        title="条例逐条用",
        track=TrackFactory(prefix="ZC", name="政策法规"),
        department=DepartmentFactory(code="D2"),
    )
    rules.formats.add(TeachingFormatFactory(code="F01", name="课堂教学"))
    rules.audiences.add(PositionFactory(name="居委主任"))
    index.rebuild(["course"])
    return lift, rules


def codes(response) -> list[str]:
    return [row["course"].code for row in response.context["rows"]]


@pytest.mark.parametrize(
    "query",
    [
        "track=SW",
        "format=F02",
        "department=D1",
        "audience=居民区书记",
        "q=加装",
        "q=jiazhuang",
        "q=jzdt",
        "track=SW&format=F02",
    ],
)
def test_a_filter_leaves_what_matches(client, catalogue, query):
    assert codes(client.get(f"/courses/?{query}")) == ["SW-001"]


@pytest.mark.parametrize(
    "query",
    ["track=XX", "format=<b>", "department=0", "audience=没有", "stage=9", "track=SW&format=F99"],
)
def test_an_unknown_value_gives_an_empty_list_and_a_way_out(client, catalogue, query):
    response = client.get(f"/courses/?{query}")

    assert response.status_code == 200
    assert codes(response) == []
    assert "没有这个筛选条件" in response.text or "没有这个" in response.text
    assert f'href="{reverse("courses:course_list")}"' in response.text


def test_filters_that_exclude_each_other_say_so(client, catalogue):
    response = client.get("/courses/?track=SW&format=F01")

    assert codes(response) == []
    assert "没有" in response.text


def test_counts_are_for_the_other_filters(client, catalogue):
    facets = {
        facet.name: facet for facet in client.get("/courses/?track=SW").context["selection"].facets
    }

    assert {choice.value: choice.count for choice in facets["track"].choices} == {"SW": 1, "ZC": 1}
    assert {choice.value: choice.count for choice in facets["format"].choices} == {"F02": 1}


@pytest.mark.parametrize("page", ["9999", "0", "-1", "abc", "", "9" * 40])
@pytest.mark.parametrize("address", ["/courses/", "/classes/"])
def test_any_page_number_is_answered(client, catalogue, address, page):
    assert client.get(f"{address}?page={page}").status_code == 200


@pytest.mark.parametrize("per_page", ["0", "1", "100", "99999", "abc", "-3"])
def test_any_page_length_is_answered(client, catalogue, per_page):
    assert client.get(f"/courses/?per_page={per_page}").status_code == 200


def test_the_search_command_names_the_course_first(catalogue):
    said = StringIO()

    call_command("search", "jzdt", "--json", stdout=said)

    found = json.loads(said.getvalue())
    assert next(row["code"] for row in found if row["kind"] == "course") == "SW-001"


def test_a_course_says_when_it_can_be_taken(client, catalogue):
    later = timezone.now() + timedelta(days=20)
    training_class = class_with(
        seats=6,
        starts_at=later,
        booking_opens_at=later - timedelta(days=30),
        booking_closes_at=later - timedelta(days=1),
        title="协商班",
    )
    LessonFactory(
        training_class=training_class,
        number=9,
        course_version__course=catalogue[0],
        starts_at=later,
    )

    lines = client.get("/courses/").text

    assert "协商班" in lines and "余 6 席" in lines
    assert "协商班" in client.get("/courses/SW-001/").text


def test_a_draft_is_not_there_for_strangers(client, catalogue, cadre):
    CourseFactory(code="SW-009", status=CourseStatus.DRAFT)

    assert client.get("/courses/SW-009/").status_code == 404
    client.force_login(cadre.user)
    assert client.get("/courses/SW-009/").status_code == 404
    assert "SW-009" not in client.get("/courses/").text


def queries(client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_catalogue_costs_the_same_for_few_and_for_many(client, catalogue):
    few = queries(client, "/courses/?per_page=100")
    for course in CourseFactory.create_batch(20):
        course.formats.add(TeachingFormatFactory())
        LessonFactory(training_class=class_with(seats=5), course_version__course=course, number=9)

    assert queries(client, "/courses/?per_page=100") == few <= MOST_QUERIES_OF_A_LIST


def test_the_class_list_costs_the_same_for_few_and_for_many(client, db):
    class_with(seats=5, starts_at=timezone.now() + timedelta(days=20))
    few = queries(client, "/classes/")
    for number in range(9):
        class_with(seats=5, starts_at=timezone.now() + timedelta(days=21 + number), town_seats={})

    assert queries(client, "/classes/") == few


def test_a_course_page_is_cheap(client, catalogue):
    for _number in range(5):
        later = timezone.now() + timedelta(days=20)
        LessonFactory(
            training_class=class_with(seats=5, starts_at=later),
            course_version__course=catalogue[0],
            number=9,
        )

    assert queries(client, "/courses/SW-001/") <= MOST_QUERIES_OF_A_COURSE


def test_filters_of_classes_lead_from_the_courses_to_the_classes(client, catalogue):
    response = client.get("/courses/?campus=B1&track=SW&town=9")

    assert codes(response) == ["SW-001"]
    assert 'href="/classes/?track=SW&amp;campus=B1&amp;town=9"' in response.text


@pytest.mark.parametrize(
    "query",
    [
        f"{name}=不存在"
        for name in ("campus", "town", "season", "audience", "stage", "track", "format")
    ]
    + ["department=D99"],
)
def test_an_unknown_value_of_the_class_list_gives_an_empty_list(client, db, query):
    class_with(seats=5, starts_at=timezone.now() + timedelta(days=20))

    response = client.get(f"/classes/?{query}")

    assert response.status_code == 200
    assert list(response.context["rows"]) == []
    assert 'href="/classes/"' in response.text


@time_machine.travel(NOW, tick=False)
def test_the_class_list_heads_each_month_with_its_year(client, db):
    for days in (14, 15, 310):
        class_with(seats=10, starts_at=NOW + timedelta(days=days), title="议事协商班")
    index.rebuild(["class"])

    page, hits = (
        client.get(reverse("trainees:class_list"), {"q": query}).content.decode()
        for query in ("", "议事协商")
    )

    assert re.findall(r'<h2 class="list-month song">(.*?)</h2>', page) == ["2027年3月", "2028年1月"]
    assert "<small>2028年</small>" not in page
    assert "list-month" not in hits  # the best hits come first
    assert hits.count("<small>2028年</small>") == 1


def test_the_class_list_is_narrowed_by_its_filters(client, db):
    soon = timezone.now() + timedelta(days=20)
    wanted, _other = (
        class_with(seats=5, starts_at=soon, season="2027Q2", title="协商班"),
        class_with(seats=5, starts_at=soon, season="2027Q3"),
    )
    course = CourseFactory(department=DepartmentFactory(code="D7"))
    course.formats.add(TeachingFormatFactory(code="F07"))
    course.stages.add(StageFactory(name="骨干"))
    LessonFactory(
        training_class=wanted,
        course_version__course=course,
        venue__campus=wanted.campus,
        number=9,
    )
    asks = class_with(seats=5, starts_at=soon + timedelta(days=1), title="新任班")
    asks.stages.add(StageFactory(name="新任"))
    LessonFactory(training_class=asks, course_version__course=course, number=9)
    index.rebuild(["class"])
    of_format = client.get("/classes/?format=F07").context["rows"]
    assert [row.code for row in of_format] == [wanted.code, asks.code]
    # who teaches both is for the stage that the class asks for
    assert [row.code for row in client.get("/classes/?stage=新任").context["rows"]] == [asks.code]

    for query in (
        "department=D7&season=2027Q2",
        "stage=骨干",
        f"campus={wanted.campus.code}",
        f"town={wanted.campus.town.code}",
        "season=2027Q2",
        "q=xieshang",
    ):
        assert [row.code for row in client.get(f"/classes/?{query}").context["rows"]] == [
            wanted.code
        ], query


def test_past_classes_have_a_list_of_their_own(client, db):
    over = class_with(
        seats=5, starts_at=timezone.now() - timedelta(days=20), status=ClassStatus.CLOSED
    )

    assert [row.code for row in client.get("/classes/?past=1").context["rows"]] == [over.code]
    assert [row.code for row in client.get("/classes/").context["rows"]] == []


def test_a_cancelled_class_is_no_longer_found(client, district_staff):
    training_class = class_with(
        seats=5, starts_at=timezone.now() + timedelta(days=20), title="协商班"
    )
    index.rebuild(["class"])
    assert [hit.code for hit in index.search("协商班")] == [training_class.code]

    cancel_class(
        training_class=training_class, reason="老师生病", by=district_staff, now=timezone.now()
    )

    assert index.search("协商班") == []
