"""The tab of the records: sheets, materials, exports, closing, and what has happened."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from courses.models import HELD, ClassStatus

from ..models import LessonMaterial
from ..record.lesson_rolls import LessonRoll, with_roll
from ..workspace.archive import archive_name, archive_of
from ..workspace.frame import RECORDS
from ..workspace.history import history_of
from .attendance import class_run_by
from .class_frame import render_tab


@require_GET
def class_records(request: HttpRequest, code: str) -> HttpResponse:
    training_class, now = class_run_by(request.user, code), timezone.now()
    lessons = with_roll(training_class.lessons.all()).select_related("course_version")
    materials = LessonMaterial.objects.filter(
        lesson__training_class=training_class, removed_at__isnull=True
    )
    return render_tab(
        request,
        training_class,
        RECORDS,
        "trainees/class_records.html",
        {
            "rolls": [
                LessonRoll(lesson, lesson.on_the_roll, lesson.marked, now)
                for lesson in lessons.order_by("starts_at", "pk")
            ],
            "materials": materials.select_related("lesson").order_by("lesson__starts_at", "pk"),
            "history": history_of(training_class),
            "is_held": training_class.status in HELD,
            "is_closed": training_class.status == ClassStatus.CLOSED,
            "is_over": training_class.ends_at is not None and now >= training_class.ends_at,
        },
    )


@require_GET
def class_archive(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """One file of the class (一期一档), sent while it is written."""
    training_class = class_run_by(request.user, code)
    return StreamingHttpResponse(
        archive_of(training_class, timezone.now()),
        content_type="application/zip",
        headers={
            "Content-Disposition": content_disposition_header(True, archive_name(training_class)),
            "X-Content-Type-Options": "nosniff",
        },
    )
