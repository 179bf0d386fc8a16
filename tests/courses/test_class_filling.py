"""Filling many rows of a class's form at once."""

import pytest

from courses.forms.class_filling import for_each_town, with_repeats
from courses.forms.fields import MOST_LESSONS
from courses.models import TrainingClass

from ..factories import TownFactory

pytestmark = pytest.mark.django_db
LESSON = {"pk": "7", "course": "ZC-001", "venue": "R01", "starts": "09:00", "ends": "11:25"}


def days(rows) -> list[str]:
    return [row["day"] for row in rows]


def test_a_lesson_goes_on_week_by_week_and_past_the_holidays():
    """1 October 2026 is a Thursday, the 8th is a workday again."""
    rows = with_repeats([LESSON | {"day": "2026-09-24"}], times="3", every="week")

    assert days(rows) == ["2026-09-24", "2026-10-08", "2026-10-15", "2026-10-22"]


def test_a_lesson_goes_on_on_workdays_one_after_the_other():
    rows = with_repeats([LESSON | {"day": "2026-11-27"}], times="2", every="workday")

    assert days(rows) == ["2026-11-27", "2026-11-30", "2026-12-01"]
    assert [row["pk"] for row in rows] == ["7", "", ""]
    assert {row["venue"] for row in rows} == {"R01"}


def test_a_lesson_of_a_saturday_stays_on_saturdays():
    rows = with_repeats([LESSON | {"day": "2026-11-28"}], times="1", every="week")

    assert days(rows) == ["2026-11-28", "2026-12-05"]


@pytest.mark.parametrize(
    ("day", "times"), [("", "3"), ("x", "3"), ("2026-11-27", ""), ("2026-11-27", "-2")]
)
def test_what_is_no_number_or_day_adds_nothing(day, times):
    rows = [LESSON | {"day": day}]

    assert with_repeats(rows, times=times, every="week") == rows


def test_not_more_lessons_than_a_form_takes():
    rows = with_repeats([LESSON | {"day": "2026-01-05"}], times="9999", every="week")

    assert len(rows) == MOST_LESSONS


def test_each_town_has_the_same_seats():
    assert for_each_town(["BS-01", "BS-02"], "2") == [
        {"town": "BS-01", "seats": "2"},
        {"town": "BS-02", "seats": "2"},
    ]


def test_the_form_fills_rows_and_saves_nothing(client, district_staff):
    towns = [TownFactory() for _number in range(3)]
    client.force_login(district_staff)
    form = {
        "lessons-TOTAL_FORMS": "1",
        "lessons-INITIAL_FORMS": "0",
        "quotas-TOTAL_FORMS": "0",
        "quotas-INITIAL_FORMS": "0",
        "lessons-0-day": "2026-11-27",
        "lessons-0-starts": "09:00",
        "class-title": "协商班",
    }

    repeated = client.post(
        "/manage/classes/new/", form | {"add": "repeats", "repeat-times": "4", "repeat-every": "x"}
    )
    quotas = client.post("/manage/classes/new/", form | {"add": "each-town", "each-seats": "2"})

    shown = repeated.context["forms"]
    assert [row["day"].value() for row in shown.lessons.forms][1:3] == ["2026-12-04", "2026-12-11"]
    assert shown.form["title"].value() == "协商班" and not shown.error_summary
    assert {row["town"].value() for row in quotas.context["forms"].quotas.forms} == {
        town.code for town in towns
    }
    assert not TrainingClass.objects.exists()
