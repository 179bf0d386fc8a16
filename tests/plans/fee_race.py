"""Run by test_lecture_fee_races.py in a process of its own, on a real database: several people
begin lists of lecture fees at the same moment.

Usage: python -m tests.plans.fee_race PROCESSES LESSONS [one|many|careless]. One: all of the same
unit; many: each of another unit, and each takes every lesson for its own; careless is the control:
the same without the constraint. Where a database lets several write at once, nobody writes before
everybody has read. The answer is one JSON line.
"""

import json
import multiprocessing
import sys

import django

django.setup()

from django.db import connection, connections
from django.db.models import Q
from django.utils import timezone

from academy.models import Department, User
from courses.models import Lesson
from courses.schedule.season import Season
from plans.lecture_fees import making_out, taught
from plans.lecture_fees.records import ListThere, NothingTaught
from plans.models import LectureFeeList, LectureFeeRow
from tests.factories import DepartmentFactory, ExpertFactory

from .fees import taught_class
from .filing_race import patiently

SEASON = Season(2027, 1)
ONCE = next(
    one for one in LectureFeeRow._meta.constraints if one.name.startswith("a_lecturer_is_paid_once")
)


def read_together(barrier):
    """What waits for a fee, read; answered when all have read it."""
    read = making_out.not_listed

    def together(*asked):
        found = read(*asked)
        barrier.wait()
        return found

    return together


def clerk(barrier, unit: int, how: str, answers) -> None:
    connections.close_all()
    by, owner = User.objects.order_by("pk").first(), Department.objects.get(pk=unit)
    if how != "one":
        taught.of_owner = lambda _owner: Q(pk__isnull=False)
        if connection.vendor == "postgresql":
            making_out.not_listed = read_together(barrier)
    barrier.wait()
    try:
        patiently(making_out.begin, owner=owner, season=SEASON, by=by, now=timezone.now())
        answers.put("begun")
    except (ListThere, NothingTaught) as told:
        answers.put(type(told).__name__)
    except Exception as error:  # the test wants to see any other outcome by name
        answers.put(repr(error))
    connections.close_all()


def main(processes: int, lessons: int, how: str) -> None:
    units = [DepartmentFactory(code=f"RACE{number}") for number in range(processes)]
    for _number in range(lessons):
        taught_class(ExpertFactory(), department=units[0])
    if how == "careless":
        with connection.schema_editor() as editor:
            editor.remove_constraint(LectureFeeRow, ONCE)
    connection.close()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    workers = [
        fork.Process(
            target=clerk, args=(barrier, units[0 if how == "one" else turn].pk, how, answers)
        )
        for turn in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _worker in workers]
    for worker in workers:
        worker.join()
    found = {
        "outcomes": {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
        "lists": LectureFeeList.objects.count(),
        "rows": LectureFeeRow.objects.count(),
        "lessons": Lesson.objects.filter(fee_rows__isnull=False).distinct().count(),
    }
    if how == "careless":
        LectureFeeRow.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(LectureFeeRow, ONCE)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
