"""Changing a filed plan: opened with a reason, filed as the next version, or given up."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ..models import FROZEN_FIELDS, AnnualPlan, Decision, PlanItem, PlanStatus
from ..timing import first_quarter
from .records import REASON_LENGTH, given_reason, lock, record_step
from .refusals import NoChangeToDrop, PlanNotFiled

OUT_OF_THE_WAY = 20_000  # no plan has as many items


@transaction.atomic
def amend(*, plan: AnnualPlan, reason: str, by, now: datetime) -> AnnualPlan:
    """Open a filed plan for a change.

    It keeps its number; filing it again makes the next version. Raises ReasonMissing, PlanNotFiled.
    """
    reason = given_reason(reason, REASON_LENGTH, _("Write why the filed plan has to change."))
    plan = lock(plan)
    if plan.status != PlanStatus.FILED:
        raise PlanNotFiled(
            _("Only a filed plan is changed this way. This one is not filed at present.")
        )
    plan.status = PlanStatus.DRAFT
    plan.amendment_reason = reason
    plan.save()
    record_step(plan, Decision.AMENDMENT_OPENED, by, now, reason)
    return plan


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
    plan.amendment_reason = ""
    plan.save()
    record_step(plan, Decision.AMENDMENT_DROPPED, by, now)
    return plan


def replace_items(plan: AnnualPlan, items: list[PlanItem]) -> None:
    """Put these items in place of the plan's; one whose key the plan has keeps its row, and with it
    what hangs on it. Call with the plan locked.
    """
    rows = dict(plan.items.values_list("key", "pk"))
    plan.items.exclude(key__in=[item.key for item in items]).delete()
    # numbers may change places, and each is unique in the plan
    plan.items.update(number=F("number") + OUT_OF_THE_WAY)
    for item in items:
        item.pk, item.plan, item.quarter = rows.get(item.key), plan, first_quarter(item.months)
    PlanItem.objects.bulk_update([item for item in items if item.pk], [*FROZEN_FIELDS, "quarter"])
    PlanItem.objects.bulk_create([item for item in items if item.pk is None])
