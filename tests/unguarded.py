"""The guards of rows taken away: to break something on purpose, and to empty tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from academy.row_guard import run
from plans.lecture_fees.guards import GUARDS as FEES
from plans.version_guard import GUARD as VERSIONS
from trainees.record.ledger_guard import GUARD as LEDGER
from trainees.record.locked_marks import GUARD as MARKS

GUARDS = (VERSIONS, LEDGER, MARKS, *FEES)


def away() -> list[str]:
    """What takes every guard away."""
    return [sql for guard in GUARDS for sql in guard.statements_away(connection)]


def back() -> list[str]:
    """What puts every guard back."""
    return [sql for guard in GUARDS for sql in guard.statements(connection)]


def without_guard(sql: list[str]) -> list[str]:
    """The statements between those that take the guards away and put them back."""
    at_once = ["SET CONSTRAINTS ALL IMMEDIATE;"] if connection.vendor == "postgresql" else []
    return [*away(), *sql, *at_once, *back()]


@contextmanager
def unguarded() -> Iterator[None]:
    """Inside, SQL may change a filed version, a line of the ledger, a locked mark and an approved
    list of fees."""
    connection.check_constraints()  # no trigger may wait where a table is changed
    run(connection, away())
    yield
    connection.check_constraints()
    run(connection, back())
