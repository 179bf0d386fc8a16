"""Run by test_filing_races.py in a process of its own, on a real database: many administrators file
at the same moment.

Usage: python -m tests.plans.filing_race PROCESSES PLANS [apart|careless]. Every process tries to
file every plan, or, apart, its share of them; the answer is one JSON line. Careless is the control:
numbers come from the highest one so far, without a counter and its lock.
"""

import json
import multiprocessing
import sys
import time

import django

django.setup()

from django.db import OperationalError, connection, connections
from django.db.models import Max
from django.utils import timezone

from academy.models import Town, User
from plans.filing import PlanNotInReview, create_plan, file_plan, submit
from plans.filing import steps as filing_steps
from plans.models import AnnualPlan, PlanItem, PlanVersion

YEAR = 2027


def seed(count: int) -> list[int]:
    clerk = User.objects.create_user("19900000001", "示例经办")
    keys = []
    for number in range(count):
        town = Town.objects.create(code=f"3101{number:05}", name=f"示例{number}镇", kind="town")
        plan = create_plan(owner=town, year=YEAR, by=clerk, now=timezone.now())
        PlanItem.objects.create(
            plan=plan,
            number=1,
            name="班",
            organiser="镇",
            audience="楼组长",
            people=10,
            months="4月",
            content="走访",
        )
        submit(plan=plan, by=clerk, now=timezone.now())
        keys.append(plan.pk)
    return keys


def patiently(act, **details):
    """SQLite gives up waiting for its one writer on a busy machine; whoever files tries again."""
    for _attempt in range(20):
        try:
            return act(**details)
        except OperationalError:
            if connection.vendor != "sqlite":
                raise
    return act(**details)


def highest_so_far(year: int) -> int:
    filed = AnnualPlan.objects.filter(year=year)
    highest = filed.aggregate(highest=Max("filing_sequence"))["highest"] or 0
    time.sleep(0.02)  # what others do meanwhile
    return highest + 1


def administrator(barrier, keys: list[int], turn: int, how: str, answers) -> None:
    connections.close_all()
    if how == "careless":
        filing_steps.next_number = highest_so_far
    # each begins with another plan, so that numbers race as well
    mine = keys[turn % len(keys) :] + keys[: turn % len(keys)]
    barrier.wait()
    for key in mine:
        try:
            patiently(file_plan, plan=AnnualPlan(pk=key), by=None, now=timezone.now())
            answers.put("filed")
        except PlanNotInReview:
            answers.put("told")
        except Exception as error:  # the test wants to see any other outcome by name
            answers.put(type(error).__name__ if how else repr(error))
    connections.close_all()


def main(processes: int, plans: int, how: str) -> None:
    keys = seed(plans)
    connection.close()
    shares = [keys[turn::processes] if how else keys for turn in range(processes)]
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    workers = [
        fork.Process(target=administrator, args=(barrier, shares[turn], turn, how, answers))
        for turn in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for share in shares for _key in share]
    for worker in workers:
        worker.join()
    json.dump(
        {
            "outcomes": {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
            "numbers": list(
                AnnualPlan.objects.exclude(filing_sequence=None)
                .order_by("filing_sequence")
                .values_list("filing_sequence", flat=True)
            ),
            "versions": PlanVersion.objects.count(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), "".join(sys.argv[3:]))
