"""The list of plans, one plan, and starting one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import is_step, list_page

from ..checklist import checks_of, is_complete
from ..consents import consents_of
from ..drafting.budget import budget_checks
from ..filing import REASON_LENGTH, can_be_recalled, create_plan
from ..forms import AmendForm, NewPlanForm, ReviewForm, UnitOpinionForm
from ..grid.cells import FORM_ORDER, cells_of, columns_for
from ..last_year import plan_before
from ..models import (
    AnnualPlan,
    Decision,
    PlanItem,
    PlanStatus,
    PlanStep,
    TrainingCategory,
    filing_deadline,
)
from ..office_lists import PlanList
from ..overlaps.answers import numbers_without_answer
from ..owners import not_handed_in, owners_for, plans_by_owner, without_a_plan
from ..uploads import last_import
from .beside_plan import way_of

FEW_OWNERS = 3  # up to here each gets a button of its own


def require_plan_pages(user) -> None:
    require(
        user,
        "plans.list_plans",
        who=_(
            "Annual plans are drafted by towns, departments and campuses and reviewed by the"
            " district. Ask the academy office if this is your work."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans of a year; beside them who has not handed in and whose plan can be begun."""
    require_plan_pages(request.user)
    the_list = PlanList(request)
    if is_step(request):
        return list_page(request, the_list)
    year = the_list.year
    owners = owners_for(request.user)
    plans_of_year = plans_by_owner(year)
    unstarted = without_a_plan(owners, plans_of_year)
    reviews = request.user.has_perm("plans.review_plans")
    is_few = len(unstarted) <= FEW_OWNERS and not reviews
    form = NewPlanForm(owners=unstarted, initial={"year": year})
    return list_page(
        request,
        the_list,
        {
            "year": year,
            "gaps": not_handed_in(owners, plans_of_year) if reviews else None,
            "deadline_passed": the_list.today > filing_deadline(year),
            "buttons": [(NewPlanForm.key(owner), owner) for owner in unstarted if is_few],
            "new_plan": form if unstarted and not is_few else None,
        },
    )


@require_POST
def plan_create(request: HttpRequest) -> HttpResponse:
    require_plan_pages(request.user)
    form = NewPlanForm(request.POST, owners=owners_for(request.user))
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return redirect("plans:plan_list")
    try:
        plan = create_plan(
            owner=form.cleaned_data["owner"],
            year=form.cleaned_data["year"],
            by=request.user,
            now=timezone.now(),
        )
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("plans:plan_list")
    if plan_before(plan) is not None:
        messages.success(
            request, _("The plan is begun. It can start from that of the year before.")
        )
        return redirect("plans:last_year", plan.pk)
    messages.success(
        request, _("The plan is begun. Add the trainings one by one, or import the form you have.")
    )
    return redirect(plan)


def plan_or_404(request: HttpRequest, pk: int) -> AnnualPlan:
    """The plan if the person may see it; with its owner, whose name every page of it shows."""
    return get_object_or_404(AnnualPlan.objects.visible_to(request.user).with_owner(), pk=pk)


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    return show_plan(request, plan_or_404(request, pk))


