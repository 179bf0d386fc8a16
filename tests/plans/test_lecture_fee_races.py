"""Lists of lecture fees begun at the same moment, in real processes on the tests' database."""

import json
import subprocess
import sys

from django.conf import settings
from django.db import connection

PATIENCE = 120  # seconds
PROCESSES, LESSONS = 6, 8


def begin_at_once(environment: dict[str, str], how: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.plans.fee_race", str(PROCESSES), str(LESSONS), how],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_of_several_who_begin_a_list_of_one_unit_one_has_it(own_processes):
    assert begin_at_once(own_processes, "one") == {
        "outcomes": {"ListThere": PROCESSES - 1, "begun": 1},
        "lists": 1,
        "rows": LESSONS,
        "lessons": LESSONS,
    }


def test_a_lecturer_is_paid_once_for_a_lesson_whoever_lists_it(own_processes):
    found = begin_at_once(own_processes, "many")

    assert (found["rows"], found["lessons"]) == (LESSONS, LESSONS)
    assert set(found["outcomes"]) <= {"begun", "NothingTaught"}
    assert found["lists"] == found["outcomes"]["begun"]


def test_without_the_constraint_lessons_are_paid_twice_on_postgresql(own_processes):
    """The control. SQLite lets one writer in at a time, constraint or no constraint."""
    found = begin_at_once(own_processes, "careless")

    assert (found["rows"] > LESSONS) == (connection.vendor == "postgresql")
