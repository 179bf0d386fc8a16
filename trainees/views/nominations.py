"""Dispatch: the town's list of whom it sends, the answer of the person, and how often people are
called.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from academy.access import is_office, require, towns_of
from academy.lists.pages import list_page
from academy.models import Position, Town, Village
from courses.models import ClassStatus, TrainingClass

from ..errors import BookingError
from ..forms.nominations import AnswerForm, NominationForm, ReplacementForm
from ..models import Enrolment, Nomination, NominationStatus, Trainee
from ..office_lists import DispatchList, LoadList
from ..on_behalf.candidates import candidates_of
from ..on_behalf.colleagues import Outcome, TooMany, people_of
from ..on_behalf.nominations import (
    answer,
    nominate,
    replace,
    swap_classes,
)
from ..rules import runs_class

BADGES = {"asked": "wait", "coming": "ok", "cannot": "bad", "replaced": "idle", "released": "idle"}


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
    asked = request.POST if request.method == "POST" else request.GET
    everybody = _roster(town)
    villages = sorted({person.village for person in everybody}, key=lambda item: item.code)
    village = next((item for item in villages if item.code == asked.get("village")), None)
    posts = sorted(
        {person.position for person in everybody}, key=lambda post: (post.sort_order, post.pk)
    )
    post = next((item for item in posts if str(item.pk) == asked.get("post", "")), None)
    people = [
        person
        for person in everybody
        if (village is None or person.village_id == village.pk)
        and (post is None or person.position_id == post.pk)
    ]
    form = NominationForm(_posted(request), people=people)
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
        else:
            _tell(request, outcomes)
            return redirect(_here(training_class, town, village, post))
    candidates = candidates_of(people, training_class, now)
    return render(
        request,
        "trainees/nominations.html",
        {
            "training_class": training_class,
            "town": town,
            "towns": towns,
            "quota": quotas[town.pk],
            "village": village,
            "villages": villages,
            "post": post,
            "posts": posts,
            "form": form,
            "ticked": set(request.POST.getlist("people")),
            "sent": [(row, BADGES[row.status]) for row in _sent(training_class, town)],
            "people": people,
            "allowed": [item for item in candidates if item.may_be_sent],
            "there": [item for item in candidates if item.enrolment],
            "refused": [item for item in candidates if item.obstacle and not item.enrolment],
            "is_open": training_class.booking_is_open(now) and town.pk in kept,
            "runs_it": runs_class.test(request.user, training_class),
        },
    )


def _here(
    training_class: TrainingClass, town: Town, village: Village | None, post: Position | None
) -> str:
    """The list as it was narrowed."""
    query = {"town": town.code}
    if village:
        query["village"] = village.code
    if post:
        query["post"] = str(post.pk)
    return f"{reverse('trainees:nominations', args=[training_class.code])}?{urlencode(query)}"


def _tell(request: HttpRequest, outcomes: list[Outcome]) -> None:
    """One line for all who were sent, one for each who was not."""
    sent = [item.trainee.name for item in outcomes if not (item.refusal or item.was_there)]
    if sent:
        messages.success(
            request,
            ngettext(
                "%(count)d person was sent and asked: %(names)s.",
                "%(count)d people were sent and asked: %(names)s.",
                len(sent),
            )
            % {"count": len(sent), "names": pgettext("between names", ", ").join(sent)},
        )
    for item in outcomes:
        if item.refusal:
            messages.error(request, f"{item.trainee.name} {item.refusal}")
        elif item.was_there:
            messages.info(request, _("%(name)s was booked already.") % {"name": item.trainee.name})


def _roster(town: Town) -> list[Trainee]:
    people = Trainee.objects.cadres().filter(village__town=town, user__is_active=True)
    return list(
        people.select_related("user", "village__town", "position", "stage").order_by(
            "village__code", "stroke_key", "pk"
        )
    )


def _sent(training_class: TrainingClass, town: Town):
    return Nomination.objects.filter(training_class=training_class, town=town).select_related(
        "trainee__user", "trainee__village", "trainee__position"
    )


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
