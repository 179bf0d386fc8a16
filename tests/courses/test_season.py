"""The season board: quarters, weeks, lanes and cards, whose classes it shows, and what it costs."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from academy.models import CampusKind
from courses.models import ClassStatus, TrainingClass
from courses.schedule.season import Month, Season
from courses.schedule.season_board import split_title, weeks_of
from courses.views import season as season_page

from ..factories import (
    NOW,
    SHANGHAI,
    CampusFactory,
    CourseVersionFactory,
    TownFactory,
    TrackFactory,
    class_with,
)
from ..page_text import squeezed

pytestmark = pytest.mark.django_db  # the holidays of a year may have been typed


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


def board_of(client, query: str = "", season: str = "2027Q1"):
    response = client.get(f"/manage/season/{season}/{query}")
    assert response.status_code == 200
    return response.context["board"]


def cards(board) -> dict[str, list[tuple]]:
    return {
        lane.campus.code: [
            (card.training_class.code, card.first_column, card.end_column, card.kind)
            for card in lane.cards
        ]
        for lane in board.lanes
    }


# --- Quarters -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["2027Q0", "2027Q5", "27Q1", "2027q1", "0001Q1", "9999Q4", "２０２７Q1", "2027Q1\n", ""]
)
def test_no_season(code):
    assert Season.parse(code) is None


def test_a_season_knows_its_days_and_neighbours():
    season = Season.parse("2027Q4")

    assert (season.first_day, season.last_day, str(season.moved(1)), str(season.moved(-4))) == (
        date(2027, 10, 1),
        date(2027, 12, 31),
        "2028Q1",
        "2026Q4",
    )
    assert (season.moved(-1).weeks_to(season), season.in_words) == (13, "2027 年第四季度")


def test_every_week_with_a_day_of_the_season_is_a_column_and_carries_its_holidays():
    weeks = weeks_of(Season(2026, 4), date(2026, 11, 24))

    assert (len(weeks), weeks[0].monday, weeks[-1].monday) == (
        14,
        date(2026, 9, 28),
        date(2026, 12, 28),
    )
    assert [week.monday for week in weeks if week.is_now] == [date(2026, 11, 23)]
    assert {week.label: week.mark_words for week in weeks if week.marks} == {
        "9/28": ["国庆节 10/1—10/4"],
        "10/5": ["国庆节 10/5—10/7", "调休上班 10/10"],
        "12/28": ["元旦 1/1"],
    }


def test_a_title_is_split_at_its_brackets():
    assert [split_title(title) for title in ("小巷总理成长班（入门篇）", "沙龙", "（试）班")] == [
        ("小巷总理成长班", "入门篇"),
        ("沙龙", ""),
        ("（试）班", ""),
    ]


# --- The board ------------------------------------------------------------------------------------


def test_classes_stand_in_the_lane_of_their_campus_and_the_columns_of_their_weeks(office):
    college, salon = (
        CampusFactory(code="C00", kind=CampusKind.COLLEGE),
        CampusFactory(code="S01", kind=CampusKind.SALON),
    )
    open_one = class_with(
        seats=3, campus=salon, starts_at=datetime(2027, 3, 16, 9, tzinfo=SHANGHAI), lessons=8
    )
    full = class_with(seats=3, campus=college, starts_at=datetime(2027, 3, 3, 9, tzinfo=SHANGHAI))
    full.pools.update(seats_taken=3)
    draft = class_with(
        seats=3,
        campus=college,
        status=ClassStatus.DRAFT,
        starts_at=datetime(2027, 3, 30, 9, tzinfo=SHANGHAI),
    )
    for item in (open_one, full):
        item.lessons.update(lecturer_type="带教名师")
    class_with(seats=3, campus=college, status=ClassStatus.CANCELLED)
    class_with(seats=3, campus=salon, starts_at=datetime(2027, 4, 1, 0, tzinfo=SHANGHAI))
    idle = CampusFactory(code="S02", kind=CampusKind.SALON, town__name="高境镇")

    board = board_of(office)

    assert list(cards(board)) == ["C00", "S01"], "the college first"
    assert cards(board) == {
        "C00": [(full.code, 10, 12, "full"), (draft.code, 14, 15, "warn")],
        "S01": [(open_one.code, 12, 14, "open")],
    }
    assert board.idle == [(idle.code, "高境镇")]
    assert board.unannounced == [2027]


def test_the_last_minute_of_a_quarter_belongs_to_it_and_the_first_of_the_next_does_not(office):
    inside = class_with(seats=1, starts_at=datetime(2027, 3, 31, 23, 59, tzinfo=SHANGHAI))
    class_with(seats=1, starts_at=datetime(2027, 4, 1, 0, 0, tzinfo=SHANGHAI))

    assert [line.training_class for line in board_of(office).lines] == [inside]


def test_a_class_over_and_not_closed_is_something_to_do(office):
    class_with(
        seats=1, starts_at=NOW - timedelta(days=5), status=ClassStatus.RUNNING
    ).lessons.update(lecturer_type="带教名师")

    (lane,) = board_of(office).lanes

    assert [(card.kind, card.to_do) for card in lane.cards] == [("warn", ("待结班",))]


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("branch_coordinator", {"own"}),
        ("town_staff", {"salon"}),
        ("department_staff", {"department"}),
        ("district_staff", {"own", "salon", "department", "other"}),
    ],
)
def test_everybody_sees_the_own_classes(client, request, person, seen, town, campus, department):
    class_with(seats=1, campus=campus, title="own")
    class_with(seats=1, campus=CampusFactory(kind=CampusKind.SALON, town=town), title="salon")
    class_with(seats=1, department=department, title="department")
    class_with(seats=1, title="other")
    client.force_login(request.getfixturevalue(person))

    board = board_of(client)

    assert {line.training_class.title for line in board.lines} == seen
    assert person == "district_staff" or board.idle == []


def test_filters_leave_what_matches_and_say_what_they_do_not_know(office):
    track = TrackFactory(prefix="SW")
    wanted = class_with(seats=1, campus=CampusFactory(code="S09"))
    wanted.lessons.update(course_version=CourseVersionFactory(course__track=track))
    class_with(seats=1, campus=CampusFactory(code="S08"))

    for query in (
        "?track=SW",
        "?campus=S09",
        "?campus=S09&track=SW&view=month",
        "?campus=S09&view=list",
    ):
        assert [line.training_class for line in board_of(office, query).lines] == [wanted]
    for query in ("?track=XX", "?campus=%EF%BF%BD"):
        assert "没有这个筛选条件" in office.get(f"/manage/season/2027Q1/{query}").content.decode()


@pytest.mark.parametrize("query", ["?view=abc", "?view=", "?page=9999", f"?campus={'9' * 5000}"])
def test_strange_queries_are_answered(office, query):
    assert office.get(f"/manage/season/2027Q1/{query}").status_code == 200


@pytest.mark.parametrize("season", ["2027Q9", "0001Q1", "abc", "9999Q4"])
def test_no_such_season_is_not_found(office, season):
    assert [
        office.get(f"/manage/season/{season}/{page}").status_code
        for page in ("", "batch/", "clone/")
    ] == [404, 404, 404]


@pytest.mark.parametrize("view", ["week", "month", "list"])
def test_the_board_costs_the_same_for_one_and_for_many(office, view):
    class_with(seats=1, lessons=1)
    board_of(office)
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            board_of(office, f"?view={view}")
        costs.append(len(queries))
        for _n in range(3):
            class_with(seats=1, lessons=3, campus=CampusFactory(town=TownFactory()))

    # seven of them are the pulse, one for each step
    assert costs[0] == costs[1] <= 24


# --- Many at once ---------------------------------------------------------------------------------


def test_an_empty_season_offers_the_last_one(office):
    assert "照上一季复制" in office.get("/manage/season/2028Q1/").content.decode()


def test_now_is_the_season_of_today(office):
    assert office.get("/manage/season/").url == "/manage/season/2027Q1/"


# --- A full quarter -------------------------------------------------------------------------------


@pytest.fixture
def full_quarter(monkeypatch):
    """Classes on 12 January, 31 January, 31 January and 1 February, 3 March: more than the board
    shows at once.
    """
    monkeypatch.setattr(season_page, "MOST_OF_A_QUARTER", 3)
    campus = CampusFactory(code="S01", kind=CampusKind.SALON)
    two_days = class_with(
        seats=1,
        campus=campus,
        title="both",
        lessons=2,
        starts_at=datetime(2027, 1, 31, 23, tzinfo=SHANGHAI),
    )
    two_days.lessons.filter(number=2).update(
        starts_at=datetime(2027, 2, 1, 9, tzinfo=SHANGHAI),
        ends_at=datetime(2027, 2, 1, 11, tzinfo=SHANGHAI),
    )
    for title, month, day in (("early", 1, 12), ("late", 1, 31), ("march", 3, 3)):
        class_with(
            seats=1,
            campus=campus,
            title=title,
            starts_at=datetime(2027, month, day, 9, tzinfo=SHANGHAI),
        )


def titles_on(board) -> list[str]:
    return sorted(card.training_class.title for lane in board.lanes for card in lane.cards)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["march"]),
        ("?month=1", ["both", "early", "late"]),
        ("?month=2", ["both"]),
        ("?month=3", ["march"]),
        ("?month=all", ["both", "early", "late", "march"]),
        ("?month=4", ["march"]),
        ("?month=x", ["march"]),
        ("?month=3&view=list", ["march"]),
        ("?campus=S01&month=3&view=month", ["march"]),
    ],
)
def test_a_full_quarter_shows_one_month_at_a_time(office, full_quarter, query, shown):
    assert titles_on(board_of(office, query)) == shown


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        ((2026, 12, 1), 1),
        ((2027, 1, 31), 1),
        ((2027, 2, 1), 2),
        ((2027, 3, 31), 3),
        ((2027, 5, 1), 1),
    ],
)
def test_a_full_quarter_begins_with_the_month_that_is_on(
    client, district_staff, full_quarter, today, shown
):
    with time_machine.travel(datetime(*today, 12, tzinfo=SHANGHAI), tick=False):
        client.force_login(district_staff)

        assert board_of(client).shown.number == shown


def test_the_months_say_how_many_classes_they_hold_and_the_quarter_counts_each_once(
    office, full_quarter
):
    page = office.get("/manage/season/2027Q1/?month=2&view=list")

    chips = [
        " ".join(text.split())
        for text in re.findall(r'<a class="chip[^>]*month=[^>]*>(.*?)</a>', squeezed(page))
    ]
    assert [re.sub("<.*?>", "", chip) for chip in chips[-4:]] == [
        "1月 3 个班",
        "2月 1 个班",
        "3月 1 个班",
        "整季 4 个班",
    ]
    assert "2027年2月有课的班 1 个" in page.text and "本季 4 个班" in page.text
    assert [line.training_class.title for line in page.context["board"].lines] == ["both"], (
        "its lesson in January is not of this month"
    )
    assert '<input type="hidden" name="month" value="2">' in page.text, "a filter keeps the month"
    assert 'href="/manage/season/2027Q2/?view=list"' in page.text, (
        "the next quarter has other months"
    )


def test_a_quarter_that_is_not_full_is_shown_whole_and_offers_no_months(office):
    (
        class_with(seats=1, starts_at=datetime(2027, 1, 12, 9, tzinfo=SHANGHAI)),
        class_with(seats=1, starts_at=datetime(2027, 3, 3, 9, tzinfo=SHANGHAI)),
    )

    page = office.get("/manage/season/2027Q1/")

    assert page.context["board"].shown == Season(2027, 1)
    assert "本季各月" not in page.text


def test_a_month_without_a_class_keeps_the_way_to_the_others(office, full_quarter):
    TrainingClass.objects.filter(title="march").delete()

    page = office.get("/manage/season/2027Q1/?month=3")

    assert "这个月没有班" in page.text and "2月" in page.text


def test_weeks_of_a_month_name_the_days_that_are_shown():
    weeks = weeks_of(Month(date(2027, 2, 1)), date(2027, 2, 3)) + weeks_of(
        Month(date(2027, 1, 1)), date(2027, 2, 3)
    )

    assert [(week.label, week.first_day.day, week.last_day.day, week.is_now) for week in weeks] == [
        ("2/1", 1, 7, True),
        ("2/8", 8, 14, False),
        ("2/15", 15, 21, False),
        ("2/22", 22, 28, False),
        ("12/28", 1, 3, False),
        ("1/4", 4, 10, False),
        ("1/11", 11, 17, False),
        ("1/18", 18, 24, False),
        ("1/25", 25, 31, False),
    ]


def test_sites_and_drafts_are_those_of_the_quarter_whatever_the_month(office, full_quarter):
    idle = CampusFactory(code="S02", kind=CampusKind.SALON, town__name="高境镇")
    class_with(
        seats=1,
        status=ClassStatus.DRAFT,
        campus=CampusFactory(code="S03", kind=CampusKind.SALON),
        starts_at=datetime(2027, 3, 9, 9, tzinfo=SHANGHAI),
    )

    page = office.get("/manage/season/2027Q1/?month=1&campus=S01")
    assert page.context["board"].idle == [] and "开放本季 1 个草稿班次" in page.text

    page = office.get("/manage/season/2027Q1/?month=1")
    assert page.context["board"].idle == [(idle.code, "高境镇")]
    opened = office.get("/manage/season/2027Q1/open/")
    assert len(opened.context["drafts"]) == 1, "as many as the button says"


def test_one_month_is_drawn_and_asked_for_however_full_the_others_are(office, full_quarter):
    board_of(office, "?month=3")
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            board = board_of(office, "?month=3")
        costs.append((len(queries), len(board.lines)))
        for day in range(10, 20):
            class_with(seats=1, lessons=3, starts_at=datetime(2027, 1, day, 9, tzinfo=SHANGHAI))

    assert costs[0] == costs[1]
    assert costs[0][1] == 1
