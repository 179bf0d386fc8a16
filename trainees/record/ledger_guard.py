"""The database itself refuses to change or delete a line of the ledger of study hours.

One thing may happen to a line: where two entries of one person are joined or parted, it goes with
its booking to whoever has that; without a booking it goes alone. Source: docs/rules.md R5, R47.
"""

from academy.row_guard import RowGuard

GUARD = RowGuard(
    table="trainees_hourentry",
    prefix="trainees_hours",
    said="A line of the ledger of study hours never changes and is never deleted.",
    unique=(("enrolment_id", "lesson_id", "closing", "kind"), ("reverses_id",)),
    moves="trainee_id",
    moves_if=(
        "NEW.enrolment_id IS NULL OR EXISTS (SELECT 1 FROM trainees_enrolment"
        " WHERE id = NEW.enrolment_id AND trainee_id = NEW.trainee_id)"
    ),
)
