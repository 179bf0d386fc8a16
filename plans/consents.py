"""The consent of the organisation department to items that call cadres of other systems.

Records are only added; the last one of an item holds. Source: docs/rules.md R54.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.templatetags.portal_tags import full_day

from .models import AnnualPlan, ConsentState, ItemConsent, PlanItem, Standing

SETTLED = (ConsentState.GIVEN, ConsentState.WAIVED)


class ConsentMissing(PortalError):
    """The plan cannot be filed: an item has no consent yet, or it was refused."""


class ConsentNotNeeded(PortalError):
    """The item calls no cadres of other systems."""


class ConsentIncomplete(PortalError):
    """A record lacks what its state asks for."""


@dataclass(frozen=True)
class ConsentStanding:
    """An item that needs consent, with the record that holds; None where none was asked for."""

    item: PlanItem
    record: ItemConsent | None

    @property
    def state(self) -> str:
        """A ConsentState, "" where none was asked for yet."""
        return self.record.state if self.record else ""

    @property
    def is_refused(self) -> bool:
        return self.state == ConsentState.REFUSED

    @property
    def is_open(self) -> bool:
        """Neither given nor waived; a refusal is open as well."""
        return self.state not in SETTLED

    @property
    def words(self) -> str:
        """Where it stands, in a sentence for the list of checks and the review."""
        number = {"number": self.item.number}
        if self.record is None:
            return (
                _(
                    "Training %(number)d calls cadres of other systems; the opinion of the"
                    " organisation department is not recorded yet"
                )
                % number
            )
        if self.state == ConsentState.ASKED:
            return _(
                "Training %(number)d: the organisation department was asked on %(day)s and has not"
                " answered yet"
            ) % (number | {"day": full_day(self.record.asked_on)})
        if self.is_refused:
            return _(
                "Training %(number)d: the organisation department refused its consent: %(opinion)s"
            ) % (number | {"opinion": self.record.opinion})
        if self.state == ConsentState.WAIVED:
            return _(
                "Training %(number)d is filed without the opinion of the organisation department:"
                " %(opinion)s"
            ) % (number | {"opinion": self.record.opinion})
        return _("Training %(number)d: the organisation department consented on %(day)s") % (
            number | {"day": full_day(self.record.answered_on)}
        )


def consents_of(plan: AnnualPlan) -> list[ConsentStanding]:
    """Return where the consent to each item stands that needs one, in the order of the plan."""
    items = list(plan.items.filter(other_system_cadres=True).exclude(standing=Standing.CANCELLED))
    last: dict[int, ItemConsent] = {}
    records = ItemConsent.objects.filter(item__in=items).order_by("pk") if items else ()
    for record in records:
        last[record.item_id] = record
    return [ConsentStanding(item, last.get(item.pk)) for item in items]


def open_consents(plan: AnnualPlan) -> list[ConsentStanding]:
    """Return the items whose consent is neither given nor waived."""
    return [one for one in consents_of(plan) if one.is_open]


def refuse_without_consent(plan: AnnualPlan) -> None:
    """Call before a plan is filed. Raises ConsentMissing, which names the items."""
    found = open_consents(plan)
    if not found:
        return
    refused = [str(one.item.number) for one in found if one.is_refused]
    if refused:
        raise ConsentMissing(
            _(
                "The organisation department refused its consent to trainings %(numbers)s. Return"
                " the plan, so that its unit changes them or takes them out."
            )
            % {"numbers": "、".join(refused)}
        )
    raise ConsentMissing(
        _(
            "The opinion of the organisation department on trainings %(numbers)s is not recorded"
            " yet. Record it first, or record as administrator why the plan is filed without it."
        )
        % {"numbers": "、".join(str(one.item.number) for one in found)}
    )


@transaction.atomic
def record_consent(
    *,
    item: PlanItem,
    state: ConsentState,
    by,
    now: datetime,
    asked_on: date | None = None,
    answered_on: date | None = None,
    by_whom: str = "",
    document: str = "",
    opinion: str = "",
) -> ItemConsent:
    """Add a record. That a plan is filed without consent is for administrators to record (asked by
    the view).

    Raises ConsentNotNeeded, ConsentIncomplete.
    """
    AnnualPlan.objects.select_for_update().get(pk=item.plan_id)
    if not item.other_system_cadres:
        raise ConsentNotNeeded(
            _("This training calls no cadres of other systems and needs no consent.")
        )
    last = item.consents.order_by("-pk").first()
    asked_on = asked_on or (last.asked_on if last else None)
    if state == ConsentState.WAIVED and last and last.state == ConsentState.REFUSED:
        raise ConsentIncomplete(
            _("The consent was refused. A plan is not filed against a refusal.")
        )
    if asked_on and answered_on and answered_on < asked_on:
        raise ConsentIncomplete(_("The answer lies before the day on which it was asked for."))
    return ItemConsent.objects.create(
        item=item,
        state=state,
        asked_on=asked_on,
        answered_on=answered_on,
        by_whom=by_whom,
        document=document,
        opinion=opinion,
        recorded_by=by,
        recorded_at=now,
    )
