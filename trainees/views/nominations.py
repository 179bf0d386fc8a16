"""Dispatch: the town's list of whom it sends, the answer of the person, and how often people are
called.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import is_office, require, towns_of
from academy.lists.pages import list_page
from academy.models import Town, Village
from courses.models import ClassStatus, TrainingClass

from ..errors import BookingError
from ..forms.nominations import AnswerForm, NominationForm, ReplacementForm
from ..models import Enrolment, Nomination, NominationStatus, Trainee
from ..office_lists import DispatchList, LoadList
from ..on_behalf.colleagues import Outcome, TooMany, people_of
from ..on_behalf.nominations import (
    answer,
    called_within_a_week,
    calls_ahead,
    nominate,
    replace,
    swap_classes,
)

BADGES = {"asked": "wait", "coming": "ok", "cannot": "bad", "replaced": "idle", "released": "idle"}
OUTCOME_BADGES = {"booked": "ok", "same": "note", "refused": "bad"}


def _require_town(request: HttpRequest) -> None:
    require(
        request.user,
        "trainees.nominate",
        who=_(
            "Street-town staff send people of their town; the academy office can do it for every"
            " town."
        ),
    )


def _own_towns(user):
    return Town.objects.all() if is_office(user) else Town.objects.filter(pk__in=towns_of(user))


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
def dispatch(request: HttpRequest) -> HttpResponse:
    """Every class to which the person's towns send people now."""
    _require_town(request)
    return list_page(request, DispatchList(request))


# --- The town's list ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def nominations(request: HttpRequest, code: str) -> HttpResponse:
    """Whom the town sends to a class, with each answer, and below it the roster to tick from."""
    _require_town(request)
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus"), code=code
    )
    quotas = {pool.town_id: pool for pool in training_class.pools.filter(town__isnull=False)}
    kept = {key for key, pool in quotas.items() if pool.released_at is None}
    sent = set(
        Nomination.objects.filter(training_class=training_class, town__in=quotas).values_list(
            "town", flat=True
        )
    )
    towns = list(_own_towns(request.user).filter(pk__in=kept | sent))
    wanted = request.POST.get("town") or request.GET.get("town")
    town = next((item for item in towns if item.code == wanted), towns[0] if towns else None)
    if town is None:
        return render(
            request, "trainees/nominations.html", {"training_class": training_class, "town": None}
        )
    now = timezone.now()
    village = Village.objects.filter(
        town=town, code=request.POST.get("village") or request.GET.get("village") or ""
    ).first()
    people = _roster(town, village)
    form = NominationForm(_posted(request), people=people)
    outcomes: list[Outcome] = []
    if form.is_valid():
        try:
            outcomes = nominate(
                trainees=form.cleaned_data["people"],
                training_class=training_class,
                town=town,
                by=request.user,
                now=now,
            )
        except TooMany as error:
            form.add_error("people", str(error))
    return render(
        request,
        "trainees/nominations.html",
        {
            "training_class": training_class,
            "town": town,
            "towns": towns,
            "quota": training_class.pools.get(town=town),
            "village": village,
            "villages": (
                Village.objects.filter(town=town, trainees__in=Trainee.objects.cadres())
                .distinct()
                .order_by("code")
            ),
            "form": form,
            "sent": [(row, BADGES[row.status]) for row in _sent(training_class, town)],
            "rows": _rows(people, training_class, now),
            "is_open": training_class.booking_is_open(now) and town.pk in kept,
            "outcomes": [
                (outcome, OUTCOME_BADGES.get(outcome.kind, "note")) for outcome in outcomes
            ],
        },
    )


def _roster(town: Town, village: Village | None) -> list[Trainee]:
    people = Trainee.objects.cadres().filter(village__town=town, user__is_active=True)
    if village:
        people = people.filter(village=village)
    return list(
        people.select_related("user", "village__town", "position").order_by(
            "village__code", "stroke_key", "pk"
        )
    )


