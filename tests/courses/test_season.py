"""The season board: quarters, weeks, lanes and cards, whose classes it shows, and what it costs."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from academy.models import CampusKind
from courses.models import ClassStatus
from courses.season import Season, split_title, weeks_of

from ..factories import NOW, SHANGHAI, CampusFactory, CourseVersionFactory, TownFactory, TrackFactory, class_with


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
    return {lane.campus.code: [(card.training_class.code, card.first_column, card.end_column, card.kind) for card in lane.cards] for lane in board.lanes}


# --- Quarters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["2027Q0", "2027Q5", "27Q1", "2027q1", "0001Q1", "9999Q4", "２０２７Q1", "2027Q1\n", ""])
def test_no_season(code):
    assert Season.parse(code) is None


def test_a_season_knows_its_days_and_neighbours():
    season = Season.parse("2027Q4")

    assert (season.first_day, season.last_day, str(season.moved(1)), str(season.moved(-4))) == (date(2027, 10, 1), date(2027, 12, 31), "2028Q1", "2026Q4")
    assert (season.moved(-1).weeks_to(season), season.in_words) == (13, "2027 年第四季")


def test_every_week_with_a_day_of_the_season_is_a_column_and_carries_its_holidays():
    weeks = weeks_of(Season(2026, 4), date(2026, 11, 24))

    assert (len(weeks), weeks[0].monday, weeks[-1].monday) == (14, date(2026, 9, 28), date(2026, 12, 28))
    assert [week.monday for week in weeks if week.is_now] == [date(2026, 11, 23)]
    assert {week.label: week.mark_words for week in weeks if week.marks} == {
        "9/28": ["国庆节 10/1—10/4"], "10/5": ["国庆节 10/5—10/7", "调休上班 10/10"],
    }  # fmt: skip


def test_a_title_is_split_at_its_brackets():
    assert [split_title(title) for title in ("小巷总理成长班（入门篇）", "沙龙", "（试）班")] == [("小巷总理成长班", "入门篇"), ("沙龙", ""), ("（试）班", "")]


# --- The board --------------------------------------------------------------------------------------------------------


def test_classes_stand_in_the_lane_of_their_campus_and_the_columns_of_their_weeks(office):
    college, salon = CampusFactory(code="C00", kind=CampusKind.COLLEGE), CampusFactory(code="S01", kind=CampusKind.SALON)
    open_one = class_with(seats=3, campus=salon, starts_at=datetime(2027, 3, 16, 9, tzinfo=SHANGHAI), lessons=8)
    full = class_with(seats=3, campus=college, starts_at=datetime(2027, 3, 3, 9, tzinfo=SHANGHAI))
    full.pools.update(seats_taken=3)
    draft = class_with(seats=3, campus=college, status=ClassStatus.DRAFT, starts_at=datetime(2027, 3, 30, 9, tzinfo=SHANGHAI))
    for item in (open_one, full):
        item.lessons.update(lecturer_type="带教名师")
    class_with(seats=3, campus=college, status=ClassStatus.CANCELLED)
    class_with(seats=3, campus=salon, starts_at=datetime(2027, 4, 1, 0, tzinfo=SHANGHAI))
    idle = CampusFactory(code="S02", kind=CampusKind.SALON, town__name="高境镇")

    board = board_of(office)

    assert list(cards(board)) == ["C00", "S01"], "the college first"
    assert cards(board) == {"C00": [(full.code, 10, 12, "full"), (draft.code, 14, 15, "warn")], "S01": [(open_one.code, 12, 14, "open")]}
    assert board.idle == [(idle.code, "高境镇")]
    assert board.unannounced == [2027]


def test_the_last_minute_of_a_quarter_belongs_to_it_and_the_first_of_the_next_does_not(office):
    inside = class_with(seats=1, starts_at=datetime(2027, 3, 31, 23, 59, tzinfo=SHANGHAI))
    class_with(seats=1, starts_at=datetime(2027, 4, 1, 0, 0, tzinfo=SHANGHAI))

    assert [line.training_class for line in board_of(office).lines] == [inside]


def test_a_class_over_and_not_closed_is_something_to_do(office):
    class_with(seats=1, starts_at=NOW - timedelta(days=5), status=ClassStatus.RUNNING).lessons.update(lecturer_type="带教名师")

    (lane,) = board_of(office).lanes

    assert [(card.kind, card.to_do) for card in lane.cards] == [("warn", ("待结班",))]


@pytest.mark.parametrize(("person", "seen"), [
    ("branch_coordinator", {"own"}), ("town_staff", {"salon"}), ("department_staff", {"department"}), ("district_staff", {"own", "salon", "department", "other"}),
])  # fmt: skip
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

    for query in ("?track=SW", "?campus=S09", "?campus=S09&track=SW&view=month", "?campus=S09&view=list"):
        assert [line.training_class for line in board_of(office, query).lines] == [wanted]
    for query in ("?track=XX", "?campus=%EF%BF%BD"):
        assert "没有这个筛选条件" in office.get(f"/manage/season/2027Q1/{query}").content.decode()


@pytest.mark.parametrize("query", ["?view=abc", "?view=", "?page=9999", f"?campus={'9' * 5000}"])
def test_strange_queries_are_answered(office, query):
    assert office.get(f"/manage/season/2027Q1/{query}").status_code == 200


@pytest.mark.parametrize("season", ["2027Q9", "0001Q1", "abc", "9999Q4"])
def test_no_such_season_is_not_found(office, season):
    assert [office.get(f"/manage/season/{season}/{page}").status_code for page in ("", "batch/", "clone/")] == [404, 404, 404]


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

    assert costs[0] == costs[1] <= 16


# --- Many at once -----------------------------------------------------------------------------------------------------


def test_an_empty_season_offers_the_last_one(office):
    assert "照上一季复制" in office.get("/manage/season/2028Q1/").content.decode()


def test_now_is_the_season_of_today(office):
    assert office.get("/manage/season/").url == "/manage/season/2027Q1/"
