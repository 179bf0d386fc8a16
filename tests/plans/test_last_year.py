"""A plan begins from the owner's plan of the year before: days keep their weekday and leave
holidays alone, what is there no more is named, nothing is written before it was looked at.
"""

from datetime import date

import pytest
from django.urls import reverse

from academy.models import Department
from courses.models import CourseStatus
from plans.filing import PlanNotEditable
from plans.forms import NewPlanForm
from plans.last_year import bring_in, brought_from, plan_before
from plans.models import PlanItem
from plans.next_year import a_year_later

from ..factories import CourseFactory, DepartmentFactory
from .factories import PlanItemFactory, drafted, submitted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("4月、8月", "4月、8月"),
        ("第二季度", "第二季度"),
        ("3月2期", "3月2期"),
        ("2026年4月", "2027年4月"),
        ("2026.04", "2027.04"),
        ("2026年4月18日（周六）", "2027年4月17日（周六）"),
        ("4月20—21日", "4月19—20日"),
        ("2026-04-20", "2027-04-19"),
        ("二〇二六年5月", "2027年5月"),
        ("11月至次年1月", "11月至次年1月"),
        ("2月30日", "2月30日"),
    ],
)
def test_a_time_falls_into_the_next_year(before, after):
    assert a_year_later(before, year=2026).words == after


def test_a_workday_that_becomes_a_holiday_moves_to_the_next_day_of_work():
    later = a_year_later("2025年1月3日（周五）", year=2025)  # 2026-01-02 is off

    assert later.words == "2026年1月4日（周日）"  # a swapped workday
    assert "元旦" in later.remarks[0]


def test_a_weekend_stays_a_weekend_but_leaves_the_holidays():
    later = a_year_later("2025年10月4日", year=2025)  # 2026-10-03 is in the national holidays

    moved = date(2026, *(int(part) for part in later.words[5:-1].split("月")))
    assert moved.weekday() == 5
    assert moved > date(2026, 10, 7)
    assert "国庆" in later.remarks[0]


@pytest.fixture
def plans(town):
    before = drafted(town=town, year=2026, items=2)
    return before, drafted(town=town, year=2027, items=0)


def test_only_the_owners_plan_of_the_year_before_is_taken(plans):
    before, plan = plans
    drafted(year=2026)

    assert plan_before(plan) == before
    assert plan_before(before) is None


def test_what_is_there_no_more_is_named(plans):
    before, plan = plans
    DepartmentFactory(name="旧城改造办公室", ended_on=date(2026, 6, 1))
    CourseFactory(title="老办法讲解", status=CourseStatus.RETIRED)
    PlanItemFactory(plan=before, number=3, organiser="旧城改造办公室", content="老办法讲解")

    *_others, last = brought_from(before, plan)

    assert ["旧城改造办公室" in " ".join(last.remarks), "老办法讲解" in " ".join(last.remarks)] == [
        True
    ] * 2
    assert not _others[0].remarks


def test_a_name_that_something_has_now_is_not_gone(plans):
    before, plan = plans
    DepartmentFactory(name="旧城改造办公室", ended_on=date(2026, 6, 1))
    Department.objects.filter(pk=DepartmentFactory().pk).update(name="旧城改造办公室")
    PlanItemFactory(plan=before, number=3, organiser="旧城改造办公室")

    assert brought_from(before, plan)[-1].remarks == []


def test_the_ticked_items_are_added_with_their_new_times_and_nothing_twice(plans):
    before, plan = plans
    first, second = before.items.all()
    PlanItemFactory(plan=plan, number=1, name="已有的")

    for _tap in range(2):
        bring_in(plan=plan, before=before, times={first.pk: "5月"})

    assert list(plan.items.values_list("number", "name", "months", "quarter")) == [
        (1, "已有的", "4月", 2),
        (2, first.name, "5月", 2),
    ]
    assert second.name not in plan.items.values_list("name", flat=True)


def test_nothing_is_brought_into_a_plan_that_was_handed_in(plans, town_staff):
    before, _plan = plans
    sent = submitted(year=2027)

    with pytest.raises(PlanNotEditable):
        bring_in(plan=sent, before=before, times={before.items.first().pk: "5月"})


def test_it_is_looked_at_first_and_a_time_can_be_corrected(client, town_staff, plans):
    before, plan = plans
    client.force_login(town_staff)
    here = reverse("plans:last_year", args=[plan.pk])
    first, second = before.items.all()

    page = client.get(here).text
    assert (first.name in page, "照上一年带入" in client.get(plan.get_absolute_url()).text) == (
        True,
        True,
    )
    assert plan.items.count() == 0
    too_long = client.post(here, {f"{first.pk}-keep": "on", f"{first.pk}-months": "月" * 81})
    assert (too_long.status_code, PlanItem.objects.filter(plan=plan).count()) == (200, 0)
    client.post(
        here,
        {f"{first.pk}-keep": "on", f"{first.pk}-months": "6月", f"{second.pk}-months": "6月"},
    )

    assert list(plan.items.values_list("name", "months")) == [(first.name, "6月")]


def test_a_plan_that_is_begun_leads_to_that_of_the_year_before(client, town_staff, town):
    drafted(town=town, year=2026)
    client.force_login(town_staff)
    answer = client.post(
        reverse("plans:plan_create"), {"owner": NewPlanForm.key(town), "year": 2027}
    )

    assert answer.url.endswith("/last-year/")
