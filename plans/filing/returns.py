"""Sending a plan back, with a reason for each item that has to change."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import AnnualPlan, Decision, PlanStatus, ReturnReason
from ..notices import PLAN_RETURNED
from .records import OPINION_LENGTH, given_reason, lock_in_review, record_step, tell_submitter

ITEM_REASON_LENGTH = 300


@transaction.atomic
def return_for_changes(
    *,
    plan: AnnualPlan,
    reason: str,
    by,
    now: datetime,
    item_reasons: Mapping[int, str] | None = None,
) -> AnnualPlan:
    """Send the plan back and tell who handed it in. `item_reasons` are the reasons of single items
    by their keys; with one of them the general reason may be empty.

    Raises ReasonMissing, PlanNotInReview. Source: docs/rules.md R50.
    """
    plan = lock_in_review(plan)
    wanted = {pk: text.strip() for pk, text in (item_reasons or {}).items() if text.strip()}
    items = [item for item in plan.items.all() if item.pk in wanted]
    if items and not reason.strip():
        reason = _count_in_words(len(items))
    reason = given_reason(
        reason, OPINION_LENGTH, _("Write what has to change, so that the unit knows what to do.")
    )
    plan.status = PlanStatus.RETURNED
    plan.save()
    step = record_step(plan, Decision.RETURNED, by, now, reason)
    reasons = ReturnReason.objects.bulk_create(
        ReturnReason(
            step=step,
            item_key=item.key,
            number=item.number,
            name=item.name,
            reason=wanted[item.pk][:ITEM_REASON_LENGTH],
        )
        for item in items
    )
    lines = [reason, *(f"{row.number}. {row.name}：{row.reason}" for row in reasons)]
    tell_submitter(plan, step, PLAN_RETURNED, "\n".join(lines))
    return plan


def reasons_of_items(plan: AnnualPlan) -> dict[UUID, str]:
    """Return why single items came back, by `key` of the item; nothing once the plan is handed in
    again.
    """
    if plan.status != PlanStatus.RETURNED:
        return {}
    step = plan.steps.filter(decision=Decision.RETURNED).last()
    return dict(step.item_reasons.values_list("item_key", "reason")) if step else {}


def _count_in_words(count: int) -> str:
    with translation.override(settings.LANGUAGE_CODE):  # it is kept
        return ngettext(
            "%(count)d training has to change.", "%(count)d trainings have to change.", count
        ) % {"count": count}
