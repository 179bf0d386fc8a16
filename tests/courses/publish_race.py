"""Run by test_publishing_races.py in a process of its own, on a real database: several people
decide about one course at the same moment.

Usage: python -m tests.courses.publish_race PROCESSES review|retire-and-plan [unguarded]. The answer
is one JSON line.
"""

import json
import multiprocessing
import sys
import time
from datetime import timedelta
from unittest.mock import patch

import django

django.setup()

from django.db import connection, connections
from django.utils import timezone

from academy.errors import PortalError
from academy.models import Campus, CampusKind, Town, Venue
from academy.search import index
from courses.catalogue import publishing
from courses.catalogue.drafts import lock_course, stamp
from courses.models import Course, CourseStatus, CourseStep, Lesson, Track
from courses.schedule import scheduling
from courses.schedule.class_plans import ClassPlan, LessonPlan
from tests.everywhere import modules_with

BETWEEN_CHECK_AND_WRITE = 0.3  # seconds; without locks everybody checks before anybody writes


def seed(scene: str) -> tuple[Course, list[Venue]]:
    now = timezone.now()
    campus = Campus.objects.create(
        code="Z01",
        kind=CampusKind.SALON,
        name="示例会客厅",
        town=Town.objects.create(code="310113999", name="示例镇", kind="town"),
    )
    track = Track.objects.create(name="实务实训", prefix="SW")
    course = Course.objects.create(
        code="SW-001",
        title="协商实训",
        summary="好",
        track=track,
        hours=3,
        status=CourseStatus.DRAFT,
    )
    if scene == "review":
        publishing.submit(course=course, by=None, now=now)
        course.refresh_from_db()  # everybody has the page of the course in review before them
    else:
        publishing.approve(course=course, by=None, now=now)
    return course, [
        Venue.objects.create(code=f"R{number:02}", campus=campus, name=f"{number}教室", capacity=40)
        for number in range(8)
    ]


def decide(turn: int, scene: str, course: Course, venues: list[Venue]) -> None:
    """Every second one the one way, the others the other."""
    now = timezone.now()
    if scene == "review" and turn % 2:
        publishing.return_for_changes(
            course=course, reason="请补充", by=None, now=now, seen=stamp(course)
        )
    elif scene == "review":
        publishing.approve(course=course, by=None, now=now, seen=stamp(course))
    elif turn % 2:
        publishing.retire(course=course, reason="政策已变", by=None, now=now)
    else:
        starts_at = now + timedelta(days=20)
        lesson = LessonPlan(
            course=course,
            venue=venues[turn],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
        )
        scheduling.create_class(
            by=None,
            now=now,
            plan=ClassPlan(
                title=f"排班{turn}",
                code=f"PX-RACE-{turn}",
                campus=venues[0].campus,
                capacity=20,
                lessons=[lesson],
                booking_opens_at=now,
                booking_closes_at=now + timedelta(days=9),
            ),
        )


def person(barrier, turn: int, scene: str, course: Course, venues: list[Venue], answers) -> None:
    connections.close_all()
    barrier.wait()
    try:
        decide(turn, scene, course, venues)
        answers.put("done")
    except PortalError as refused:
        answers.put(type(refused).__name__)
    except Exception as error:  # the test wants to see any other outcome by name
        answers.put(repr(error))
    connections.close_all()


def without_the_lock() -> None:
    """The control: the course is looked at without a lock, and a moment passes before the write."""

    def look_only(course: Course) -> Course:
        found = Course.objects.select_related("track", "department", "change").get(pk=course.pk)
        time.sleep(BETWEEN_CHECK_AND_WRITE)
        return found

    for module in modules_with(lock_course):
        patch.object(module, "lock_course", look_only).start()


def main(processes: int, scene: str, guarded: bool) -> None:
    course, venues = seed(scene)
    index.rebuild()
    connection.close()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    if not guarded:
        without_the_lock()
    workers = [
        fork.Process(target=person, args=(barrier, turn, scene, course, venues, answers))
        for turn in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _ in range(processes)]
    for worker in workers:
        worker.join()
    retired = CourseStep.objects.filter(decision="retired")
    json.dump(
        {
            "done": outcomes.count("done"),
            "refused": sorted(set(outcomes) - {"done"}),
            "decisions": CourseStep.objects.exclude(decision="submitted").count(),
            "lessons": Lesson.objects.count(),
            "retired": retired.count(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], guarded=sys.argv[3:] != ["unguarded"])
