"""The roster of a class and the sign-in sheet of a lesson."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from courses.models import ClassStatus, TrainingClass
from courses.schedule.teachers import in_words, teachers_of, with_teachers

from ..booking.approval_state import approval_of
from ..classes.roster import on_the_roll_of, people_of, queue_of
from ..eligibility.repeats import repeat_rate
from ..models import TAKING_PART, Attendance
from ..record import attendance
from .attendance import class_run_by, lesson_run_by

ROWS_PER_SHEET = 22  # of the printed sign-in sheet; docs/rules.md R43
EMPTY_ROWS = 3  # for people who come without a booking


@require_GET
def sign_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper for signatures: stroke order, 22 rows to a page; unit, class, lesson, room and
    date on every page.
    """
    lesson = lesson_run_by(request.user, pk)
    people = [
        {"name": person.trainee.user.name, "village": person.village.name, "position": person.post}
        for person in on_the_roll_of(lesson.training_class).order_by("trainee__stroke_key", "pk")
    ]
    numbered = [{"number": number, **person} for number, person in enumerate(people, start=1)]
    numbered += [
        {"number": len(people) + extra, "name": "", "village": "", "position": ""}
        for extra in range(1, EMPTY_ROWS + 1)
    ]
    sheets = [
        numbered[start : start + ROWS_PER_SHEET]
        for start in range(0, len(numbered), ROWS_PER_SHEET)
    ]
    return render(
        request,
        "trainees/sign_in_sheet.html",
        {
            "lesson": lesson,
            "training_class": lesson.training_class,
            "taught_by": in_words(teachers_of(lesson)),
            "sheets": sheets,
            "people": len(people),
        },
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
            "lessons": list(training_class.lessons.select_related("venue").order_by("starts_at")),
            "today": timezone.localdate(),
        },
    )


@require_GET
def class_roster(request: HttpRequest, code: str) -> HttpResponse:
    training_class = class_run_by(request.user, code)
    return render(
        request, "trainees/class_roster.html", _roster_context(training_class, timezone.now())
    )


def _roster_context(training_class: TrainingClass, now: datetime) -> dict:
    people = list(people_of(training_class))
    on_the_roll = sum(1 for person in people if person.status in TAKING_PART)
    lessons = list(
        training_class.lessons.select_related("course_version", "venue")
        .prefetch_related(with_teachers())
        .order_by("starts_at")
    )
    marked: dict[int, int] = {}
    for lesson_id in Attendance.objects.filter(
        lesson__training_class=training_class, enrolment__in=people
    ).values_list("lesson_id", flat=True):
        marked[lesson_id] = marked.get(lesson_id, 0) + 1
    queue = list(queue_of(training_class))
    return {
        "training_class": training_class,
        "people": people,
        "on_the_roll": on_the_roll,
        "queue": queue,
        "unanswered": sum(
            1
            for person in (*people, *queue)
            if (approval := approval_of(person)) and approval.is_pending
        ),
        "lessons": [
            {
                "lesson": lesson,
                "taught_by": in_words(teachers_of(lesson)),
                "marked": marked.get(lesson.pk, 0),
                "missing": on_the_roll - marked.get(lesson.pk, 0),
                "is_over": lesson.ends_at <= now,
                "may_mark": now >= lesson.starts_at - attendance.OPENS_BEFORE_LESSON,
            }
            for lesson in lessons
        ],
        "missing": sum(on_the_roll - marked.get(lesson.pk, 0) for lesson in lessons),
        "is_over": training_class.ends_at is not None and now >= training_class.ends_at,
        "is_held": training_class.status in (ClassStatus.OPEN, ClassStatus.RUNNING),
        "takes_bookings": (
            training_class.status == ClassStatus.OPEN and not training_class.has_started(now)
        ),
        "may_cancel": (
            training_class.status in (ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING)
            and not marked
        ),
        "rate": repeat_rate([training_class]),
        "repeating": [person for person in people if person.repeat_reason],
        "is_short": training_class.minimum_size and len(people) < training_class.minimum_size,
        "is_closed": training_class.status == ClassStatus.CLOSED,
        "interested": (
            training_class.interests.count()
            if training_class.gauges_interest or training_class.first_refusal_until
            else None
        ),
    }
