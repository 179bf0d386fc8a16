"""Marks of days: announced holidays and swapped workdays, weekends elsewhere."""

from datetime import date, datetime

import pytest
from django.utils import timezone, translation

from academy.models import SpecialDay
from courses.schedule.holidays import DayMark, is_workday, mark_of, not_announced, warning_for
from courses.schedule.statutory_days import statutory_days

from ..factories import class_with

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (date(2026, 2, 17), DayMark(date(2026, 2, 17), True, "春节")),
        (date(2026, 10, 10), DayMark(date(2026, 10, 10), False, "调休上班")),
        (date(2026, 11, 24), DayMark(date(2026, 11, 24), False)),
        (date(2026, 11, 28), DayMark(date(2026, 11, 28), True)),
        # not announced: what the law names all the same
        (date(2031, 1, 22), DayMark(date(2031, 1, 22), True, "春节")),
        (date(2031, 1, 26), DayMark(date(2031, 1, 26), True)),
        (date(2031, 1, 27), DayMark(date(2031, 1, 27), False)),
        (date(9998, 1, 1), DayMark(date(9998, 1, 1), True, "元旦")),
        (date(9998, 1, 3), DayMark(date(9998, 1, 3), True)),
        (date(1, 1, 1), DayMark(date(1, 1, 1), False)),
    ],
)
def test_a_day_stands_as_it_was_announced(day, mark):
    assert mark_of(day) == mark


def test_the_days_of_the_law_are_among_those_of_an_announced_year():
    announced = {day: mark_of(day) for day in statutory_days(2026)}

    assert all(mark.is_off for mark in announced.values())
    with translation.override("en"):
        assert {day: mark_of(day).words for day in announced} == statutory_days(2026)


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


YEAR = timezone.localdate().year + 3
ADDRESS = f"/manage/settings/holidays/{YEAR}/"


def test_the_office_types_the_days_of_a_year_that_is_not_known(
    client, administrator, django_capture_on_commit_callbacks
):
    client.force_login(administrator)
    lesson = class_with(
        seats=5, starts_at=timezone.make_aware(datetime(YEAR, 1, 2, 9)), title="元旦的班"
    ).lessons.first()
    typed = {"text": f"{YEAR}-01-01 休 元旦\n1月2日-3日 放假 元旦\n{YEAR}年1月8日 上班"}

    looked_at = client.post(ADDRESS, typed).text
    assert lesson.training_class.title in looked_at
    assert not SpecialDay.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ADDRESS, typed | {"confirmed": "1"})

    assert warning_for(date(YEAR, 1, 3)) == "公共假日：元旦"
    assert is_workday(date(YEAR, 1, 8))
    assert not_announced([YEAR]) == []
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ADDRESS, {"text": "", "confirmed": "1"})
    assert not_announced([YEAR]) == [YEAR]


@pytest.mark.parametrize(
    "text", ["元旦", "13月1日 休", "2月30日", "1999-01-01 休", "1月1日-6月1日 休"]
)
def test_a_line_that_is_no_day_is_named(client, administrator, text):
    client.force_login(administrator)
    response = client.post(ADDRESS, {"text": text, "confirmed": "1"})

    assert "第 1 行" in response.context["form"].errors["text"][0]
    assert not SpecialDay.objects.exists()


def test_the_days_of_a_known_year_are_not_typed(client, administrator):
    client.force_login(administrator)
    assert client.get("/manage/settings/holidays/1999/").status_code == 404
