"""Two administrators at once, in real processes on the database that the tests run on."""

import json
import subprocess
import sys

from django.conf import settings
from django.db import connection

PATIENCE = 120  # seconds


def file_at_once(processes: int, plans: int, environment: dict[str, str], how: str = "") -> dict:
    command = [sys.executable, "-m", "tests.plans.filing_race", str(processes), str(plans)]
    command += [how] if how else []
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_two_administrators_at_once_one_files_and_the_other_is_told(own_processes):
    assert file_at_once(2, 1, own_processes) == {
        "outcomes": {"filed": 1, "told": 1},
        "numbers": [1],
        "versions": 1,
    }


def test_numbers_have_no_gap_when_many_plans_are_filed_at_once(own_processes):
    assert file_at_once(6, 10, own_processes) == {
        "outcomes": {"filed": 10, "told": 50},
        "numbers": list(range(1, 11)),
        "versions": 10,
    }


def test_200_plans_of_200_owners_get_200_numbers_without_a_gap(own_processes):
    """Source: docs/rules.md R38."""
    assert file_at_once(8, 200, own_processes, "apart") == {
        "outcomes": {"filed": 200},
        "numbers": list(range(1, 201)),
        "versions": 200,
    }


def test_without_the_counter_numbers_are_given_twice_on_postgresql(own_processes):
    """The control: the constraint refuses what is given twice, so some are not filed.

    SQLite lets one writer in at a time, counter or no counter.
    """
    found = file_at_once(8, 40, own_processes, "careless")

    refused = found["outcomes"].get("IntegrityError", 0)
    assert (refused > 0) == (connection.vendor == "postgresql")
    assert found["versions"] == 40 - refused
