"""The database itself refuses to change or delete a filed version, whoever asks: triggers of SQLite
and PostgreSQL, put there by the first migration. Source: docs/rules.md R49.

SQLite replaces a row without asking its triggers for deletion, so a second row in the place of one
that stands is refused before it is written. Whoever changes the table in a later migration puts the
guard back: SQLite makes such a table anew, without triggers; `audit_invariants` misses it.
"""

TABLE = "plans_planversion"
SAID = "A filed plan version never changes and is never deleted."
SQLITE = {
    "plans_version_not_changed": f"BEFORE UPDATE ON {TABLE}",
    "plans_version_not_deleted": f"BEFORE DELETE ON {TABLE}",
    "plans_version_not_replaced": (
        f"BEFORE INSERT ON {TABLE} WHEN NEW.id IN (SELECT id FROM {TABLE})"
        f" OR (NEW.plan_id, NEW.number) IN (SELECT plan_id, number FROM {TABLE})"
    ),
}
POSTGRESQL = {
    "plans_version_not_changed": (
        f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION plans_keep_version()"
    ),
    "plans_version_not_emptied": (
        f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION plans_keep_version()"
    ),
}
FUNCTION = f"""
CREATE OR REPLACE FUNCTION plans_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def statements(vendor: str) -> list[str]:
    """Return what puts the guard into a database of the vendor."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            for name, when in SQLITE.items()
        ]
    return [FUNCTION, *(f"CREATE TRIGGER {name} {when}" for name, when in POSTGRESQL.items())]


def statements_away(vendor: str) -> list[str]:
    """Return what takes the guard away; only a migration back and the tests do."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE]
    return [f"DROP TRIGGER IF EXISTS {name} ON {TABLE}" for name in POSTGRESQL]


def put_guard(_apps, editor) -> None:
    """Step of a migration."""
    with editor.connection.cursor() as cursor:
        for statement in statements(editor.connection.vendor):
            cursor.execute(statement)


def take_guard_away(_apps, editor) -> None:
    """The step back."""
    with editor.connection.cursor() as cursor:
        for statement in statements_away(editor.connection.vendor):
            cursor.execute(statement)


def missing_guards(connection) -> list[str]:
    """Return the names of triggers that should stand in the database and do not, or sleep."""
    if connection.vendor == "sqlite":
        wanted, query = SQLITE, "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted = POSTGRESQL
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted if name not in found]
