"""What waits for somebody's approval, and who stands in for them."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import is_step, list_page

from ..booking.approvals import DecisionRefused, decide_step
from ..forms.approvals import DecisionsForm, DeputyForm
from ..models import Deputy
from ..office_lists import ApprovalList, DeputyList
from ..people.approvers import end_deputy, name_deputy, steps_of

# --- Deciding -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: HttpRequest) -> HttpResponse:
    """What the person can decide now; several at once with one tap."""
    require(
        request.user,
        "trainees.see_approvals",
        who=_(
            "Village coordinators, street-towns and the academy office approve bookings, and"
            " whoever stands in for them."
        ),
    )
    now = timezone.now()
    the_list = ApprovalList(request)
    if request.method != "POST" or is_step(request):
        return list_page(request, the_list)
    sent = request.POST.copy()
    if sent.get("all"):
        sent.setlist("steps", [the_list.key(row) for row in the_list.ticked()[0]])
    form = DecisionsForm(sent)
    if form.is_valid():
        _decide(request, form, now)
        return redirect("trainees:approvals")
    for errors in form.errors.values():
        messages.error(request, errors[0])
    return list_page(request, the_list)


def _decide(request: HttpRequest, form: DecisionsForm, now: datetime) -> None:
    """Each by itself, so that one answer too late costs the others nothing.

    404 when one of them is not theirs to see.
    """
    keys = form.cleaned_data["steps"]
    own = (
        steps_of(request.user, timezone.localdate(now))
        .filter(pk__in=keys)
        .select_related("approval__enrolment__training_class", "approval__enrolment__trainee__user")
    )
    steps = list(own.order_by("pk"))
    if {step.pk for step in steps} != keys:
        raise Http404
    approved, done = form.cleaned_data["decision"] == "approve", 0
    for step in steps:
        try:
            decide_step(
                step=step,
                approved=approved,
                opinion=form.cleaned_data["opinion"],
                by=request.user,
                now=now,
            )
            done += 1
        except DecisionRefused as error:
            messages.error(
                request,
                _("%(name)s: %(sentence)s")
                % {
                    "name": step.approval.enrolment.trainee.name,
                    "sentence": error,
                },
            )
    if done and approved:
        messages.success(
            request,
            ngettext("%(count)d booking approved.", "%(count)d bookings approved.", done)
            % {"count": done},
        )
    elif done:
        messages.success(
            request,
            ngettext(
                "%(count)d booking not approved; the person has been told why, and the seat goes on"
                " to whoever waits.",
                "%(count)d bookings not approved; the people have been told why, and the seats go"
                " on to whoever waits.",
                done,
            )
            % {"count": done},
        )


# --- Deputies -------------------------------------------------------------------------------------


def _require_approver(request: HttpRequest) -> None:
    require(
        request.user,
        "trainees.name_deputies",
        who=_("Whoever approves bookings by their own role names somebody to stand in for them."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    _require_approver(request)
    if is_step(request):
        return list_page(request, DeputyList(request))
    now = timezone.now()
    today = timezone.localdate(now)
    form = DeputyForm(
        request.POST if request.method == "POST" else None, approver=request.user, today=today
    )
    if form.is_valid():
        try:
            deputy = name_deputy(approver=request.user, now=now, **form.cleaned_data)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("%(name)s stands in for you in these days and has been told.")
                % {"name": deputy.person.name},
            )
            return redirect("trainees:deputies")
    return list_page(request, DeputyList(request), {"form": form})


@require_POST
def end_deputy_early(request: HttpRequest, pk: int) -> HttpResponse:
    _require_approver(request)
    deputy = get_object_or_404(
        Deputy.objects.filter(approver=request.user).select_related("person"), pk=min(pk, 2**62)
    )
    end_deputy(deputy=deputy, now=timezone.now())
    messages.success(
        request, _("%(name)s stands in for you no more.") % {"name": deputy.person.name}
    )
    return redirect("trainees:deputies")
