"""The way of an annual plan: drafted, handed in, sent back or filed with a number, and changed by a
new version.

Every step locks the plan, checks its status, writes, and leaves a PlanStep. Source: docs/rules.md
R6, R38.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import InvalidTransition, PortalError
from academy.office_settings import office_setting
from notices.kinds import NoticeKind
from notices.outbox import tell

from .consents import refuse_without_consent
from .models import (
    FIRST_YEAR,
    FROZEN_FIELDS,
    LAST_YEAR,
    AnnualPlan,
    Decision,
    FilingCounter,
    Owner,
    PlanItem,
    PlanStatus,
    PlanStep,
    PlanVersion,
    content_of,
    digest,
    kind_of,
)
from .notices import PLAN_FILED, PLAN_RETURNED
from .timing import first_quarter

REASON_LENGTH = 200  # of a change; an opinion may be longer
OPINION_LENGTH = 500
OUT_OF_THE_WAY = 20_000  # no plan has as many items


class PlanExists(PortalError):
    """The owner has a plan for the year already."""


class YearOutOfRange(PortalError):
    """A year no plan can be for."""


class OwnerEnded(PortalError):
    """The town, department or campus does not exist any more."""


class PlanIsEmpty(PortalError):
    """There is nothing to review in a plan without items."""


class ItemsIncomplete(PortalError):
    """Items lack what the filing rules ask for."""


class ReasonMissing(PortalError):
    """Sending back and changing need a reason."""


class PlanNotEditable(InvalidTransition):
    """The plan lies with the office or is filed; its items stay as they are."""


class PlanNotInReview(InvalidTransition):
    """Only a plan that was handed in can be sent back or filed."""


class PlanNotFiled(InvalidTransition):
    """Only a filed plan can be changed by a new version."""


class ReviewBegun(InvalidTransition):
    """Somebody looks at the plan already, or has looked; its unit cannot take it back."""


class NoChangeToDrop(InvalidTransition):
    """The plan is not being changed, or the change lies with the office."""


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
    """Hand the plan in. Raises PlanNotEditable, PlanIsEmpty, ItemsIncomplete."""
    plan = lock_editable(plan)
    items = list(plan.items.all())
    if not items:
        raise PlanIsEmpty(_("The plan has no items yet. Add one or import a file first."))
    incomplete = [
        item.number for item in items if not (item.audience and item.months and item.content)
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
    plan = _lock_in_review(plan)
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
    """Return whether the plan lies with the office and nobody has begun to review it."""
    last = plan.steps.last() if plan.status == PlanStatus.SUBMITTED else None
    return last is not None and last.decision == Decision.SUBMITTED


@transaction.atomic
def begin_review(*, plan: AnnualPlan, by, now: datetime) -> AnnualPlan:
    """Say that the review has begun: from now on the unit cannot take the plan back. A second time
    changes nothing. Raises PlanNotInReview.
    """
    plan = _lock_in_review(plan)
    if can_be_recalled(plan):
        record_step(plan, Decision.REVIEW_BEGUN, by, now)
    return plan


@transaction.atomic
def return_for_changes(*, plan: AnnualPlan, reason: str, by, now: datetime) -> AnnualPlan:
    """Send the plan back with a reason and tell who handed it in.

    Raises ReasonMissing, PlanNotInReview.
    """
    reason = _reason(
        reason, OPINION_LENGTH, _("Write what has to change, so that the unit knows what to do.")
    )
    plan = _lock_in_review(plan)
    plan.status = PlanStatus.RETURNED
    plan.save()
    step = record_step(plan, Decision.RETURNED, by, now, reason)
    _tell_submitter(plan, step, PLAN_RETURNED)
    return plan


@transaction.atomic
def file_plan(*, plan: AnnualPlan, by, now: datetime, opinion: str = "") -> AnnualPlan:
    """File the plan: freeze its content as a version and give it a number of its year, or keep the
    number it has.

    The counter is raised under lock in this transaction, so numbers have no gaps and none is given
    twice. A late plan is flagged by its dates, not blocked. Raises PlanNotInReview, ConsentMissing.
    """
    plan = _lock_in_review(plan)
    refuse_without_consent(plan)
    if not plan.filing_number:
        plan.filing_sequence = _next_number(plan.year)
        plan.filing_number = filing_number(plan.year, plan.filing_sequence)
    content = content_of(plan, list(plan.items.all()))
    number = plan.versions.count() + 1
    PlanVersion.objects.create(
        plan=plan,
        number=number,
        content=content,
        sha256=digest(content),
        reason=plan.amendment_reason,
        filed_at=now,
        filed_by=by,
    )
    plan.status = PlanStatus.FILED
    plan.filed_at = now
    plan.amendment_reason = ""
    plan.save()
    step = record_step(plan, Decision.FILED, by, now, opinion.strip()[:OPINION_LENGTH])
    _tell_submitter(plan, step, PLAN_FILED)
    return plan


@transaction.atomic
def amend(*, plan: AnnualPlan, reason: str, by, now: datetime) -> AnnualPlan:
    """Open a filed plan for a change.

    It keeps its number; filing it again makes the next version. Raises ReasonMissing, PlanNotFiled.
    """
    reason = _reason(reason, REASON_LENGTH, _("Write why the filed plan has to change."))
    plan = _lock(plan)
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
    plan = _lock(plan)
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


def lock_editable(plan: AnnualPlan) -> AnnualPlan:
    """The plan, locked, if its items may change now. Raises PlanNotEditable."""
    plan = _lock(plan)
    refuse_unless_editable(plan)
    return plan


def refuse_unless_editable(plan: AnnualPlan) -> None:
    """Raises PlanNotEditable, which says who holds the plan."""
    if plan.status == PlanStatus.SUBMITTED:
        raise PlanNotEditable(
            _("The plan is in review. It can be changed when the office sends it back.")
        )
    if plan.status == PlanStatus.FILED:
        raise PlanNotEditable(
            _("The plan is filed as %(number)s. Begin a change with a reason first.")
            % {"number": plan.filing_number}
        )


def filing_number(year: int, sequence: int) -> str:
    """示例〔2027〕012号.

    The label is configuration: the portal does not issue official document numbers.
    """
    return f"{office_setting('filing_label')}〔{year}〕{sequence:03}号"


def record_step(
    plan: AnnualPlan, decision: Decision, by, now: datetime, opinion: str = ""
) -> PlanStep:
    """Write down what was done with a plan, when and by whom."""
    return PlanStep.objects.create(plan=plan, decision=decision, by=by, at=now, opinion=opinion)


def _lock(plan: AnnualPlan) -> AnnualPlan:
    return AnnualPlan.objects.select_for_update().get(pk=plan.pk)


def _lock_in_review(plan: AnnualPlan) -> AnnualPlan:
    plan = _lock(plan)
    if plan.status == PlanStatus.FILED:
        raise PlanNotInReview(
            _("Somebody else has filed this plan already: %(number)s.")
            % {"number": plan.filing_number}
        )
    if plan.status != PlanStatus.SUBMITTED:
        raise PlanNotInReview(
            _("The plan is not in review at present. It may have been sent back just now.")
        )
    return plan


def _next_number(year: int) -> int:
    FilingCounter.objects.get_or_create(year=year)
    counter = FilingCounter.objects.select_for_update().get(year=year)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return counter.last_number


def _reason(text: str, length: int, sentence: str) -> str:
    text = text.strip()
    if not text:
        raise ReasonMissing(sentence)
    return text[:length]


def _tell_submitter(plan: AnnualPlan, step: PlanStep, kind: NoticeKind) -> None:
    if plan.submitted_by_id:
        tell(
            kind,
            plan.submitted_by,
            values={"year": plan.year, "number": plan.filing_number, "opinion": step.opinion},
            link=plan.get_absolute_url(),
            subject=plan,
            due_at=step.at,
            dedupe=f"step {step.pk}",
        )
