"""What the unit itself says of its plan before it is handed in: finance, and the leader or the
office meeting. Its staff write it down; those who say it have no log-in.
Source: docs/rules.md R50.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.office_settings import office_setting

from ..models import (
    AnnualPlan,
    Decision,
    PlanItem,
    UnitOpinion,
    UnitPart,
    content_of,
    digest,
)
from .records import OPINION_LENGTH, given_reason, lock_editable, record_step
from .refusals import DayAhead, OpinionMissing, UnitDisagrees

NEEDED = {"none": (), "leader": (UnitPart.LEADER,), "both": tuple(UnitPart)}
WHO_LENGTH = 40


@dataclass(frozen=True)
class PartOfReview:
    """One part of the unit's review: its newest opinion, whether it is about the items as they
    stand, whether the office asks for it.
    """

    part: UnitPart
    opinion: UnitOpinion | None
    is_current: bool
    is_needed: bool

    @property
    def is_given(self) -> bool:
        return self.opinion is not None and self.is_current and self.opinion.agrees

    @property
    def disagrees(self) -> bool:
        return self.opinion is not None and self.is_current and not self.opinion.agrees


@transaction.atomic
def record_opinion(
    *,
    plan: AnnualPlan,
    part: UnitPart,
    name: str,
    post: str,
    day: date,
    agrees: bool,
    opinion: str,
    by,
    now: datetime,
) -> UnitOpinion:
    """Write down who of the unit said what of the items as they stand.

    Raises PlanNotEditable, ReasonMissing without a name or post or for a "no" without words,
    DayAhead.
    """
    plan = lock_editable(plan)
    name = given_reason(name, WHO_LENGTH, _("Write the name of whoever gave the opinion."))
    post = given_reason(post, WHO_LENGTH, _("Write the post of whoever gave the opinion."))
    if not agrees:
        opinion = given_reason(
            opinion, OPINION_LENGTH, _("Write what speaks against the plan, so that it can change.")
        )
    refuse_day_ahead(day, now)
    step = record_step(plan, Decision.UNIT_OPINION, by, now, opinion.strip()[:OPINION_LENGTH])
    return UnitOpinion.objects.create(
        step=step,
        part=part,
        name=name,
        post=post,
        day=day,
        agrees=agrees,
        texts=texts_of(plan, list(plan.items.all())),
    )


def refuse_day_ahead(day: date, now: datetime) -> None:
    """Raises DayAhead for a day that has not come."""
    if day > timezone.localdate(now):
        raise DayAhead(_("The day lies ahead. Write the day on which it was said."))


def parts_of_review(plan: AnnualPlan, items: list[PlanItem]) -> list[PartOfReview]:
    """Return every part of the unit's review; none for a change of a filed plan, which the leader
    has approved already.
    """
    if plan.is_amendment:
        return []
    newest = {
        opinion.part: opinion
        for opinion in UnitOpinion.objects.filter(step__plan=plan)
        .select_related("step")
        .order_by("step__at", "pk")
    }
    texts = texts_of(plan, items) if newest else ""
    needed = NEEDED.get(str(office_setting("plan_unit_opinions")), ())
    return [
        PartOfReview(
            part,
            newest.get(part),
            part in newest and newest[part].texts == texts,
            part in needed,
        )
        for part in UnitPart
    ]


def refuse_unless_agreed(plan: AnnualPlan, items: list[PlanItem]) -> None:
    """Raises UnitDisagrees where a "no" stands, OpinionMissing where the office asks for more."""
    for part in parts_of_review(plan, items):
        words = {"part": part.part.label, "name": part.opinion.name if part.opinion else ""}
        if part.disagrees:
            raise UnitDisagrees(
                _(
                    "%(part)s (%(name)s) does not agree to the plan. Change it and write down the"
                    " new opinion, then hand it in."
                )
                % words
            )
        if part.is_needed and part.opinion is None:
            raise OpinionMissing(
                _("The opinion of “%(part)s” is missing. Write it down, then hand the plan in.")
                % words
            )
        if part.is_needed and not part.is_given:
            raise OpinionMissing(
                _(
                    "The items have changed since the opinion of “%(part)s”. Ask again and write it"
                    " down, then hand the plan in."
                )
                % words
            )


def texts_of(plan: AnnualPlan, items: list[PlanItem]) -> str:
    """Return a SHA-256 that changes with any value of an item."""
    return digest({"items": content_of(plan, items)["items"]})
