"""The guards of the database taken away: to break something on purpose, and to empty tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from plans.version_guard import GUARD as FILED_VERSIONS
from trainees.locked_marks import GUARD as LOCKED_MARKS

GUARDS = (FILED_VERSIONS, LOCKED_MARKS)


def _away() -> list[str]:
    return [sql for guard in GUARDS for sql in guard.statements_away(connection.vendor)]


def _back() -> list[str]:
    return [sql for guard in GUARDS for sql in guard.statements(connection.vendor)]


def without_guard(sql: list[str]) -> list[str]:
    """The statements between those that take the guards away and put them back."""
    at_once = ["SET CONSTRAINTS ALL IMMEDIATE;"] if connection.vendor == "postgresql" else []
    return [*_away(), *sql, *at_once, *_back()]


@contextmanager
def unguarded() -> Iterator[None]:
    """Inside, SQL may change a filed version, or a mark of a locked roll."""
    connection.check_constraints()  # no trigger may wait where a table is changed
    with connection.cursor() as cursor:
        for statement in _away():
            cursor.execute(statement)
        yield
        connection.check_constraints()
        for statement in _back():
            cursor.execute(statement)
