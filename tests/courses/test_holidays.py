"""Marks of days: announced holidays and swapped workdays, weekends elsewhere."""

from datetime import date

import pytest
from django.utils import translation

from courses.schedule.holidays import DayMark, is_workday, mark_of, not_announced, warning_for


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (date(2026, 2, 17), DayMark(date(2026, 2, 17), True, "春节")),
        (date(2026, 10, 10), DayMark(date(2026, 10, 10), False, "调休上班")),
        (date(2026, 11, 24), DayMark(date(2026, 11, 24), False)),
        (date(2026, 11, 28), DayMark(date(2026, 11, 28), True)),
        (date(9998, 1, 1), DayMark(date(9998, 1, 1), False)),
        (date(9998, 1, 3), DayMark(date(9998, 1, 3), True)),
        (date(1, 1, 1), DayMark(date(1, 1, 1), False)),
    ],
)
def test_a_day_stands_as_it_was_announced(day, mark):
    assert mark_of(day) == mark


def test_only_public_holidays_warn():
    assert [warning_for(date(2026, 10, day)) for day in (1, 10, 11, 12)] == [
        "公共假日：国庆节",
        "",
        "",
        "",
    ]


def test_a_swapped_saturday_is_a_workday():
    assert [is_workday(date(2026, 10, 10)), is_workday(date(2026, 10, 11))] == [True, False]


def test_names_follow_the_language():
    with translation.override("en"):
        assert mark_of(date(2026, 10, 1)).words == "National Day"


def test_years_without_an_announcement_are_named():
    assert not_announced([2026, 9998, 2001, 9998]) == [2001, 9998]
