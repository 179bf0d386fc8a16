"""The tab of the attendance: everybody and every lesson of a class in one table."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from courses.models import HELD, ClassStatus

from ..record.closing import hours_to_post
from ..workspace.frame import ATTENDANCE
from ..workspace.matrix import matrix_of
from .attendance import class_run_by
from .class_frame import render_tab


@require_GET
def class_attendance(request: HttpRequest, code: str) -> HttpResponse:
    """Each cell leads to the roll of its lesson; `?lesson=` is the one that a phone shows."""
    training_class = class_run_by(request.user, code)
    now = timezone.now()
    matrix = matrix_of(training_class, now, request.GET.get("lesson", ""))
    is_to_close = (
        training_class.status in HELD
        and training_class.ends_at is not None
        and now >= training_class.ends_at
    )
    return render_tab(
        request,
        training_class,
        ATTENDANCE,
        "trainees/class_attendance.html",
        {
            "matrix": matrix,
            "is_held": training_class.status in HELD,
            "to_post": hours_to_post(training_class) if is_to_close else None,
            "is_closed": training_class.status == ClassStatus.CLOSED,
        },
    )
