"""The roster of a class and the sign-in sheet of a lesson."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from academy.lists.pages import list_page

from ..classes.roster import people_of
from ..classes.sign_in import sign_in_of
from ..eligibility.repeats import repeat_rate
from ..workspace.frame import PEOPLE, space_of
from ..workspace.people import ClassPeople
from .attendance import class_run_by, lesson_run_by


@require_GET
def sign_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper for signatures: stroke order, 22 rows to a page; unit, class, lesson, room and
    date on every page.
    """
    lesson = lesson_run_by(request.user, pk)
    return render(
        request,
        "trainees/sign_in_sheet.html",
        {"lesson": lesson, "training_class": lesson.training_class, "paper": sign_in_of(lesson)},
    )


@require_GET
def roster_paper(request: HttpRequest, code: str) -> HttpResponse:
    training_class = class_run_by(request.user, code)
    return render(
        request,
        "trainees/roster_paper.html",
        {
            "training_class": training_class,
            "people": list(people_of(training_class)),
            "lessons": list(training_class.lessons.order_by("starts_at")),
            "today": timezone.localdate(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def class_roster(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody of a class, with what can be done for those who are ticked."""
    training_class = class_run_by(request.user, code)
    the_list = ClassPeople(request, training_class)
    rate = repeat_rate([training_class])
    if request.method == "POST":
        return list_page(request, the_list)
    return list_page(
        request,
        the_list,
        {
            "training_class": training_class,
            "space": space_of(training_class, PEOPLE),
            "rate": rate,
            "repeating": [row for row in the_list.page_rows if row.repeat_reason],
        },
    )
