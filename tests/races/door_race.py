"""Run by test_door_race.py: people check in by the code on the wall while the coordinator's phone
marks them, from processes that wait for each other.

Usage: python -m tests.races.door_race, with a job as JSON on standard input: `lesson`, `people`
(keys of users), `phones`, `coordinator`, `without_the_key`. The answer is one JSON line: how many
marks each way made, and any error that nobody should see.
"""

import json
import multiprocessing
import sys
import time
import traceback
from collections import Counter
from unittest.mock import patch

import django

django.setup()

from django.db import connections

from academy.errors import PortalError
from academy.models import User
from courses.models import Lesson
from trainees.door.checking_in import check_in
from trainees.door.tickets import check_ticket
from trainees.me.ticket import signer
from trainees.models import Enrolment
from trainees.record import first_marks

from .leash import leash

PATIENCE = 300  # seconds
BETWEEN_READ_AND_WRITE = 0.05  # seconds, in the control


def lesson_of(job: dict) -> Lesson:
    return Lesson.objects.select_related("training_class").get(pk=job["lesson"])


def by_wall(job: dict, people: list[int]) -> Counter:
    """Each person's own phone, one after the other in this process."""
    lesson, made = lesson_of(job), Counter()
    for person in User.objects.filter(pk__in=people).order_by("pk"):
        done = check_in(lesson=lesson, user=person, scanned_at=lesson.starts_at, device="x")
        made["by the wall"] += done.is_new
    return made


def by_ticket(job: dict, people: list[int]) -> Counter:
    """The one phone of the coordinator, through all tickets."""
    lesson, made = lesson_of(job), Counter()
    coordinator = User.objects.get(pk=job["coordinator"])
    seats = Enrolment.objects.filter(trainee__user__in=people).order_by("trainee__user")
    for seat in seats:
        code = signer.sign(str(seat.pk))
        done = check_ticket(lesson=lesson, code=code, by=coordinator, now=lesson.starts_at)
        made["by ticket"] += done.is_new
    return made


class NeverRaised(Exception):
    """In place of the error of the unique key."""


def without_the_key() -> None:
    """Nobody looks at the unique key, and whoever found no mark waits a moment before writing."""
    patch.object(first_marks, "IntegrityError", NeverRaised).start()
    write = first_marks._write

    def slowly(*arguments) -> None:
        time.sleep(BETWEEN_READ_AND_WRITE)
        write(*arguments)

    patch.object(first_marks, "_write", slowly).start()


def run(way, job: dict, people: list[int], barrier, answers) -> None:
    leash()
    connections.close_all()
    made, errors = Counter(), []
    barrier.wait(PATIENCE)
    try:
        made = way(job, people)
    except PortalError as refused:
        errors.append(repr(refused))
    except Exception as error:  # a broken constraint: what a page would answer with 500
        errors.append(f"{error!r} {traceback.format_exc()[-1500:]}")
    answers.put((made, errors))
    connections.close_all()


def main() -> None:
    job = json.load(sys.stdin)
    if job.get("without_the_key"):
        without_the_key()
    context = multiprocessing.get_context("fork")
    share = len(job["people"]) // job["phones"]
    work = [
        (by_wall, job["people"][number * share : (number + 1) * share])
        for number in range(job["phones"])
    ]
    work.append((by_ticket, job["people"]))
    connections.close_all()
    barrier, answers = context.Barrier(len(work)), context.Queue()
    processes = [
        context.Process(target=run, args=(way, job, people, barrier, answers))
        for way, people in work
    ]
    for process in processes:
        process.start()
    collected = [answers.get(timeout=PATIENCE) for _process in processes]
    for process in processes:
        process.join()
    made = sum((row[0] for row in collected), Counter())
    print(json.dumps({"made": made, "errors": [error for row in collected for error in row[1]]}))


if __name__ == "__main__":
    main()
