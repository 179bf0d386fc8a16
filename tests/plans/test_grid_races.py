"""Several people save rows of one plan at once, in real processes, beside a control that loses."""

import json
import subprocess
import sys

from django.conf import settings
from django.db import connection

PATIENCE = 120  # seconds


def save_at_once(environment: dict[str, str], *wanted: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.plans.rows_race", "4", *wanted],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_one_saves_the_row_and_the_others_are_told(own_processes):
    assert save_at_once(own_processes, "change")["outcomes"] == {"saved": 1, "told": 3}


def test_rows_that_several_add_at_once_get_numbers_of_their_own(own_processes):
    assert save_at_once(own_processes, "add") == {
        "outcomes": {"saved": 4},
        "numbers": [1, 2, 3, 4, 5],
    }


def test_without_the_lock_what_one_saved_is_lost(own_processes):
    """The control. SQLite lets one writer in at a time, lock or no lock."""
    saved = save_at_once(own_processes, "change", "unguarded")["outcomes"]["saved"]

    assert saved > 1 if connection.vendor == "postgresql" else saved == 1
