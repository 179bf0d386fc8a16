"""The desk of the office side, the figures beside its navigation, and its command box."""

from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from academy.access import is_any_staff, require
from academy.search.index import MAX_QUERY_LENGTH
from academy.waiting import gather, gather_held, keep_counts, known_counts
from academy.web.paging import page_of
from trainees.eligibility.repeats import recent_repeat_rate
from trainees.record.lesson_rolls import LessonRoll, lesson_rolls

from .desk import end_of_week, lay_out
from .office_finder import find_all

DAYS_AHEAD = 7
LESSONS_AHEAD = 8  # shown beside the desk
HELD_SHOWN = 6
ROWS_PER_PAGE = 50  # of one group on a page of its own
FRAGMENT = "fetch"  # X-Requested-With of the command box


@require_GET
def manage(request: HttpRequest) -> HttpResponse:
    """What waits for the person: all groups, or the whole of one (`?due=`), of one kind
    (`?kind=`).
    """
    now = timezone.now()
    items = gather(request.user, now)
    if not items:
        # a mentor without a grant comes here only while something waits
        require(request.user, "portal.open_manage")
    counts = keep_counts(request.user, items)
    desk = lay_out(items, kind=request.GET.get("kind", ""), now=now)
    only = next((group for group in desk.groups if group.due == request.GET.get("due")), None)
    today = timezone.localdate(now)
    return render(
        request,
        "portal/manage.html",
        {
            "desk": desk,
            "only": only,
            "page": page_of(request, only.rows, ROWS_PER_PAGE) if only else None,
            "today": today,
            "week_ends": end_of_week(today),
            "held": gather_held(request.user, now),
            "held_shown": HELD_SHOWN,
            "counts": counts,
            **_lessons_ahead(request.user, now),
            "rate": (
                recent_repeat_rate(request.user, now)
                if request.user.has_perm("trainees.see_requests")
                else None
            ),
        },
    )


def _lessons_ahead(user, now: datetime) -> dict:
    """The lessons of the next days, day by day; nothing for whoever runs no class."""
    if not (is_any_staff(user) and user.has_perm("courses.view_schedule")):
        return {}
    rows = lesson_rolls(user, since=timezone.localdate(now), days=DAYS_AHEAD, now=now)
    by_day: list[tuple[object, list[LessonRoll]]] = [
        (on, list(found)) for on, found in groupby(rows[:LESSONS_AHEAD], key=lambda row: row.day)
    ]
    return {
        "runs_classes": True,
        "lesson_days": by_day,
        "lesson_count": len(rows),
        "lessons_more": len(rows) - LESSONS_AHEAD,
    }


@require_GET
def counts(request: HttpRequest) -> JsonResponse:
    """The figures beside the navigation, for a page that was drawn without them."""
    require(request.user, "portal.open_manage")
    known = known_counts(request.user)
    if known is None:
        known = keep_counts(request.user, gather(request.user, timezone.now()))
    return JsonResponse(known)


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """The command box: a list for its script, a page for whoever sends it as a form."""
    require(
        request.user,
        "portal.open_manage",
        who=_("This box finds things of the office side. Everybody searches on the search page."),
    )
    query = request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH]
    context = {"query": query, "kinds": find_all(request.user, query)}
    is_fragment = request.headers.get("X-Requested-With") == FRAGMENT
    context["count"] = sum(len(kind.rows) for kind in context["kinds"])
    return render(
        request, "portal/_found_by_command.html" if is_fragment else "portal/find.html", context
    )
