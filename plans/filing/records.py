"""What every step of a plan does: lock it, check its status, record who did what, tell its unit."""

from datetime import datetime

from django.utils.translation import gettext as _

from notices.kinds import NoticeKind
from notices.outbox import tell

from ..models import SETTLED, AnnualPlan, Decision, PlanStatus, PlanStep
from .refusals import PlanNotEditable, PlanNotInReview, ReasonMissing

REASON_LENGTH = 200  # of a change; an opinion may be longer
OPINION_LENGTH = 500


def lock(plan: AnnualPlan) -> AnnualPlan:
    """The plan as it stands, locked."""
    return AnnualPlan.objects.select_for_update().get(pk=plan.pk)


def lock_editable(plan: AnnualPlan) -> AnnualPlan:
    """The plan, locked, if its items may change now. Raises PlanNotEditable."""
    plan = lock(plan)
    refuse_unless_editable(plan)
    return plan


def refuse_unless_editable(plan: AnnualPlan) -> None:
    """Raises PlanNotEditable, which says who holds the plan."""
    if plan.is_in_review:
        raise PlanNotEditable(
            _("The plan is in review. It can be changed when the office sends it back.")
        )
    if plan.status == PlanStatus.FILED:
        raise PlanNotEditable(
            _("The plan is filed as %(number)s. Begin a change with a reason first.")
            % {"number": plan.filing_number}
        )
    if plan.status == PlanStatus.ARCHIVED:
        raise PlanNotEditable(
            _("The plan %(number)s is archived and stays as it is.")
            % {"number": plan.filing_number}
        )


def lock_in_review(plan: AnnualPlan) -> AnnualPlan:
    """The plan, locked, if it lies with the office. Raises PlanNotInReview."""
    plan = lock(plan)
    if plan.status in SETTLED:
        raise PlanNotInReview(
            _("Somebody else has filed this plan already: %(number)s.")
            % {"number": plan.filing_number}
        )
    if not plan.is_in_review:
        raise PlanNotInReview(
            _("The plan is not in review at present. It may have been sent back just now.")
        )
    return plan


def record_step(
    plan: AnnualPlan, decision: Decision, by, now: datetime, opinion: str = ""
) -> PlanStep:
    """Write down what was done with a plan, when and by whom."""
    return PlanStep.objects.create(plan=plan, decision=decision, by=by, at=now, opinion=opinion)


def given_reason(text: str, length: int, sentence: str) -> str:
    """The text, cut to the length. Raises ReasonMissing with the sentence when it is empty."""
    text = text.strip()
    if not text:
        raise ReasonMissing(sentence)
    return text[:length]


def tell_submitter(plan: AnnualPlan, step: PlanStep, kind: NoticeKind, opinion: str = "") -> None:
    """Tell whoever handed the plan in what became of it; `opinion` where the step says less."""
    if plan.submitted_by_id:
        tell(
            kind,
            plan.submitted_by,
            values={
                "year": plan.year,
                "number": plan.filing_number,
                "opinion": opinion or step.opinion,
            },
            link=plan.get_absolute_url(),
            subject=plan,
            due_at=step.at,
            dedupe=f"step {step.pk}",
        )
