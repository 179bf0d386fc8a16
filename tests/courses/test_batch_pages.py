"""A round and a copied season through their pages: form, preview, drafts; and the finders of rooms
and experts.
"""

import html
import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academy.models import CampusKind
from academy.search import index
from courses.models import Expert, TrainingClass

from ..factories import (
    NOW,
    SHANGHAI,
    CampusFactory,
    CourseFactory,
    CourseVersionFactory,
    ExpertFactory,
    TownFactory,
    VenueFactory,
    class_with,
    taught_by,
)

BATCH, CLONE = "/manage/season/2027Q2/batch/", "/manage/season/2027Q2/clone/"


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


@pytest.fixture
def salons(db):
    found = [
        CampusFactory(code=f"S{n:02}", kind=CampusKind.SALON, town=TownFactory(name=f"{n}号镇"))
        for n in (1, 2)
    ]
    for campus in found:
        VenueFactory(campus=campus, capacity=40)
    return found


@pytest.fixture
def round_form(salons):
    course = CourseVersionFactory(course=CourseFactory(code="ZZ-901", title="电梯加装协商")).course
    return {
        "course": course.code,
        "campuses": [campus.code for campus in salons],
        "first_day": "2027-04-06",
        "weeks": "2",
        "starts": "13:30",
        "ends": "15:55",
        "capacity": "30",
        "booking_opens_at": "2027-03-02T09:00",
        "closes_days_before": "3",
        "has_waiting_list": "on",
        "step": "preview",
    }


def fields_of(response) -> dict[str, list[str]]:
    """What a browser would send back from the preview's form."""
    html = response.content.decode().split('class="batch"')[1].split("</form>")[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent.setdefault(name[1], []).append(
                value[1] if value else "on" if 'type="checkbox"' in tag else ""
            )
    for name, options in re.findall(r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = [chosen[1] if chosen else ""]
    return sent


def test_a_round_is_seen_before_it_is_written_and_then_written_whole(office, round_form):
    preview = office.post(BATCH, round_form)
    assert TrainingClass.objects.count() == 0
    assert [
        (row.form.shown_campus.code, row.judged.is_fine) for row in preview.context["rows"]
    ] == [("S01", True), ("S02", True), ("S01", True), ("S02", True)]

    response = office.post(BATCH, fields_of(preview) | {"step": "create"})

    assert response.url == "/manage/season/2027Q2/open/"
    assert sorted(TrainingClass.objects.values_list("title", "status")) == sorted(
        (f"电梯加装协商（{town}号镇第 {number} 期）", "draft")
        for town in (1, 2)
        for number in (1, 2)
    )


def test_a_class_may_be_taken_out_and_another_moved(office, round_form):
    sent = fields_of(office.post(BATCH, round_form))
    del sent["row-0-keep"]
    sent["row-0-day"] = ["nonsense"]
    sent["row-3-day"] = ["2027-04-15"]

    office.post(BATCH, sent | {"step": "create"})

    days = [
        timezone.localdate(moment)
        for moment in TrainingClass.objects.order_by("starts_at").values_list(
            "starts_at", flat=True
        )
    ]
    assert days == [date(2027, 4, 6), date(2027, 4, 13), date(2027, 4, 15)]


def test_a_clash_that_came_meanwhile_is_told_and_nothing_is_written(office, round_form, salons):
    sent = fields_of(office.post(BATCH, round_form))
    other = class_with(
        seats=5, starts_at=datetime(2027, 4, 6, 14, 0, tzinfo=SHANGHAI), title="先来的班"
    )
    other.lessons.update(venue=salons[0].venues.get())

    response = office.post(BATCH, sent | {"step": "create"})

    assert [row.judged.is_fine for row in response.context["rows"]] == [False, True, True, True]
    assert "先来的班" in response.content.decode()
    assert TrainingClass.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("course", "XX"),
        ("course", ""),
        ("campuses", []),
        ("campuses", ["NONE"]),
        ("first_day", "0001-01-01"),
        ("first_day", "9999-12-31"),
        ("first_day", "\ud800"),
        ("weeks", "0"),
        ("weeks", "9" * 5000),
        ("starts", "25:00"),
        ("ends", "13:00"),
        ("capacity", "-1"),
        ("booking_opens_at", "x"),
        ("closes_days_before", "999"),
        ("experts", ["NO"]),
    ],
)
def test_a_wrong_form_is_shown_again_with_the_error_at_its_field(office, round_form, field, value):
    if isinstance(value, str) and "\ud800" in value:
        value = "�"
    response = office.post(BATCH, round_form | {field: value})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize(
    "broken",
    [
        {"row-TOTAL_FORMS": "x"},
        {"row-TOTAL_FORMS": "99999"},
        {"row-0-campus": "S99"},
        {"row-0-number": "x"},
        {"row-0-venue": "R99"},
        {"row-0-day": "1-1-1"},
    ],
)
def test_a_forged_preview_writes_nothing(office, round_form, broken):
    sent = fields_of(office.post(BATCH, round_form))

    response = office.post(BATCH, sent | broken | {"step": "create"})

    assert (response.status_code, TrainingClass.objects.count()) == (200, 0)


