"""Every booking rule, passing and failing, in plain words; the same for one class and for many."""

from datetime import date, datetime, time, timedelta

import pytest

from courses.models import ClashRule, ClassApproval, ClassStatus
from practicums.models import SecondmentStatus
from trainees.booking.enrolling import book
from trainees.eligibility.reasons import reasons_for, reasons_for_many
from trainees.errors import NotEligible
from trainees.models import EnrolmentChannel

from ..factories import (
    NOW,
    SHANGHAI,
    CourseFactory,
    CourseVersionFactory,
    LessonFactory,
    PositionFactory,
    StageFactory,
    TownFactory,
    ask,
    class_with,
)
from ..practicums.factories import SecondmentFactory
from .pasts import has_taken

pytestmark = pytest.mark.django_db


def failing(trainee, training_class, now=NOW):
    return {reason.rule for reason in reasons_for(trainee, training_class, now) if not reason.ok}


def said(trainee, training_class, rule, now=NOW):
    return next(
        reason for reason in reasons_for(trainee, training_class, now) if reason.rule == rule
    )


def test_a_class_that_asks_for_nothing_passes_in_every_rule(cadre):
    reasons = reasons_for(cadre, class_with(seats=2), NOW)

    assert [(reason.rule, reason.ok) for reason in reasons] == [
        ("window", True),
        ("position", True),
        ("repeat", True),
        ("clash", True),
        ("seat", True),
    ]


def test_the_post_must_fit(cadre):
    training_class = class_with(seats=2)
    ask(training_class, audiences=[PositionFactory(name="条线委员")])

    assert failing(cadre, training_class) == {"position"}
    ask(training_class, audiences=[cadre.position])
    assert failing(cadre, training_class) == set()


def test_the_growth_stage_must_fit(cadre):
    training_class, newcomer = class_with(seats=2), StageFactory(name="新任")
    ask(training_class, stages=[newcomer])

    reason = said(cadre, training_class, "stage")
    assert (reason.ok, reason.fact) == (False, "本班给新任上；成长阶段还没有登记")
    cadre.stage = StageFactory(name="骨干")
    assert said(cadre, training_class, "stage").fact == "本班给新任上；登记的是“骨干”"
    cadre.stage = newcomer
    assert failing(cadre, training_class) == set()


def test_the_street_town_must_fit(cadre):
    training_class, other = class_with(seats=2), TownFactory(name="示例镇")
    ask(training_class, towns=[other])

    assert (
        said(cadre, training_class, "town").fact
        == f"本班给示例镇上；所在居村属于{cadre.village.town.name}"
    )
    ask(training_class, towns=[cadre.village.town])
    assert failing(cadre, training_class) == set()


def test_prerequisites_come_from_the_class_and_from_its_courses(cadre):
    training_class, basics, extra = (
        class_with(seats=2),
        CourseFactory(title="入门"),
        CourseFactory(title="另外一门"),
    )
    training_class.lessons.get().course_version.course.prerequisites.add(basics)
    ask(training_class, prerequisites=[extra])

    assert said(cadre, training_class, "prerequisite").fact in (
        "还没有上：入门、另外一门",
        "还没有上：另外一门、入门",
    )
    has_taken(cadre, basics)
    assert said(cadre, training_class, "prerequisite").fact == "还没有上：另外一门"
    has_taken(cadre, extra, at=NOW - timedelta(days=3000))
    assert failing(cadre, training_class) == set()


def test_an_equivalent_course_stands_in_for_a_prerequisite(cadre):
    training_class, basics, same = class_with(seats=2), CourseFactory(), CourseFactory()
    ask(training_class, prerequisites=[basics])
    basics.equivalents.add(same)

    has_taken(cadre, same)

    assert failing(cadre, training_class) == set()


def test_a_course_taught_in_the_class_is_not_asked_for_before_it(cadre):
    training_class = class_with(seats=2)
    first = training_class.lessons.get().course_version.course
    second = CourseFactory()
    second.prerequisites.add(first)
    LessonFactory(
        training_class=training_class,
        number=9,
        course_version=CourseVersionFactory(course=second),
        starts_at=NOW + timedelta(days=20),
    )

    assert failing(cadre, training_class) == set()


def test_approval_is_something_to_know_and_no_refusal(cadre):
    training_class = class_with(seats=2, approval=ClassApproval.CHAIN)

    assert (said(cadre, training_class, "approval").hint, failing(cadre, training_class)) == (
        True,
        set(),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"booking_opens_at": NOW + timedelta(hours=1)},
        {"booking_closes_at": NOW},
        {"status": ClassStatus.RUNNING},
    ],
)
def test_outside_its_time_the_window_fails(cadre, fields):
    assert "window" in failing(cadre, class_with(seats=2, **fields))


