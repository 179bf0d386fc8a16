"""Opinions of the unit, cancelled items taken up again, versions compared, the units of a year."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page

from .. import filing
from ..forms import CompareForm, UnitOpinionForm
from ..unit_list import UnitList
from .items import plan_to_edit
from .plans import plan_or_404, show_plan


@require_POST
def unit_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    form = UnitOpinionForm(request.POST)
    if not form.is_valid():
        return show_plan(request, plan, opinion_form=form)
    said = form.cleaned_data | {"agrees": form.cleaned_data["agrees"] == "yes"}
    try:
        filing.record_opinion(plan=plan, by=request.user, now=timezone.now(), **said)
        messages.success(request, _("The opinion is written down."))
    except filing.PlanNotEditable as error:
        messages.error(request, str(error))
    except PortalError as error:
        form.add_error(None, str(error))
        return show_plan(request, plan, opinion_form=form)
    return redirect(plan)


@require_POST
def item_restore(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    item = get_object_or_404(plan.items, pk=item_pk)
    try:
        filing.take_up_again(plan=plan, item=item)
        messages.success(request, _("“%(name)s” is in the plan again.") % {"name": item.name})
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(plan)


def plan_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions side by side, the last two at first; a draft with the version filed last."""
    plan = plan_or_404(request, pk)
    versions = list(plan.versions.all())
    if not versions:
        messages.info(request, _("The plan has no filed version to compare with yet."))
        return redirect(plan)
    states = {str(version.number): version.items for version in versions}
    if plan.is_amendment:
        states["now"] = list(plan.items.all())
    form = CompareForm(request.GET or None, states=list(states))
    chosen = form.chosen()
    comparison = None
    if chosen is not None:
        comparison = filing.compare_items(states[chosen[0]], states[chosen[1]])
    return render(
        request,
        "plans/plan_compare.html",
        {"plan": plan, "form": form, "chosen": chosen, "comparison": comparison},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def unit_list(request: HttpRequest) -> HttpResponse:
    """Every unit that files for a year, who holds its plan now, and asking for it."""
    require(
        request.user,
        "plans.review_plans",
        who=_("District staff and administrators see which plans are missing."),
    )
    return list_page(request, UnitList(request))
