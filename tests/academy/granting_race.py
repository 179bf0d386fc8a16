"""Run by test_granting_races.py in a process of its own, on a real database: all administrators end
each other at the same moment, or several give one person the same role.

Usage: python -m tests.academy.granting_race PROCESSES end|give [unguarded]. The answer is one JSON
line.
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

from academy import role_grants
from academy.errors import PortalError
from academy.models import Role, RoleGrant, User

BETWEEN_CHECK_AND_WRITE = 0.3  # seconds; without the lock everybody checks before anybody writes


def act(turn: int, scene: str, administrators: list[User]) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    by, other = administrators[turn], administrators[turn - 1]
    if scene == "end":
        role_grants.end(
            grant=other.grants.get(),
            on=today - timedelta(days=1),
            by=by,
            reason="退休",
            now=now,
        )
    else:
        role_grants.grant(
            user=User.objects.get(name="示例丁"),
            role=Role.AUDITOR,
            place=None,
            valid_from=today,
            valid_to=None,
            by=by,
            now=now,
        )


def person(barrier, answers, turn: int, *parts) -> None:
    connections.close_all()
    barrier.wait()
    try:
        act(turn, *parts)
        answers.put("done")
    except PortalError as refused:
        answers.put(type(refused).__name__)
    except Exception as error:  # the test wants to see any other outcome by name
        answers.put(repr(error))
    connections.close_all()


def without_the_lock() -> None:
    """The control: the grant is read without a lock, and a moment passes before the write."""

    def read_only(grant: RoleGrant) -> RoleGrant:
        return RoleGrant.objects.select_related("user").get(pk=grant.pk)

    def slow(*args) -> None:
        refuse(*args)
        time.sleep(BETWEEN_CHECK_AND_WRITE)

    refuse = role_grants.refuse_without_administrator
    patch.object(role_grants, "locked", read_only).start()
    patch.object(role_grants, "refuse_without_administrator", slow).start()


def main(processes: int, scene: str, guarded: bool) -> None:
    today = timezone.localdate()
    administrators = [
        User.objects.create(phone=f"1990000000{turn}", name="示例甲") for turn in range(processes)
    ]
    for user in administrators:
        RoleGrant.objects.create(
            user=user, role=Role.ADMINISTRATOR, valid_from=today - timedelta(days=9)
        )
    User.objects.create(phone="19900000099", name="示例丁")
    connection.close()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    if not guarded:
        without_the_lock()
    workers = [
        fork.Process(target=person, args=(barrier, answers, turn, scene, administrators))
        for turn in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _ in range(processes)]
    for worker in workers:
        worker.join()
    json.dump(
        {
            "outcomes": sorted(outcomes),
            "left": role_grants.administrators(timezone.now()).count(),
            "given": RoleGrant.objects.filter(role=Role.AUDITOR).count(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], guarded=sys.argv[3:] != ["unguarded"])
