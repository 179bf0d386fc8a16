"""Comparing the rows of a plan with what is stored, and writing them."""

from collections import Counter
from decimal import Decimal

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from academy.models import ImportRow, RowOutcome
from academy.spreadsheets.opening import FileRefused
from academy.text.phones import masked

from ..filing import create_plan, lock_editable, record_step, settle_standings
from ..items import MOST_ITEMS, OUT_OF_THE_WAY
from ..models import ITEM_FIELDS, Decision, PlanItem, TrainingCategory
from ..timing import first_quarter
from .table_context import DECIMALS, key_of_item, values_of


class StoresItems:
    """Lock, compare, write, and say which rows an undo puts back."""

    def stored(self, rows: list[ImportRow]) -> dict[str, dict]:
        plan, seen = self._plan(), Counter()
        self.items = {
            key_of_item(item.name, seen): item
            for item in (plan.items.order_by("number") if plan else ())
        }
        self.rows = [row for row in rows if row.values]
        named = {row.key for row in self.rows}
        self.staying = [item for key, item in self.items.items() if key not in named]
        return {key: values_of(item) for key, item in self.items.items()}

    def title_of(self, row: ImportRow) -> str:
        return row.values.get("name") or row.cells.get("name", "")

    def shown(self, name: str, value) -> str:
        if name == "contact_phone":
            return masked(value)
        if name == "category":
            return str(TrainingCategory(value).label) if value else ""
        return f"{Decimal(value):,f}" if name == "budget" and value else super().shown(name, value)

    def lock(self, keys: list[str]) -> None:
        """Lock the plan of the owner and year, made if there is none.

        Raises PlanNotEditable and what `create_plan` raises.
        """
        self.plan = lock_editable(
            self._plan() or create_plan(owner=self.owner, year=self.year, by=self.by, now=self.now)
        )

    def write(self, rows: list[ImportRow]) -> None:
        items = []
        for row in (row for row in self.rows if row.outcome != RowOutcome.REJECTED):
            item = self.items.get(row.key) or PlanItem(plan=self.plan)
            for name in ITEM_FIELDS:
                setattr(
                    item, name, Decimal(row.values[name]) if name in DECIMALS else row.values[name]
                )
            item.quarter = first_quarter(item.months)
            items.append(item)
        last = max((item.number for item in items), default=0)
        for number, item in enumerate(self.staying, start=last + 1):
            item.number = number
        items += self.staying
        if len(items) > MOST_ITEMS:
            raise FileRefused(_("A plan holds at most %(most)d items.") % {"most": MOST_ITEMS})
        self.make_way(rows)
        PlanItem.objects.bulk_update([item for item in items if item.pk], [*ITEM_FIELDS, "quarter"])
        PlanItem.objects.bulk_create([item for item in items if not item.pk])

    def imported(self, rows: list[ImportRow], file_name: str) -> None:
        outcomes = Counter(row.outcome for row in rows)
        with translation.override(settings.LANGUAGE_CODE):  # it is kept
            words = _("%(file)s: %(new)d new, %(changed)d changed, %(same)d as before") % {
                "file": file_name[:80],
                "new": outcomes[RowOutcome.NEW],
                "changed": outcomes[RowOutcome.CHANGED],
                "same": outcomes[RowOutcome.SAME],
            }
            if left_out := outcomes[RowOutcome.REJECTED]:
                words += _("; %(count)d that cannot be imported left out") % {"count": left_out}
        record_step(self.plan, Decision.IMPORTED, self.by, self.now, words)

    def make_way(self, rows: list[ImportRow]) -> None:
        self.plan.items.update(number=F("number") + OUT_OF_THE_WAY)

    def undone(self, file_name: str, by) -> None:
        record_step(self.plan, Decision.IMPORT_UNDONE, by, self.now, file_name[:80])

    def footprint(self, rows: list[ImportRow]) -> list:
        return [PlanItem.objects.filter(plan=self._plan())]

    def settle(self) -> None:
        settle_standings(self.plan)
        self.plan.save(update_fields=["updated_at"])
