"""One item of a plan: add, change, take out."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from academy.access import require
from academy.errors import PortalError
from academy.web.concurrent_edits import ChangedMeanwhile
from courses.models import TrainingClass

from ..actual.addition import fields_from
from ..course_forms import ItemPageForm
from ..drafting.budget import budget_check
from ..drafting.course_matching import match_courses
from ..filing import reasons_of_items, refuse_unless_editable
from ..items import refuse_cancelled, remove_item, save_item
from ..models import AnnualPlan, PlanItem
from ..overlaps.answers import overlapping
from .plans import plan_or_404

# as in the item before: nobody types them twice
OVERLAPS_NAMED = 3
PREFILLED = ("organiser", "funding", "category", "contact_name", "contact_phone")


def plan_to_edit(request: HttpRequest, pk: int) -> AnnualPlan:
    plan = plan_or_404(request, pk)
    require(
        request.user,
        "plans.draft_plan",
        plan,
        who=_("The plan is drafted by its own unit and the district."),
    )
    return plan


def item_create(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    before = plan.items.last()
    initial = (
        {name: getattr(before, name) for name in PREFILLED}
        if before
        else {"organiser": plan.owner.name}
    )
    if code := request.GET.get("class"):
        training_class = TrainingClass.objects.visible_to(request.user).filter(code=code).first()
        initial |= fields_from(training_class) if training_class else {}
    return _edit(request, plan, PlanItem(), initial)


def item_edit(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    return _edit(request, plan, get_object_or_404(plan.items, pk=item_pk))


def _edit(
    request: HttpRequest, plan: AnnualPlan, item: PlanItem, initial: dict | None = None
) -> HttpResponse:
    try:
        refuse_unless_editable(plan)
        refuse_cancelled(item)
        form = ItemPageForm(request.POST or None, instance=item, initial=initial)
        if request.method == "POST" and form.is_valid():
            with transaction.atomic():
                form.refuse_if_changed()
                item = save_item(plan=plan, item=form.save(commit=False))
                match_courses(plan, only=[item.pk])
            messages.success(request, _("“%(name)s” is saved.") % {"name": item.name})
            for remark in (*form.remarks, *_overlaps_of(item)):
                messages.warning(request, remark)
            if "another" in request.POST:
                return redirect("plans:item_create", plan.pk)
            return redirect(plan)
    except ChangedMeanwhile as changed:
        form.add_error(None, str(changed))
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(plan)
    came_back = reasons_of_items(plan).get(item.key) if item.pk else ""
    return render(
        request,
        "plans/item_form.html",
        {
            "plan": plan,
            "item": item,
            "form": form,
            "budget": budget_check(item) if item.pk else None,
            "came_back": came_back,
        },
    )


def _overlaps_of(item: PlanItem) -> list[str]:
    return [
        _("Overlaps “%(name)s” of %(owner)s. Say what becomes of it before you hand the plan in.")
        % {"name": other.name, "owner": other.plan.owner}
        for other in overlapping(item)[:OVERLAPS_NAMED]
    ]


@require_POST
def item_remove(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    item = get_object_or_404(plan.items, pk=item_pk)
    try:
        reason = request.POST.get("reason", "")
        words = (
            _("“%(name)s” is cancelled. It stays in the plan, struck out.")
            if remove_item(plan=plan, item=item, reason=reason)
            else _("“%(name)s” is taken out. The items after it moved up.")
        )
        messages.success(request, words % {"name": item.name})
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(plan)
