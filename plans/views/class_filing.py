"""Saying which plan item a class carries out: one class, or many that were opened without."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.lists.actions import Outcomes
from academy.lists.pages import list_page
from courses.models import TrainingClass
from trainees.views.class_edit import class_changed_by
from trainees.views.class_frame import render_tab
from trainees.workspace.frame import OVERVIEW

from ..actual.forms import CostForm, HangingForm
from ..actual.hanging_classes import hang, hang_many, write_cost
from ..actual.offering import Offered, about, offered_to, offered_to_all
from ..actual.unfiled import HANG, UnfiledClassList
from ..beside_class import filing_of
from ..models import AnnualPlan, ClassCost, ClassFiling

MOST_CLASSES = 200  # of one step


def _require_scheduler(user) -> None:
    require(
        user,
        "courses.view_schedule",
        who=_("Campuses, departments and the academy office schedule classes."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def class_filing(request: HttpRequest, code: str) -> HttpResponse:
    """The item or the reason of one class, what it has cost, and how it gets into the plan."""
    training_class = class_changed_by(request.user, code)
    known, filing = about(training_class), filing_of(training_class)
    offered = offered_to(known) if known else Offered([], [])
    if filing and filing.item and filing.item_id not in offered.items:
        offered.likely.insert(0, filing.item)
    first = {"item": filing.item_id, "reason": filing.reason} if filing else {}
    is_cost = "amount" in request.POST
    form = HangingForm(
        request.POST if request.method == "POST" and not is_cost else None,
        offered=offered,
        initial=first,
    )
    last = ClassCost.objects.filter(training_class=training_class).last()
    cost = CostForm(request.POST if is_cost else None, initial={"amount": last and last.amount})
    try:
        if form.is_bound and form.is_valid():
            hang(
                training_class=training_class,
                item=form.chosen,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("Saved."))
            return redirect("plans:class_filing", code)
        if cost.is_bound and cost.is_valid():
            write_cost(
                training_class=training_class,
                amount=cost.cleaned_data["amount"],
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("Saved."))
            return redirect("plans:class_filing", code)
    except PortalError as refused:
        (cost if is_cost else form).add_error(None, str(refused))
    context = {
        "form": form,
        "cost": cost,
        "filing": filing,
        "plans": [
            (plan, _address_to_add(plan, training_class, filing))
            for plan in (_plans_to_change(request.user, training_class, known) if known else ())
        ],
    }
    return render_tab(request, training_class, OVERVIEW, "plans/class_filing.html", context)


def _plans_to_change(user, training_class: TrainingClass, known) -> list[AnnualPlan]:
    """Plans of the year that the person may change, to which the class can be added."""
    plans = AnnualPlan.objects.visible_to(user).of_year(known.first_day.year)
    own = plans.filter(department=training_class.department) if training_class.department else None
    of_campus = plans.filter(campus=training_class.campus)
    of_town = plans.filter(town=training_class.campus.town)
    for found in (own, of_campus, of_town):
        rows = list(found.with_owner()) if found is not None else []
        if rows:
            return rows
    return []


def _address_to_add(
    plan: AnnualPlan, training_class: TrainingClass, filing: ClassFiling | None
) -> str:
    """Where the class is added to the plan; a filed plan begins a change first."""
    if plan.is_editable:
        new = reverse("plans:item_create", args=[plan.pk])
        return f"{new}?{urlencode({'class': training_class.code})}"
    reason = filing.reason if filing else ""
    return f"{plan.get_absolute_url()}?{urlencode({'reason': reason})}#amend"


@require_http_methods(["GET", "HEAD", "POST"])
def unfiled_classes(request: HttpRequest) -> HttpResponse:
    _require_scheduler(request.user)
    return list_page(request, UnfiledClassList(request))


@require_POST
def hang_classes(request: HttpRequest) -> HttpResponse:
    """The same item, or the same reason, for all ticked classes."""
    _require_scheduler(request.user)
    back = reverse(UnfiledClassList.address)
    rows, outcomes = UnfiledClassList(request).ticked()
    outcomes.report(request, str)
    if not rows:
        if not outcomes.gone:
            messages.error(request, _("Tick at least one row first."))
        return redirect(back)
    if len(rows) > MOST_CLASSES:
        messages.error(
            request,
            _("At most %(count)d classes at once. Tick fewer, or narrow the list.")
            % {"count": MOST_CLASSES},
        )
        return redirect(back)
    is_sent = request.POST.get("action") != HANG
    form = HangingForm(request.POST if is_sent else None, offered=offered_to_all(rows))
    if form.is_bound and form.is_valid():
        _hang(request, rows, form)
        return redirect(back)
    ticks = [str(row.pk) for row in rows]
    return render(
        request,
        "plans/hang_classes.html",
        {"classes": rows, "ticks": ticks, "form": form, "back": back},
    )


def _hang(request: HttpRequest, rows: list[TrainingClass], form: HangingForm) -> None:
    refused = hang_many(
        classes=rows,
        item=form.chosen,
        reason=form.cleaned_data["reason"],
        by=request.user,
        now=timezone.now(),
    )
    not_done = {training_class.pk for training_class, _words in refused}
    outcomes = Outcomes(
        done=[row.title for row in rows if row.pk not in not_done],
        refused=[(training_class.title, words) for training_class, words in refused],
    )
    outcomes.report(
        request,
        lambda count: ngettext("Said of %(count)d class: ", "Said of %(count)d classes: ", count),
    )
