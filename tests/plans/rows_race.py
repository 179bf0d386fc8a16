"""Run by test_grid_races.py in a process of its own, on a real database: several people save rows
of one plan's table at the same moment.

Usage: python -m tests.plans.rows_race PROCESSES change|add [unguarded]. The answer is one JSON
line: how many saved and how many were told, the numbers of the items at the end.
"""

import json
import multiprocessing
import sys
import time
from unittest.mock import patch

import django

django.setup()

from django.db import connection, connections
from django.utils import timezone

from academy.models import Town, User
from plans.filing import create_plan
from plans.grid import rows as grid
from plans.grid.cells import values_of
from plans.grid.rows import RowsRefused, SentRow, write_rows
from plans.models import AnnualPlan, PlanItem

BETWEEN_READING_AND_WRITING = 0.3  # seconds


def save(turn: int, what: str, plan: AnnualPlan, item: PlanItem) -> str:
    if what == "add":
        row = SentRow(f"n{turn}", texts={"name": f"示例班{turn}", "people": "30"})
    else:
        row = SentRow("k", pk=item.pk, was=values_of(item), texts={"people": str(100 + turn)})
    try:
        write_rows(plan=plan, rows=[row])
    except RowsRefused:
        return "told"
    return "saved"


def saver(barrier, answers, *parts) -> None:
    connections.close_all()
    barrier.wait()
    try:
        answers.put(save(*parts))
    except Exception as error:  # the test wants to see any other outcome by name
        answers.put(type(error).__name__)
    connections.close_all()


def without_the_lock():
    """The control: the plan is read without a lock, and a moment passes before the write."""

    def read_only(plan: AnnualPlan) -> AnnualPlan:
        return AnnualPlan.objects.get(pk=plan.pk)

    judge = grid._judge

    def judge_slowly(*arguments):
        answer = judge(*arguments)
        time.sleep(BETWEEN_READING_AND_WRITING)
        return answer

    patch.object(grid, "lock_editable", read_only).start()
    patch.object(grid, "_judge", judge_slowly).start()


def main(processes: int, what: str, *, guarded: bool) -> None:
    town = Town.objects.create(code="310113901", name="示例镇", kind="town")
    clerk = User.objects.create(phone="19900000001", name="示例经办")
    plan = create_plan(owner=town, year=2027, by=clerk, now=timezone.now())
    item = PlanItem.objects.create(plan=plan, number=1, name="班", organiser="镇", people=10)
    item.refresh_from_db()
    connection.close()
    if not guarded:
        without_the_lock()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    workers = [
        fork.Process(target=saver, args=(barrier, answers, turn, what, plan, item))
        for turn in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _ in range(processes)]
    for worker in workers:
        worker.join()
    found = {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}
    numbers = list(plan.items.values_list("number", flat=True))
    json.dump({"outcomes": found, "numbers": numbers}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], guarded=sys.argv[3:] != ["unguarded"])
