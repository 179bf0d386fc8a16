"""我带的学员: what waits for the mentor's signature first; the way in stays after the last one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from practicums.models import ItemKind, SecondmentStatus
from practicums.seven_items.mentoring import mentoring_of

from ..factories import NOW, UserFactory
from .factories import SecondmentFactory, handed_in

pytestmark = pytest.mark.django_db
PAGE = reverse("practicums:mentoring")


@pytest.fixture
def page(client, mentor, time_machine):
    time_machine.move_to(NOW)
    client.force_login(mentor)
    return client


def test_what_has_waited_longest_stands_first_with_what_is_in_it(page, secondment):
    handed_in(secondment, ItemKind.TASK_LIST, "先熟悉流程，再推项目", now=NOW)
    old = handed_in(secondment, ItemKind.WORK_CASE, "楼道里的事", now=NOW - timedelta(days=8))

    shown = page.get(PAGE)

    assert [line.item.kind for line in shown.context["mentoring"].to_sign] == [
        ItemKind.WORK_CASE,
        ItemKind.TASK_LIST,
    ]
    assert "等您签字的 2 件" in shown.text and "交了 8 天" in shown.text
    assert shown.text.index("楼道里的事") < shown.text.index("先熟悉流程，再推项目")
    assert f'href="{old.get_absolute_url()}"' in shown.text


def test_what_others_sign_is_not_asked_of_the_mentor(page, secondment):
    handed_in(secondment, ItemKind.MENTOR_PAIRING)

    shown = page.get(PAGE)

    assert shown.context["mentoring"].to_sign == []
    assert "现在没有等您签字的" in shown.text and secondment.trainee.name in shown.text


def test_the_way_in_stays_when_the_secondment_is_over(page, mentor, secondment):
    secondment.status, secondment.ended_at = SecondmentStatus.CLOSED, NOW
    secondment.save()

    shown = page.get("/after-login/", follow=True)

    assert (shown.status_code, shown.redirect_chain[-1][0]) == (200, PAGE)
    assert "以前带的学员" in shown.text and secondment.trainee.name in shown.text


def test_only_mentors_have_it(client, foreign, clerk, time_machine):
    time_machine.move_to(NOW)
    for person in (UserFactory(), foreign.trainee.user, clerk):
        client.force_login(person)
        assert client.get(PAGE).status_code == 403


def test_nobody_sees_those_of_another_mentor(page, secondment, foreign):
    assert foreign.trainee.name not in page.get(PAGE).text


def test_it_costs_the_same_for_many(mentor, secondment, django_assert_max_num_queries):
    handed_in(secondment, ItemKind.TASK_LIST)
    with django_assert_max_num_queries(8) as one:
        mentoring_of(mentor, NOW)
    for _number in range(3):
        handed_in(SecondmentFactory(mentor=mentor), ItemKind.TASK_LIST)
    with django_assert_max_num_queries(len(one.captured_queries)):
        assert len(mentoring_of(mentor, NOW).to_sign) == 4


def test_a_secondee_sees_the_seven_and_the_next_step_first(client, secondment, time_machine):
    time_machine.move_to(NOW)
    client.force_login(secondment.trainee.user)

    for path in ("/", "/me/"):
        text = client.get(path).text
        assert "七个一已完成 0 项" in text, path
        assert "/me/secondment/" in text.partition("七个一已完成")[2], path


def test_a_secondment_that_is_over_stands_on_the_own_page_alone(client, secondment, time_machine):
    time_machine.move_to(NOW)
    secondment.status, secondment.ended_at = SecondmentStatus.CLOSED, NOW
    secondment.save()
    client.force_login(secondment.trainee.user)

    assert "七个一已完成" not in client.get("/").text
    assert "七个一已完成" in client.get("/me/").text
