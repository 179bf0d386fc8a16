"""我的班: the list of one's own bookings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from academy.web.paging import page_of
from courses.schedule.places import load_places

from ..me.answers import questions_to
from ..me.bookings import coming_classes, past_enrolments, waiting_classes
from .booking import trainee_of

PAST_PER_PAGE = 20


@require_GET
def my_bookings(request: HttpRequest) -> HttpResponse:
    trainee = trainee_of(request.user)
    if trainee is None:
        return render(request, "trainees/my_bookings.html", {"trainee": None})
    now = timezone.now()
    coming, waiting = coming_classes(trainee, now), waiting_classes(trainee)
    page = page_of(request, past_enrolments(trainee, now), PAST_PER_PAGE)
    load_places(
        [
            *(item.training_class for item in waiting),
            *(enrolment.training_class for enrolment in page),
        ]
    )
    return render(
        request,
        "trainees/my_bookings.html",
        {
            "trainee": trainee,
            "ticket": coming[0] if coming else None,
            "coming": coming[1:],
            "waiting": waiting,
            "questions": questions_to(trainee, now),
            "page": page,
        },
    )
