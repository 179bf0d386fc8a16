"""The pages of coverage. They only read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy.access import is_office, require
from academy.lists.pages import list_page
from academy.models import Village

from .forms import TrialForm
from .lists import TownsByStage, TownsByTrack, VillagesByStage, VillagesByTrack
from .quota_trial import classes_to_try, seat_for_each_gap, tracks_taught, trial
from .reach import by_track, reach_of, towns_of_reach, towns_shown
from .village_seats import SeatsOfVillage


def _require(request: HttpRequest) -> None:
    require(
        request.user,
        "portal.see_coverage",
        who=_("Street-towns see their own villages, the academy office sees all."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def towns(request: HttpRequest) -> HttpResponse:
    return _towns(request, TownsByTrack, "coverage:villages")


@require_http_methods(["GET", "HEAD", "POST"])
def towns_by_stage(request: HttpRequest) -> HttpResponse:
    return _towns(request, TownsByStage, "coverage:villages_by_stage")


def _towns(request: HttpRequest, kind: type[TownsByTrack], of_one: str) -> HttpResponse:
    """The office sees every street-town; whoever works for one goes to it at once."""
    _require(request)
    if not is_office(request.user):
        own = towns_shown(request.user)[:2]
        if len(own) == 1:
            return redirect(of_one, own[0].code)
    return list_page(request, kind(request))


@require_http_methods(["GET", "HEAD", "POST"])
def villages(request: HttpRequest, code: str) -> HttpResponse:
    return _villages(request, code, VillagesByTrack)


@require_http_methods(["GET", "HEAD", "POST"])
def villages_by_stage(request: HttpRequest, code: str) -> HttpResponse:
    return _villages(request, code, VillagesByStage)


def _villages(request: HttpRequest, code: str, kind: type[VillagesByTrack]) -> HttpResponse:
    _require(request)
    town = get_object_or_404(towns_shown(request.user), code=code)
    return list_page(request, kind(request).of_town(town))


@require_http_methods(["GET", "HEAD", "POST"])
def village(request: HttpRequest, code: str) -> HttpResponse:
    _require(request)
    of_towns = Village.objects.filter(town__in=towns_shown(request.user)).select_related("town")
    found = get_object_or_404(of_towns, code=code)
    return list_page(request, SeatsOfVillage(request).of_village(found))


@require_safe
def quotas(request: HttpRequest) -> HttpResponse:
    """What other quotas would make possible; `fill` takes seats for every village in need."""
    _require(request)
    now = timezone.now()
    axis = by_track()
    seen = list(towns_shown(request.user))
    asked = request.GET.copy()
    classes = classes_to_try(request.user, now, asked.get("training_class", ""))
    chosen = next((item for item in classes if item.code == asked.get("training_class")), None)
    taught = tracks_taught(chosen)
    if not asked.get("track") and (known := [key for key in taught if key in axis.keys]):
        asked["track"] = str(known[0])
    form = TrialForm(asked, classes=classes, tracks=axis.terms, towns=seen)
    context = {"form": form, "training_class": form.asked_class}
    if form.asked_track is not None and not form.errors.get("training_class"):
        reached = reach_of(seen, axis, as_of=timezone.localdate(now), now=now)
        towns_reached = towns_of_reach(seen, reached)
        fills = request.GET.get("fill") == "villages"
        found = trial(
            towns_reached,
            form.asked_track.pk,
            form.asked_class,
            seat_for_each_gap if fills else form.seats_or_as_now,
        )
        context |= {
            "trial": found,
            "rows": [(row, "" if fills else form.refusal(row.town)) for row in found.rows],
            "teaches_it": chosen is None or form.asked_track.pk in taught,
            "may_change": chosen is not None
            and request.user.has_perm("courses.change_trainingclass", chosen),
        }
    return render(request, "portal/coverage/quotas.html", context)
