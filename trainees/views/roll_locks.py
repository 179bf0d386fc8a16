"""Locking a roll, opening it again, and the history of its marks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from academy.errors import PortalError

from ..classes.roster import on_the_roll_of
from ..record.roll_history import MOST, history_of_roll
from ..record.roll_locks import lock_roll, reopen_roll
from ..workspace.frame import ATTENDANCE
from .attendance import lesson_run_by
from .class_frame import render_tab


@require_POST
def roll_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock the roll of a lesson that is over and wholly marked."""
    lesson = lesson_run_by(request.user, pk)
    try:
        lock_roll(lesson=lesson, by=request.user, now=timezone.now())
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Locked. The marks stay as they are."))
    return redirect("trainees:attendance", pk=lesson.pk)


@require_POST
def roll_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a locked roll with a reason."""
    lesson = lesson_run_by(request.user, pk)
    try:
        reopen_roll(
            lesson=lesson,
            reason=request.POST.get("reason", ""),
            by=request.user,
            now=timezone.now(),
        )
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Opened. Correct the marks, then lock the roll again."))
    return redirect("trainees:attendance", pk=lesson.pk)


@require_GET
def roll_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Each change of a mark and each step of the lock; `?person=` shows one person's mark alone."""
    lesson = lesson_run_by(request.user, pk)
    asked = request.GET.get("person", "")
    people = list(on_the_roll_of(lesson.training_class))
    person = next((one for one in people if str(one.pk) == asked), None)
    return render_tab(
        request,
        lesson.training_class,
        ATTENDANCE,
        "trainees/roll_history.html",
        {
            "lesson": lesson,
            "people": people,
            "person": person,
            "is_unknown": bool(asked) and person is None,
            "events": [] if asked and person is None else history_of_roll(lesson, person),
            "most": MOST,
        },
    )
