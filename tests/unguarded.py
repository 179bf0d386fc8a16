"""The guard of filed versions taken away: to break something on purpose, and to empty tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from plans.version_guard import statements, statements_away


def without_guard(sql: list[str]) -> list[str]:
    """The statements between those that take the guard away and put it back."""
    at_once = ["SET CONSTRAINTS ALL IMMEDIATE;"] if connection.vendor == "postgresql" else []
    vendor = connection.vendor
    return [*statements_away(vendor), *sql, *at_once, *statements(vendor)]


@contextmanager
def unguarded() -> Iterator[None]:
    """Inside, SQL may change a filed version."""
    connection.check_constraints()  # no trigger may wait where a table is changed
    with connection.cursor() as cursor:
        for statement in statements_away(connection.vendor):
            cursor.execute(statement)
        yield
        connection.check_constraints()
        for statement in statements(connection.vendor):
            cursor.execute(statement)
