"""Run by test_filing_races.py in a process of its own, on a real database: many administrators file
at the same moment.

Usage: python -m tests.plans.filing_race PROCESSES PLANS. Every process tries to file every plan;
the answer is one JSON line.
"""

import json
import multiprocessing
import sys

import django

django.setup()

from django.db import connection, connections
from django.utils import timezone

from academy.models import Town, User
from plans.filing import PlanNotInReview, create_plan, file_plan, submit
from plans.models import AnnualPlan, PlanItem, PlanVersion

YEAR = 2027


def seed(count: int) -> list[int]:
    clerk = User.objects.create_user("19900000001", "示例经办")
    keys = []
    for number in range(count):
        town = Town.objects.create(code=f"3101139{number:02}", name=f"示例{number}镇", kind="town")
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


def administrator(barrier, keys: list[int], turn: int, answers) -> None:
    connections.close_all()
    # each begins with another plan, so that numbers race as well
    mine = keys[turn % len(keys) :] + keys[: turn % len(keys)]
    barrier.wait()
    for key in mine:
        try:
            file_plan(plan=AnnualPlan(pk=key), by=None, now=timezone.now())
            answers.put("filed")
        except PlanNotInReview:
            answers.put("told")
        except Exception as error:  # the test wants to see any other outcome by name
            answers.put(repr(error))
    connections.close_all()


def main(processes: int, plans: int) -> None:
    keys = seed(plans)
    connection.close()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    workers = [
        fork.Process(target=administrator, args=(barrier, keys, turn, answers))
        for turn in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _ in range(processes * plans)]
    for worker in workers:
        worker.join()
    json.dump(
        {
            "outcomes": {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
            "numbers": list(
                AnnualPlan.objects.order_by("filing_sequence").values_list(
                    "filing_sequence", flat=True
                )
            ),
            "versions": PlanVersion.objects.count(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