def test_a_campus_plans_for_itself_only(client, branch_coordinator, campus, round_form):
    VenueFactory(campus=campus)
    client.force_login(branch_coordinator)

    assert list(client.post(BATCH, round_form).context["form"].errors) == ["campuses"]
    assert client.post(BATCH, round_form | {"campuses": [campus.code]}).context["kept"] == 2


def test_more_than_fits_one_form_is_refused(office, round_form):
    campuses = [CampusFactory(code=f"T{n:02}").code for n in range(12)]

    assert list(
        office.post(BATCH, round_form | {"campuses": campuses, "weeks": "14"})
        .context["form"]
        .errors
    ) == ["weeks"]


# --- The last season again ------------------------------------------------------------------------


def test_the_classes_of_a_season_are_copied_to_the_same_weekdays_of_the_next(office):
    kept, left = (
        class_with(seats=5, lessons=2, title="留下的班"),
        class_with(seats=5, title="不要的班"),
    )

    page = office.get(CLONE)
    assert {item.title for item in page.context["classes"]} == {"留下的班", "不要的班"}
    preview = office.post(
        CLONE,
        {"codes": [kept.code, left.code], "weeks": "13", "source": "2027Q1", "step": "preview"},
    )
    sent = fields_of(preview)
    del sent[
        "row-1-keep" if preview.context["rows"][0].form.training_class == kept else "row-0-keep"
    ]
    office.post(CLONE, sent | {"step": "create"})

    copy = TrainingClass.objects.get(status="draft")
    assert (copy.title, copy.starts_at, copy.lesson_count) == (
        "留下的班",
        kept.starts_at + timedelta(weeks=13),
        2,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"weeks": ""},
        {"weeks": "0"},
        {"weeks": "9" * 5000},
        {"codes": ["PX-NONE"]},
        {"codes": []},
        {"codes": ["x" * 5000]},
    ],
)
def test_a_wrong_copy_writes_nothing(office, wrong):
    item = class_with(seats=5)

    response = office.post(
        CLONE, {"codes": [item.code], "weeks": "13", "source": "2027Q1", "step": "create"} | wrong
    )

    assert (response.status_code, TrainingClass.objects.count()) == (200, 1)


def test_nobody_copies_a_class_of_another_campus(client, branch_coordinator):
    item = class_with(seats=5)
    client.force_login(branch_coordinator)

    response = client.post(
        CLONE, {"codes": [item.code], "weeks": "13", "source": "2027Q1", "step": "preview"}
    )

    assert (list(response.context["form"].errors), list(response.context["classes"])) == (
        ["codes"],
        [],
    )


# --- Finding a room, finding an expert ------------------------------------------------------------


def test_a_free_room_leads_into_the_form_of_a_class(office):
    free, taken, small = (VenueFactory(capacity=seats) for seats in (50, 60, 10))
    class_with(
        seats=5, starts_at=datetime(2027, 4, 6, 14, 0, tzinfo=SHANGHAI), title="先来的班"
    ).lessons.update(venue=taken)

    response = office.get("/manage/rooms/?day=2027-04-06&starts=13:30&minutes=150&seats=30")

    rows = [
        row
        for row in response.context["list"].page_rows
        if row.venue.pk in (free.pk, taken.pk, small.pk)
    ]
    assert [(row.venue, row.is_free) for row in rows] == [(free, True), (taken, False)]
    assert "先来的班" in response.content.decode()
    (url,) = re.findall(rf'href="([^"]*venue={free.code}[^"]*)"', response.content.decode())
    url = html.unescape(url)
    form = office.get(url).content.decode()
    assert (
        f'<option value="{free.code}" selected' in form
        and 'value="2027-04-06"' in form
        and 'value="13:30"' in form
        and 'value="16:00"' in form
    )


@pytest.mark.parametrize(
    "query",
    [
        "day=2027-04-06",
        "day=0001-01-01&starts=9:00&minutes=60",
        "day=9999-12-31&starts=9:00&minutes=60",
        "day=x&starts=y&minutes=z",
        f"day=2027-04-06&starts=9:00&minutes={'9' * 5000}",
        "campus=NONE&topic=NONE",
        "venue=NONE&expert=NONE",
    ],
)
def test_strange_questions_for_a_room_are_answered(office, query):
    assert [
        office.get(f"{page}?{query}").status_code
        for page in ("/manage/rooms/", "/manage/classes/new/")
    ] == [200, 200]


