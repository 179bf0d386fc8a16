"""Moving bookings of a class to another run: people and class are chosen, looked at, moved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.models import TrainingClass

from ..errors import BookingError
from ..forms.moving import MoveForm
from ..on_behalf.moving import MoveChanged, movable, move_bookings, other_runs, try_moving
from ..workspace.frame import PEOPLE
from .attendance import class_run_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def move_people(request: HttpRequest, code: str) -> HttpResponse:
    """Tick people, choose a class, see who fits, move those."""
    training_class, now = class_run_by(request.user, code), timezone.now()
    people, runs = list(movable(training_class)), other_runs(training_class, request.user, now)
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        initial={"people": request.GET.getlist("person")},
        people=people,
        runs=runs,
    )
    context = {"form": form, "people": people, "runs": runs}
    if form.is_valid() and "again" not in request.POST:
        target, chosen = form.cleaned_data["target"], form.cleaned_data["people"]
        try:
            if "shown" in request.POST:
                return _move(request, training_class, target, chosen)
        except MoveChanged as error:
            messages.info(request, str(error))
        except BookingError as error:
            form.add_error(None, str(error))
        if not form.errors:
            try:
                moves = try_moving(
                    source=training_class, target=target, people=chosen, by=request.user, now=now
                )
            except BookingError as error:
                form.add_error(None, str(error))
            else:
                context |= {
                    "target": target,
                    "fitting": [move for move in moves if move.moved],
                    "staying": [move for move in moves if not move.moved],
                }
    return render_tab(request, training_class, PEOPLE, "trainees/move_people.html", context)


def _move(
    request: HttpRequest, source: TrainingClass, target: TrainingClass, chosen: list[int]
) -> HttpResponse:
    moves = move_bookings(
        source=source,
        target=target,
        people=chosen,
        expected=[int(key) for key in request.POST["shown"].split() if key.isdecimal()],
        by=request.user,
        now=timezone.now(),
    )
    count = sum(1 for move in moves if move.moved)
    messages.success(
        request,
        ngettext(
            "%(count)d person is in “%(title)s” now and has been told.",
            "%(count)d people are in “%(title)s” now and have been told.",
            count,
        )
        % {"count": count, "title": target.title},
    )
    return redirect("trainees:class_roster", code=source.code)
