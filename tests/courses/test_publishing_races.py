"""Several people decide about one course at once, in real processes on the database that the tests
run on.
"""

import json
import os

import pytest
from django.db import connection

from .test_scheduling_races import run

REVIEWERS = 6 if os.environ.get("LONG") else 4


def at_once(scene: str, where: dict, *more: str) -> dict:
    return json.loads(
        run(["-m", "tests.courses.publish_race", str(REVIEWERS), scene, *more], where)
    )


def test_of_many_reviewers_one_decides_and_the_others_are_told(own_processes):
    said = at_once("review", own_processes)

    assert (said["done"], said["decisions"]) == (1, 1)
    assert set(said["refused"]) <= {"CourseNotInReview", "NothingToPublish", "ChangedMeanwhile"}


def test_without_the_lock_several_decide_on_postgresql(own_processes):
    """The control: it shows that the test above can fail.

    SQLite lets one writer in at a time, lock or no lock.
    """
    done = at_once("review", own_processes, "unguarded")["done"]

    assert done > 1 if connection.vendor == "postgresql" else done == 1


@pytest.mark.parametrize("_time", range(2))
def test_a_course_that_is_retired_is_not_planned_at_the_same_moment(own_processes, _time):
    """Whoever comes first wins; a lesson is there only if it was planned before the course was
    retired.
    """
    said = at_once("retire-and-plan", own_processes)

    assert (said["retired"], said["lessons"] + said["retired"]) == (1, said["done"])
    assert set(said["refused"]) <= {"CourseNotPublished", "SchedulingRefused"}
