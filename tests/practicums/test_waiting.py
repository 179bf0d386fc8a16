from datetime import timedelta

import pytest

from practicums.models import ItemKind
from practicums.seven_items.steps import send_back, sign
from practicums.waiting import waiting_for
from tests.factories import NOW, UserFactory

from .factories import (
    SecondmentFactory,
    all_signed,
    handed_in,
    host_official_of,
    office_clerk,
    signed,
)

pytestmark = pytest.mark.django_db


def titles(user, now=NOW) -> list[str]:
    return [item.title for item in waiting_for(user, now)]


def test_a_hand_in_waits_for_whose_turn_it_is(
    secondment, secondee, mentor, official, clerk, foreign, town_staff
):
    item = handed_in(secondment, ItemKind.TASK_LIST)
    name = secondment.trainee.name
    assert titles(mentor) == [f"{name}：“制定一份任务清单”等您签"]
    assert [
        titles(user)
        for user in (
            secondee,
            official,
            clerk,
            foreign.mentor,
            host_official_of(foreign),
            town_staff,
            UserFactory(),
        )
    ] == [[]] * 7

    sign(item=item, role="mentor", by=mentor, now=NOW)

    assert (titles(mentor), len(titles(official))) == ([], 1)


def test_the_row_links_to_the_item_with_its_day(secondment, mentor):
    item = handed_in(secondment, ItemKind.WORK_CASE)

    (row,) = waiting_for(mentor, NOW)

    assert (row.url, row.due_on, row.action) == (
        item.get_absolute_url(),
        item.due_on,
        "看一看，签字",
    )


def test_get_togethers_wait_for_the_office(secondment, clerk):
    handed_in(secondment, ItemKind.GET_TOGETHER)

    assert len(titles(clerk)) == 1


def test_the_appraisal_waits_for_the_host_towards_the_end(secondment, official, clerk):
    assert titles(official) == []
    near = NOW + (secondment.ends_on - timedelta(days=10) - NOW.date())
    assert titles(official, near) == [f"{secondment.trainee.name}：挂职表现鉴定等您写"]

    send_back(item=signed(secondment, ItemKind.APPRAISAL), comment="写明时间", by=clerk, now=NOW)

    assert len(titles(official)) == 1


def test_a_complete_file_waits_for_the_office(secondment):
    complete = all_signed()

    assert titles(office_clerk()) == [f"{complete.trainee.name}：七个一齐了，可以结业"]


def test_the_queries_do_not_grow_with_the_secondments(django_assert_max_num_queries, clerk):
    for _number in range(6):
        handed_in(SecondmentFactory(), ItemKind.GET_TOGETHER)

    # grants, cases in review, secondments, items, sign-offs, colleagues
    with django_assert_max_num_queries(6):
        assert len(titles(clerk)) == 6
