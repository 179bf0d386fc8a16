"""The database itself refuses to change or delete a filed version, whoever asks: triggers of SQLite
and PostgreSQL, put there by the first migration. Source: docs/rules.md R49.

SQLite replaces a row without asking its triggers for deletion, so a second row in the place of one
that stands is refused before it is written.
"""

from academy.database_guards import DatabaseGuard

TABLE = "plans_planversion"
SAID = "A filed plan version never changes and is never deleted."
GUARD = DatabaseGuard(
    table=TABLE,
    said=SAID,
    function=f"""
CREATE OR REPLACE FUNCTION plans_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    sqlite={
        "plans_version_not_changed": f"BEFORE UPDATE ON {TABLE}",
        "plans_version_not_deleted": f"BEFORE DELETE ON {TABLE}",
        "plans_version_not_replaced": (
            f"BEFORE INSERT ON {TABLE} WHEN NEW.id IN (SELECT id FROM {TABLE})"
            f" OR (NEW.plan_id, NEW.number) IN (SELECT plan_id, number FROM {TABLE})"
        ),
    },
    postgresql={
        "plans_version_not_changed": (
            f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION plans_keep_version()"
        ),
        "plans_version_not_emptied": (
            f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION plans_keep_version()"
        ),
    },
)
put_guard, take_guard_away = GUARD.put, GUARD.take_away
