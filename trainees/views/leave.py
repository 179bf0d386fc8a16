"""Asking for leave, and taking the request back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import TrainingClass

from ..errors import BookingError
from ..forms.leave import LeaveForm
from ..models import TAKING_PART, Enrolment, LeaveRequest
from ..petitions.leave import (
    ask_for_leave,
    lesson_in_words,
    lessons_ahead,
    meters_of,
    standing_leave,
    take_back,
)
from .booking import require_trainee


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for leave from lessons of a class; what was asked stands above the form."""
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus"), code=code
    )
    trainee = require_trainee(request.user)
    now = timezone.now()
    enrolment = (
        Enrolment.objects.filter(
            trainee=trainee, training_class=training_class, status__in=TAKING_PART
        )
        .select_related("training_class", "trainee__user")
        .first()
    )
    if enrolment is None:
        if request.method == "POST":
            messages.error(request, _("You have no seat in this class now, so no leave is needed."))
            return redirect(training_class)
        return render(request, "trainees/leave.html", {"training_class": training_class})
    ahead = lessons_ahead(enrolment, now)
    # what is sent may have begun since the page was opened: the rule says so, with the way out
    offered = ahead if request.method != "POST" else list(training_class.lessons.all())
    form = LeaveForm(request.POST or None, lessons=offered)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_leave(
                enrolment=enrolment,
                lessons=form.cleaned_data["lessons"],
                reason=form.cleaned_data["reason"],
                why=form.cleaned_data.get("why"),
                by=request.user,
                now=now,
            )
        except BookingError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("Asked. The coordinator of the class answers, and you are told.")
            )
        return redirect("trainees:leave", code)
    standing = standing_leave(enrolment)
    free = [lesson for lesson in ahead if lesson.pk not in standing]
    form.fields["lessons"].choices = [(str(item.pk), lesson_in_words(item)) for item in free]
    return render(
        request,
        "trainees/leave.html",
        {
            "training_class": training_class,
            "enrolment": enrolment,
            "form": form,
            "free": free,
            "asked": [
                (item, "；".join(lesson_in_words(lesson) for lesson in item.lessons.all()))
                for item in LeaveRequest.objects.filter(enrolment=enrolment)
                .prefetch_related("lessons__course_version")
                .order_by("-pk")
            ],
            "meter": meters_of([enrolment])[enrolment.pk],
        },
    )


@require_POST
def take_leave_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Come after all. 404 for the request of somebody else."""
    asked = get_object_or_404(
        LeaveRequest.objects.select_related("enrolment__training_class"),
        pk=min(pk, 2**62),
        enrolment__trainee__user=request.user,
    )
    try:
        take_back(asked=asked, by=request.user, now=timezone.now())
    except BookingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back: you are expected."))
    return redirect("trainees:leave", asked.enrolment.training_class.code)
