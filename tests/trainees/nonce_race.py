"""Run by test_nonce_race.py in a process of its own, on a real database: one mark of a phone is
sent by several processes at the same moment.

Usage: python -m tests.trainees.nonce_race LESSON PERSON BY PROCESSES [unguarded]. The answer is one
JSON line: how often each outcome was answered, or which error came.
"""

import json
import multiprocessing
import sys
import time
import uuid
from unittest.mock import patch

import django

django.setup()

from django.db import connection, connections

from academy.models import User
from courses.models import Lesson
from trainees.record import attendance, offline_marks
from trainees.record.marks import Mark
from trainees.record.offline_marks import PhoneMark, take_in

BETWEEN_READING_AND_WRITING = 0.3  # seconds


def sender(barrier, answers, lesson: Lesson, mark: PhoneMark, by: User) -> None:
    connections.close_all()
    barrier.wait()
    try:
        (answer,) = take_in(lesson=lesson, marks=[mark], by=by, now=lesson.starts_at)
        answers.put(str(answer.outcome))
    except Exception as error:  # the test wants to see any other outcome by name
        answers.put(type(error).__name__)
    connections.close_all()


def without_the_lock() -> None:
    """The control: nobody waits for anybody, and a moment passes before the write."""

    def slowly(*_arguments):
        time.sleep(BETWEEN_READING_AND_WRITING)
        return on_the_roll(*_arguments)

    on_the_roll = offline_marks.on_the_roll
    patch.object(offline_marks, "lock", lambda training_class: training_class).start()
    patch.object(attendance, "lock", lambda training_class: training_class).start()
    patch.object(offline_marks, "on_the_roll", slowly).start()


def main(lesson: int, person: int, by: int, processes: int, *, guarded: bool) -> None:
    mark = PhoneMark(uuid.uuid4(), person, Mark("present"), Mark())
    found = Lesson.objects.select_related("training_class").get(pk=lesson)
    user = User.objects.get(pk=by)
    connection.close()
    if not guarded:
        without_the_lock()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    workers = [
        fork.Process(target=sender, args=(barrier, answers, found, mark, user))
        for _turn in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _ in range(processes)]
    for worker in workers:
        worker.join()
    json.dump({outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}, sys.stdout)


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:5]), guarded=sys.argv[5:] != ["unguarded"])
