"""The steps of a plan: hand in, send back, file, change, give the change up."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from academy.access import require
from academy.errors import PortalError

from .. import filing
from ..forms import AmendForm, ReviewForm
from ..models import AnnualPlan
from .items import plan_to_edit
from .plans import plan_or_404, show_plan


def _step(
    request: HttpRequest,
    plan: AnnualPlan,
    action: Callable,
    sentence: Callable[[AnnualPlan], str],
    **details,
) -> HttpResponse:
    try:
        plan = action(plan=plan, by=request.user, now=timezone.now(), **details)
        messages.success(request, sentence(plan))
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(plan)


@require_POST
def plan_submit(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    return _step(
        request,
        plan,
        filing.submit,
        lambda plan: _("Handed in. The office looks at it next; you will get a notice."),
    )


@require_POST
def plan_recall(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    return _step(
        request,
        plan,
        filing.recall,
        lambda plan: _("Taken back. Change what is needed, then hand it in again."),
    )


@require_POST
def plan_review(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    require(
        request.user,
        "plans.review_plans",
        who=_("Plans are reviewed by district staff and administrators."),
    )
    return _step(
        request,
        plan,
        filing.accept,
        lambda plan: _("Accepted. The unit cannot take the plan back any more."),
    )


@require_POST
def plan_return(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    require(
        request.user,
        "plans.review_plans",
        who=_("Plans are sent back by district staff and administrators."),
    )
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return show_plan(request, plan, review_form=form)
    try:
        filing.return_for_changes(
            plan=plan,
            reason=form.cleaned_data["opinion"],
            item_reasons=_reasons_typed(request, plan),
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Sent back. The unit has a notice with your opinion."))
    except filing.ReasonMissing as error:
        form.add_error("opinion", str(error))
        return show_plan(request, plan, review_form=form)
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(plan)


def _reasons_typed(request: HttpRequest, plan: AnnualPlan) -> dict[int, str]:
    """The reasons of the items, by key of the item: a field for each."""
    return {
        pk: request.POST.get(f"reason-{pk}", "") for pk in plan.items.values_list("pk", flat=True)
    }


@require_POST
def plan_file(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    require(
        request.user,
        "plans.file_plans",
        who=_("Plans are filed by an administrator. District staff can send them back."),
    )
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return show_plan(request, plan, review_form=form)
    return _step(
        request,
        plan,
        filing.file_plan,
        lambda plan: (
            _("Filed as %(number)s. The unit has a notice.") % {"number": plan.filing_number}
        ),
        opinion=form.cleaned_data["opinion"],
    )


@require_POST
def plan_amend(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    form = AmendForm(request.POST)
    if not form.is_valid():
        return show_plan(request, plan, amend_form=form)
    return _step(
        request,
        plan,
        filing.amend,
        lambda plan: _("The plan can be changed now. Hand it in again when it is ready."),
        reason=form.cleaned_data["reason"],
        kind=form.cleaned_data["kind"],
        approval=form.approval,
    )


@require_POST
def plan_drop_change(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    return _step(
        request,
        plan,
        filing.drop_amendment,
        lambda plan: _("The change is given up. The plan is again as it was filed."),
    )
