"""Plans that wait for a person at /manage/: handed in for the office, sent back for their
owners.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.access import is_administrator, is_office
from academy.templatetags.portal_tags import short_day, yuan
from academy.waiting import WaitingItem

from .models import AnnualPlan, Decision, PlanStatus, PlanStep, filing_deadline


def waiting_for(user, now: datetime) -> Iterable[WaitingItem]:
    if is_office(user):
        yield from _to_review(user)
    yield from _to_mend(user)


def _to_review(user) -> Iterable[WaitingItem]:
    action = pgettext("button", "File") if is_administrator(user) else pgettext("button", "Review")
    for plan in (
        AnnualPlan.objects.filter(status=PlanStatus.SUBMITTED)
        .with_owner()
        .with_totals()
        .in_code_order()
    ):
        yield WaitingItem(
            title=_("%(owner)s handed in its plan for %(year)s")
            % {
                "owner": plan.owner,
                "year": plan.year,
            },
            detail=_("%(items)s trainings, %(people)s people, %(yuan)s yuan; handed in on %(day)s")
            % {
                "items": plan.item_total,
                "people": f"{plan.people_total:,}",
                "yuan": yuan(plan.budget_total),
                "day": short_day(plan.handed_in_on),
            },
            url=plan.get_absolute_url(),
            action=action,
        )


def _to_mend(user) -> Iterable[WaitingItem]:
    """For the owner's people; the office sees those it handed in itself."""
    reason = (
        PlanStep.objects.filter(plan=OuterRef("pk"), decision=Decision.RETURNED)
        .order_by("-at", "-pk")
        .values("opinion")[:1]
    )
    plans = AnnualPlan.objects.visible_to(user).filter(status=PlanStatus.RETURNED)
    if is_office(user):
        plans = plans.filter(submitted_by=user)
    for plan in plans.with_owner().annotate(returned_because=Subquery(reason)).in_code_order():
        yield WaitingItem(
            title=_("The plan of %(owner)s for %(year)s came back")
            % {
                "owner": plan.owner,
                "year": plan.year,
            },
            detail=plan.returned_because or "",
            url=plan.get_absolute_url(),
            due_on=None if plan.filing_number else filing_deadline(plan.year),
            action=pgettext("button", "Mend"),
        )
