"""The drafts of a season are opened together; one that cannot be says why and holds nobody up."""

from datetime import timedelta

import pytest
import time_machine

from academy.search.index import search
from courses.models import ClassStatus, TrainingClass
from courses.schedule.season import Season
from trainees.classes.opening import drafts_of, open_together
from trainees.eligibility.interest import show_interest
from trainees.models import Interest

from ..factories import NOW, class_with
from ..page_text import squeezed

pytestmark = pytest.mark.django_db
PAGE = "/manage/season/2027Q1/open/"


def draft(**fields) -> TrainingClass:
    return class_with(seats=5, **({"status": ClassStatus.DRAFT} | fields))


@pytest.fixture
def late():
    """A draft whose booking would be over already."""
    return draft(
        title="过时的班",
        booking_opens_at=NOW - timedelta(days=9),
        booking_closes_at=NOW - timedelta(days=1),
    )


def test_every_draft_of_the_season_is_named_with_what_is_against_it(district_staff, late):
    ready = draft(title="定好的班")
    class_with(seats=5, title="已开放的班")

    found = {
        opening.training_class.title: opening.refused
        for opening in drafts_of(district_staff, Season(2027, 1), NOW)
    }

    assert found == {ready.title: "", late.title: "按这个时间报名已经截止，请选晚一点的时间。"}
    assert drafts_of(district_staff, Season(2027, 2), NOW) == []


def test_one_that_cannot_be_opened_holds_nobody_up(district_staff, late, cadre):
    ready, announced = draft(title="定好的班"), draft(gauges_interest=True)
    show_interest(trainee=cadre, training_class=announced, now=NOW)

    openings = open_together(classes=[late, ready, announced], by=district_staff, now=NOW)

    assert {opening.training_class.code: bool(opening.refused) for opening in openings} == {
        late.code: True,
        ready.code: False,
        announced.code: False,
    }
    assert set(TrainingClass.objects.values_list("code", "status")) == {
        (late.code, "draft"),
        (ready.code, "open"),
        (announced.code, "open"),
    }
    assert TrainingClass.objects.get(code=announced.code).first_refusal_until > NOW, (
        "who was interested books first, as when it is opened alone"
    )
    assert Interest.objects.count() == 1
    assert search("定好的班")[0].code == ready.code


def test_the_page_opens_what_is_ticked_and_a_second_tap_says_so(client, district_staff, late):
    ready = draft(title="定好的班")
    with time_machine.travel(NOW, tick=False):
        client.force_login(district_staff)
        page = squeezed(client.get(PAGE))
        assert f'value="{ready.code}" checked' in page and f'value="{late.code}" disabled' in page

        first = client.post(PAGE, {"class": [ready.code, late.code]}, follow=True).content.decode()
        again = client.post(PAGE, {"class": [ready.code]}, follow=True).content.decode()
        nothing = client.post(PAGE, follow=True).content.decode()

    assert "已开放 1 个班次。" in first and "过时的班 按这个时间报名已经截止" in first
    assert "这个班已经开放，或已经结束" in again
    assert "请先勾选班次。" in nothing


def test_classes_of_others_stay_as_they_are(client, branch_coordinator):
    foreign = draft()
    client.force_login(branch_coordinator)

    client.post(PAGE, {"class": [foreign.code]})

    foreign.refresh_from_db()
    assert foreign.status == ClassStatus.DRAFT


def test_queries_do_not_grow_with_the_drafts(client, district_staff, django_assert_max_num_queries):
    for _number in range(6):
        draft()
    with time_machine.travel(NOW, tick=False):
        client.force_login(district_staff)
        with django_assert_max_num_queries(8):
            assert client.get(PAGE).status_code == 200
