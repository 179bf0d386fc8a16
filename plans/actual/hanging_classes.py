"""Saying which plan item a class carries out, or why none; writing down what it cost. Source:
docs/rules.md R59.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from academy.errors import PortalError
from courses.models import TrainingClass

from ..models import AnnualPlan, ClassCost, ClassFiling, PlanItem
from .of_items import ON_THE_CALENDAR
from .offering import about, offered_to

REASON_LENGTH = ClassFiling._meta.get_field("reason").max_length
DEAREST = Decimal(1_000_000_000)


class NothingSaid(PortalError):
    """Neither an item nor a reason."""


class ItemNotOffered(PortalError):
    """The class cannot carry out this item."""


class CostRefused(PortalError):
    """No sum of money that a class can cost."""


@transaction.atomic
def hang(
    *,
    training_class: TrainingClass,
    item: PlanItem | None,
    reason: str = "",
    by,
    now: datetime,
) -> ClassFiling:
    """Say that the class carries out the item, or with a reason alone that it stands outside the
    plans; a reason given once stays beside an item that comes later.

    Raises NothingSaid, ItemNotOffered.
    """
    TrainingClass.objects.select_for_update(no_key=True).get(pk=training_class.pk)
    before = ClassFiling.objects.filter(training_class=training_class).first()
    reason = reason.strip()[:REASON_LENGTH]
    if item is not None and not reason and before is not None:
        reason = before.reason
    if item is None and not reason:
        raise NothingSaid(
            _("Choose the plan item that the class carries out, or write why there is none.")
        )
    if item is not None and (before is None or before.item_id != item.pk):
        AnnualPlan.objects.select_for_update(no_key=True).get(pk=item.plan_id)
        known = about(training_class)
        if known is None or item.pk not in offered_to(known).items:
            raise ItemNotOffered(
                _(
                    "“%(item)s” cannot be carried out by this class: it is cancelled, not filed, of"
                    " another year or of another unit. Choose again."
                )
                % {"item": item.name}
            )
    if before is not None and (before.item, before.reason) == (item, reason):
        return before
    filing, _is_new = ClassFiling.objects.update_or_create(
        training_class=training_class,
        defaults={"item": item, "reason": reason, "by": by, "at": now},
    )
    return filing


def unfiled_classes(user) -> QuerySet[TrainingClass]:
    """Classes that the person runs, on the calendar or held, of which neither an item nor a reason
    is known; only of years in which plans are filed.
    """
    years = set(
        AnnualPlan.objects.exclude(filing_number="").values_list("year", flat=True).distinct()
    )
    seasons = [f"{year}Q{quarter}" for year in sorted(years) for quarter in range(1, 5)]
    return TrainingClass.objects.run_by(user).filter(
        status__in=ON_THE_CALENDAR, season__in=seasons, plan_filing__isnull=True
    )


def hang_many(
    *,
    classes: Iterable[TrainingClass],
    item: PlanItem | None,
    reason: str,
    by,
    now: datetime,
) -> list[tuple[TrainingClass, str]]:
    """Say the same of each class; returns those that were refused, with the sentence."""
    refused = []
    for training_class in sorted(classes, key=lambda one: one.pk):
        try:
            hang(training_class=training_class, item=item, reason=reason, by=by, now=now)
        except PortalError as error:
            refused.append((training_class, str(error)))
    return refused


def write_cost(*, training_class: TrainingClass, amount: Decimal, by, now: datetime) -> ClassCost:
    """Write down what the class has cost, in yuan; the newest row counts. Raises CostRefused."""
    if not amount.is_finite() or not 0 <= amount < DEAREST:
        raise CostRefused(_("Write the cost in yuan, as a number from 0 on."))
    last = ClassCost.objects.filter(training_class=training_class).last()
    if last is not None and last.amount == amount:
        return last
    return ClassCost.objects.create(training_class=training_class, amount=amount, by=by, at=now)
