"""The database itself refuses to change a mark while the roll of its lesson is locked, whoever
asks: triggers, put there by the first migration. Source: docs/rules.md R73.

Whoever gives a seat up takes the marks along (`trainees/booking/seat_ledger.py`), so a mark of
somebody who holds no seat may go.
"""

from academy.database_guards import DatabaseGuard

TABLE = "trainees_attendance"
SAID = "The roll of this lesson is locked."
LOCKED = (
    "EXISTS (SELECT 1 FROM trainees_rolllock"
    " WHERE lesson_id = {row}.lesson_id AND reopened_at IS NULL)"
)
OLD_LOCKED, NEW_LOCKED = LOCKED.format(row="OLD"), LOCKED.format(row="NEW")
OLD_ON_THE_ROLL = (
    "EXISTS (SELECT 1 FROM trainees_enrolment"
    " WHERE id = OLD.enrolment_id AND status IN ('booked', 'completed'))"
)
FACTS = "status, minutes, reason_id, lesson_id, enrolment_id"
CALLED = "FOR EACH ROW EXECUTE FUNCTION trainees_keep_locked_mark()"
GUARD = DatabaseGuard(
    table=TABLE,
    said=SAID,
    function=f"""
CREATE OR REPLACE FUNCTION trainees_keep_locked_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF {OLD_LOCKED} AND {OLD_ON_THE_ROLL} THEN
            RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF {NEW_LOCKED} THEN
        RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF {OLD_LOCKED} THEN
            RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$
""",
    sqlite={
        "trainees_locked_mark_not_added": f"BEFORE INSERT ON {TABLE} WHEN {NEW_LOCKED}",
        "trainees_locked_mark_not_changed": (
            f"BEFORE UPDATE OF {FACTS} ON {TABLE} WHEN {NEW_LOCKED} OR {OLD_LOCKED}"
        ),
        "trainees_locked_mark_not_deleted": (
            f"BEFORE DELETE ON {TABLE} WHEN {OLD_LOCKED} AND {OLD_ON_THE_ROLL}"
        ),
    },
    postgresql={
        "trainees_locked_mark_not_added": f"BEFORE INSERT OR DELETE ON {TABLE} {CALLED}",
        "trainees_locked_mark_not_changed": f"BEFORE UPDATE OF {FACTS} ON {TABLE} {CALLED}",
    },
)
put_guard, take_guard_away = GUARD.put, GUARD.take_away
