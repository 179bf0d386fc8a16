"""Several people schedule at once, in real processes on the database that the tests run on."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

PATIENCE = 120  # seconds
PROCESSES = 6 if os.environ.get("LONG") else 4


def run(arguments: list[str], environment: dict) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def schedule_at_once(scene: str, environment: dict, *more: str) -> dict:
    return json.loads(
        run(["-m", "tests.courses.schedule_race", str(PROCESSES), scene, *more], environment)
    )


@pytest.mark.parametrize(("scene", "field"), [("same-room", "venue"), ("same-expert", "teachers")])
def test_one_gets_the_room_or_the_expert_and_the_others_are_told(own_processes, scene, field):
    assert schedule_at_once(scene, own_processes) == {
        "outcomes": {"made": 1, field: PROCESSES - 1},
        "lessons": 1,
        "codes": 1,
        "found": 1,
    }


def test_without_the_lock_a_room_is_given_twice_on_postgresql(own_processes):
    """The control: it shows that the test above can fail.

    SQLite lets one writer in at a time, lock or no lock.
    """
    lessons = schedule_at_once("same-room", own_processes, "unguarded")["lessons"]

    assert lessons > 1 if connection.vendor == "postgresql" else lessons == 1


@pytest.mark.parametrize("scene", ["own-rooms", "own-codes"])
def test_everybody_with_a_room_of_their_own_gets_a_class_a_code_and_an_entry_in_the_index(
    own_processes, scene
):
    """Without codes of their own they meet at the next free code, with such codes at the index."""
    assert schedule_at_once(scene, own_processes) == {
        "outcomes": {"made": PROCESSES},
        "lessons": PROCESSES,
        "codes": PROCESSES,
        "found": PROCESSES,
    }


def test_of_several_rounds_that_want_one_room_one_is_written_whole_and_the_others_not_at_all(
    own_processes,
):
    """Two classes each, drafts, which the public index does not have."""
    assert schedule_at_once("rounds", own_processes) == {
        "outcomes": {"made": 1, "venue": PROCESSES - 1},
        "lessons": 2,
        "codes": 2,
        "found": 0,
    }


def test_rounds_with_the_same_courses_in_another_order_wait_for_each_other(own_processes):
    answer = schedule_at_once("same-courses", own_processes)

    assert answer == {
        "outcomes": {"made": PROCESSES},
        "lessons": 2 * PROCESSES,
        "codes": 2 * PROCESSES,
        "found": 0,
    }


def test_without_the_courses_locked_first_they_stand_in_each_others_way_on_postgresql(
    own_processes,
):
    """The control: PostgreSQL ends one of two that wait for each other."""
    outcomes = schedule_at_once("same-courses", own_processes, "unguarded")["outcomes"]

    assert any("deadlock" in outcome for outcome in outcomes) == (connection.vendor == "postgresql")
