"""Run by test_closing_races.py in a process of its own, on a real database: several people close
one class at the same moment, or the process dies in the middle.

Usage: python -m tests.trainees.close_race together|unguarded|killed. The answer is one JSON line:
how many closed and how many were told, the lines of the ledger, and the hours of each person.
"""

import json
import multiprocessing
import os
import signal
import sys
import time
from unittest.mock import patch

import django

django.setup()

from django.db import connection, connections

from courses.models import TrainingClass
from tests.factories import NOW, TraineeFactory, class_with
from trainees.booking.enrolling import book
from trainees.models import Attendance, Enrolment, HourEntry
from trainees.record import closing
from trainees.record.hours import replay

PEOPLE, LESSONS, CLOSERS = 3, 2, 4
BETWEEN_READING_AND_WRITING = 0.3  # seconds


def close(training_class: TrainingClass, by) -> str:
    try:
        closing.close_class(training_class=training_class, by=by, now=training_class.ends_at)
    except closing.ClosingRefused:
        return "told"
    return "closed"


def closer(barrier, answers, *parts) -> None:
    connections.close_all()
    barrier.wait()
    try:
        answers.put(close(*parts))
    except Exception as error:  # the test wants to see any other outcome by name
        answers.put(type(error).__name__)
    connections.close_all()


def dying(*parts) -> None:
    """Killed when the lines of the ledger are written and the class is not closed yet."""
    connections.close_all()
    with patch.object(closing, "record", lambda *_a: os.kill(os.getpid(), signal.SIGKILL)):
        close(*parts)


def without_the_lock() -> None:
    """The control: the class is read without a lock, and a moment passes before the write."""

    def read_only(training_class: TrainingClass) -> TrainingClass:
        return TrainingClass.objects.get(pk=training_class.pk)

    def wait(*_a) -> None:
        time.sleep(BETWEEN_READING_AND_WRITING)

    patch.object(closing, "lock", read_only).start()
    patch.object(closing, "lapse_the_queue", wait).start()


def held_class() -> TrainingClass:
    training_class = class_with(seats=PEOPLE, lessons=LESSONS)
    for trainee in TraineeFactory.create_batch(PEOPLE):
        enrolment = book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
        for lesson in training_class.lessons.all():
            Attendance.objects.create(
                enrolment=enrolment,
                lesson=lesson,
                status="present",
                marked_by=trainee.user,
                marked_at=lesson.ends_at,
            )
    training_class.refresh_from_db()
    return training_class


def main(job: str) -> None:
    training_class = held_class()
    by = Enrolment.objects.first().trainee.user
    connection.close()
    if job == "unguarded":
        without_the_lock()
    fork = multiprocessing.get_context("fork")
    before = 0
    if job == "killed":
        victim = fork.Process(target=dying, args=(training_class, by))
        victim.start()
        victim.join()
        assert victim.exitcode == -signal.SIGKILL, victim.exitcode
        before = HourEntry.objects.count()
        connection.close()
    barrier, answers = fork.Barrier(CLOSERS), fork.Queue()
    parts = (barrier, answers, training_class, by)
    workers = [fork.Process(target=closer, args=parts) for _turn in range(CLOSERS)]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _ in range(CLOSERS)]
    for worker in workers:
        worker.join()
    entries = list(HourEntry.objects.all())
    answer = {
        "outcomes": {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
        "before": before,
        "lines": len(entries),
        "hours": sorted(float(hours) for hours in replay(entries).values()),
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