def _sent(training_class: TrainingClass, town: Town):
    return Nomination.objects.filter(training_class=training_class, town=town).select_related(
        "trainee__user", "trainee__village", "trainee__position"
    )


def _rows(people: list[Trainee], training_class: TrainingClass, now) -> list[tuple]:
    """Person, live enrolment, calls of the next 30 days, and a call within a week of this class."""
    live = {
        row.trainee_id: row
        for row in Enrolment.objects.live().filter(
            training_class=training_class, trainee__in=people
        )
    }
    calls, on = (
        calls_ahead(people, now),
        timezone.localdate(training_class.starts_at) if training_class.starts_at else None,
    )
    return [
        (
            person,
            live.get(person.pk),
            calls.get(person.pk, []),
            (
                called_within_a_week(calls.get(person.pk, []), on)
                if on and person.pk not in live
                else None
            ),
        )
        for person in people
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def nomination_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else of the town on the same seat, or a swap with somebody who goes to another
    class.
    """
    _require_town(request)
    found = Nomination.objects.filter(town__in=_own_towns(request.user)).select_related(
        "trainee__user", "town", "training_class__campus"
    )
    nomination = get_object_or_404(found, pk=pk)
    training_class, now = nomination.training_class, timezone.now()
    back = redirect("trainees:nominations", training_class.code)
    back["Location"] += f"?town={nomination.town.code}"
    # the same form a second time, or another tab
    if nomination.status in (NominationStatus.REPLACED, NominationStatus.RELEASED):
        messages.info(
            request, _("This person has been replaced already, or the seat was given back.")
        )
        return back
    seated = Enrolment.objects.live().filter(training_class=training_class).values("trainee")
    people = (
        people_of(request.user)
        .filter(village__town=nomination.town)
        .exclude(pk__in=seated)
        .order_by("village__code", "stroke_key", "pk")
    )
    others = found.filter(
        town=nomination.town,
        status__in=(NominationStatus.ASKED, NominationStatus.COMING),
        training_class__status=ClassStatus.OPEN,
    )
    others = others.exclude(training_class=training_class).filter(training_class__starts_at__gt=now)
    form = ReplacementForm(_posted(request), people=people, others=others)
    if form.is_valid():
        try:
            if other := form.cleaned_data["other"]:
                swap_classes(first=nomination, second=other, by=request.user, now=now)
            else:
                replace(
                    nomination=nomination, trainee=form.cleaned_data["to"], by=request.user, now=now
                )
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Done. Everybody concerned has been told and asked."))
            return back
    return render(
        request,
        "trainees/nomination_replace.html",
        {
            "nomination": nomination,
            "training_class": training_class,
            "form": form,
            "back": back["Location"],
            "badge": BADGES[nomination.status],
        },
    )


# --- The person's answer --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def nomination(request: HttpRequest, pk: int) -> HttpResponse:
    own = Nomination.objects.filter(trainee__user=request.user).select_related(
        "training_class__campus", "town"
    )
    found = get_object_or_404(own, pk=pk)
    form = AnswerForm(_posted(request))
    if form.is_valid():
        comes = form.cleaned_data["wish"] == "come"
        try:
            answer(
                nomination=found,
                comes=comes,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except BookingError as error:
            form.add_error("reason" if not comes else None, str(error))
        else:
            messages.success(
                request,
                (
                    _("Good, you are expected. The lessons are in “My classes”.")
                    if comes
                    else _("Noted. Your street-town sends somebody else; you need do nothing more.")
                ),
            )
            return redirect("trainees:nomination", pk)
    return render(
        request,
        "trainees/nomination.html",
        {
            "nomination": found,
            "training_class": found.training_class,
            "form": form,
            "badge": BADGES[found.status],
        },
    )


# --- How often people are called ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    require(
        request.user,
        "trainees.see_load",
        who=_(
            "Village coordinators, street-towns and the academy office see how often their people"
            " are called."
        ),
    )
    return list_page(request, LoadList(request))
