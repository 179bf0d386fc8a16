"""What the four jobs of the README need on the day the demonstration is loaded, whatever day it is.

A class on 加装电梯 that can be booked and that some people take for the second time, a lesson of
the branch coordinator's to mark today, a class of theirs to close, and one with a lesson in three
slots.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from academy.errors import PortalError
from academy.models import Campus, User, Venue
from courses.models import Course, Lesson, TrainingClass
from courses.schedule.class_plans import ClassPlan, LessonPlan
from courses.schedule.free_times import busy_lessons
from courses.schedule.holidays import is_workday
from courses.schedule.scheduling import create_class, open_class
from plans.actual.hanging_classes import hang
from trainees.booking import enrolling
from trainees.classes import changes
from trainees.models import AttendanceStatus, Trainee
from trainees.record import attendance, closing

from .slots import hold_a_lesson_in_slots

LIFTS = "SW-001"  # 电梯加装协商实训
ASKED_FOR = "居民区集中提出的需求"  # why they stand in no annual plan
PEOPLE = 12
AGAIN = 3  # who took the class on lifts before and take it once more
SEATS = 30
HOURS = Decimal("2.5")  # of a morning of two hours


def prepare_the_jobs(
    now: datetime, people: Sequence[Trainee], *, coordinator: User, cadre: Trainee
) -> None:
    """Classes at the college, each booked and marked as it would have been."""
    today = timezone.localdate(now)
    taken_before = _class(
        "加装电梯协商实训班（秋）", LIFTS, today - timedelta(days=36), coordinator
    )
    learners = _hold(taken_before, people, coordinator)
    close_at = taken_before.ends_at + timedelta(days=1)
    hang(training_class=taken_before, item=None, reason=ASKED_FOR, by=coordinator, now=close_at)
    closing.close_class(training_class=_fresh(taken_before), by=coordinator, now=close_at)

    to_close = _class("楼组长议事入门班", "SW-013", today - timedelta(days=1), coordinator)
    _hold(to_close, [cadre, *people[40:]], coordinator)
    hang(training_class=to_close, item=None, reason=ASKED_FOR, by=coordinator, now=now)

    of_today = _class("居民区会议怎么开", "SW-020", today, coordinator)
    _book(of_today, people[80:], of_today.booking_opens_at + timedelta(hours=1))
    changes.start_due_classes(now=now)

    day = _free_workday(today + timedelta(days=8), cadre)
    ahead = _class("加装电梯协商实训班", LIFTS, day, coordinator)
    at = now - timedelta(days=2)
    for learner in learners[:AGAIN]:
        _try(learner, ahead, at, repeat_reason="换了小区，一楼的补偿想再学一遍怎么谈")
    _book(ahead, [person for person in people[120:] if person != cadre], at)
    hold_a_lesson_in_slots(now, people[200:], coordinator=coordinator, cadre=cadre)


def teaches_lifts(item: TrainingClass) -> bool:
    """Whoever has been in such a class is asked why they book once more."""
    return item.lessons.filter(course_version__course__code=LIFTS).exists()


def _free_workday(day: date, cadre: Trainee) -> date:
    """The first one from the day on when the cadre has no lesson."""
    own = Lesson.objects.filter(training_class__enrolments__trainee=cadre)
    while not is_workday(day) or own.filter(starts_at__date=day).exists():
        day += timedelta(days=1)
    return day


def _class(title: str, code: str, day: date, by: User) -> TrainingClass:
    """An open class of one morning at the college, for every post."""
    college = Campus.objects.get(code="C00")
    starts_at = timezone.make_aware(datetime.combine(day, time(9)))
    ends_at = starts_at + timedelta(hours=2)
    rooms = Venue.objects.filter(campus=college, capacity__gte=SEATS).order_by("-capacity", "code")
    busy = busy_lessons(starts_at, ends_at, venues=[room.pk for room in rooms])
    taken = {lesson.venue_id for lesson in busy}
    room = next(room for room in rooms if room.pk not in taken)
    course = Course.objects.get(code=code)
    plan = ClassPlan(
        title=title,
        campus=college,
        capacity=SEATS,
        booking_opens_at=starts_at - timedelta(days=30),
        booking_closes_at=starts_at - timedelta(days=1),
        lessons=[LessonPlan(course, room, starts_at, ends_at, HOURS)],
    )
    announced = plan.booking_opens_at
    made = create_class(plan=plan, by=by, now=announced)
    return open_class(training_class=made, by=by, now=announced, index=False)


def _fresh(training_class: TrainingClass) -> TrainingClass:
    return TrainingClass.objects.get(pk=training_class.pk)


def _book(item: TrainingClass, people: Sequence[Trainee], at: datetime) -> list[Trainee]:
    """Book PEOPLE of these; whoever may not is left out."""
    booked = []
    for person in people:
        if len(booked) == PEOPLE:
            break
        if _try(person, item, at):
            booked.append(person)
    return booked


def _try(person: Trainee, item: TrainingClass, at: datetime, repeat_reason: str = "") -> bool:
    try:
        enrolling.book(
            trainee=person, training_class=item, by=person.user, now=at, repeat_reason=repeat_reason
        )
    except PortalError:
        return False
    return True


def _hold(item: TrainingClass, people: Sequence[Trainee], by: User) -> list[Trainee]:
    """Book the class and mark everybody: all were there but the last, who came late."""
    booked = _book(item, people, item.booking_opens_at + timedelta(hours=1))
    changes.start_due_classes(now=item.starts_at)
    lesson = item.lessons.get()
    marked_at = lesson.starts_at + timedelta(minutes=5)
    enrolments = list(item.enrolments.holding_a_seat())
    attendance.mark(
        lesson=lesson,
        enrolments=enrolments,
        status=AttendanceStatus.PRESENT,
        by=by,
        now=marked_at,
    )
    attendance.mark(
        lesson=lesson,
        enrolments=enrolments[-1:],
        status=AttendanceStatus.LATE,
        minutes=lesson.duration_minutes - 30,
        by=by,
        now=marked_at + timedelta(minutes=1),
    )
    return booked
