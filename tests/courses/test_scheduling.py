"""Scheduling a class: what is written, and each refusal beside the field it is about."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from courses.models import ClassStatus, Lesson, TrainingClass
from courses.schedule.class_plans import ClassPlan, LessonPlan, SchedulingRefused
from courses.schedule.scheduling import change_class, create_class, open_class, season_of
from courses.schedule.teachers import Teacher
from trainees.models import Attendance, AttendanceStatus

from ..factories import (
    NOW,
    CampusFactory,
    CourseFactory,
    CourseVersionFactory,
    EnrolmentFactory,
    ExpertFactory,
    PositionFactory,
    TownFactory,
    UserFactory,
    VenueFactory,
    class_with,
    taught_by,
)

START = NOW + timedelta(days=20)


@pytest.fixture
def course(db):
    return CourseVersionFactory(
        course=CourseFactory(hours=Decimal("5.00"), lecturer_type="带教名师")
    ).course


@pytest.fixture
def venue(db):
    return VenueFactory(capacity=30)


@pytest.fixture
def lesson(course, venue):
    return LessonPlan(
        course=course, venue=venue, starts_at=START, ends_at=START + timedelta(hours=2)
    )


@pytest.fixture
def plan(lesson):
    return ClassPlan(
        title="协商班",
        campus=CampusFactory(),
        capacity=20,
        booking_opens_at=NOW - timedelta(days=1),
        booking_closes_at=NOW + timedelta(days=10),
        lessons=[
            lesson,
            replace(
                lesson,
                starts_at=START + timedelta(days=1),
                ends_at=START + timedelta(days=1, hours=3),
            ),
        ],
    )


def refused(call, **arguments) -> list[tuple[str, int | None]]:
    with pytest.raises(SchedulingRefused) as caught:
        call(by=None, now=NOW, **arguments)
    assert all(problem.sentence for problem in caught.value.problems)
    return [(problem.field, problem.lesson) for problem in caught.value.problems]


def refused_plan(plan: ClassPlan) -> list[tuple[str, int | None]]:
    found = refused(create_class, plan=plan)
    assert not TrainingClass.objects.filter(title=plan.title).exists(), (
        "nothing may be half written"
    )
    return found


def create(plan: ClassPlan) -> TrainingClass:
    return create_class(plan=plan, by=None, now=NOW)


def test_a_class_is_written_with_lessons_seats_and_sums(plan):
    town, position = TownFactory(), PositionFactory()

    made = create(replace(plan, town_seats={town: 3}, audiences=[position]))

    assert (made.code, made.status, made.lesson_count) == ("PX-2027Q1-01", ClassStatus.DRAFT, 2)
    assert (made.starts_at, made.ends_at) == (START, START + timedelta(days=1, hours=3))
    # 5 hours by clock time
    assert [lesson.hours for lesson in made.lessons.all()] == [Decimal("2.00"), Decimal("3.00")]
    assert made.hours == Decimal("5.00")
    assert {pool.town: pool.seats for pool in made.pools.all()} == {town: 3, None: 17}
    assert list(made.audiences.all()) == [position]
    assert {lesson.lecturer_type for lesson in made.lessons.all()} == {"带教名师"}


def test_codes_go_on_and_a_code_of_ones_own_is_kept(plan, lesson):
    create(plan)
    later = [
        replace(
            lesson, starts_at=START + timedelta(days=2), ends_at=START + timedelta(days=2, hours=1)
        )
    ]

    assert create(replace(plan, lessons=later)).code == "PX-2027Q1-02"
    assert create(replace(plan, lessons=[], code="PX-OWN")).code == "PX-OWN"
    assert refused(create_class, plan=replace(plan, lessons=[], code="PX-OWN")) == [("code", None)]


def test_hours_given_are_kept_and_the_rest_is_shared(plan):
    first, second = plan.lessons

    made = create(replace(plan, lessons=[replace(first, hours=Decimal("1.50")), second]))

    assert [item.hours for item in made.lessons.all()] == [Decimal("1.50"), Decimal("3.50")]


def test_opening_stores_the_season(plan):
    opened = open_class(training_class=create(plan), by=None, now=NOW)

    assert (opened.status, opened.season) == (ClassStatus.OPEN, "2027Q1")
    assert season_of(START.replace(month=12)) == "2027Q4"


def test_a_lesson_that_ends_before_it_starts(plan, lesson):
    assert refused_plan(replace(plan, lessons=[replace(lesson, ends_at=lesson.starts_at)])) == [
        ("ends", 0)
    ]


def test_two_lessons_of_a_class_at_one_time(plan, lesson):
    other = replace(
        lesson,
        venue=VenueFactory(),
        starts_at=lesson.starts_at + timedelta(hours=1),
        ends_at=lesson.ends_at + timedelta(hours=1),
    )

    assert refused_plan(replace(plan, lessons=[lesson, other])) == [("starts", 1)]


def test_more_seats_than_the_smallest_room(plan, lesson):
    assert refused_plan(replace(plan, capacity=31)) == [("capacity", None)]


def test_quotas_above_the_seats(plan):
    assert refused_plan(replace(plan, town_seats={TownFactory(): 15, TownFactory(): 6})) == [
        ("quotas", None)
    ]


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [(5, 5, "booking_closes_at"), (5, 4, "booking_closes_at"), (1, 21, "booking_closes_at")],
)
def test_the_booking_window_is_in_order(plan, opens, closes, field):
    wrong = replace(
        plan,
        booking_opens_at=NOW + timedelta(days=opens),
        booking_closes_at=NOW + timedelta(days=closes),
    )

    assert refused_plan(wrong) == [(field, None)]


def test_cancelling_after_the_first_lesson(plan):
    assert refused_plan(replace(plan, cancel_until=START + timedelta(hours=1))) == [
        ("cancel_until", None)
    ]


def test_hours_that_are_no_quarters(plan, lesson):
    assert refused_plan(replace(plan, lessons=[replace(lesson, hours=Decimal("1.10"))])) == [
        ("hours", 0)
    ]


def test_a_course_that_was_never_published(plan, lesson):
    assert refused_plan(replace(plan, lessons=[replace(lesson, course=CourseFactory())])) == [
        ("course", 0)
    ]


@pytest.mark.parametrize("status", [ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING])
def test_a_room_twice_at_one_time_names_the_other_class(plan, venue, status):
    other = class_with(seats=5, starts_at=START, title="先到的班", status=status)
    other.lessons.update(venue=venue)

    with pytest.raises(SchedulingRefused, match="先到的班") as caught:
        create(plan)

    assert [(problem.field, problem.lesson) for problem in caught.value.problems] == [("venue", 0)]


def test_an_expert_twice_at_one_time(plan, lesson):
    expert = ExpertFactory()
    taught_by(class_with(seats=5, starts_at=START).lessons.get(), expert)

    wanted = replace(lesson, teachers=[Teacher(expert)])
    assert refused_plan(replace(plan, lessons=[wanted])) == [("teachers", 0)]


@pytest.mark.parametrize("free", ["touching", "cancelled", "closed"])
def test_a_room_is_free_when_ends_touch_or_the_other_is_not_held(plan, venue, lesson, free):
    starts_at = lesson.ends_at if free == "touching" else START
    status = {"cancelled": ClassStatus.CANCELLED, "closed": ClassStatus.CLOSED}.get(
        free, ClassStatus.OPEN
    )
    class_with(seats=5, starts_at=starts_at, status=status).lessons.update(venue=venue)

    assert create(replace(plan, lessons=[lesson])).lesson_count == 1


def changed(training_class: TrainingClass, plan: ClassPlan) -> TrainingClass:
    return change_class(
        training_class=TrainingClass.objects.get(pk=training_class.pk), plan=plan, by=None, now=NOW
    )


def kept(training_class: TrainingClass, plan: ClassPlan) -> ClassPlan:
    """The plan with its lessons named, as the page sends them back."""
    pks = training_class.lessons.order_by("starts_at").values_list("pk", flat=True)
    return replace(
        plan, lessons=[replace(lesson, pk=pk) for lesson, pk in zip(plan.lessons, pks, strict=True)]
    )


def test_lessons_are_moved_added_and_taken_out(plan, course):
    made = create(plan)
    first, second = kept(made, plan).lessons
    CourseVersionFactory(course=course, number=99, hours=9)
    moved = replace(
        second,
        starts_at=START - timedelta(days=2),
        ends_at=START - timedelta(days=2) + timedelta(hours=3),
        hours=Decimal(3),
    )

    after = changed(made, replace(plan, lessons=[replace(first, hours=Decimal(2)), moved]))
    assert list(after.lessons.values_list("pk", "number")) == [(second.pk, 1), (first.pk, 2)]
    assert {lesson.course_version.number for lesson in after.lessons.all()} != {99}, (
        "a planned lesson keeps its version"
    )

    after = changed(made, replace(plan, lessons=[moved]))
    assert (after.lesson_count, after.starts_at) == (1, START - timedelta(days=2))


def test_a_lesson_with_attendance_stays(plan):
    made = create(plan)
    Attendance.objects.create(
        lesson=made.lessons.first(),
        enrolment=EnrolmentFactory(training_class=made),
        status=AttendanceStatus.PRESENT,
        marked_at=NOW,
        marked_by=UserFactory(),
    )
    _first, second = kept(made, plan).lessons

    assert refused(change_class, training_class=made, plan=replace(plan, lessons=[second])) == [
        ("lessons", None)
    ]
    assert Lesson.objects.filter(training_class=made).count() == 2


def test_fewer_seats_than_taken(plan):
    made = create(plan)
    made.pools.update(seats_taken=12)

    assert refused(
        change_class, training_class=made, plan=replace(kept(made, plan), capacity=11)
    ) == [("capacity", None)]
    assert TrainingClass.objects.get(pk=made.pk).capacity == 20
    assert changed(made, replace(kept(made, plan), capacity=12)).capacity == 12


@pytest.mark.parametrize("status", [ClassStatus.CLOSED, ClassStatus.CANCELLED])
def test_a_class_that_is_over_stays_as_it_is(plan, status):
    made = create(plan)
    TrainingClass.objects.filter(pk=made.pk).update(status=status)
    made.refresh_from_db()

    assert refused(change_class, training_class=made, plan=kept(made, plan)) == [("", None)]


def test_an_open_class_keeps_a_lesson(plan):
    made = open_class(training_class=create(plan), by=None, now=NOW)

    assert refused(change_class, training_class=made, plan=replace(plan, lessons=[])) == [
        ("lessons", None)
    ]


def test_a_lesson_of_another_class_is_not_taken_over(plan):
    made, foreign = create(plan), class_with(seats=3, code="PX-OTHER").lessons.first()
    stolen = replace(plan.lessons[0], pk=foreign.pk)

    assert refused(change_class, training_class=made, plan=replace(plan, lessons=[stolen])) == [
        ("course", 0)
    ]


def test_only_a_draft_with_lessons_and_time_to_book_is_opened(plan):
    made = create(replace(plan, lessons=[]))
    assert refused(open_class, training_class=made) == [("lessons", None)]

    late = create(plan)
    with pytest.raises(SchedulingRefused):
        open_class(training_class=late, by=None, now=plan.booking_closes_at)

    opened = open_class(training_class=late, by=None, now=NOW)
    assert refused(open_class, training_class=opened) == [("", None)]


@pytest.mark.parametrize(
    ("hours", "minutes", "asked"),
    [
        ("4", 180, False),
        ("4", 420, False),  # a day with lunch
        ("4", 60, True),
        ("1", 40, False),
        ("1", 39, True),
        ("1", 180, True),
        ("0", 120, True),
        ("0.25", 20, False),
    ],
)
def test_hours_that_hardly_fit_the_clock_time_are_asked_about(plan, lesson, hours, minutes, asked):
    typed = replace(
        lesson,
        hours=Decimal(hours),
        ends_at=START + timedelta(minutes=minutes),
        hours_agreed=False,
    )
    wanted = replace(plan, lessons=[typed])
    if not asked:
        assert create(wanted).hours == Decimal(hours)
        return
    assert refused_plan(wanted) == [("hours_agreed", 0)]
    made = create(replace(wanted, lessons=[replace(typed, hours_agreed=True)]))
    assert made.hours == Decimal(hours)
    # what stands like this is not asked about again
    stands = replace(typed, pk=made.lessons.get().pk)
    change_class(training_class=made, plan=replace(wanted, lessons=[stands]), by=None, now=NOW)
    assert made.lessons.get().hours == Decimal(hours)
