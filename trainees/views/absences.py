"""One absence of one's own: the mark, the appeal against it, and a lesson to make it up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.errors import PortalError
from courses.models import Lesson

from ..errors import BookingError
from ..forms.leave import AbsenceAppealForm
from ..models import AbsenceAppeal, Attendance, AttendanceStatus, MakeUp, MakeUpStatus
from ..petitions.absences import absences_of, appeal_absence, appeal_until
from ..record.make_ups import book_make_up, equal_lessons, give_up, make_up_of
from .booking import require_trainee


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, pk: int) -> HttpResponse:
    """The mark with what can be done about it. 404 for the absence of somebody else."""
    trainee = require_trainee(request.user)
    now = timezone.now()
    mark = get_object_or_404(absences_of(trainee, now), pk=min(pk, 2**62))
    form = AbsenceAppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appeal_absence(
                mark=mark,
                was_there=form.cleaned_data["claim"] == "there",
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=now,
            )
        except BookingError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("Asked. The coordinator of the class answers, and you are told.")
            )
        return redirect("trainees:absence", pk)
    return render(
        request,
        "trainees/absence.html",
        {
            "mark": mark,
            "asked": _appeal_against(mark),
            "until": appeal_until(mark),
            "may_appeal": (
                mark.status == AttendanceStatus.ABSENT
                and timezone.localdate(now) <= appeal_until(mark)
            ),
            "form": form,
            "made_up": (made_up := make_up_of(mark)),
            "has_begun": made_up is not None and made_up.lesson.starts_at <= now,
            "equal_lessons": (
                equal_lessons(mark, now)
                if made_up is None or made_up.status == MakeUpStatus.MISSED
                else []
            ),
        },
    )


@require_POST
def make_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Book an equal lesson to make the missed one up. 404 for the absence of somebody else."""
    now = timezone.now()
    mark = get_object_or_404(absences_of(require_trainee(request.user), now), pk=min(pk, 2**62))
    chosen = request.POST.get("lesson", "")
    key = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 18 else 0
    lesson = Lesson.objects.select_related("training_class").filter(pk=key).first()
    if lesson is None:
        messages.error(request, _("Choose the lesson that you want to come to."))
        return redirect("trainees:absence", pk)
    try:
        book_make_up(mark=mark, lesson=lesson, by=request.user, now=now)
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Booked: you are expected in this lesson."))
    return redirect("trainees:absence", pk)


@require_POST
def give_make_up_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the seat back. 404 for that of somebody else."""
    found = get_object_or_404(
        MakeUp.objects.select_related("lesson__training_class"),
        pk=min(pk, 2**62),
        enrolment__trainee__user=request.user,
    )
    try:
        give_up(make_up=found, now=timezone.now())
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Cancelled; the seat is free for others."))
    return redirect("trainees:my_absences")


def _appeal_against(mark: Attendance) -> AbsenceAppeal | None:
    return AbsenceAppeal.objects.filter(enrolment=mark.enrolment_id, lesson=mark.lesson_id).first()
