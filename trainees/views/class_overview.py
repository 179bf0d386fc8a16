"""The tab that a class opens with: how it stands, its lessons, what is to do next and by whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from courses.beside_class import cards_of
from courses.models import HELD, ClassStatus
from courses.schedule.teachers import in_words, teachers_of, with_teachers

from ..people.class_staff import owners_in_words
from ..record.attendance import OPENS_BEFORE_LESSON
from ..record.lesson_rolls import LessonRoll, with_roll
from ..workspace.frame import OVERVIEW, space_of
from ..workspace.overview import next_steps, sent_people
from .attendance import class_run_by


@require_GET
def class_overview(request: HttpRequest, code: str) -> HttpResponse:
    training_class, now = class_run_by(request.user, code), timezone.now()
    space = space_of(training_class, OVERVIEW)
    lessons = list(
        with_roll(training_class.lessons.all())
        .select_related("course_version__course", "venue__campus")
        .prefetch_related(with_teachers())
        .order_by("starts_at", "pk")
    )
    rolls = [LessonRoll(lesson, lesson.on_the_roll, lesson.marked, now) for lesson in lessons]
    staff = owners_in_words(training_class, now)
    steps = next_steps(
        training_class,
        figures=space.figures,
        rolls=rolls,
        sent=sent_people(training_class),
        staff=staff,
        now=now,
    )
    return render(
        request,
        "trainees/class_overview.html",
        {
            "training_class": training_class,
            "space": space,
            "cards": cards_of(training_class, request.user),
            "steps": steps,
            "staff": staff,
            "lessons": [
                {
                    "roll": roll,
                    "lesson": roll.lesson,
                    "taught_by": in_words(teachers_of(roll.lesson)),
                    "may_mark": now >= roll.lesson.starts_at - OPENS_BEFORE_LESSON,
                }
                for roll in rolls
            ],
            "courses": list(
                {
                    lesson.course_version.course_id: lesson.course_version.course
                    for lesson in lessons
                }.values()
            ),
            "may_cancel": (
                training_class.status in (ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING)
                and not any(roll.marked for roll in rolls)
            ),
            "is_closed": training_class.status == ClassStatus.CLOSED,
            "may_close": (
                training_class.status in HELD
                and training_class.ends_at is not None
                and now >= training_class.ends_at
            ),
        },
    )
