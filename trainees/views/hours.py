"""One's own study hours: the year's number, its parts, the target, and every line of the ledger
with its source. A year on paper, for oneself and for whoever looks after the person, and the list
of those whose hours are missing.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from academy.lists.pages import list_page
from academy.web.paging import page_of

from ..models import HourEntry, Trainee
from ..office_lists import HourGapList
from ..record.hour_statements import statement_of, year_asked, years_of
from ..record.hours import progress
from ..record.why_no_hours import why_no_hours
from .people import require_people
from .person import person_seen_by

LINES_PER_PAGE = 30


@require_GET
def my_hours(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    trainee = _own_profile(request)
    if trainee is None:
        return render(request, "trainees/my_hours.html", {"trainee": None})
    year, this_year = year_of(request), timezone.localdate(now).year
    entries = (
        HourEntry.objects.filter(trainee=trainee, earned_on__year=year)
        .select_related("lesson__course_version", "enrolment__training_class")
        .order_by("-earned_on", "-pk")
    )
    return render(
        request,
        "trainees/my_hours.html",
        {
            "trainee": trainee,
            "progress": progress(trainee, year, now),
            "page": page_of(request, entries, LINES_PER_PAGE),
            "years": years_of(trainee, this_year, year),
            "this_year": this_year,
            "waiting": why_no_hours(trainee, year, now),
        },
    )


@require_GET
def my_hour_statement(request: HttpRequest) -> HttpResponse:
    """One's own year on paper."""
    trainee = _own_profile(request)
    if trainee is None:
        return redirect("trainees:my_hours")
    return _statement(request, trainee, "trainees/my_hour_statement.html")


@require_GET
def person_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """The year of a person on paper, for whoever may open the page of that person."""
    person = person_seen_by(request.user, pk)
    trainee = _with_names().filter(user=person).first()
    if trainee is None:
        raise Http404
    return _statement(request, trainee, "trainees/people/hours.html")


@require_http_methods(["GET", "HEAD", "POST"])
def hour_gaps(request: HttpRequest) -> HttpResponse:
    """Whose study hours are missing, for whoever sees the list of people."""
    require_people(request.user)
    return list_page(request, HourGapList(request))


def _statement(request: HttpRequest, trainee: Trainee, template: str) -> HttpResponse:
    year, now = year_of(request), timezone.now()
    return render(
        request,
        template,
        {
            "person": trainee.user,
            "statement": statement_of(trainee, year, now),
            "years": years_of(trainee, timezone.localdate(now).year, year),
        },
    )


def _with_names():
    return Trainee.objects.select_related("user", "position", "learner_group", "village__town")


def _own_profile(request: HttpRequest) -> Trainee | None:
    return _with_names().filter(user=request.user).first()


def year_of(request: HttpRequest) -> int:
    """The year of the address; for one that does not exist this one, and the page says so."""
    this_year = timezone.localdate().year
    year = year_asked(request.GET.get("year", ""), this_year)
    if year is None:
        messages.info(request, _("There is no such year; this is %(year)d.") % {"year": this_year})
    return year or this_year
