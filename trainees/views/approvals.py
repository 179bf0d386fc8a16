"""What waits for somebody's approval, and who stands in for them."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.web.paging import page_of
from courses.schedule.places import load_places

from ..booking.approval_notices import deadline_in_words
from ..booking.approvals import DecisionRefused, decide_step
from ..forms.approvals import DecisionsForm, DeputyForm
from ..models import Deputy
from ..people.approvers import end_deputy, mandates_of, name_deputy, steps_of
from ..seats.counting import places_of

PER_PAGE = 30
DEPUTIES_SHOWN = 20


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
    form = DecisionsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _decide(request, form, now)
        return redirect("trainees:approvals")
    waiting = (
        steps_of(request.user, timezone.localdate(now))
        .waiting(now)
        .select_related(
            "approval__enrolment__trainee__user",
            "approval__enrolment__village__town",
            "approval__enrolment__position",
            "approval__enrolment__learner_group",
            "approval__enrolment__training_class__campus",
        )
        .prefetch_related("approval__steps__by")
    )
    page = page_of(
        request,
        waiting.order_by("approval__enrolment__training_class__starts_at", "asked_at", "pk"),
        PER_PAGE,
    )
    load_places(step.approval.enrolment.training_class for step in page)
    return render(
        request,
        "trainees/approvals.html",
        {
            "page": page,
            "rows": _rows(page, request.user, now),
            "form": form,
            "ticked": set(request.POST.getlist("steps")),
            "names_deputies": request.user.has_perm("trainees.name_deputies"),
        },
    )


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


def _rows(steps, user, now: datetime) -> list[dict]:
    """Each step with where the person stands, what was said before, until when, and for whom one
    decides.
    """
    mandates = mandates_of(user, timezone.localdate(now))
    places = places_of(
        [step.approval.enrolment for step in steps if step.approval.enrolment.is_waiting]
    )
    rows = []
    for step in steps:
        enrolment = step.approval.enrolment
        mandate = next((item for item in mandates if item.covers(step.level, enrolment)), None)
        rows.append(
            {
                "step": step,
                "enrolment": enrolment,
                "training_class": enrolment.training_class,
                "place": places.get(enrolment.pk),
                "earlier": [item for item in step.approval.steps.all() if item.pk != step.pk],
                "until": deadline_in_words(step, enrolment.training_class),
                "for_whom": mandate.on_behalf_of if mandate else None,
            }
        )
    return rows


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
    own = Deputy.objects.filter(approver=request.user).select_related("person")
    return render(
        request,
        "trainees/deputies.html",
        {
            "form": form,
            "today": today,
            "standing": (
                own.filter(ended_at__isnull=True, valid_to__gte=today).order_by("valid_from", "pk")
            ),
            "past": own.exclude(ended_at__isnull=True, valid_to__gte=today)[:DEPUTIES_SHOWN],
        },
    )


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
