"""Run by test_slot_races.py in a process of its own, on a real database: several people choose the
last seat of a slot at the same moment.

Usage: python -m tests.trainees.slot_race together|unguarded. The answer is one JSON line: what each
was told, and how many hold a seat of the slot.
"""

import json
import multiprocessing
import sys
import time
from unittest.mock import patch

import django

django.setup()

from django.db import connection, connections

from courses.models import TrainingClass
from tests.factories import NOW, TraineeFactory, class_with_slots, slot_of
from trainees.booking import slots
from trainees.booking.enrolling import book
from trainees.models import SlotChoice

CHOOSERS = 4
BETWEEN_COUNTING_AND_WRITING = 0.3  # seconds


def chooser(barrier, answers, enrolment, slot) -> None:
    connections.close_all()
    barrier.wait()
    try:
        slots.choose_slot(enrolment=enrolment, lesson=slot, by=enrolment.trainee.user, now=NOW)
        answers.put("chosen")
    except slots.SlotFull:
        answers.put("full")
    except Exception as error:  # the test wants to see any other outcome by name
        answers.put(type(error).__name__)
    connections.close_all()


def without_the_lock() -> None:
    """The control: the class is read without a lock, and a moment passes before the write."""

    def read_only(training_class: TrainingClass) -> TrainingClass:
        return TrainingClass.objects.get(pk=training_class.pk)

    write = slots.put_into

    def slowly(*parts, **more):
        time.sleep(BETWEEN_COUNTING_AND_WRITING)
        return write(*parts, **more)

    patch.object(slots, "lock", read_only).start()
    patch.object(slots, "put_into", slowly).start()


def main(job: str) -> None:
    training_class = class_with_slots(seats=CHOOSERS, slots=(1, None))
    slot = slot_of(training_class, 0)
    seats = [
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
        for trainee in TraineeFactory.create_batch(CHOOSERS)
    ]
    connection.close()
    if job == "unguarded":
        without_the_lock()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(CHOOSERS), fork.Queue()
    workers = [fork.Process(target=chooser, args=(barrier, answers, seat, slot)) for seat in seats]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _ in range(CHOOSERS)]
    for worker in workers:
        worker.join()
    answer = {
        "outcomes": {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
        "seats": SlotChoice.objects.standing().filter(lesson=slot).count(),
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
