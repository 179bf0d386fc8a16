"""Dates, numbers and small parts, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.utils import translation

from academy.templatetags import portal_tags
from academy.web.paging import page_of

LATE = datetime(2027, 11, 14, 16, 5, tzinfo=UTC)  # 15 November, 0:05 in Shanghai
NEW_YEAR = datetime(2027, 12, 31, 16, 5, tzinfo=UTC)  # 1 January 2028, 0:05 in Shanghai


@pytest.mark.parametrize(
    ("name", "value", "chinese", "english"),
    [
        ("day", LATE, "11月15日 周一", "Mon 15 Nov"),
        ("day", date(2027, 11, 14), "11月14日 周日", "Sun 14 Nov"),
        ("day", NEW_YEAR, "2028年1月1日 周六", "Sat 1 Jan 2028"),
        ("short_day", LATE, "11月15日", "15 Nov"),
        ("short_day", date(2026, 12, 31), "2026年12月31日", "31 Dec 2026"),
        ("another_year", LATE, "", ""),
        ("another_year", NEW_YEAR, "2028年", "2028"),
        ("full_month", LATE, "2027年11月", "Nov 2027"),
        ("full_day", LATE, "2027年11月15日", "15 Nov 2027"),
        ("month", LATE, "11月", "Nov"),
        ("weekday", LATE, "周一", "Mon"),
        ("clock", LATE, "0:05", "0:05"),
    ],
)
# 23:55 of the last day of the year in Shanghai
@time_machine.travel(datetime(2027, 12, 31, 15, 55, tzinfo=UTC), tick=False)
def test_dates_are_told_in_shanghai_and_in_the_language_of_the_page(name, value, chinese, english):
    with translation.override("zh-hans"):
        assert getattr(portal_tags, name)(value) == chinese
    with translation.override("en"):
        assert getattr(portal_tags, name)(value) == english


@time_machine.travel(datetime(2027, 11, 1, tzinfo=UTC), tick=False)
def test_the_end_of_a_span_names_the_year_only_where_it_is_another_one():
    with translation.override("zh-hans"):
        assert portal_tags.short_day(date(2028, 1, 20), date(2028, 1, 5)) == "1月20日"
        assert portal_tags.short_day(date(2028, 1, 20), date(2027, 12, 28)) == "2028年1月20日"
        assert portal_tags.short_day(date(2027, 12, 28), date(2026, 12, 28)) == "2027年12月28日"


@pytest.mark.parametrize(
    "name",
    ["day", "short_day", "full_day", "month", "another_year", "full_month", "weekday", "clock"],
)
@pytest.mark.parametrize("value", [None, "", "tomorrow"])
def test_a_date_that_is_missing_is_nothing(name, value):
    assert getattr(portal_tags, name)(value) == ""


def test_span_of_a_lesson():
    lesson = SimpleNamespace(
        starts_at=datetime(2027, 11, 15, 5, 30, tzinfo=UTC),
        ends_at=datetime(2027, 11, 15, 7, 55, tzinfo=UTC),
    )

    assert portal_tags.span(lesson) == "13:30—15:55"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("17.00"), "17"),
        (Decimal("2.50"), "2.5"),
        (Decimal("100"), "100"),
        (0.25, "0.25"),
        (0, "0"),
        (None, ""),
        ("x", ""),
    ],
)
def test_hours_have_no_trailing_zeros(value, text):
    assert portal_tags.hours(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12000, "12,000"),
        (Decimal("12000.00"), "12,000"),
        (Decimal("0.5"), "0.50"),
        (None, ""),
        ("x", ""),
    ],
)
def test_yuan(value, text):
    assert portal_tags.yuan(value) == text


@pytest.mark.parametrize(
    ("phone", "masked", "spaced"),
    [
        ("13812345678", "138****5678", "138 1234 5678"),
        ("", "", ""),
        (None, "", ""),
        ("021-1", "", "021-1"),
    ],
)
def test_phones(phone, masked, spaced):
    assert portal_tags.masked_phone(phone) == masked
    assert portal_tags.spaced_phone(phone) == spaced


def _render(source, request=None, **context):
    with translation.override("zh-hans"):
        return (
            Template("{% load portal_tags %}" + source)
            .render(RequestContext(request, context) if request else Context(context))
            .strip()
        )


def test_icon_is_a_hidden_picture_from_the_sprite():
    assert (
        _render('{% icon "bell" %}')
        == '<svg class="bi" aria-hidden="true"><use href="/static/icons.svg#bell"/></svg>'
    )


def test_status_badge_is_icon_and_word():
    page = _render('{% status_badge "wait" words %}', words="候补<第 2 位>")

    assert page.startswith('<span class="status status-wait"><svg')
    assert "#hourglass-split" in page
    assert page.endswith("候补&lt;第 2 位&gt;</span>")


def test_an_unknown_kind_of_status_is_idle():
    assert 'class="status status-idle"' in _render('{% status_badge "purple" "x" %}')


@pytest.mark.parametrize(
    ("numbers", "first", "second", "bar"),
    [
        ("24 30", "余 6 席", "共 30 席", 'value="24" max="30"'),
        ("30 30 2", "已满 30 席", "候补 2 人", 'value="30" max="30"'),
        ("30 30", "已满 30 席", "", 'value="30" max="30"'),
        ("31 30", "已满 30 席", "", 'value="30" max="30"'),
        ("0 0", "已满 0 席", "", 'value="0" max="1"'),
        ("0 1200", "余 1200 席", "共 1200 席", 'value="0" max="1200"'),
    ],
)
def test_seat_meter_says_it_in_words_first(numbers, first, second, bar):
    page = _render("{% seat_meter " + numbers + " %}")

    assert f"<b>{first}</b>" in page
    assert second in page
    assert bar in page
    assert "style=" not in page


def test_empty_state_shows_the_way_on_where_there_is_one():
    assert "<a " in _render('{% empty_state "没有班次" "原因" "/classes/" "看全部" %}')
    assert "<a " not in _render('{% empty_state "没有班次" %}')


class _Track:
    def __init__(self, css_class):
        self.css_class = css_class

    def __str__(self):
        return "实务<实训>"


@pytest.mark.parametrize(
    ("css_class", "expected"),
    [("sw", "track-tag track-sw"), ("", "track-tag"), ('" onclick="x', "track-tag")],
)
def test_track_tag_has_the_colour_of_the_row_or_none(css_class, expected):
    assert (
        _render("{% track_tag track %}", track=_Track(css_class))
        == f'<span class="{expected}">实务&lt;实训&gt;</span>'
    )


def test_track_tag_of_no_track_is_nothing():
    assert _render("{% track_tag track %}", track=None) == ""


@pytest.mark.parametrize(
    ("wish", "number"), [("2", 2), ("9999", 3), ("abc", 1), ("-1", 3), ("", 1), ("0", 3)]
)
def test_page_of(rf, wish, number):
    assert page_of(rf.get("/", {"page": wish}), list(range(25)), 10).number == number


def test_pagination_keeps_the_filters(rf):
    request = rf.get("/courses/?track=sw&page=2")

    page = _render("{% pagination page %}", page=Paginator(range(50), 10).page(2), request=request)

    assert 'href="?track=sw&amp;page=3" rel="next"' in page
    assert '<a href="?track=sw&amp;page=2" aria-current="page">2</a>' in page


def test_one_page_needs_no_pagination(rf):
    assert (
        _render("{% pagination page %}", page=Paginator(range(5), 10).page(1), request=rf.get("/"))
        == ""
    )
