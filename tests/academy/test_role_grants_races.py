"""Roles at the same moment, in real processes on the database that the tests run on."""

import json

from django.db import connection

from ..courses.test_scheduling_races import run


def at_once(environment: dict[str, str], *arguments: str) -> dict:
    return json.loads(run(["-m", "tests.academy.granting_race", *arguments], environment))


def test_of_administrators_who_end_each_other_one_stays(own_processes):
    said = at_once(own_processes, "2", "end")

    assert said["left"] == 1
    assert (
        said["outcomes"][0] in ("LastAdministrator", "NotYours") and said["outcomes"][1] == "done"
    )


def test_without_the_lock_nobody_is_left_on_postgresql(own_processes):
    """The control: SQLite lets one writer in at a time, lock or no lock."""
    left = at_once(own_processes, "2", "end", "unguarded")["left"]

    assert left == (0 if connection.vendor == "postgresql" else 1)


def test_of_several_who_give_the_same_role_one_does(own_processes):
    said = at_once(own_processes, "3", "give")

    assert (said["given"], said["outcomes"].count("done")) == (1, 1)
