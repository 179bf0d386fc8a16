"""One absence of one's own: the mark, and the appeal against it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..errors import BookingError
from ..forms.leave import AbsenceAppealForm
from ..models import AbsenceAppeal, Attendance, AttendanceStatus
from ..petitions.absences import absences_of, appeal_absence, appeal_until
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
        },
    )


def _appeal_against(mark: Attendance) -> AbsenceAppeal | None:
    return AbsenceAppeal.objects.filter(enrolment=mark.enrolment_id, lesson=mark.lesson_id).first()