def test_experts_are_found_by_speciality_and_by_a_time_they_are_free(office):
    lift, garden = (
        ExpertFactory(specialities="加装电梯、协商"),
        ExpertFactory(specialities="社区花园"),
    )
    taken = class_with(seats=5, starts_at=datetime(2027, 4, 6, 14, 0, tzinfo=SHANGHAI))
    taught_by(taken.lessons.get(), garden)

    index.rebuild(["expert"])

    def found(query: str) -> list[Expert]:
        return list(office.get(f"/manage/experts/?{query}").context["page"])

    assert [
        found("q=电梯"),
        found("q=没有"),
        found("day=2027-04-06"),
        found("day=2027-04-06&starts=09:00"),
        found("day=abc"),
    ] == [[lift], [], [lift], [lift, garden], []]


def test_the_register_shows_load_and_free_times_for_the_same_cost(
    office, django_assert_max_num_queries
):
    busy = ExpertFactory()
    taken = class_with(seats=5, starts_at=datetime(2027, 3, 2, 9, 0, tzinfo=SHANGHAI))
    taught_by(taken.lessons.get(), busy)
    for _n in range(5):
        ExpertFactory()

    with django_assert_max_num_queries(12):
        first = office.get("/manage/experts/").context["list"].page_rows[0]

    assert (first.season_lessons, first.season_hours) == (1, 3)
    assert [timezone.localtime(begins).isoformat() for begins, _ends in first.free] == [
        "2027-03-01T13:30:00+08:00",
        "2027-03-02T13:30:00+08:00",
    ]


def test_an_expert_sees_the_own_lessons_and_visitors_only_what_is_public(client, cadre):
    expert = ExpertFactory(user=cadre.user, published=False)
    taught_by(class_with(seats=5, title="公开的班").lessons.get(), expert)
    taught_by(class_with(seats=5, title="草稿的班", status="draft").lessons.get(), expert)

    assert client.get(expert.get_absolute_url()).status_code == 404
    client.force_login(cadre.user)
    page = client.get(expert.get_absolute_url())
    assert [lesson.training_class.title for lesson in page.context["lessons"]] == ["公开的班"]
    assert len(page.context["free"]) == 5

    Expert.objects.update(published=True)
    client.logout()
    page = client.get(expert.get_absolute_url())
    assert (
        "公开的班" in page.content.decode(),
        "free" in page.context,
        "草稿的班" in page.content.decode(),
    ) == (True, False, False)


def test_the_office_writes_the_register(office, cadre):
    form = {
        "code": "js－900",
        "category": "优秀书记",
        "name": "示例师",
        "specialities": "协商",
        "user_phone": cadre.user.phone,
    }

    assert office.post("/manage/experts/new/", form).url == "/experts/JS-900/"
    expert = Expert.objects.get(code="JS-900")
    assert (expert.user, expert.published) == (cadre.user, False)
    office.post("/manage/experts/JS-900/edit/", form | {"published": "on", "user_phone": ""})
    expert.refresh_from_db()
    assert (expert.user, expert.published) == (None, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("user_phone", "19999999999"),
        ("user_phone", "abc"),
        ("years_in_post", "9" * 500),
        ("phone", "1"),
        ("code", "x" * 50),
        ("code", "ZJ/9"),
        ("code", "New"),
    ],
)
def test_a_wrong_expert_is_shown_again(office, field, value):
    response = office.post(
        "/manage/experts/new/",
        {"code": "JS-900", "category": "优秀书记", "name": "示例师"} | {field: value},
    )

    assert (list(response.context["form"].errors), Expert.objects.count()) == ([field], 0)


# --- What the matrix costs ------------------------------------------------------------------------


def statements(answer) -> int:
    """Statements but for savepoints, which only a test's transaction brings."""
    with CaptureQueriesContext(connection) as asked:
        assert answer().status_code == 200
    return len([query for query in asked if "SAVEPOINT" not in query["sql"]])


def test_twelve_salons_by_eight_weeks_cost_what_two_by_two_cost(office, round_form, salons):
    office.post(BATCH, round_form)  # fills what is kept in the cache
    few = statements(lambda: office.post(BATCH, round_form))
    for number in range(3, 13):
        campus = CampusFactory(
            code=f"S{number:02}", kind=CampusKind.SALON, town=TownFactory(name=f"{number}号镇")
        )
        VenueFactory(campus=campus, capacity=40)
        salons.append(campus)
    many = round_form | {"campuses": [campus.code for campus in salons], "weeks": "8"}

    assert statements(lambda: office.post(BATCH, many)) <= few
