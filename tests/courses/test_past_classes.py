"""Past classes: the last year by itself, earlier ones by year or season."""

from datetime import timedelta

import pytest

from academy.search import index
from courses.schedule.class_index import ClassListQuery

from ..factories import NOW, class_with

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def past(db, administrator):
    for years, title in ((0.9, "去年的班"), (3, "三年前的班"), (5, "五年前的班")):
        class_with(
            seats=3,
            starts_at=NOW - years * YEAR,
            title=title,
            season="2023Q4" if years == 3 else "",
        )
    return administrator


def titles(user, **asked):
    list_query = ClassListQuery(user, {"past": "1", **asked}, NOW)
    return [item.title for item in list_query.classes], list_query.earlier_years


def test_the_list_goes_one_year_back_and_names_the_years_before(past):
    this = NOW.year
    assert titles(past) == (["去年的班"], list(range(this - 1, (NOW - 5 * YEAR).year - 1, -1)))


def test_a_year_and_a_season_have_lists_of_their_own(past):
    assert titles(past, year=str((NOW - 5 * YEAR).year))[0] == ["五年前的班"]
    assert titles(past, season="2023Q4")[0] == ["三年前的班"]


@pytest.mark.parametrize("year", ["0", "20x3", "99999", "²⁰²³", ""])
def test_an_odd_year_is_none(past, year):
    assert titles(past, year=year)[0] == ["去年的班"]


def test_the_page_leads_to_the_earlier_years(client, past):
    client.force_login(past)
    content = client.get("/classes/?past=1").content.decode()
    assert "?past=1&amp;year=" in content


def test_the_search_finds_classes_of_one_year(past, time_machine):
    time_machine.move_to(NOW, tick=False)
    index.rebuild(["class"])
    assert {hit.title for hit in index.search("的班", kinds=["class"])} == {"去年的班"}
