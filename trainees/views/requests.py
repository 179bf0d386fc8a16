"""Requests: asking for a late withdrawal, an exemption, for absences to be forgiven; and the list
of those who decide.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.lists.pages import list_page
from courses.models import TrainingClass

from ..booking.no_shows import ABSENCES, COUNTED_DAYS, standing_of
from ..eligibility.past import earlier_in_words
from ..eligibility.repeats import earlier_trainings, trainings_of
from ..eligibility.requirements import requirements_of
from ..errors import BookingError
from ..forms.bookings import DecisionForm
from ..models import Decision, NoShowAppeal, RepeatExemption
from ..office_lists import PetitionList
from ..petitions.absences import absences_of
from ..petitions.requests import (
    KINDS,
    appeal,
    ask_for_exemption,
    class_of,
    decide,
)
from .booking import require_trainee, trainee_of

# --- Asking ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def exemption(request: HttpRequest, code: str) -> HttpResponse:
    """Ask not to take a class again (免训)."""
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus"), code=code
    )
    trainee = require_trainee(request.user)
    now = timezone.now()
    if request.method == "POST":
        try:
            ask_for_exemption(
                trainee=trainee,
                training_class=training_class,
                reason=request.POST.get("reason", ""),
                by=request.user,
                now=now,
            )
        except BookingError as error:
            messages.error(request, str(error))
            return redirect("trainees:exemption", code)
        messages.success(
            request, _("Asked. The coordinator of the class answers, and you are told.")
        )
        return redirect(training_class)
    earlier = earlier_trainings(trainings_of(trainee), requirements_of([training_class]), now)[
        training_class.pk
    ]
    return render(
        request,
        "trainees/exemption.html",
        {
            "training_class": training_class,
            "earlier": [earlier_in_words(item) for item in earlier],
            "asked": (
                RepeatExemption.objects.filter(trainee=trainee, training_class=training_class)
                .order_by("-pk")
                .first()
            ),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_absences(request: HttpRequest) -> HttpResponse:
    """What absences without leave mean for one's place in queues, and the appeal."""
    trainee = trainee_of(request.user)
    if request.method == "POST":
        trainee = require_trainee(request.user)
        try:
            appeal(
                trainee=trainee,
                reason=request.POST.get("reason", ""),
                by=request.user,
                now=timezone.now(),
            )
        except BookingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Asked. The academy office answers, and you are told."))
        return redirect("trainees:my_absences")
    return render(
        request,
        "trainees/my_absences.html",
        {
            "trainee": trainee,
            "standing": standing_of(trainee, timezone.now()) if trainee else None,
            "limit": ABSENCES,
            "days": COUNTED_DAYS,
            "asked": (
                NoShowAppeal.objects.filter(trainee=trainee).order_by("-pk").first()
                if trainee
                else None
            ),
            "marks": list(absences_of(trainee, timezone.now())) if trainee else [],
        },
    )


# --- Deciding -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def request_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "trainees.see_requests")
    return list_page(request, PetitionList(request))


@require_POST
def decide_request(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Answer one request.

    404 for a request of somebody else's class, as for one that does not exist.
    """
    if kind not in KINDS:
        raise Http404
    require(request.user, "trainees.see_requests")
    asked = get_object_or_404(KINDS[kind], pk=min(pk, 2**62))
    training_class = class_of(asked)
    if training_class is None:
        require(
            request.user, "trainees.decide_appeal", who=_("The academy office decides appeals.")
        )
    elif not TrainingClass.objects.run_by(request.user).filter(pk=training_class.pk).exists():
        raise Http404
    form = DecisionForm(request.POST)
    decision = request.POST.get("decision", "")
    if not form.is_valid() or decision not in (Decision.GRANTED, Decision.REFUSED):
        messages.error(
            request, next((errors[0] for errors in form.errors.values()), _("Choose an answer."))
        )
        return redirect("trainees:requests")
    try:
        decide(
            asked=asked,
            granted=decision == Decision.GRANTED,
            answer=form.cleaned_data["answer"],
            by=request.user,
            now=timezone.now(),
        )
    except BookingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Answered; the person has been told."))
    return redirect("trainees:requests")
