"""Writing single items of a plan: always with the plan locked and only while it may be changed."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from academy.errors import PortalError

from .filing import ItemCancelled, lock_editable, settle_standings, take_out
from .models import ITEM_FIELDS, AnnualPlan, PlanItem
from .timing import first_quarter

MOST_ITEMS = 1_000  # of one plan; the longest real one seen has 12
# added while numbers move, so that no two rows ever carry one number; a small integer holds it
OUT_OF_THE_WAY = 20_000


class TooManyItems(PortalError):
    """More items than a plan can sensibly have."""


class ItemGone(PortalError):
    """Somebody else took the item out meanwhile."""


@transaction.atomic
def save_item(*, plan: AnnualPlan, item: PlanItem) -> PlanItem:
    """Add the item at the end of the plan, or change it in its place. What the last item says
    already is not added again.

    Raises PlanNotEditable, TooManyItems, ItemGone, ItemCancelled.
    """
    plan = lock_editable(plan)
    if item.pk is None:
        last = plan.items.last()
        if last and all(
            getattr(last, name) == getattr(item, name) for name in ITEM_FIELDS if name != "number"
        ):
            return last  # a second tap; a training that is held again has more runs
        if plan.items.count() >= MOST_ITEMS:
            raise TooManyItems(_("A plan holds at most %(most)d items.") % {"most": MOST_ITEMS})
        item.plan = plan
        item.number = last.number + 1 if last else 1
    else:
        there = _still_there(plan, item)
        refuse_cancelled(there)
        item.number = there.number
    item.quarter = first_quarter(item.months)
    item.save()
    settle_standings(plan)
    plan.save(update_fields=["updated_at"])
    return item


@transaction.atomic
def remove_item(*, plan: AnnualPlan, item: PlanItem, reason: str = "") -> bool:
    """Take the item out; those after it move up by one. What was filed already is cancelled for the
    reason instead, and keeps its place; return whether it was. Raises PlanNotEditable, ItemGone,
    ItemCancelled, ItemHasClasses. Source: docs/rules.md R49.
    """
    plan = lock_editable(plan)
    item = _still_there(plan, item)
    refuse_cancelled(item)
    number = item.number
    is_cancelled = bool(take_out(plan, [item.pk], reason))
    if not is_cancelled:
        plan.items.filter(number__gt=number).update(number=F("number") + OUT_OF_THE_WAY)
        plan.items.filter(number__gt=OUT_OF_THE_WAY).update(number=F("number") - OUT_OF_THE_WAY - 1)
    plan.save(update_fields=["updated_at"])
    return is_cancelled


def refuse_cancelled(item: PlanItem) -> None:
    """Raises ItemCancelled for a cancelled item: it stays as it was filed."""
    if item.is_cancelled:
        raise ItemCancelled(
            _("“%(name)s” is cancelled. Take it up again before you change it.")
            % {"name": item.name}
        )


def _still_there(plan: AnnualPlan, item: PlanItem) -> PlanItem:
    found = plan.items.filter(pk=item.pk).first()
    if found is None:
        raise ItemGone(_("Somebody else has taken this item out meanwhile."))
    return found
