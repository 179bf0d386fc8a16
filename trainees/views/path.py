"""The path of growth: one's own, that of a person for whoever decides, and who is proposed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from courses.models import Expert

from ..forms.path import StageDecisionForm
from ..models import StageDecision, StageOutcome, Trainee
from ..office_lists import PathList
from ..path.deciding import decide_stage, fingerprint, make_mentor
from ..path.next_step import steps_of
from ..path.standing import standing_of
from .people import require_people
from .person import person_seen_by


@require_GET
def my_path(request: HttpRequest) -> HttpResponse:
    """What the next stage asks, what is met, and for the rest a class that can be booked."""
    trainee = Trainee.objects.of(request.user)
    if trainee is None or trainee.is_light:
        return render(request, "trainees/path/mine.html", {"trainee": None})
    standing, now = standing_of(trainee), timezone.now()
    return render(
        request,
        "trainees/path/mine.html",
        {
            "trainee": trainee,
            "standing": standing,
            "steps": steps_of(standing, trainee, now),
            "last": _last_decision(trainee),
        },
    )


def _last_decision(trainee: Trainee) -> StageDecision | None:
    found = StageDecision.objects.filter(trainee=trainee)
    return found.select_related("stage", "decided_by").first()


@require_http_methods(["GET", "HEAD", "POST"])
def path_list(request: HttpRequest) -> HttpResponse:
    require_people(request.user)
    return list_page(request, PathList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def person_path(request: HttpRequest, pk: int) -> HttpResponse:
    """What is met and what is not, and the decision of a person."""
    person = person_seen_by(request.user, pk)
    trainee = Trainee.objects.cadres().with_profile().filter(user=person).first()
    if trainee is None:
        raise Http404
    trainee.user = person
    require(
        request.user,
        "trainees.decide_stage",
        trainee,
        who=_(
            "The coordinator of the village, the street-town and the academy office decide about"
            " growth stages; nobody about their own."
        ),
    )
    standing = standing_of(trainee)
    form = StageDecisionForm(
        request.POST if "outcome" in request.POST else None,
        initial={"seen": fingerprint(standing)},
    )
    if request.method == "POST" and "mentor" in request.POST:
        return _make_mentor(request, trainee)
    if form.is_valid():
        try:
            decision = decide_stage(
                trainee=trainee, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            _say(request, decision)
            return redirect("trainees:person_path", pk=person.pk)
    return render(
        request,
        "trainees/path/person.html",
        {
            "person": person,
            "trainee": trainee,
            "standing": standing,
            "seen": fingerprint(standing),
            "form": form,
            "decisions": StageDecision.objects.filter(trainee=trainee).select_related(
                "stage", "decided_by"
            ),
            "expert": Expert.objects.filter(user=person).first(),
            "may_make_mentor": request.user.has_perm("trainees.make_mentor"),
        },
    )


def _say(request: HttpRequest, decision: StageDecision) -> None:
    sentence = (
        _("%(name)s stands at “%(stage)s” now and has been told.")
        if decision.outcome == StageOutcome.GOES_ON
        else _("Kept: %(name)s does not go on to “%(stage)s” yet and has been told why.")
    )
    messages.success(
        request, sentence % {"name": decision.trainee.user.name, "stage": decision.stage}
    )


def _make_mentor(request: HttpRequest, trainee: Trainee) -> HttpResponse:
    require(request.user, "trainees.make_mentor", who=_("An administrator makes mentors."))
    try:
        expert = make_mentor(trainee=trainee, by=request.user)
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("%(name)s is a mentor now, number %(code)s in the register of experts.")
            % {"name": expert.name, "code": expert.code},
        )
    return redirect("trainees:person_path", pk=trainee.user_id)
