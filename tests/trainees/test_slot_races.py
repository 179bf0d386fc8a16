"""The last seat of a slot goes to one of those who choose it at the same moment, in real processes;
beside a control that loses. Source: docs/rules.md R90.
"""

import json
import subprocess
import sys

from django.conf import settings
from django.db import connection

PATIENCE = 120  # seconds


def chosen(environment: dict[str, str], job: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.trainees.slot_race", job],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_the_last_seat_of_a_slot_goes_to_one(own_processes):
    found = chosen(own_processes, "together")
    assert found == {"outcomes": {"chosen": 1, "full": 3}, "seats": 1}


def test_without_the_lock_several_get_the_last_seat_on_postgresql(own_processes):
    """SQLite lets one writer in at a time, lock or not: there the second never counts beside it."""
    seats = chosen(own_processes, "unguarded")["seats"]
    assert seats > 1 if connection.vendor == "postgresql" else seats == 1
