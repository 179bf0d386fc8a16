"""Asking for a topic and answering it (点单)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from academy.errors import InvalidTransition
from courses.models import TopicRequest
from courses.topic_requests import MOST_OPEN, RequestRefused, answer, answer_by, ask, take_back
from courses.waiting import waiting_for
from notices.models import Notice

from ..factories import NOW, CourseFactory, ServiceItemFactory, TopicRequestFactory

pytestmark = pytest.mark.django_db
PAGE, DESK = "/requests/", "/manage/requests/"


def test_a_request_keeps_the_village_of_the_day(cadre):
    asked = ask(
        topic="  停车  难 ",
        situation=" 夜里没地方停 ",
        by=cadre.user,
        village=cadre.village,
        now=NOW,
    )

    assert (asked.topic, asked.situation, asked.village, asked.status) == (
        "停车 难",
        "夜里没地方停",
        cadre.village,
        "open",
    )
    assert answer_by(asked) == (NOW + timedelta(days=21)).date()


def test_asking_again_for_what_waits_is_the_same_request(cadre):
    first = ask(topic="停车难", situation="", by=cadre.user, village=None, now=NOW)

    assert ask(topic="停车难", situation="又来了", by=cadre.user, village=None, now=NOW) == first
    assert TopicRequest.objects.count() == 1


def test_the_database_knows_one_open_request_per_person_and_topic(cadre):
    TopicRequestFactory(asked_by=cadre.user, topic="停车难")

    with pytest.raises(IntegrityError):
        TopicRequestFactory(asked_by=cadre.user, topic="停车难")


@pytest.mark.parametrize("topic", ["", "   "])
def test_a_request_says_something(cadre, topic):
    with pytest.raises(RequestRefused, match="用几个字"):
        ask(topic=topic, situation="", by=cadre.user, village=None, now=NOW)


def test_nobody_floods_the_office(cadre):
    for number in range(MOST_OPEN):
        ask(topic=f"主题 {number}", situation="", by=cadre.user, village=None, now=NOW)

    with pytest.raises(RequestRefused, match="5 个点单在等"):
        ask(topic="再来一个", situation="", by=cadre.user, village=None, now=NOW)


def test_an_answer_reaches_whoever_asked_once(cadre, district_staff):
    course = CourseFactory()
    asked = TopicRequestFactory(asked_by=cadre.user, topic="停车难")

    answer(request=asked, text=" 有这门课。 ", course=course, by=district_staff, now=NOW)

    asked.refresh_from_db()
    assert (asked.status, asked.answer, asked.course, asked.answered_by, asked.answered_at) == (
        "answered",
        "有这门课。",
        course,
        district_staff,
        NOW,
    )
    assert list(Notice.objects.values_list("person", "title", "link")) == [
        (cadre.user.pk, "您点的“停车难”有答复了", course.get_absolute_url())
    ]
    with pytest.raises(InvalidTransition):
        answer(request=asked, text="再答一次", course=None, by=district_staff, now=NOW)
    assert Notice.objects.count() == 1


def test_an_empty_answer_is_refused(district_staff):
    with pytest.raises(RequestRefused):
        answer(request=TopicRequestFactory(), text=" ", course=None, by=district_staff, now=NOW)


def test_only_an_own_request_that_waits_is_taken_back(cadre, outsider, district_staff):
    asked = TopicRequestFactory(asked_by=cadre.user)
    with pytest.raises(InvalidTransition):
        take_back(request=asked, by=outsider.user)

    take_back(request=asked, by=cadre.user)

    asked.refresh_from_db()
    assert asked.status == "withdrawn"
    with pytest.raises(InvalidTransition):
        answer(request=asked, text="晚了", course=None, by=district_staff, now=NOW)


def test_the_office_sees_what_has_waited_longest(cadre, district_staff, town_staff):
    TopicRequestFactory(asked_by=cadre.user, topic="后来的", asked_at=NOW)
    TopicRequestFactory(asked_by=cadre.user, topic="先来的", asked_at=NOW - timedelta(days=2))

    first, second = waiting_for(district_staff, NOW)

    assert (first.title, first.due_on, second.title) == (
        "点单：先来的",
        date.fromordinal(NOW.date().toordinal() + 19),
        "点单：后来的",
    )
    assert first.fold.key == second.fold.key
    assert list(waiting_for(town_staff, NOW)) == []


# --- Pages ----------------------------------------------------------------------------------------


def test_a_request_is_sent_from_the_page_and_stands_on_it(client, cadre):
    client.force_login(cadre.user)
    item = ServiceItemFactory(code="FW-16", name="集体土地出租")
    assert 'value="集体土地出租"' in client.get(f"{PAGE}?item=FW-16").text

    response = client.post(
        PAGE, {"topic": "土地合同怎么看", "situation": "", "item": "FW-16"}, follow=True
    )

    assert "点单收到了" in response.text and "土地合同怎么看" in response.text
    assert list(TopicRequest.objects.values_list("topic", "service_item", "village")) == [
        ("土地合同怎么看", item.pk, cadre.village.pk)
    ]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"topic": " "},
        {"topic": "字" * 61},
        {"topic": "甲", "situation": "字" * 1001},
        {"topic": "甲\0乙"},
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_form(client, cadre, data):
    client.force_login(cadre.user)

    response = client.post(PAGE, data)

    assert response.status_code in (200, 400)
    assert not TopicRequest.objects.exists()


def test_nobody_sees_what_another_asked_for(client, cadre, outsider):
    TopicRequestFactory(asked_by=outsider.user, topic="别人的主题")
    client.force_login(cadre.user)

    assert "别人的主题" not in client.get(PAGE).text


def test_the_office_answers_on_the_page(client, cadre, district_staff):
    asked, course = TopicRequestFactory(asked_by=cadre.user), CourseFactory()
    client.force_login(district_staff)
    address = reverse("courses:answer_request", args=[asked.pk])

    assert client.post(address, {"answer": ""}).context["form"].errors
    assert client.post(address, {"answer": "好", "course": "NONE"}).context["form"].errors
    response = client.post(address, {"answer": "有这门课", "course": course.code}, follow=True)

    assert "已答复" in response.text
    assert "有这门课" in client.get(address).text and "<textarea" not in client.get(address).text


@pytest.mark.parametrize("query", ["status=x", "status=&page=9999", "page=abc"])
def test_unknown_values_on_the_desk_are_no_error(client, district_staff, query):
    client.force_login(district_staff)

    assert client.get(f"{DESK}?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client, cadre, district_staff, django_assert_max_num_queries, count
):
    for number in range(count):
        TopicRequestFactory(
            asked_by=cadre.user,
            topic=f"主题 {number}",
            village=cadre.village,
            service_item=ServiceItemFactory(),
        )
    client.force_login(district_staff)
    with django_assert_max_num_queries(8):
        client.get(DESK)
    client.force_login(cadre.user)
    with django_assert_max_num_queries(8):
        client.get(PAGE)


def test_the_day_of_the_answer_is_counted_in_shanghai(cadre):
    # in London it is the day before
    asked = ask(
        topic="停车难怎么谈", situation="", by=cadre.user, village=None, now=NOW.replace(hour=7)
    )
    asked = type(asked).objects.get(pk=asked.pk)

    assert answer_by(asked) == NOW.date() + timedelta(days=21)
