"""From the first draft to the filing number: begun, handed in, taken back, sent back, filed."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..consents import refuse_without_consent
from ..models import (
    FIRST_YEAR,
    LAST_YEAR,
    AnnualPlan,
    Decision,
    Owner,
    PlanStatus,
    PlanVersion,
    content_of,
    digest,
    kind_of,
)
from ..notices import PLAN_FILED
from .amendments import end_amendment, settle_standings
from .numbers import filing_number, next_number
from .records import (
    OPINION_LENGTH,
    lock_editable,
    lock_in_review,
    record_step,
    tell_submitter,
)
from .refusals import (
    ItemsIncomplete,
    OwnerEnded,
    PlanExists,
    PlanIsEmpty,
    ReviewBegun,
    YearOutOfRange,
)
from .unit_review import refuse_unless_agreed


def create_plan(*, owner: Owner, year: int, by, now: datetime) -> AnnualPlan:
    """Start the owner's plan for the year. Raises PlanExists, YearOutOfRange, OwnerEnded."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearOutOfRange(
            _("There are no plans for %(year)s. Choose a year between 2000 and 2100.")
            % {"year": year}
        )
    if owner.ended_on is not None:
        raise OwnerEnded(_("%(owner)s has ended and files no more plans.") % {"owner": owner.name})
    try:
        with transaction.atomic():
            plan = AnnualPlan.objects.create(**{kind_of(owner): owner}, year=year, created_at=now)
            record_step(plan, Decision.CREATED, by, now)
    except IntegrityError as error:
        raise PlanExists(
            _("%(owner)s has a plan for %(year)s already. Open it from the list.")
            % {
                "owner": owner.name,
                "year": year,
            }
        ) from error
    return plan


@transaction.atomic
def submit(*, plan: AnnualPlan, by, now: datetime) -> AnnualPlan:
    """Hand the plan in.

    Raises PlanNotEditable, PlanIsEmpty, ItemsIncomplete, OpinionMissing, UnitDisagrees. Source:
    docs/rules.md R37, R50.
    """
    plan = lock_editable(plan)
    settle_standings(plan)
    items = list(plan.items.all())
    counted = [item for item in items if not item.is_cancelled]
    if not items or not (counted or plan.is_amendment):
        raise PlanIsEmpty(_("The plan has no items yet. Add one or import a file first."))
    incomplete = [
        item.number for item in counted if not (item.audience and item.months and item.content)
    ]
    if incomplete:
        raise ItemsIncomplete(
            _(
                "Items %(numbers)s lack for whom, when or what. Fill these in first: the review"
                " compares them."
            )
            % {
                "numbers": "、".join(map(str, incomplete)),
            }
        )
    refuse_unless_agreed(plan, items)
    plan.status = PlanStatus.SUBMITTED
    plan.submitted_by = by
    plan.handed_in_on = plan.handed_in_on or timezone.localdate(now)
    plan.save()
    record_step(plan, Decision.SUBMITTED, by, now)
    return plan


@transaction.atomic
def recall(*, plan: AnnualPlan, by, now: datetime) -> AnnualPlan:
    """Take back what was handed in, as long as nobody has begun to review it.

    A plan that was never reviewed loses the day on which it was handed in: only a plan that stays
    with the office was in time. Raises ReviewBegun, PlanNotInReview. Source: docs/rules.md R38.
    """
    plan = lock_in_review(plan)
    if not can_be_recalled(plan):
        raise ReviewBegun(
            _(
                "The review has begun, so the plan cannot be taken back. Ask the office to return"
                " it."
            )
        )
    plan.status = PlanStatus.DRAFT
    plan.submitted_by = None
    if not plan.steps.filter(decision__in=(Decision.RETURNED, Decision.FILED)).exists():
        plan.handed_in_on = None
    plan.save()
    record_step(plan, Decision.RECALLED, by, now)
    return plan


def can_be_recalled(plan: AnnualPlan) -> bool:
    """Return whether the plan lies with the office and has not been accepted for review."""
    return plan.status == PlanStatus.SUBMITTED


@transaction.atomic
def accept(*, plan: AnnualPlan, by, now: datetime, opinion: str = "") -> AnnualPlan:
    """Accept the plan for review (受理): from now on the unit cannot take it back. A second time
    changes nothing. Raises PlanNotInReview. Source: docs/rules.md R38.
    """
    plan = lock_in_review(plan)
    if plan.status == PlanStatus.SUBMITTED:
        plan.status = PlanStatus.ACCEPTED
        plan.save()
        record_step(plan, Decision.ACCEPTED, by, now, opinion.strip()[:OPINION_LENGTH])
    return plan


@transaction.atomic
def file_plan(*, plan: AnnualPlan, by, now: datetime, opinion: str = "") -> AnnualPlan:
    """File the plan: freeze its content as a version and give it a number of its year, or keep the
    number it has.

    The counter is raised under lock in this transaction, so numbers have no gaps and none is given
    twice. A late plan is flagged by its dates, not blocked. Raises PlanNotInReview,
    ConsentMissing.
    """
    plan = accept(plan=plan, by=by, now=now)
    refuse_without_consent(plan)
    if not plan.filing_number:
        plan.filing_sequence = next_number(plan.year)
        plan.filing_number = filing_number(plan.year, plan.filing_sequence)
    content = content_of(plan, list(plan.items.all()))
    number = plan.versions.count() + 1
    PlanVersion.objects.create(
        plan=plan,
        number=number,
        content=content,
        sha256=digest(content),
        reason=plan.amendment_reason,
        amendment_kind=plan.amendment_kind,
        approved_by_name=plan.approved_by_name,
        approved_by_post=plan.approved_by_post,
        approved_on=plan.approved_on,
        filed_at=now,
        filed_by=by,
    )
    plan.status = PlanStatus.FILED
    plan.filed_at = now
    end_amendment(plan)
    plan.save()
    step = record_step(plan, Decision.FILED, by, now, opinion.strip()[:OPINION_LENGTH])
    tell_submitter(plan, step, PLAN_FILED)
    return plan
