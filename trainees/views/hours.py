"""One's own study hours: the year's number, its parts, the target, and every line of the ledger
with its source.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from academy.web.paging import page_of

from ..models import HourEntry, Trainee
from ..record.hours import progress
from ..record.why_no_hours import why_no_hours

FIRST_YEAR = 2020
LINES_PER_PAGE = 30


@require_GET
def my_hours(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    trainee = (
        Trainee.objects.filter(user=request.user)
        .select_related("position", "learner_group", "village")
        .first()
    )
    if trainee is None:
        return render(request, "trainees/my_hours.html", {"trainee": None})
    this_year = timezone.localdate(now).year
    year = this_year
    asked = request.GET.get("year", "")
    if asked:
        if (
            len(asked) == 4
            and asked.isascii()
            and asked.isdecimal()
            and FIRST_YEAR <= int(asked) <= this_year + 1
        ):
            year = int(asked)
        else:
            messages.info(
                request, _("There is no such year; this is %(year)d.") % {"year": this_year}
            )
    entries = (
        HourEntry.objects.filter(trainee=trainee, earned_on__year=year)
        .select_related("lesson__course_version", "enrolment__training_class")
        .order_by("-earned_on", "-pk")
    )
    years = sorted(
        {
            found.year
            for found in HourEntry.objects.filter(trainee=trainee).dates("earned_on", "year")
        }
        | {this_year, year},
        reverse=True,
    )
    return render(
        request,
        "trainees/my_hours.html",
        {
            "trainee": trainee,
            "progress": progress(trainee, year, now),
            "page": page_of(request, entries, LINES_PER_PAGE),
            "years": years,
            "this_year": this_year,
            "waiting": why_no_hours(trainee, year, now),
        },
    )
