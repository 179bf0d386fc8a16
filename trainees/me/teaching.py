"""What an expert sees of their own: the lessons ahead with their materials, and when they are
free.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from courses.experts import lessons_of
from courses.models import Expert, Lesson, TrainingClass
from courses.schedule.free_times import Span, next_free_times

from ..booking.questions import questions_of
from ..classes.discussions import waiting_for_comment
from ..models import DiscussionSheet, Enrolment, LessonMaterial

MOST_LESSONS = 50
FREE_TIMES = 6


@dataclass(frozen=True)
class OwnLesson:
    """A lesson ahead, and the files that stand beside it."""

    lesson: Lesson
    materials: list[LessonMaterial]
    days_left: int
    questions: list[Enrolment]  # of the class, beside the first of its lessons here


@dataclass(frozen=True)
class Teaching:
    lessons: list[OwnLesson]
    free: list[Span]
    sheets: list[DiscussionSheet]  # of the own classes, written and without a comment


def teaching_of(expert: Expert, now: datetime) -> Teaching:
    """The next lessons and free times; the number of queries does not grow with the lessons."""
    lessons = list(lessons_of(expert, now=now, drafts=False)[:MOST_LESSONS])
    materials: dict[int, list[LessonMaterial]] = {lesson.pk: [] for lesson in lessons}
    for item in LessonMaterial.objects.filter(lesson__in=lessons, removed_at__isnull=True):
        materials[item.lesson_id].append(item)
    asked: dict[int, list[Enrolment]] = {}
    for enrolment in questions_of({lesson.training_class_id for lesson in lessons}):
        asked.setdefault(enrolment.training_class_id, []).append(enrolment)
    today = timezone.localdate(now)
    return Teaching(
        [
            OwnLesson(
                lesson,
                materials[lesson.pk],
                (timezone.localdate(lesson.starts_at) - today).days,
                asked.pop(lesson.training_class_id, []),
            )
            for lesson in lessons
        ],
        next_free_times([expert], now=now, count=FREE_TIMES)[expert.pk],
        list(
            waiting_for_comment(
                TrainingClass.objects.filter(lessons__teachers__expert=expert).values("pk")
            )
        ),
    )
