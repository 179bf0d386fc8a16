"""What the page of a plan shows of its way, beside its items."""

from django.http import HttpRequest
from django.utils import timezone

from ..filing import parts_of_review, reasons_of_items
from ..forms import UnitOpinionForm
from ..models import AnnualPlan, ExecutionReport, PlanItem, PlanStatus


def way_of(
    request: HttpRequest,
    plan: AnnualPlan,
    items: list[PlanItem],
    opinion_form: UnitOpinionForm | None = None,
) -> dict:
    """Return the opinions of the unit, the reasons beside items that came back, what was cancelled,
    the execution report and what the reader may do with it.
    """
    reasons = reasons_of_items(plan)
    may_draft = request.user.has_perm("plans.draft_plan", plan)
    report = ExecutionReport.objects.filter(plan=plan).first() if plan.filing_number else None
    return {
        "parts": parts_of_review(plan, items) if plan.is_editable else [],
        "opinion_form": opinion_form
        or UnitOpinionForm(initial={"day": timezone.localdate(), "agrees": "yes"}),
        "writing_opinion": opinion_form is not None,
        "item_reasons": [(item, reasons[item.key]) for item in items if item.key in reasons],
        "cancelled": [item for item in items if item.is_cancelled],
        "report": report,
        "may_report": may_draft and plan.status == PlanStatus.FILED,
        "may_compare": bool(plan.filing_number),
    }
