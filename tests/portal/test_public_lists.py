"""Who teaches, the practice classrooms and the method cards, as everybody sees them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import ClassStatus
from practicums.models import CaseStatus, PracticeCase

from ..factories import (
    CourseFactory,
    ExpertFactory,
    LessonFactory,
    VenueFactory,
    class_with,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 6


def test_only_published_experts_are_named(client):
    ExpertFactory(category="社区普法师", name="公开的专家", published=True)
    ExpertFactory(category="社区普法师", name="未公开的专家", published=False)
    ExpertFactory(category="社区规划师", name="规划的专家", published=True)
    said = client.get("/experts/?kind=社区普法师").text

    assert "公开的专家" in said.replace("未公开的专家", "")
    assert "未公开的专家" not in said
    assert "规划的专家" not in said
    assert '社区普法师 <span class="num">2</span>' in said
    assert "没有这个筛选条件" in client.get("/experts/?kind=<b>").text


def test_a_practice_classroom_says_what_is_taught_there_and_when(client):
    room = VenueFactory(name="协商室", immersive=True, immersive_topic="加装电梯")
    VenueFactory(name="普通教室", immersive=False)
    CourseFactory(title="协商课", immersive_topic="加装电梯")
    soon = timezone.now() + timedelta(days=9)
    for title, status in (("开着的班", ClassStatus.OPEN), ("草稿的班", ClassStatus.DRAFT)):
        training_class = class_with(seats=5, starts_at=soon, title=title, status=status)
        LessonFactory(training_class=training_class, venue=room, starts_at=soon, number=9)
    said = client.get("/rooms/").text

    assert all(words in said for words in ("协商室", "加装电梯", "协商课", "开着的班"))
    assert "普通教室" not in said
    assert "草稿的班" not in said


def test_a_method_card_leads_to_its_courses_and_published_cases(client):
    course = CourseFactory(title="第三招的课", practice_move=3)
    CourseFactory(title="不编号的课")
    for code, status in (("AL-1", CaseStatus.PUBLISHED), ("AL-2", CaseStatus.DRAFT)):
        case = PracticeCase.objects.create(
            code=code,
            title=f"案例{code}",
            theme="养宠",
            problem="p",
            approach="a",
            result="r",
            status=status,
            updated_at=timezone.now(),
            published_at=timezone.now(),
        )
        case.courses.add(course)
    said = client.get("/methods/").text

    assert all(words in said for words in ("第3招", "第三招的课", "案例AL-1"))
    assert "不编号的课" not in said
    assert "案例AL-2" not in said


@pytest.mark.parametrize("address", ["/experts/", "/rooms/", "/methods/"])
def test_the_queries_of_a_list_do_not_grow(client, address, django_assert_max_num_queries):
    for number in range(12):
        ExpertFactory(category=f"第{number}类", published=True)
        VenueFactory(immersive=True, immersive_topic=f"主题{number}")
        CourseFactory(practice_move=number, immersive_topic=f"主题{number}")

    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(address)
