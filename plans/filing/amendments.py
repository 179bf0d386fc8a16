"""Changing a filed plan: opened with its kind, a reason and the leader's approval, filed as the
next version, or given up. What was filed is cancelled, never taken out. Source: docs/rules.md R49.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ..hanging import refuse_if_classes_hang
from ..models import (
    FROZEN_FIELDS,
    AmendmentKind,
    AnnualPlan,
    Decision,
    PlanItem,
    PlanStatus,
    Standing,
)
from ..timing import first_quarter
from .records import REASON_LENGTH, given_reason, lock, lock_editable, record_step
from .refusals import ApprovalMissing, ItemNotCancelled, NoChangeToDrop, PlanNotFiled
from .unit_review import WHO_LENGTH, refuse_day_ahead

OUT_OF_THE_WAY = 20_000  # no plan has as many items


@dataclass(frozen=True)
class LeaderApproval:
    """Which principal leader of the unit approved of a change, in which post, on which day."""

    name: str
    post: str
    day: date


@transaction.atomic
def amend(
    *,
    plan: AnnualPlan,
    reason: str,
    approval: LeaderApproval,
    by,
    now: datetime,
    kind: AmendmentKind = AmendmentKind.CHANGE,
) -> AnnualPlan:
    """Open a filed plan for a change.

    It keeps its number; filing it again makes the next version. Raises ReasonMissing,
    ApprovalMissing, DayAhead, PlanNotFiled.
    """
    reason = given_reason(reason, REASON_LENGTH, _("Write why the filed plan has to change."))
    if not (approval.name.strip() and approval.post.strip()):
        raise ApprovalMissing(
            _("Write the name and post of the principal leader who approved of the change.")
        )
    refuse_day_ahead(approval.day, now)
    plan = lock(plan)
    if plan.status != PlanStatus.FILED:
        raise PlanNotFiled(
            _("Only a filed plan is changed this way. This one is not filed at present.")
        )
    plan.status = PlanStatus.DRAFT
    plan.amendment_reason, plan.amendment_kind = reason, kind
    plan.approved_by_name = approval.name.strip()[:WHO_LENGTH]
    plan.approved_by_post = approval.post.strip()[:WHO_LENGTH]
    plan.approved_on = approval.day
    plan.save()
    record_step(plan, Decision.AMENDMENT_OPENED, by, now, reason)
    return plan


def end_amendment(plan: AnnualPlan) -> None:
    """Empty what a change says of itself; the caller saves."""
    plan.amendment_reason = plan.amendment_kind = ""
    plan.approved_by_name = plan.approved_by_post = ""
    plan.approved_on = None


@transaction.atomic
def drop_amendment(*, plan: AnnualPlan, by, now: datetime) -> AnnualPlan:
    """Give the change up: the items are again what was filed last. Raises NoChangeToDrop."""
    plan = lock(plan)
    if not (plan.is_amendment and plan.is_editable):
        raise NoChangeToDrop(
            _("There is no change to give up: the plan is filed, or the change is in review.")
        )
    replace_items(plan, plan.versions.last().items)
    plan.status = PlanStatus.FILED
    end_amendment(plan)
    plan.save()
    record_step(plan, Decision.AMENDMENT_DROPPED, by, now)
    return plan


def replace_items(plan: AnnualPlan, items: list[PlanItem]) -> None:
    """Put these items in place of the plan's; one whose key the plan has keeps its row, and with it
    what hangs on it. Call with the plan locked. Raises ItemHasClasses.
    """
    rows = dict(plan.items.values_list("key", "pk"))
    staying = {item.key for item in items}
    refuse_if_classes_hang([pk for key, pk in rows.items() if key not in staying])
    plan.items.exclude(key__in=staying).delete()
    # numbers may change places, and each is unique in the plan
    plan.items.update(number=F("number") + OUT_OF_THE_WAY)
    for item in items:
        item.pk, item.plan, item.quarter = rows.get(item.key), plan, first_quarter(item.months)
    PlanItem.objects.bulk_update([item for item in items if item.pk], [*FROZEN_FIELDS, "quarter"])
    PlanItem.objects.bulk_create([item for item in items if item.pk is None])


def take_out(plan: AnnualPlan, keys: Collection[int], reason: str = "") -> list[int]:
    """Take the items with these keys out of a locked plan. What was filed already is cancelled for
    the reason, or for that of the change, and stays; the rest goes. Return the keys that stay.

    Raises ItemHasClasses.
    """
    items = plan.items.filter(pk__in=keys)
    filed = _filed_keys(plan)
    stay = [item.pk for item in items if item.key in filed]
    items.filter(pk__in=stay).update(
        standing=Standing.CANCELLED,
        standing_reason=(reason.strip() or plan.amendment_reason)[:REASON_LENGTH],
    )
    refuse_if_classes_hang(set(keys) - set(stay))
    items.exclude(pk__in=stay).delete()
    return stay


@transaction.atomic
def take_up_again(*, plan: AnnualPlan, item: PlanItem) -> PlanItem:
    """Give an item that was cancelled in this change its standing of before.

    Raises PlanNotEditable, ItemNotCancelled.
    """
    plan = lock_editable(plan)
    before = next((filed for filed in _filed_items(plan) if filed.key == item.key), None)
    found = plan.items.filter(pk=item.pk, standing=Standing.CANCELLED).first()
    if found is None or before is None or before.is_cancelled:
        raise ItemNotCancelled(
            _("“%(name)s” was not cancelled in this change. Add it as a new training.")
            % {"name": item.name}
        )
    found.standing, found.standing_reason = before.standing, before.standing_reason
    found.save(update_fields=["standing", "standing_reason"])
    return found


def settle_standings(plan: AnnualPlan) -> None:
    """In a change of a filed plan, whichever way the items were written: what is new was added
    during the year, what was filed and is gone comes back as cancelled. Call with the plan locked.
    """
    if not plan.is_amendment:
        return
    filed = _filed_items(plan)
    new = plan.items.exclude(key__in=[item.key for item in filed])
    new.filter(standing=Standing.PLANNED).update(
        standing=Standing.AD_HOC, standing_reason=plan.amendment_reason
    )
    there = set(plan.items.values_list("key", flat=True))
    number = max(plan.items.values_list("number", flat=True), default=0)
    gone = [item for item in filed if item.key not in there]
    for place, item in enumerate(gone, start=number + 1):
        item.plan, item.number, item.quarter = plan, place, first_quarter(item.months)
        if not item.is_cancelled:
            item.standing, item.standing_reason = Standing.CANCELLED, plan.amendment_reason
    PlanItem.objects.bulk_create(gone)


def _filed_items(plan: AnnualPlan) -> list[PlanItem]:
    last = plan.versions.last() if plan.is_amendment else None
    return last.items if last else []


def _filed_keys(plan: AnnualPlan) -> set:
    return {item.key for item in _filed_items(plan)}
