"""A class once more with new dates: its lessons in the same rhythm, days off passed over.

Pure but for what is asked of the calendar of holidays; `bulk_scheduling.create_drafts` writes it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from ..models import TrainingClass
from .bulk_scheduling import moved_plan
from .class_plans import ClassPlan, LessonPlan
from .holidays import DayMark, is_workday, mark_of

FARTHEST = 60  # days that a lesson may be put off for days off


@dataclass(frozen=True)
class CopiedLesson:
    """A lesson as it was and as it would be; `passed_over` are the days off it was moved past."""

    was: datetime
    plan: LessonPlan
    passed_over: tuple[DayMark, ...]
    is_put_off: bool


@dataclass(frozen=True)
class Copy:
    """The plan of the new class, and how each of its lessons came to its day."""

    plan: ClassPlan
    lessons: Sequence[CopiedLesson]

    @property
    def fingerprint(self) -> str:
        """Names what was shown, so that nothing else is written."""
        shown = [
            (item.plan.course.pk, item.plan.venue.pk, str(item.plan.starts_at))
            for item in self.lessons
        ]
        return hashlib.sha256(repr((self.plan.title, shown)).encode()).hexdigest()


def copy_of(training_class: TrainingClass, *, first: date, title: str = "") -> Copy:
    """The class with its first lesson on the day; lessons, pools and audiences are loaded by the
    caller.

    Every lesson lies as many days behind the first as it did. Where a lesson was on a workday and
    would come to a day off, it goes to the next workday that no lesson of the class has; no lesson
    overtakes another. One that was on a day off stays where it comes to.
    """
    lessons = list(training_class.lessons.all())
    days = (first - _day(lessons[0].starts_at)).days if lessons else 0
    plan = moved_plan(training_class, days=days)
    copied: list[CopiedLesson] = []
    before: tuple[date, date] | None = None  # of the lesson before: the day it was on, its new day
    for lesson, wish in zip(lessons, plan.lessons, strict=True):
        was, wished = _day(lesson.starts_at), _day(wish.starts_at)
        day, passed = _new_day(was, wished, before)
        before = (was, day)
        shift = day - wished
        copied.append(
            CopiedLesson(
                lesson.starts_at,
                replace(wish, starts_at=wish.starts_at + shift, ends_at=wish.ends_at + shift),
                passed,
                is_put_off=bool(shift),
            )
        )
    moved = copied[0].plan.starts_at - lessons[0].starts_at if lessons else timedelta(0)
    plan = replace(
        plan,
        title=title.strip() or plan.title,
        lessons=[item.plan for item in copied],
        booking_opens_at=training_class.booking_opens_at + moved,
        booking_closes_at=training_class.booking_closes_at + moved,
        cancel_until=training_class.cancel_until and training_class.cancel_until + moved,
    )
    return Copy(plan, copied)


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def _new_day(
    was: date, wished: date, before: tuple[date, date] | None
) -> tuple[date, tuple[DayMark, ...]]:
    """The day of a lesson, and the days off it was moved past. Lessons of one day stay together."""
    if before is not None:
        if was == before[0]:
            return before[1], ()
        wished = max(wished, before[1] + timedelta(days=1))
    passed: list[DayMark] = []
    while is_workday(was) and len(passed) < FARTHEST and (mark := mark_of(wished)).is_off:
        passed.append(mark)
        wished += timedelta(days=1)
    return wished, tuple(passed)
