"""The lessons of a week with the state of their roll, for whoever runs the classes."""

from datetime import date, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from academy.access import require

from ..record.lesson_rolls import lesson_rolls

WEEK = 7


@require_GET
def lessons(request: HttpRequest) -> HttpResponse:
    """The week of `?day=`, this one without it or where it is no day."""
    require(
        request.user,
        "courses.view_schedule",
        who=_("Campuses, departments and the academy office run classes."),
    )
    now = timezone.now()
    today = timezone.localdate(now)
    day = _day_in(request.GET.get("day", "")) or today
    monday = day - timedelta(days=day.weekday())
    rows = lesson_rolls(request.user, since=monday, days=WEEK, now=now)
    return render(
        request,
        "trainees/lessons.html",
        {
            "monday": monday,
            "sunday": monday + timedelta(days=WEEK - 1),
            "before": (monday - timedelta(days=WEEK)).isoformat(),
            "after": (monday + timedelta(days=WEEK)).isoformat(),
            "is_now": monday <= today < monday + timedelta(days=WEEK),
            "count": len(rows),
            "days": [(on, list(found)) for on, found in groupby(rows, key=lambda row: row.day)],
        },
    )


def _day_in(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
