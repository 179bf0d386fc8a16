"""Plans that wait for a person at /manage/: handed in for the office; for their owners drafts and
what was sent back.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.access import is_administrator, is_office
from academy.colleagues import colleagues_of
from academy.models import CampusKind
from academy.templatetags.portal_tags import short_day, yuan
from academy.waiting import Fold, HeldItem, WaitingItem, WaitingKind

from .actual.hanging_classes import unfiled_classes
from .lecture_fees.desk import fees_waiting_for
from .models import (
    IN_REVIEW,
    AnnualPlan,
    Decision,
    PlanStatus,
    PlanStep,
    filing_deadline,
    of_own_units,
)
from .reports.waiting import reports_to_accept, reports_to_write

PLACE = "plans:plan_list"


def waiting_for(user, now: datetime) -> Iterable[WaitingItem]:
    if is_office(user):
        yield from _to_review(user)
        yield from reports_to_accept(user)
    yield from _to_mend(user)
    yield from _to_hand_in(user, now)
    yield from _to_hang(user)
    yield from fees_waiting_for(user)
    yield from reports_to_write(_own(user), now)


def _to_review(user) -> Iterable[WaitingItem]:
    action = pgettext("button", "File") if is_administrator(user) else pgettext("button", "Review")
    address = f"{reverse(PLACE)}?status=in_review"
    fold = Fold("plans", _("Annual plans to review"), address, pgettext("button", "Review"))
    for plan in (
        AnnualPlan.objects.filter(status__in=IN_REVIEW).with_owner().with_totals().in_code_order()
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
            kind=WaitingKind.REVIEW,
            place=PLACE,
            others=colleagues_of(user).in_office(),
            fold=fold,
            short=str(plan.owner),
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
            kind=WaitingKind.FILING,
            place=PLACE,
            others=_owners(user, plan),
        )


def _own(user) -> QuerySet[AnnualPlan]:
    """Plans that are the person's own to write: of their town, department or campus; the college's
    are the office's.
    """
    mine = of_own_units(user)
    if is_office(user):
        mine |= Q(campus__kind=CampusKind.COLLEGE)
    return AnnualPlan.objects.filter(mine)


def _owners(user, plan: AnnualPlan) -> tuple[str, ...]:
    """Who else writes the plan."""
    colleagues = colleagues_of(user)
    if plan.town_id:
        return colleagues.of_town(plan.town_id)
    if plan.department_id:
        return colleagues.of_department(plan.department_id)
    campus = plan.campus
    salon_of = campus.town_id if campus.kind == CampusKind.SALON else None
    return colleagues.running(campus=campus.pk, salon_of=salon_of, department=None)


def _to_hand_in(user, now: datetime) -> Iterable[WaitingItem]:
    """The own drafts with the last day on which they are in time, and changes of filed plans.
    Source: docs/rules.md R37, R49.
    """
    drafts = _own(user).filter(status=PlanStatus.DRAFT, year__gte=timezone.localdate(now).year)
    for plan in drafts.with_owner().with_totals().in_code_order():
        yield WaitingItem(
            title=(
                _("The change of the plan of %(owner)s for %(year)s is not handed in yet")
                if plan.filing_number
                else _("The plan of %(owner)s for %(year)s is still a draft")
            )
            % {"owner": plan.owner, "year": plan.year},
            detail=_("%(items)s trainings, %(people)s people, %(yuan)s yuan")
            % {
                "items": plan.item_total,
                "people": f"{plan.people_total:,}",
                "yuan": yuan(plan.budget_total),
            },
            url=plan.get_absolute_url(),
            due_on=None if plan.filing_number else filing_deadline(plan.year),
            action=pgettext("a plan", "Go on"),
            kind=WaitingKind.FILING,
            place=PLACE,
            others=_owners(user, plan),
        )


def _to_hang(user) -> Iterable[WaitingItem]:
    """Classes that the person runs without a plan item and a reason, as one row."""
    if not user.has_perm("courses.view_schedule") or is_office(user):
        return  # the office runs every class; its list is a page of its own
    count = unfiled_classes(user).count()
    if count:
        yield WaitingItem(
            title=ngettext(
                "%(count)d class without a plan item",
                "%(count)d classes without a plan item",
                count,
            )
            % {"count": count},
            detail=_("Choose the items that they carry out, or write why there are none."),
            url=reverse("plans:unfiled_classes"),
            action=pgettext("button", "Choose"),
            kind=WaitingKind.FILING,
            place=PLACE,
        )


def waits_elsewhere(user, now: datetime) -> Iterable[HeldItem]:
    """Own plans in review; for the office plans that it sent back."""
    for plan in (
        _own(user).filter(status__in=IN_REVIEW).with_owner().in_code_order()
        if not is_office(user)
        else ()
    ):
        yield HeldItem(
            who=pgettext("who has it in hand", "Academy office"),
            title=_("Review the plan for %(year)s") % {"year": plan.year},
            url=plan.get_absolute_url(),
            since=plan.handed_in_on,
        )
    if not is_office(user):
        return
    returned = AnnualPlan.objects.filter(status=PlanStatus.RETURNED).exclude(submitted_by=user)
    last = (
        PlanStep.objects.filter(plan=OuterRef("pk"), decision=Decision.RETURNED)
        .order_by("-at", "-pk")
        .values("at")[:1]
    )
    for plan in returned.with_owner().annotate(returned_at=Subquery(last)).in_code_order():
        yield HeldItem(
            who=str(plan.owner),
            title=_("Mend the plan for %(year)s") % {"year": plan.year},
            url=plan.get_absolute_url(),
            since=timezone.localdate(plan.returned_at) if plan.returned_at else None,
        )
