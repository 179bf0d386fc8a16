"""The database itself refuses to change an approved list of lecture fees and its rows, whoever
asks: triggers, put there by the first migration. Source: docs/rules.md R67.

What happens later stays open: signatures are noted and taken back, and a lesson that goes leaves
its row.
"""

from dataclasses import dataclass

from academy.row_guard import RowGuard

OF_AN_APPROVED_LIST = (
    "EXISTS (SELECT 1 FROM plans_lecturefeelist"
    " WHERE id = {row}.fee_list_id AND status = 'approved')"
)
FACTS = (  # of a row; a signature is none
    "id",
    "fee_list_id",
    "expert_id",
    "corrects_id",
    "role",
    "lecturer",
    "post",
    "taught_on",
    "taught",
    "hours",
    "counted_hours",
    "rank",
    "yuan",
    "typed_by_id",
)


@dataclass(frozen=True)
class KeptOnceApproved(RowGuard):
    """A guard of what `approved` is true of, in SQL of both databases over {row}.

    `facts` are the columns that stay, all where none is named; `may_join` says whether a row may
    become approved, as a list does and a row of one does not; `only_leaves` is a column that may
    become empty and nothing else.
    """

    approved: str = ""
    facts: tuple[str, ...] = ()
    may_join: bool = False
    only_leaves: str = ""

    @property
    def _when_changed(self) -> str:
        old, new = self.approved.format(row="OLD"), self.approved.format(row="NEW")
        return old if self.may_join else f"({old} OR {new})"

    @property
    def _of_facts(self) -> str:
        return f" OF {', '.join(self.facts)}" if self.facts else ""

    @property
    def _when_rehung(self) -> str:
        return f"NEW.{self.only_leaves} IS NOT NULL AND {self._when_changed}"

    def names(self, vendor: str) -> list[str]:
        names = super().names(vendor)
        return [*names, f"{self.prefix}_not_rehung"] if self._rehangs(vendor) else names

    def _rehangs(self, vendor: str) -> bool:
        return vendor == "sqlite" and bool(self.only_leaves)

    def _sqlite(self, connection) -> dict[str, str]:
        changed, deleted, replaced, *rehung = self.names("sqlite")
        stands = f"EXISTS (SELECT 1 FROM {self.table} AS kept WHERE kept.id = NEW.id AND {{}})"
        taken = stands.format(self.approved.format(row="kept"))
        new = taken if self.may_join else f"{taken} OR {self.approved.format(row='NEW')}"
        return {
            changed: f"BEFORE UPDATE{self._of_facts} ON {self.table} WHEN {self._when_changed}",
            deleted: f"BEFORE DELETE ON {self.table} WHEN {self.approved.format(row='OLD')}",
            replaced: f"BEFORE INSERT ON {self.table} WHEN {new}",
            **dict.fromkeys(
                rehung,
                f"BEFORE UPDATE OF {self.only_leaves} ON {self.table} WHEN {self._when_rehung}",
            ),
        }

    def _postgresql(self) -> dict[str, str]:
        keep = f"FOR EACH ROW EXECUTE FUNCTION {self._function_name}()"
        columns = (*self.facts, self.only_leaves) if self.only_leaves else self.facts
        of = f" OF {', '.join(columns)}" if columns else ""
        return {
            f"{self.prefix}_not_changed": f"BEFORE UPDATE{of} ON {self.table} {keep}",
            f"{self.prefix}_not_deleted": f"BEFORE INSERT OR DELETE ON {self.table} {keep}",
        }

    def _function(self) -> str:
        refuse = f"RAISE EXCEPTION '{self.said}' USING ERRCODE = 'integrity_constraint_violation'"
        old, new = self.approved.format(row="OLD"), self.approved.format(row="NEW")
        inserted = "" if self.may_join else f"IF {new} THEN {refuse}; END IF;"
        changed = self._when_changed
        if self.only_leaves:  # a lesson that goes, and nothing beside it
            left = f"to_jsonb(NEW) = jsonb_set(to_jsonb(OLD), '{{{self.only_leaves}}}', 'null')"
            changed = f"{changed} AND NOT ({left})"
        return f"""
CREATE OR REPLACE FUNCTION {self._function_name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF {old} THEN {refuse}; END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        {inserted}
        RETURN NEW;
    END IF;
    IF {changed} THEN {refuse}; END IF;
    RETURN NEW;
END $$
"""


LIST_GUARD = KeptOnceApproved(
    table="plans_lecturefeelist",
    prefix="plans_fee_list",
    said="An approved list of lecture fees never changes and is never deleted.",
    approved="{row}.status = 'approved'",
    may_join=True,
)
ROW_GUARD = KeptOnceApproved(
    table="plans_lecturefeerow",
    prefix="plans_fee_row",
    said="A row of an approved list of lecture fees never changes.",
    approved=OF_AN_APPROVED_LIST,
    facts=FACTS,
    only_leaves="lesson_id",
)
GUARDS = (LIST_GUARD, ROW_GUARD)
