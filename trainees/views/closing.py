"""Closing a class, opening it again, cancelling it."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from academy.errors import PortalError
from courses.models import ClassStatus, TrainingClass

from ..classes.change_notices import tellings_of_a_cancellation
from ..classes.changes import cancel_class, refuse_to_cancel
from ..record.closing import (
    MarksChanged,
    NotAllMarked,
    PartsMissing,
    close_as_shown,
    hours_to_post,
    hours_to_take_back,
    refuse_to_close,
    reopen_class,
)
from ..record.closing_parts import ROSTER, parts_of
from ..workspace.frame import RECORDS
from .attendance import class_run_by
from .class_edit import fingerprint, preview
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Each person's hours and absences as they would be posted, and one button that posts them."""
    training_class = class_run_by(request.user, code)
    now, shown = timezone.now(), request.POST.get("shown", "")
    try:
        refuse_to_close(training_class, now)
        if not shown:
            return _show_hours(request, training_class)
        entries = close_as_shown(
            training_class=training_class,
            shown=shown,
            rest_absent="rest_absent" in request.POST,
            by=request.user,
            now=now,
        )
    except (MarksChanged, NotAllMarked, PartsMissing) as error:
        messages.error(request, str(error))
        return _show_hours(request, training_class)
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("trainees:class_overview", code=code)
    people = len({entry.trainee_id for entry in entries})
    messages.success(
        request,
        ngettext(
            "Closed. The hours of %(count)d person are posted.",
            "Closed. The hours of %(count)d people are posted.",
            people,
        )
        % {"count": people},
    )
    return redirect("trainees:class_overview", code=code)


def _show_hours(request: HttpRequest, training_class: TrainingClass) -> HttpResponse:
    parts = parts_of(training_class, timezone.now())
    return render_tab(
        request,
        training_class,
        RECORDS,
        "trainees/close_class.html",
        {
            "to_post": hours_to_post(training_class),
            "parts": parts,
            "may_close": all(
                part.is_there or not part.stops for part in parts if part.key != ROSTER
            ),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Whose hours would be taken back, and the reason that is asked for."""
    training_class = class_run_by(request.user, code)
    if request.method != "POST":
        return _show_what_is_taken_back(request, training_class)
    try:
        reopen_class(
            training_class=training_class,
            reason=request.POST.get("reason", ""),
            by=request.user,
            now=timezone.now(),
        )
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("trainees:reopen_class", code=code)
    else:
        messages.success(
            request,
            _(
                "Reopened. The posted hours are taken back; correct the marks and close the class"
                " again."
            ),
        )
    return redirect("trainees:class_overview", code=code)


def _show_what_is_taken_back(request: HttpRequest, training_class: TrainingClass) -> HttpResponse:
    people = hours_to_take_back(training_class)
    return render_tab(
        request,
        training_class,
        RECORDS,
        "trainees/reopen_class.html",
        {
            "people": people,
            "total": sum((person.hours for person in people), Decimal(0)),
            "is_closed": training_class.status == ClassStatus.CLOSED,
        },
    )


@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """What everybody would be told is shown first; the class is cancelled when that text is
    confirmed.
    """
    training_class = class_run_by(request.user, code)
    now, reason = timezone.now(), request.POST.get("reason", "").strip()
    if request.POST.get("step") == "edit":
        return redirect("trainees:class_overview", code=code)
    try:
        refuse_to_cancel(training_class, reason)
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("trainees:class_overview", code=code)
    tellings = tellings_of_a_cancellation(training_class, reason, now)
    if tellings and request.POST.get("confirmed") != fingerprint(tellings):
        return preview(
            request,
            training_class,
            tellings,
            url=request.path,
            button=_("Cancel the class and tell them"),
        )
    try:
        cancel_class(training_class=training_class, reason=reason, by=request.user, now=now)
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Cancelled. Everybody who had booked or waited has been told."))
    return redirect("trainees:class_overview", code=code)
