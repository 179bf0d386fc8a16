"""Two states of a plan side by side: by item, and by field within it. Source: docs/rules.md R49."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.text.numbers import plain
from academy.text.phones import masked

from ..models import ITEM_FIELDS, PlanItem

# `quarter` follows from the months, and the key never changes
COMPARED = (*(name for name in ITEM_FIELDS if name != "number"), "standing_reason")


@dataclass(frozen=True)
class FieldChange:
    """The name of a field and what it said before and says now, as a page shows it."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ItemChange:
    """An item of both states that says something else now."""

    old: PlanItem
    new: PlanItem
    fields: list[FieldChange]


@dataclass
class Comparison:
    """What became of the items; `same` counts those that are as before."""

    added: list[PlanItem] = field(default_factory=list)
    removed: list[PlanItem] = field(default_factory=list)
    cancelled: list[PlanItem] = field(default_factory=list)
    restored: list[PlanItem] = field(default_factory=list)
    changed: list[ItemChange] = field(default_factory=list)
    same: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.cancelled or self.restored or self.changed)


def compare_items(old: Iterable[PlanItem], new: Iterable[PlanItem]) -> Comparison:
    """Return what differs between the two lists; items are the same where their keys are. A new
    number alone is no change: it follows from the others.
    """
    before = {item.key: item for item in old}
    after = {item.key: item for item in new}
    found = Comparison(removed=[item for key, item in before.items() if key not in after])
    for key, item in after.items():
        was = before.get(key)
        if was is None:
            found.added.append(item)
        elif item.is_cancelled and not was.is_cancelled:
            found.cancelled.append(item)
        elif was.is_cancelled and not item.is_cancelled:
            found.restored.append(item)
        elif fields := _changes(was, item):
            found.changed.append(ItemChange(was, item, fields))
        else:
            found.same += 1
    return found


def _changes(old: PlanItem, new: PlanItem) -> list[FieldChange]:
    return [
        FieldChange(
            str(PlanItem._meta.get_field(name).verbose_name), _shown(old, name), _shown(new, name)
        )
        for name in COMPARED
        if getattr(old, name) != getattr(new, name)
    ]


def _shown(item: PlanItem, name: str) -> str:
    value = getattr(item, name)
    if name == "contact_phone":
        return masked(value)
    if name == "category":
        return item.get_category_display()
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return plain(value) if isinstance(value, Decimal) else str(value)