def show_plan(
    request: HttpRequest,
    plan: AnnualPlan,
    *,
    review_form: ReviewForm | None = None,
    amend_form: AmendForm | None = None,
    opinion_form: UnitOpinionForm | None = None,
) -> HttpResponse:
    """The page of a plan; with a form that has errors when a step was refused."""
    steps = list(plan.steps.select_related("by", "unit_opinion").prefetch_related("item_reasons"))
    every_item = list(plan.items.select_related("course"))
    counted = [item for item in every_item if not item.is_cancelled]
    items = counted if plan.is_editable else every_item
    may_draft = request.user.has_perm("plans.draft_plan", plan)
    may_review = request.user.has_perm("plans.review_plans")
    returned = next((step for step in reversed(steps) if step.decision == Decision.RETURNED), None)
    return render(
        request,
        "plans/plan.html",
        {
            "plan": plan,
            "items": items,
            "totals": {
                "items": len(counted),
                "people": sum(item.people for item in counted),
                "runs": sum(item.runs for item in counted),
                "budget": sum(item.budget for item in counted),
            },
            "steps": steps[::-1],
            "stages": _stages(plan, steps),
            "returned": returned if plan.status == PlanStatus.RETURNED else None,
            "versions": list(plan.versions.defer("content").order_by("-number")),
            "deadline": filing_deadline(plan.year),
            "consents": [] if plan.is_editable else consents_of(plan),
            "above_cap": []
            if plan.is_editable
            else [c for c in budget_checks(items) if c.is_above],
            "overlapping": numbers_without_answer(plan) if plan.is_in_review else (),
            "may_edit": may_draft and plan.is_editable,
            "before": plan_before(plan) if may_draft and plan.is_editable else None,
            **(_grid_of(request, plan, items) if may_draft and plan.is_editable else {}),
            "may_recall": may_draft and can_be_recalled(plan),
            "may_begin_review": may_review and can_be_recalled(plan),
            "may_amend": may_draft and plan.status == PlanStatus.FILED,
            "may_review": may_review and plan.is_in_review,
            "may_file": request.user.has_perm("plans.file_plans"),
            "review_form": review_form or ReviewForm(),
            "amend_form": amend_form
            or AmendForm(initial={"reason": request.GET.get("reason", "")[:REASON_LENGTH]}),
            "amending": amend_form is not None or "reason" in request.GET,
            **way_of(request, plan, every_item, opinion_form),
            "undoable": last_import(plan, request.user, timezone.now()) if may_draft else None,
        },
    )


def _grid_of(request: HttpRequest, plan: AnnualPlan, items: list[PlanItem]) -> dict:
    """What the table needs in which the items are edited."""
    columns = columns_for(items, all_of_them=request.GET.get("columns") == "all")
    checks = checks_of(plan, items)
    return {
        "columns": columns,
        "folded": [column for column in columns if column.is_folded],
        "grid_rows": [(item, cells_of(item, columns)) for item in items],
        "categories": TrainingCategory.choices,
        "form_order": " ".join(FORM_ORDER),
        "checks": checks,
        "is_complete": is_complete(checks),
    }


def _stages(plan: AnnualPlan, steps: list[PlanStep]) -> list[dict]:
    """The four stages as the timeline draws them: done, now or later, with who and when."""
    last = {step.decision: step for step in steps}
    drafted, handed_in, filed = (
        last.get(Decision.AMENDMENT_OPENED) or last.get(Decision.CREATED),
        last.get(Decision.SUBMITTED),
        last.get(Decision.FILED),
    )
    position = {
        PlanStatus.DRAFT: 0,
        PlanStatus.RETURNED: 0,
        PlanStatus.SUBMITTED: 2,
        PlanStatus.ACCEPTED: 2,
        PlanStatus.FILED: 4,
        PlanStatus.ARCHIVED: 4,
    }[PlanStatus(plan.status)]
    names = [
        pgettext("stage of a plan", "Draft"),
        pgettext("stage of a plan", "Hand in"),
        pgettext("stage of a plan", "Review"),
        pgettext("stage of a plan", "Filing number"),
    ]
    facts = [
        drafted,
        handed_in if position > 1 else None,
        filed if position > 3 else None,
        filed if position > 3 else None,
    ]
    return [
        {
            "name": name,
            "state": "done" if index < position else "now" if index == position else "later",
            "step": step,
            "is_number": index == 3,
        }
        for index, (name, step) in enumerate(zip(names, facts, strict=True))
    ]


def plan_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    version = get_object_or_404(plan.versions.select_related("filed_by"), number=number)
    items = version.items
    counted = [item for item in items if not item.is_cancelled]
    return render(
        request,
        "plans/plan_version.html",
        {
            "plan": plan,
            "version": version,
            "items": items,
            "totals": {
                "items": len(counted),
                "people": sum(item.people for item in counted),
                "budget": sum(item.budget for item in counted),
            },
        },
    )
