"""Whoever runs a class books a person by phone number, ends a booking with a reason, or hands a
seat on within the village.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import require
from courses.models import TrainingClass

from ..errors import BookingError, RepeatTraining
from ..forms.class_bookings import BookPersonForm, SwapByPhoneForm, WithdrawPersonForm
from ..models import OPEN, Enrolment, EnrolmentStatus
from ..on_behalf.class_bookings import (
    book_person,
    person_by_phone,
    sentence_for_the_class,
    withdraw_person,
)
from ..on_behalf.passing_on import colleague_by_phone, pass_on
from ..workspace.frame import PEOPLE
from .attendance import class_run_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def book_for_class(request: HttpRequest, code: str) -> HttpResponse:
    training_class = class_run_by(request.user, code)
    form = BookPersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        try:
            trainee = person_by_phone(form.cleaned_data["phone"])
            enrolment = book_person(
                trainee=trainee,
                training_class=training_class,
                by=request.user,
                now=now,
                repeat_reason=form.cleaned_data["repeat_reason"],
            )
        except BookingError as error:
            form.add_error(
                "repeat_reason" if isinstance(error, RepeatTraining) else "phone",
                sentence_for_the_class(error, training_class),
            )
        else:
            messages.success(request, _booked_in_words(enrolment))
            return redirect("trainees:class_roster", code)
    return render_tab(
        request,
        training_class,
        PEOPLE,
        "trainees/book_for_class.html",
        {
            "form": form,
            "is_open": training_class.booking_is_open(timezone.now()),
        },
    )


def _booked_in_words(enrolment: Enrolment) -> str:
    words = {"name": enrolment.trainee.name, "village": enrolment.village.name}
    if enrolment.is_waiting:
        return _("%(name)s of %(village)s is on the waiting list and has been told.") % words
    return _("%(name)s of %(village)s has a seat and has been told.") % words


@require_http_methods(["GET", "HEAD", "POST"])
def change_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """One booking of a class that the person runs: ended with a reason, or handed on to a colleague
    of the same village.
    """
    require(
        request.user,
        "trainees.see_roster",
        None,
        who=_(
            "The coordinator of the campus, the department that runs the class, and the academy"
            " office do this."
        ),
    )
    found = Enrolment.objects.filter(training_class__in=TrainingClass.objects.run_by(request.user))
    enrolment = get_object_or_404(
        found.select_related(
            "trainee__user", "trainee__village", "village", "training_class__campus"
        ),
        pk=min(pk, 2**62),
    )
    training_class, wish = enrolment.training_class, request.POST.get("wish", "")
    if enrolment.status not in OPEN:
        messages.info(request, _("This booking has ended already; nothing was changed."))
        return redirect("trainees:class_roster", training_class.code)
    withdrawing = WithdrawPersonForm(request.POST if wish == "withdraw" else None)
    swapping = SwapByPhoneForm(request.POST if wish == "swap" else None)
    try:
        if withdrawing.is_valid():
            withdraw_person(
                enrolment=enrolment,
                by=request.user,
                now=timezone.now(),
                reason=withdrawing.cleaned_data["reason"],
            )
            messages.success(
                request,
                _("The booking of %(name)s has ended, and they have been told why.")
                % {"name": enrolment.trainee.name},
            )
            return redirect("trainees:class_roster", training_class.code)
        if swapping.is_valid():
            to = colleague_by_phone(enrolment, swapping.cleaned_data["phone"])
            pass_on(
                enrolment=enrolment,
                to=to,
                by=request.user,
                now=timezone.now(),
                repeat_reason=swapping.cleaned_data["repeat_reason"],
            )
            messages.success(request, _("Swapped. Both have been told."))
            return redirect("trainees:class_roster", training_class.code)
    except BookingError as error:
        form, name = (
            (withdrawing, "reason")
            if wish == "withdraw"
            else (swapping, "repeat_reason" if isinstance(error, RepeatTraining) else "phone")
        )
        form.add_error(name, sentence_for_the_class(error, training_class))
    return render_tab(
        request,
        training_class,
        PEOPLE,
        "trainees/change_booking.html",
        {
            "enrolment": enrolment,
            "withdrawing": withdrawing,
            "swapping": swapping,
            "has_a_seat": enrolment.status == EnrolmentStatus.BOOKED,
        },
    )
