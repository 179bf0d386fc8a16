"""Many classes at once: proposals, what is against each, and all drafts or none."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academy.models import CampusKind
from courses.models import ClashRule, ClassApproval, ClassStatus, Lesson, TrainingClass
from courses.schedule.bulk_scheduling import (
    PlansRefused,
    Round,
    create_drafts,
    judge,
    moved_plan,
    plan_of,
    propose_sittings,
    weekly_days,
)
from courses.schedule.holidays import warning_for
from courses.schedule.scheduling import create_class
from courses.schedule.teachers import teachers_of
from trainees.booking.enrolling import book
from trainees.booking.queue import release_due

from ..factories import (
    NOW,
    CampusFactory,
    CourseFactory,
    CourseVersionFactory,
    ExpertFactory,
    LearnerGroupFactory,
    LessonFactory,
    TownFactory,
    TraineeFactory,
    VenueFactory,
    ask,
    class_with,
    taught_by,
)

FIRST = date(2027, 4, 6)  # a Tuesday


@pytest.fixture
def course(db):
    return CourseVersionFactory(
        course=CourseFactory(title="电梯加装协商", hours=Decimal("3.00"))
    ).course


@pytest.fixture
def wanted(course):
    return Round(
        course=course,
        starts=time(13, 30),
        ends=time(15, 55),
        capacity=30,
        booking_opens_at=NOW,
        closes_days_before=3,
        experts=[ExpertFactory(), ExpertFactory()],
    )


def salons(count: int, **room) -> tuple[list, dict]:
    """So many salons, each with a room that is too large, one that fits and one that is too
    small.
    """
    campuses = [CampusFactory(kind=CampusKind.SALON, town=TownFactory()) for _n in range(count)]
    return campuses, {
        campus.pk: [VenueFactory(campus=campus, capacity=seats, **room) for seats in (80, 40, 20)]
        for campus in campuses
    }


def at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def sittings_of(wanted, campuses, rooms, weeks, busy=()):
    return propose_sittings(
        wanted, campuses=campuses, days=weekly_days(FIRST, weeks), rooms=rooms, busy=busy
    )


def test_twelve_salons_and_eight_weeks_become_ninety_six_drafts(wanted, district_staff):
    wanted = replace(wanted, experts=[ExpertFactory() for _n in range(12)])
    campuses, rooms = salons(12)
    plans = [plan_of(wanted, sitting) for sitting in sittings_of(wanted, campuses, rooms, 8)]

    created = create_drafts(plans=plans, by=district_staff, now=NOW)

    assert {item.status for item in created} == {ClassStatus.DRAFT}
    assert len({item.code for item in created}) == 96
    lessons = Lesson.objects.filter(training_class__in=created)
    assert {
        (lesson.venue.campus_id, timezone.localdate(lesson.starts_at))
        for lesson in lessons.select_related("venue")
    } == {(campus.pk, FIRST + timedelta(weeks=n)) for campus in campuses for n in range(8)}
    assert set(lessons.values_list("venue__capacity", "hours")) == {(40, Decimal("3.00"))}
    assert lessons.values("teachers__expert").distinct().count() == 12


def test_the_tightest_free_room_is_proposed_and_a_practice_classroom_of_the_topic_first(wanted):
    (campus,), rooms = salons(1)
    large, fitting, _small = rooms[campus.pk]
    busy = LessonFactory(
        venue=fitting, starts_at=at(FIRST, time(15, 0)), ends_at=at(FIRST, time(17, 0))
    )

    assert [item.venue for item in sittings_of(wanted, [campus], rooms, 2, [busy])] == [
        large,
        fitting,
    ]

    wanted.course.immersive_topic = large.immersive_topic = "加装电梯"
    assert sittings_of(wanted, [campus], rooms, 1)[0].venue == large


def test_experts_take_turns_and_nobody_is_in_two_places(wanted):
    campuses, rooms = salons(3)
    first, second = wanted.experts
    busy = LessonFactory(starts_at=at(FIRST, time(13, 0)), ends_at=at(FIRST, time(14, 0)))
    taught_by(busy, first)

    assert [item.expert for item in sittings_of(wanted, campuses, rooms, 2, [busy])] == [
        second,
        None,
        None,
        first,
        second,
        None,
    ]


def test_a_clash_names_the_other_class_and_nothing_is_written(wanted, district_staff):
    campuses, rooms = salons(2)
    plans = [plan_of(wanted, item) for item in sittings_of(wanted, campuses, rooms, 2)]
    taken = class_with(
        seats=5, starts_at=plans[2].lessons[0].starts_at - timedelta(minutes=30), title="先来的班"
    )
    taken.lessons.update(venue=plans[2].lessons[0].venue)
    before = TrainingClass.objects.count()

    with pytest.raises(PlansRefused) as refused:
        create_drafts(plans=plans, by=district_staff, now=NOW)

    assert [[problem.field for problem in item.problems] for item in refused.value.judged] == [
        [],
        [],
        ["venue"],
        [],
    ]
    assert "先来的班" in refused.value.judged[2].problems[0].sentence
    assert TrainingClass.objects.count() == before


def test_two_classes_of_one_round_cannot_share_a_room_or_an_expert(wanted):
    (campus,), rooms = salons(1)
    plan = plan_of(wanted, sittings_of(wanted, [campus], rooms, 1)[0])

    judged = judge([plan, replace(plan, title="第二个")])

    assert [[problem.field for problem in item.problems] for item in judged] == [[], ["venue"]]


def test_what_is_wrong_in_itself_is_told_with_the_rest(wanted, district_staff):
    campuses, rooms = salons(1)
    late = replace(wanted, booking_opens_at=at(FIRST, time(9, 0)))
    no_room = plan_of(wanted, replace(sittings_of(wanted, campuses, rooms, 1)[0], venue=None))
    plans = [plan_of(late, sittings_of(late, campuses, rooms, 1)[0]), no_room]

    with pytest.raises(PlansRefused) as refused:
        create_drafts(plans=plans, by=district_staff, now=NOW)

    assert [[problem.field for problem in item.problems] for item in refused.value.judged] == [
        ["booking_closes_at"],
        ["venue"],
    ]


def test_a_public_holiday_warns_and_does_not_forbid(wanted):
    campuses, rooms = salons(1)
    sitting = replace(sittings_of(wanted, campuses, rooms, 1)[0], day=date(2026, 10, 1))
    early = replace(wanted, booking_opens_at=at(date(2026, 9, 1), time(9, 0)))

    (judged,) = judge([plan_of(early, sitting)])

    assert (judged.is_fine, judged.warnings) == (True, ("公共假日：国庆节",))


def test_judging_costs_one_query_whatever_the_number(wanted):
    campuses, rooms = salons(3)
    warning_for(FIRST)  # the holidays of a year are read once
    for weeks in (1, 4):
        plans = [plan_of(wanted, item) for item in sittings_of(wanted, campuses, rooms, weeks)]
        with CaptureQueriesContext(connection) as queries:
            judge(plans)
        assert len(queries) == 1


def test_a_season_moves_by_whole_weeks_with_its_rooms_experts_and_quotas(course, district_staff):
    town, expert = TownFactory(), ExpertFactory()
    source = class_with(seats=20, town_seats={town: 5}, lessons=2, title="协商班")
    for lesson in source.lessons.all():
        lesson.course_version = course.versions.get()
        lesson.save()
        taught_by(lesson, expert)

    plan = moved_plan(source, days=91)
    (copy,) = create_drafts(plans=[plan], by=district_staff, now=NOW)

    def shape(item):
        return [
            (lesson.starts_at, lesson.ends_at, lesson.venue, teachers_of(lesson), lesson.hours)
            for lesson in item.lessons.order_by("starts_at")
        ]

    assert shape(copy) == [
        (a + timedelta(days=91), b + timedelta(days=91), *rest) for a, b, *rest in shape(source)
    ]
    assert (copy.status, copy.title, copy.capacity, copy.campus) == (
        ClassStatus.DRAFT,
        "协商班",
        20,
        source.campus,
    )
    assert set(copy.pools.values_list("town", "seats", "seats_taken")) == {
        (town.pk, 5, 0),
        (None, 15, 0),
    }
    assert copy.booking_closes_at == source.booking_closes_at + timedelta(days=91)


def test_a_plan_that_the_lock_finds_taken_undoes_the_others(wanted, district_staff, monkeypatch):
    """Somebody came between the look and the write: what `create_class` refuses takes the whole
    round back.
    """
    campuses, rooms = salons(1)
    plans = [plan_of(wanted, item) for item in sittings_of(wanted, campuses, rooms, 2)]
    create_class(plan=replace(plans[1], code="PX-FIRST"), by=district_staff, now=NOW)
    monkeypatch.setattr("courses.schedule.bulk_scheduling.busy_lessons", lambda *args, **kwargs: [])

    with pytest.raises(PlansRefused) as refused:
        create_drafts(plans=plans, by=district_staff, now=NOW)

    assert [bool(item.problems) for item in refused.value.judged] == [False, True]
    assert list(TrainingClass.objects.values_list("code", flat=True)) == ["PX-FIRST"]


@pytest.mark.django_db
def test_a_class_of_the_next_season_has_the_quota_that_was_promised_also_when_it_was_released():
    town = TownFactory()
    training_class = class_with(seats=10, town_seats={town: 5})
    trainee = TraineeFactory(village__town=town)
    book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    release_due(now=training_class.booking_closes_at - timedelta(hours=47))

    plan = moved_plan(TrainingClass.objects.get(pk=training_class.pk), days=91)

    assert training_class.pools.get(town=town).seats == 1
    assert plan.town_seats == {town: 5}


@pytest.mark.django_db
def test_a_class_of_the_next_season_is_for_the_same_people_by_the_same_rules(district_staff):
    town, group = TownFactory(), LearnerGroupFactory()
    training_class = class_with(
        seats=5,
        groups_only=True,
        minimum_size=3,
        decide_on=NOW.date(),
        approval=ClassApproval.CHAIN,
        approval_district=False,
        clash_rule=ClashRule.WARN,
        offer_hours=8,
        first_timers_first=True,
    )
    ask(training_class, open_to_groups=[group])
    ask(training_class, towns=[town])

    made = create_class(plan=moved_plan(training_class, days=91), by=district_staff, now=NOW)
    made.refresh_from_db()

    assert (made.groups_only, list(made.open_to_groups.all()), list(made.towns.all())) == (
        True,
        [group],
        [town],
    )
    assert (made.minimum_size, made.decide_on) == (3, NOW.date() + timedelta(days=91))
    assert (made.approval, made.approval_district, made.clash_rule, made.offer_hours) == (
        ClassApproval.CHAIN,
        False,
        ClashRule.WARN,
        8,
    )
    assert made.first_timers_first
