"""Hours are posted exactly once: several people close at once, in real processes, and a process is
killed in the middle; beside a control that loses. Source: docs/rules.md R5.
"""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

PATIENCE = 120  # seconds
ONCE = {"lines": 6, "hours": [6.0, 6.0, 6.0]}  # three people, two lessons of three hours


def closed(environment: dict[str, str], job: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.trainees.close_race", job],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("job", ["together", "killed"])
def test_hours_are_posted_exactly_once(own_processes, job):
    assert closed(own_processes, job) == {
        "outcomes": {"closed": 1, "told": 3},
        "before": 0,  # nothing of what the killed process had written stands
        **ONCE,
    }


def test_without_the_lock_the_others_are_not_told(own_processes):
    """The control: only the constraint still holds. SQLite lets one writer in at a time."""
    found = closed(own_processes, "unguarded")

    told = found["outcomes"].get("told", 0)
    assert told < 3 if connection.vendor == "postgresql" else told == 3
    assert {name: found[name] for name in ONCE} == ONCE
