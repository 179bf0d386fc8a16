"""Run by test_scheduling_races.py in a process of its own, on a real database: several people
schedule at the same moment.

Usage: python -m tests.courses.schedule_race PROCESSES
same-room|same-expert|own-rooms|own-codes|rounds|same-courses [unguarded]. The answer is one JSON
line.
"""

import json
import multiprocessing
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from unittest.mock import patch

import django

django.setup()

from django.db import connection, connections, transaction
from django.utils import timezone

from academy.models import Campus, CampusKind, Town, Venue
from academy.search import index
from courses.catalogue.versions import publish
from courses.models import Course, CourseStatus, Expert, Lesson, Track, TrainingClass
from courses.schedule import bulk_scheduling, lessons, scheduling
from courses.schedule.class_plans import ClassPlan, LessonPlan, SchedulingRefused
from courses.schedule.teachers import Teacher

BETWEEN_CHECK_AND_WRITE = 0.3  # seconds; without locks everybody checks before anybody writes


def seed(rooms: int) -> tuple[Course, list[Venue], Expert]:
    now = timezone.now()
    campus = Campus.objects.create(
        code="Z01",
        kind=CampusKind.SALON,
        name="示例会客厅",
        town=Town.objects.create(code="310113999", name="示例镇", kind="town"),
    )
    course = Course.objects.create(
        code="SW-001",
        title="协商实训",
        track=Track.objects.create(name="实务实训", prefix="SW"),
        hours=3,
        status=CourseStatus.DRAFT,
    )
    publish(course=course, by=None, now=now)
    publish(
        course=Course.objects.create(
            code="SW-002", title="调解实训", track=course.track, hours=3, status=CourseStatus.DRAFT
        ),
        by=None,
        now=now,
    )
    venues = [
        Venue.objects.create(code=f"R{number:02}", campus=campus, name=f"{number}教室", capacity=40)
        for number in range(rooms)
    ]
    return course, venues, Expert.objects.create(code="JS-001", category="优秀书记", name="示例师")


# Codes are given where a room or an expert is fought over: the search for a free code would make
# people wait for each other.
def plan(
    turn: int, scene: str, course: Course, venues: list[Venue], expert: Expert, now: datetime
) -> ClassPlan:
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    lesson = LessonPlan(
        course=course,
        venue=venues[0 if scene == "same-room" else turn],
        teachers=[Teacher(expert)] if scene == "same-expert" else (),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    )
    return ClassPlan(
        title=f"排班{turn}",
        code="" if scene == "own-rooms" else f"PX-RACE-{turn}",
        campus=venues[0].campus,
        capacity=20,
        lessons=[lesson],
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=9),
    )


def round_of(turn: int, parts, now: datetime) -> list[ClassPlan]:
    """A class in a room of one's own, then one in the room that everybody wants."""
    own = plan(turn, "own-codes", *parts, now + timedelta(days=1))
    return [replace(own, code=f"PX-OWN-{turn}"), plan(turn, "same-room", *parts, now)]


def with_both_courses(turn: int, parts, now: datetime) -> list[ClassPlan]:
    """Two classes in a room of one's own with a course each, which every other person plans in the
    other order.
    """
    courses = list(Course.objects.order_by("code"))[:: 1 if turn % 2 else -1]
    plans = [
        plan(turn, "own-codes", course, *parts[1:], now + timedelta(days=number))
        for number, course in enumerate(courses)
    ]
    return [replace(item, code=f"PX-BOTH-{turn}-{number}") for number, item in enumerate(plans)]


def schedule(turn: int, scene: str, parts, now: datetime) -> None:
    if scene == "same-courses":
        bulk_scheduling.create_drafts(plans=with_both_courses(turn, parts, now), by=None, now=now)
        return
    if scene == "rounds":
        bulk_scheduling.create_drafts(plans=round_of(turn, parts, now), by=None, now=now)
        return
    with transaction.atomic():
        made = scheduling.create_class(plan=plan(turn, scene, *parts, now), by=None, now=now)
        scheduling.open_class(training_class=made, by=None, now=now)


def scheduler(barrier, turn: int, scene: str, parts, answers) -> None:
    connections.close_all()
    now = timezone.now()
    barrier.wait()
    try:
        schedule(turn, scene, parts, now)
        answers.put("made")
    except SchedulingRefused as refused:
        answers.put(refused.problems[0].field)
    except bulk_scheduling.PlansRefused as refused:
        answers.put(refused.judged[-1].problems[0].field)
    except Exception as error:  # the test wants to see any other outcome by name
        answers.put(repr(error))
    connections.close_all()


def without_the_lock():
    """The control: rooms are not locked, and a moment passes between the check and the write."""
    guarded = lessons.refuse_double_booking

    def check_only(*arguments) -> None:
        with patch.object(Venue.objects, "select_for_update", lambda **_more: Venue.objects.all()):
            guarded(*arguments)
        time.sleep(BETWEEN_CHECK_AND_WRITE)

    return patch.object(lessons, "refuse_double_booking", check_only)


def without_the_courses_first():
    """The control: each class locks its own courses, and a moment passes between two classes."""
    create = bulk_scheduling.create_class

    def slowly(**plan) -> TrainingClass:
        made = create(**plan)
        time.sleep(BETWEEN_CHECK_AND_WRITE)
        return made

    return patch.multiple(bulk_scheduling, retired_now=lambda courses: set(), create_class=slowly)


def main(processes: int, scene: str, guarded: bool) -> None:
    parts = seed(processes)
    index.rebuild()
    connection.close()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    if not guarded:
        (without_the_courses_first if scene == "same-courses" else without_the_lock)().start()
    workers = [
        fork.Process(target=scheduler, args=(barrier, turn, scene, parts, answers))
        for turn in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _ in range(processes)]
    for worker in workers:
        worker.join()
    json.dump(
        {
            "outcomes": {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
            "lessons": Lesson.objects.count(),
            "codes": TrainingClass.objects.values("code").distinct().count(),
            "found": len(index.search("排班", kinds=["class"])),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], guarded=sys.argv[3:] != ["unguarded"])
