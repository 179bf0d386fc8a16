"""The pages of plan against actual."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from academy.models import Role
from tests.factories import NOW, CampusFactory, RoleGrantFactory

from .factories import filed
from .taught import hangs_on, taught

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The clock of the tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def plan():
    return filed(items=2)


@pytest.fixture
def world(plan):
    """Two classes of the plan, one outside it, one of another street-town."""
    campus = CampusFactory(town=plan.town, kind="salon")
    hangs_on(taught(people=2, campus=campus), plan.items.first())
    hangs_on(taught(people=1, campus=campus), plan.items.first())
    hangs_on(taught(people=1, campus=campus), None, "区里临时部署")
    other = filed(items=1)
    hangs_on(taught(people=3, campus=CampusFactory(town=other.town)), other.items.get())
    return other


def office():
    return RoleGrantFactory(role=Role.ADMINISTRATOR).user


def sheet_of(client, name, **query):
    answer = client.get(reverse(name), {"year": "2027", "export": "xlsx", **query})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return list(book.active.iter_rows(values_only=True))[1:]


def test_the_last_row_is_the_sum_of_the_others(client, plan, world):
    client.force_login(office())

    *rows, total = sheet_of(client, "plans:actual")

    assert [row[0] for row in rows] == sorted([plan.town.name, world.town.name])
    for column in (2, 3, 4, 5, 6, 7, 8, 10):
        assert total[column] == sum(row[column] for row in rows)
    assert (total[3], total[5], total[10], total[11]) == (4, 7, 1, 25)


def test_a_unit_sees_its_own_figures_alone(client, plan, world):
    staff = RoleGrantFactory(role=Role.TOWN_STAFF, town=plan.town).user
    client.force_login(staff)

    *rows, total = sheet_of(client, "plans:actual", owner=f"town-{world.town.code}") or [None]
    mine = sheet_of(client, "plans:actual")
    people = sheet_of(client, "plans:actual_people")

    assert (rows, total) == ([], None)
    assert [row[0] for row in mine] == [plan.town.name, "合计"]
    assert len(people) == 4
    assert all("＊" in row[0] for row in people)


@pytest.mark.parametrize(
    ("name", "query", "count"),
    [
        ("plans:actual_items", {}, 3),
        ("plans:actual_items", {"quarter": "1"}, 0),
        ("plans:actual_classes", {}, 4),
        ("plans:actual_classes", {"unplanned": "1"}, 1),
        ("plans:actual_people", {}, 7),
        ("plans:actual_people", {"as_of": "2027-02-28"}, 0),
    ],
)
def test_every_number_opens_its_rows(client, plan, world, name, query, count):
    client.force_login(office())

    assert len(sheet_of(client, name, **query)) == count


@pytest.mark.parametrize(
    "query",
    [
        {"year": "abcd"},
        {"year": "99999999999999"},
        {"as_of": "2027-13-01"},
        {"as_of": "9999-12-31"},
        {"as_of": "0001-01-01"},
        {"quarter": "十三月"},
        {"quarter": "9"},
        {"owner": "../"},
        {"owner": ["a", "b"]},
    ],
)
@pytest.mark.parametrize("name", ["actual", "actual_items", "actual_classes", "actual_people"])
def test_odd_questions_get_an_empty_list_with_a_sentence(client, world, name, query):
    client.force_login(office())

    assert client.get(reverse(f"plans:{name}"), query).status_code == 200


def test_the_statements_do_not_grow_with_classes(client, plan, django_assert_max_num_queries):
    client.force_login(office())
    campus = CampusFactory(town=plan.town)
    counts = []
    client.get(reverse("plans:actual"), {"year": "2027"})  # what is kept between pages
    for number in (1, 4):
        for _class in range(number):
            hangs_on(taught(people=1, campus=campus), plan.items.first())
        with django_assert_max_num_queries(12) as found:
            client.get(reverse("plans:actual"), {"year": "2027"})
        counts.append(len(found))

    assert counts[0] == counts[1]
