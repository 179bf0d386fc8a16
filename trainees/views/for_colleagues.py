"""替同事报名: the classes that can be booked, each leading to the people to tick."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.access import require
from courses.schedule.runs import Run, folded

from ..on_behalf.classes_ahead import classes_for_colleagues, nearness_to_own_people


@require_safe
def book_colleagues(request: HttpRequest) -> HttpResponse:
    require(
        request.user,
        "trainees.book_for_own_people",
        who=_("Village coordinators book for their village, street-towns for their villages."),
    )
    now = timezone.now()
    nearness = nearness_to_own_people(request.user)
    classes = classes_for_colleagues(request.user, nearness, now)
    runs = [_leading_to_people(run) for run in folded(classes, now=now, nearness=nearness)]
    return render(request, "trainees/book_colleagues.html", {"runs": runs})


def _leading_to_people(run: Run) -> Run:
    """The row, and those folded below it, with the page of the people as their address."""
    run.row = replace(run.row, url=reverse("trainees:colleagues", args=[run.row.code]))
    run.others = [_leading_to_people(other) for other in run.others]
    return run
