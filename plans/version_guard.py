"""The database itself refuses to change or delete a filed version. Source: docs/rules.md R49."""

from academy.row_guard import RowGuard

GUARD = RowGuard(
    table="plans_planversion",
    prefix="plans_version",
    said="A filed plan version never changes and is never deleted.",
    unique=(("plan_id", "number"),),
)
