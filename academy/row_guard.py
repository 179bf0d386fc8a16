"""Rows that the database itself refuses to change or delete, whoever asks: triggers of SQLite and
PostgreSQL, put there by the first migration of the app that owns the table.

SQLite replaces a row without asking its triggers for deletion, so a second row in the place of one
that stands is refused before it is written. Whoever changes the table in a later migration puts the
guard back: SQLite makes such a table anew, without triggers; `audit_invariants` misses it.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RowGuard:
    """What keeps the rows of one table as they were written.

    `prefix` begins the names of the triggers. `said` is the sentence with which the database
    refuses; it goes into SQL as it stands, without quotation marks. `unique` are the columns that
    name a row beside its key. Where `moves` is given, this column alone may change, and only where
    the condition `moves_if` holds, in SQL of both databases over NEW and OLD.
    """

    table: str
    prefix: str
    said: str
    unique: Sequence[Sequence[str]] = ()
    moves: str = ""
    moves_if: str = ""

    def statements(self, connection) -> list[str]:
        """Return what puts the guard into the database."""
        if connection.vendor == "sqlite":
            return [
                f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{self.said}'); END"
                for name, when in self._sqlite(connection).items()
            ]
        triggers = [f"CREATE TRIGGER {name} {when}" for name, when in self._postgresql().items()]
        return [self._function(), *triggers]

    def statements_away(self, connection) -> list[str]:
        """Return what takes the guard away; only a migration back and the tests do."""
        if connection.vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {name}" for name in self.names("sqlite")]
        return [f"DROP TRIGGER IF EXISTS {name} ON {self.table}" for name in self._postgresql()]

    def names(self, vendor: str) -> list[str]:
        """Return the names of the triggers of a vendor."""
        if vendor == "sqlite":
            return [f"{self.prefix}_not_{what}" for what in ("changed", "deleted", "replaced")]
        return list(self._postgresql())

    def missing(self, connection) -> list[str]:
        """Return the names of triggers that should stand in the database and do not, or sleep."""
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        )
        with connection.cursor() as cursor:
            cursor.execute(query)
            found = {name for (name,) in cursor.fetchall()}
        return [name for name in self.names(connection.vendor) if name not in found]

    def put(self, _apps, editor) -> None:
        """Step of a migration."""
        run(editor.connection, self.statements(editor.connection))

    def take_away(self, _apps, editor) -> None:
        """The step back."""
        run(editor.connection, self.statements_away(editor.connection))

    def _sqlite(self, connection) -> dict[str, str]:
        stands = " OR ".join(
            f"({', '.join(f'NEW.{name}' for name in columns)})"
            f" IN (SELECT {', '.join(columns)} FROM {self.table})"
            for columns in (("id",), *self.unique)
        )
        changed, deleted, replaced = self.names("sqlite")
        return {
            changed: f"BEFORE UPDATE ON {self.table}{self._unless_it_moves(connection)}",
            deleted: f"BEFORE DELETE ON {self.table}",
            replaced: f"BEFORE INSERT ON {self.table} WHEN {stands}",
        }

    def _unless_it_moves(self, connection) -> str:
        if not self.moves:
            return ""
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, self.table)
        same = [
            f"NEW.{item.name} IS OLD.{item.name}" for item in columns if item.name != self.moves
        ]
        return f" WHEN NOT ({' AND '.join([*same, f'({self.moves_if})'])})"

    def _postgresql(self) -> dict[str, str]:
        keep = f"EXECUTE FUNCTION {self._function_name}()"
        return {
            f"{self.prefix}_not_changed": (
                f"BEFORE UPDATE OR DELETE ON {self.table} FOR EACH ROW {keep}"
            ),
            f"{self.prefix}_not_emptied": (
                f"BEFORE TRUNCATE ON {self.table} FOR EACH STATEMENT {keep}"
            ),
        }

    @property
    def _function_name(self) -> str:
        app, _underscore, what = self.prefix.partition("_")
        return f"{app}_keep_{what}"

    def _function(self) -> str:
        moves = (
            f"""
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - '{self.moves}' = to_jsonb(OLD) - '{self.moves}' AND ({self.moves_if})
        THEN RETURN NEW;
        END IF;
    END IF;"""
            if self.moves
            else ""
        )
        return f"""
CREATE OR REPLACE FUNCTION {self._function_name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{moves}
    RAISE EXCEPTION '{self.said}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def run(connection, statements: Sequence[str]) -> None:
    """Run the statements one after the other."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
