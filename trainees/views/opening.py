"""Opening the drafts of a season together."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.models import TrainingClass
from courses.views.season import require_schedule, season_or_404

from ..classes.opening import drafts_of, open_together


@require_http_methods(["GET", "HEAD", "POST"])
def season_open(request: HttpRequest, code: str) -> HttpResponse:
    """The drafts of a season with a box each; what cannot be opened says why."""
    require_schedule(request.user, "courses.add_trainingclass")
    season = season_or_404(code)
    if request.method == "POST":
        wanted = TrainingClass.objects.run_by(request.user).filter(
            code__in=request.POST.getlist("class")
        )
        _tell(request, open_together(classes=wanted, by=request.user, now=timezone.now()))
        return redirect("trainees:season_open", str(season))
    return render(
        request,
        "trainees/season_open.html",
        {"season": season, "drafts": drafts_of(request.user, season, timezone.now())},
    )


def _tell(request: HttpRequest, openings) -> None:
    opened = [opening for opening in openings if not opening.refused]
    if not openings:
        messages.error(request, _("Tick at least one class first."))
    if opened:
        messages.success(
            request,
            ngettext("%(count)d class is open.", "%(count)d classes are open.", len(opened))
            % {"count": len(opened)},
        )
    for opening in openings:
        if opening.refused:
            messages.error(request, f"{opening.training_class.title} {opening.refused}")