def test_a_clash_blocks_or_warns_as_the_class_says(cadre):
    held = class_with(seats=2, title="占着时间的班")
    book(trainee=cadre, training_class=held, by=cadre.user, now=NOW)
    blocks, warns = class_with(seats=2), class_with(seats=2, clash_rule=ClashRule.WARN)

    assert (failing(cadre, blocks), failing(cadre, warns)) == ({"clash"}, set())
    assert said(cadre, warns, "clash").hint and "占着时间的班" in said(cadre, warns, "clash").fact
    assert book(trainee=cadre, training_class=warns, by=cadre.user, now=NOW).holds_a_seat
    with pytest.raises(NotEligible):
        book(trainee=cadre, training_class=blocks, by=cadre.user, now=NOW)


def test_a_secondment_day_clashes_unless_a_coordinator_books(cadre):
    training_class = class_with(seats=3)
    day = training_class.starts_at.date()
    secondment = SecondmentFactory(
        trainee=cadre, host_name="区民政局", starts_on=day - timedelta(days=30), ends_on=day
    )

    assert "在区民政局挂职的日子" in said(cadre, training_class, "clash").fact
    with pytest.raises(NotEligible):
        book(trainee=cadre, training_class=training_class, by=cadre.user, now=NOW)
    assert book(
        trainee=cadre,
        training_class=training_class,
        by=cadre.user,
        now=NOW,
        channel=EnrolmentChannel.COORDINATOR,
    ).holds_a_seat

    other = class_with(seats=3, starts_at=training_class.starts_at + timedelta(days=1))
    assert failing(cadre, other) == set()  # the day after the last one
    secondment.status, secondment.ended_at = SecondmentStatus.CLOSED, NOW
    secondment.save()
    assert "clash" not in failing(
        cadre, class_with(seats=1, starts_at=training_class.starts_at - timedelta(days=1))
    )


@pytest.mark.parametrize(
    ("day", "is_in_the_office"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
    ],
    ids=["weekday", "public-holiday", "swapped-saturday", "sunday"],
)
def test_a_secondment_takes_up_workdays_and_no_others(cadre, day, is_in_the_office):
    starts_at = datetime.combine(day, time(9, 30), SHANGHAI)
    training_class = class_with(
        seats=1,
        starts_at=starts_at,
        booking_opens_at=starts_at - timedelta(days=30),
        booking_closes_at=starts_at - timedelta(days=1),
    )
    SecondmentFactory(trainee=cadre, starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 31))

    assert (
        "clash" in failing(cadre, training_class, now=starts_at - timedelta(days=2))
    ) is is_in_the_office


def test_failures_stand_first_and_the_refusal_says_the_same_words(cadre):
    training_class = class_with(seats=2)
    ask(training_class, audiences=[PositionFactory()])
    ask(training_class, towns=[TownFactory()])

    reasons = reasons_for(cadre, training_class, NOW)
    with pytest.raises(NotEligible) as refusal:
        book(trainee=cadre, training_class=training_class, by=cadre.user, now=NOW)

    assert [reason.ok for reason in reasons] == sorted(reason.ok for reason in reasons)
    assert refusal.value.reasons == [reason for reason in reasons if not reason.ok]


def test_many_classes_cost_as_many_queries_as_one(cadre, django_assert_num_queries):
    for number in range(2):
        taken = CourseFactory(title=f"旧课{number}")
        has_taken(cadre, taken)
    classes = [
        class_with(seats=1, lessons=2, starts_at=NOW + timedelta(days=20 + number))
        for number in range(4)
    ]
    book(trainee=cadre, training_class=classes[0], by=cadre.user, now=NOW)
    cadre.refresh_from_db()
    cadre.village.town, cadre.position, cadre.stage  # noqa: B018  loaded once for the person
    # the contents that are compared are in the cache then
    reasons_for_many(cadre, classes, NOW)

    for wanted in (classes[:1], classes):
        for training_class in wanted:
            training_class._prefetched_objects_cache = {}
        with django_assert_num_queries(5):
            many = reasons_for_many(cadre, wanted, NOW)

    assert many == {
        training_class.pk: reasons_for(cadre, training_class, NOW) for training_class in classes
    }


def test_whoever_has_left_their_post_books_nothing(cadre):
    training_class = class_with(seats=2)
    assert failing(cadre, training_class) == set()

    cadre.left_on = NOW.date()

    assert failing(cadre, training_class) == {"position"}
