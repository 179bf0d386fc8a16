"""Triggers of SQLite and PostgreSQL by which the database itself refuses what no code may do.

The first migration of an app puts them there. Whoever changes a guarded table in a later migration
puts its guard back: SQLite makes such a table anew, without triggers; `audit_invariants` misses it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DatabaseGuard:
    """The triggers of one table, by name.

    `sqlite` says when each refuses, `postgresql` when each calls `function`, the whole statement
    that creates it.
    """

    table: str
    said: str  # what is answered to whoever tries; without quotes
    function: str
    sqlite: Mapping[str, str]
    postgresql: Mapping[str, str]

    def statements(self, vendor: str) -> list[str]:
        """Return what puts the guard into a database of the vendor."""
        if vendor == "sqlite":
            return [
                f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{self.said}'); END"
                for name, when in self.sqlite.items()
            ]
        return [
            self.function,
            *(f"CREATE TRIGGER {name} {when}" for name, when in self.postgresql.items()),
        ]

    def statements_away(self, vendor: str) -> list[str]:
        """Return what takes the guard away; only a migration back and the tests do."""
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {name}" for name in self.sqlite]
        return [f"DROP TRIGGER IF EXISTS {name} ON {self.table}" for name in self.postgresql]

    def put(self, _apps, editor) -> None:
        """Step of a migration."""
        with editor.connection.cursor() as cursor:
            for statement in self.statements(editor.connection.vendor):
                cursor.execute(statement)

    def take_away(self, _apps, editor) -> None:
        """The step back."""
        with editor.connection.cursor() as cursor:
            for statement in self.statements_away(editor.connection.vendor):
                cursor.execute(statement)

    def missing(self, connection) -> list[str]:
        """Return the names of triggers that should stand in the database and do not, or sleep."""
        if connection.vendor == "sqlite":
            wanted, query = self.sqlite, "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        else:
            wanted = self.postgresql
            query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        with connection.cursor() as cursor:
            cursor.execute(query)
            found = {name for (name,) in cursor.fetchall()}
        return [name for name in wanted if name not in found]
