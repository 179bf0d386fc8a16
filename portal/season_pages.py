"""The public page of a season (赋能季划): its pulse, and the seasons beside it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from courses.schedule.season import Season


@login_not_required
@require_GET
def season_now(request: HttpRequest) -> HttpResponse:
    """The season of today."""
    return redirect("portal:season", str(Season.of(timezone.localdate())))


@login_not_required
@require_GET
def season(request: HttpRequest, code: str) -> HttpResponse:
    """Numbers of the season for everybody; rows only where they are public."""
    found = Season.parse(code)
    if found is None:
        raise Http404
    before, after = found.moved(-1), found.moved(1)
    return render(
        request,
        "portal/season.html",
        {
            "season": found,
            "before": before if before.is_in_reach else None,
            "after": after if after.is_in_reach else None,
        },
    )
