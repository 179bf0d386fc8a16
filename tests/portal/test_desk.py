"""The desk: groups by when things are due, like things folded, and what it costs."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.utils import timezone

from academy.people_keys import keep_findable
from academy.waiting import Fold, WaitingItem, WaitingKind, known_counts
from courses.models import ClassStatus, TopicRequest
from portal.desk import ROWS_AT_FIRST, Due, lay_out
from trainees.booking.enrolling import book
from trainees.models import AttendanceStatus, EnrolmentStatus
from trainees.record.attendance import mark

from ..factories import (
    NOW,
    EnrolmentFactory,
    TraineeFactory,
    TrainingClassFactory,
    UserFactory,
    class_with,
)

WEDNESDAY = datetime(2027, 3, 3, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
FOLD = Fold("sign", "联谊待签", "/all/", "逐项签字")


@pytest.fixture(autouse=True)
def _an_academy_that_is_set_up(db):
    """A class that was opened and called off: nobody is led to the start list."""
    TrainingClassFactory(status=ClassStatus.CANCELLED)


def item(title: str, due: date | None = None, **more) -> WaitingItem:
    return WaitingItem(title, "", f"/{title}/", due_on=due, action="办", **more)


def titles(desk) -> dict:
    return {str(group.due): [row.title for row in group.rows] for group in desk.groups}


def test_things_stand_in_four_groups_by_their_day():
    desk = lay_out(
        [
            item("过期", date(2027, 3, 2)),
            item("今早", date(2027, 3, 3), due_at=WEDNESDAY - timedelta(hours=1)),
            item("今天", date(2027, 3, 3)),
            item("周日", date(2027, 3, 7)),
            item("下周", date(2027, 3, 8)),
            item("不限", None),
        ],
        kind="",
        now=WEDNESDAY,
    )

    assert titles(desk) == {
        Due.LATE: ["过期", "今早"],
        Due.TODAY: ["今天"],
        Due.WEEK: ["周日"],
        Due.LATER: ["下周", "不限"],
    }
    assert [row.when for row in desk.groups[0].rows] == ["逾期 1 天", "已过 9:00"]


def test_like_things_of_one_group_are_one_row_in_the_place_of_the_first():
    day = date(2027, 3, 5)
    desk = lay_out(
        [
            item("甲", day, fold=FOLD, short="熊"),
            item("乙", day),
            item("丙", day, fold=FOLD, short="顾"),
            item("丁", date(2027, 4, 1), fold=FOLD),
        ],
        kind="",
        now=WEDNESDAY,
    )

    assert titles(desk) == {Due.WEEK: ["联谊待签", "乙"], Due.LATER: ["丁"]}
    row = desk.groups[0].rows[0]
    assert (row.detail, row.url, row.action) == ("熊；顾", "/all/", "逐项签字")
    assert len(desk.groups[0].items) == 3


def test_a_kind_narrows_the_desk_and_every_kind_keeps_its_number():
    items = [item("点名", kind=WaitingKind.MARK), item("结班", kind=WaitingKind.CLOSE)]

    desk = lay_out(items, kind="mark", now=WEDNESDAY)

    assert titles(desk) == {Due.LATER: ["点名"]}
    assert [(key, number) for key, _words, number in desk.tabs] == [("mark", 1), ("close", 1)]
    assert lay_out(items, kind="nonsense", now=WEDNESDAY).kind == ""


def test_who_else_could_do_it_is_said():
    rows = (
        lay_out(
            [
                item("一", others=("顾凯",)),
                item("二", others=("顾凯", "施蓓", "何伟")),
                item("三", only_me=True),
                item("四"),
            ],
            kind="",
            now=WEDNESDAY,
        )
        .groups[0]
        .rows
    )

    assert [row.who_else for row in rows] == [
        "顾凯也可办",
        "顾凯和另外 2 人也可办",
        "只有本人可办",
        "",
    ]


# --- What it sees ---------------------------------------------------------------------------------


def test_a_past_lesson_without_marks_waits_until_it_is_marked(
    client, branch_coordinator, campus, cadre, time_machine
):
    training_class = class_with(
        seats=3, campus=campus, lessons=2, starts_at=NOW + timedelta(hours=30), title="议事"
    )
    enrolment = book(trainee=cadre, training_class=training_class, by=cadre.user, now=NOW)
    first = training_class.lessons.order_by("starts_at").first()
    time_machine.move_to(first.ends_at + timedelta(days=1))
    client.force_login(branch_coordinator)

    page = client.get("/manage/").content.decode()
    assert f'href="/manage/lessons/{first.pk}/attendance/"' in page
    assert "补点：议事" in page

    mark(
        lesson=first,
        enrolments=[enrolment],
        status=AttendanceStatus.PRESENT,
        by=branch_coordinator,
        now=timezone.now(),
    )
    assert "补点：议事" not in client.get("/manage/").content.decode()


def test_everything_on_a_desk_opens(client, district_staff):
    """Nothing is shown that the person cannot act on."""
    _ask(3)
    client.force_login(district_staff)

    desk = client.get("/manage/").context["desk"]
    urls = {thing.url for group in desk.groups for thing in group.items}
    assert len(urls) == 3
    assert {client.get(url).status_code for url in urls} == {200}


def _ask(count: int) -> None:
    TopicRequest.objects.bulk_create(
        TopicRequest(topic=f"第 {number} 题", asked_by=person, asked_at=timezone.now())
        for number, person in zip(range(count), [UserFactory()] * count, strict=True)
    )


# --- What it costs --------------------------------------------------------------------------------

MOST_OF_THE_DESK = 40  # for the office, which sees all kinds


@pytest.mark.parametrize("count", [10, 1_000])
def test_the_desk_costs_the_same_with_ten_things_and_a_thousand(
    client, district_staff, django_assert_max_num_queries, count
):
    _ask(count)
    client.force_login(district_staff)
    client.get("/manage/")

    with django_assert_max_num_queries(MOST_OF_THE_DESK):
        page = client.get("/manage/")
    assert page.context["desk"].total == count
    assert page.content.decode().count('class="desk-row') <= count + 2 * ROWS_AT_FIRST


@pytest.mark.parametrize("count", [10, 200])
def test_lessons_and_classes_cost_no_statement_each(
    client, branch_coordinator, campus, django_assert_max_num_queries, count, time_machine
):
    person = TraineeFactory()
    for _number in range(count // 10):
        training_class = class_with(seats=3, campus=campus, starts_at=NOW + timedelta(days=1))
        EnrolmentFactory(
            training_class=training_class,
            trainee=person,
            status=EnrolmentStatus.BOOKED,
            pool=training_class.pools.first(),
        )
    time_machine.move_to(NOW + timedelta(days=3))
    client.force_login(branch_coordinator)
    client.get("/manage/")

    with django_assert_max_num_queries(MOST_OF_THE_DESK):
        client.get("/manage/")


def test_the_navigation_asks_no_table_for_its_figures(
    client, district_staff, django_assert_num_queries
):
    _ask(2)
    client.force_login(district_staff)
    client.get("/manage/")
    counted = client.get("/manage/imports/").content.decode()
    assert 'data-count="courses:manage_requests"' in counted and "data-counts=" not in counted

    assert known_counts(district_staff)["courses:manage_requests"] == 2
    client.post("/manage/feedback/", {"feedback": "0"})
    assert known_counts(district_staff) is None
    assert "data-counts=" in client.get("/manage/imports/").content.decode()
    assert client.get("/manage/counts/").json()["portal:manage"] == 2


# --- What is remembered ---------------------------------------------------------------------------


def test_the_way_back_to_a_list_keeps_its_filters(client, district_staff, department_staff):
    training_class = class_with(seats=2)
    client.force_login(district_staff)
    client.get("/manage/courses/", {"q": "电梯"})
    back = 'href="/manage/courses/?q=%E7%94%B5%E6%A2%AF"'
    address = f"/manage/courses/{training_class.lessons.get().course_version.course.code}/"
    assert back in client.get(address).content.decode()

    client.get("/manage/courses/?clear=1", follow=True)
    assert back not in client.get(address).content.decode()


def test_nobody_gets_the_filters_of_another(client, district_staff, administrator):
    course = class_with(seats=2).lessons.get().course_version.course
    client.force_login(district_staff)
    client.get("/manage/courses/", {"q": "电梯"})
    client.force_login(administrator)

    assert "?q=" not in client.get(f"/manage/courses/{course.code}/").content.decode()


def test_the_navigation_is_folded_without_a_script(client, district_staff):
    client.force_login(district_staff)
    assert "office folded" not in client.get("/manage/").content.decode()

    response = client.get("/fold-navigation/on/?next=/manage/", follow=True)
    assert "office folded" in response.content.decode()
    response = client.get("/fold-navigation/off/?next=/manage/", follow=True)
    assert "office folded" not in response.content.decode()


# --- The command box ------------------------------------------------------------------------------


def found(client, query: str) -> dict[str, list[str]]:
    kinds = client.get("/manage/find/", {"q": query}).context["kinds"]
    return {kind.key: [row.url for row in kind.rows] for kind in kinds}


def test_the_box_finds_classes_people_and_courses_by_initials(client, district_staff):
    cache.clear()
    training_class = class_with(seats=2, title="议事协商示范班", status="draft")
    person = TraineeFactory(user__name="许雪娟")
    keep_findable([person.user])
    client.force_login(district_staff)

    assert found(client, "ysxs")["class"] == [f"/manage/classes/{training_class.code}/"]
    assert f"/manage/people/{person.user_id}/" in found(client, "许雪娟")["person"]
    assert f"/manage/people/{person.user_id}/" in found(client, "xuxuej")["person"]
    assert found(client, "") == {}


def test_the_box_shows_nobody_what_they_may_not_see(client, village_coordinator):
    class_with(seats=2, title="议事协商示范班", status="draft")
    keep_findable([TraineeFactory(user__name="许雪娟").user])  # of another village
    client.force_login(village_coordinator)

    assert found(client, "议事协商示范班") == {} == found(client, "许雪娟")


def test_the_script_of_the_box_gets_a_list_without_a_page(client, district_staff):
    keep_findable([TraineeFactory(user__name="许雪娟").user])
    client.force_login(district_staff)

    answer = client.get("/manage/find/", {"q": "许雪娟"}, headers={"X-Requested-With": "fetch"})
    text = answer.content.decode()
    assert "<html" not in text
    assert text.count('role="option"') == 1 and 'role="listbox"' in text
