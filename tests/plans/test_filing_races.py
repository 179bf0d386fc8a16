"""Two administrators at once, in real processes on the database that the tests run on."""

import json
import subprocess
import sys

from django.conf import settings

PATIENCE = 120  # seconds


def file_at_once(processes: int, plans: int, environment: dict[str, str]) -> dict:
    command = [sys.executable, "-m", "tests.plans.filing_race", str(processes), str(plans)]
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
