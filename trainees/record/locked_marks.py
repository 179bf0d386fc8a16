"""The database itself refuses to change a mark while the roll of its lesson is locked, whoever
asks: triggers, put there by the first migration. Source: docs/rules.md R73.

Whoever gives a seat up takes the marks along (`trainees/booking/seat_ledger.py`), so a mark of
somebody who holds no seat may go.
"""

from academy.row_guard import RowGuard

LOCKED = (
    "EXISTS (SELECT 1 FROM trainees_rolllock"
    " WHERE lesson_id = {row}.lesson_id AND reopened_at IS NULL)"
)
OLD_LOCKED, NEW_LOCKED = LOCKED.format(row="OLD"), LOCKED.format(row="NEW")
OLD_ON_THE_ROLL = (
    "EXISTS (SELECT 1 FROM trainees_enrolment"
    " WHERE id = OLD.enrolment_id AND status IN ('booked', 'completed'))"
)
FACTS = "status, minutes, reason_id, lesson_id, enrolment_id"  # of a mark


class KeptWhileLocked(RowGuard):
    """A guard that stands while the roll of the lesson is locked."""

    def _sqlite(self, connection) -> dict[str, str]:
        changed, deleted, added = self.names("sqlite")
        return {
            changed: f"BEFORE UPDATE OF {FACTS} ON {self.table} WHEN {NEW_LOCKED} OR {OLD_LOCKED}",
            deleted: f"BEFORE DELETE ON {self.table} WHEN {OLD_LOCKED} AND {OLD_ON_THE_ROLL}",
            added: f"BEFORE INSERT ON {self.table} WHEN {NEW_LOCKED}",
        }

    def _postgresql(self) -> dict[str, str]:
        keep = f"FOR EACH ROW EXECUTE FUNCTION {self._function_name}()"
        return {
            f"{self.prefix}_not_changed": f"BEFORE UPDATE OF {FACTS} ON {self.table} {keep}",
            f"{self.prefix}_not_added": f"BEFORE INSERT OR DELETE ON {self.table} {keep}",
        }

    def _function(self) -> str:
        refuse = f"RAISE EXCEPTION '{self.said}' USING ERRCODE = 'integrity_constraint_violation'"
        return f"""
CREATE OR REPLACE FUNCTION {self._function_name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF {OLD_LOCKED} AND {OLD_ON_THE_ROLL} THEN {refuse}; END IF;
        RETURN OLD;
    END IF;
    IF {NEW_LOCKED} THEN {refuse}; END IF;
    IF TG_OP = 'UPDATE' THEN
        IF {OLD_LOCKED} THEN {refuse}; END IF;
    END IF;
    RETURN NEW;
END $$
"""


GUARD = KeptWhileLocked(
    table="trainees_attendance",
    prefix="trainees_locked_mark",
    said="The roll of this lesson is locked.",
)
