"""The search page answers by kinds: the group of the best hit first, classes one can book among
them; what finds nothing is counted without a person.
"""

import re
from datetime import timedelta

import pytest

from academy.models import TownBorder
from academy.search.index import rebuild
from courses.models import TrainingClass
from portal import unanswered
from portal.models import UnansweredQuery

from ..factories import (
    NOW,
    CampusFactory,
    CourseFactory,
    CourseVersionFactory,
    ExpertFactory,
    LessonFactory,
    ServiceItemFactory,
    TownFactory,
    TraineeFactory,
    class_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_desk(time_machine):
    time_machine.move_to(NOW)


def teaching(course, *, campus=None, seats=5, days=14, **fields) -> TrainingClass:
    """A class whose lesson teaches the course."""
    found = class_with(
        seats=seats,
        lessons=0,
        starts_at=NOW + timedelta(days=days),
        **fields,
        **({"campus": campus} if campus else {}),
    )
    LessonFactory(
        training_class=found,
        starts_at=found.starts_at,
        course_version=CourseVersionFactory(course=course),
        venue__campus=found.campus,
    )
    return found


def groups(client, query, **more):
    return client.get("/search/", {"q": query, **more}).context["groups"]


@pytest.fixture
def course(db):
    return CourseFactory(title="物业矛盾调解实战")


def test_the_group_of_the_best_hit_stands_first(client, course):
    ServiceItemFactory(name="物业投诉", question="物业不管事怎么办")
    ExpertFactory(name="谭彩珺", specialities="物业费催缴", published=True)
    rebuild()

    assert groups(client, "物业不管事怎么办")[0].key == "service"
    assert groups(client, "物业矛盾调解实战")[0].key == "course"
    assert [found.key for found in groups(client, "谭彩珺")] == ["expert"]


def test_a_course_that_is_found_brings_its_classes(client, course):
    held = teaching(course)
    teaching(CourseFactory(title="消防演练"))
    rebuild()

    found = {group.key: group for group in groups(client, "物业矛盾调解实战")}

    assert [run.row.code for run in found["bookable"].rows] == [held.code]
    assert found["course"].rows[0].next_run.row.code == held.code


def test_the_own_town_comes_first_and_the_other_towns_are_folded(client, course):
    trainee = TraineeFactory()
    elsewhere = teaching(course, campus=CampusFactory(town=TownFactory()), days=10)
    own = teaching(course, campus=CampusFactory(town=trainee.village.town), days=20)
    rebuild()
    client.force_login(trainee.user)

    (run,) = next(group for group in groups(client, course.title) if group.key == "bookable").rows

    assert (run.row.code, run.row.is_own_town) == (own.code, True)
    assert [other.row.code for other in run.others] == [elsewhere.code]
    assert "2 个街镇都开" in client.get("/search/", {"q": course.title}).text


def test_a_bordering_town_comes_before_the_others(client, course):
    trainee, next_door = TraineeFactory(), TownFactory()
    TownBorder.objects.create(town=trainee.village.town, neighbour=next_door, source="示例")
    teaching(course, campus=CampusFactory(town=TownFactory()), days=10)
    near = teaching(course, campus=CampusFactory(town=next_door), days=20)
    rebuild()
    client.force_login(trainee.user)

    (run,) = next(group for group in groups(client, course.title) if group.key == "bookable").rows

    assert (run.row.code, run.row.is_bordering) == (near.code, True)


def test_a_class_that_is_over_is_found_apart(client, course):
    over = class_with(seats=3, title="去年的物业班", starts_at=NOW - timedelta(days=30))
    rebuild()

    found = {group.key: group for group in groups(client, "去年的物业班")}

    assert [row["code"] for row in found["class"].rows] == [over.code]
    assert "bookable" not in found


def test_all_of_a_kind_are_a_page_of_their_own(client):
    for number in range(7):
        CourseFactory(title=f"垃圾分类第{number}讲")
    rebuild()

    found = groups(client, "垃圾分类")[0]
    page = client.get(f"/search/{found.all_of_them}")

    assert (len(found.rows), found.more) == (4, 3)
    assert page.text.count("垃圾分类第") == 7


def test_no_bare_code_is_shown(client, course):
    teaching(course)
    rebuild()

    page = client.get("/search/", {"q": course.title}).text

    assert course.code not in re.sub(r"<[^>]+>", "", page)


def test_the_queries_do_not_grow_with_the_hits(client, django_assert_max_num_queries):
    client.force_login(TraineeFactory().user)
    for number in range(30):
        teaching(CourseFactory(title=f"楼道治理{number}"))
    rebuild()
    client.get("/search/", {"q": "楼道"})

    with django_assert_max_num_queries(26):
        client.get("/search/", {"q": "楼道"})


# --- What finds nothing ---------------------------------------------------------------------------


def test_a_query_without_an_answer_is_counted_and_leads_on(client, course):
    rebuild()

    page = client.get("/search/", {"q": "无人机快递站"})
    client.get("/search/", {"q": "无人机快递站！"})

    (row,) = UnansweredQuery.objects.all()
    assert (row.words, row.times, row.week.weekday()) == ("无人机快递站", 2, 0)
    assert "topic=%E6%97%A0%E4%BA%BA%E6%9C%BA" in page.text


@pytest.mark.parametrize(
    "query",
    ["13812345678", "138 1234 5678", "021-66661234", "周敏华家漏水", "周 敏华", "zhouminhua"],
)
def test_nothing_is_kept_of_a_person(client, query):
    from academy.people_keys import keep_findable

    keep_findable([TraineeFactory(user__name="周敏华").user])
    rebuild()

    client.get("/search/", {"q": query})

    assert not UnansweredQuery.objects.exists()


def test_a_script_fills_no_table(client, monkeypatch):
    monkeypatch.setattr(unanswered, "MOST_OF_A_WEEK", 2)
    rebuild()

    for word in ("甲乙丙丁", "戊己庚辛", "子丑寅卯"):
        client.get("/search/", {"q": word})

    assert UnansweredQuery.objects.count() == 2


def test_old_weeks_go(client):
    UnansweredQuery.objects.create(week=NOW.date() - timedelta(weeks=40), words="很久以前")
    rebuild()

    client.get("/search/", {"q": "甲乙丙丁"})

    assert [row.words for row in UnansweredQuery.objects.all()] == ["甲乙丙丁"]


def test_the_office_reads_it(client, district_staff):
    UnansweredQuery.objects.create(week=NOW.date(), words="无人机快递站", times=7)
    client.force_login(district_staff)

    assert "无人机快递站" in client.get("/manage/unanswered/").text
