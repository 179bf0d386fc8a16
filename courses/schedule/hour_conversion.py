"""What study hours a lesson's timetable comes to: minutes less breaks, by the rule of its format.

It is a proposal; the lesson's own field is what counts. Source: docs/rules.md R27, R79.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.utils import timezone

from ..models import Course, HourConversion, Lesson
from .class_plans import QUARTER_HOUR


@dataclass(frozen=True)
class Proposal:
    """Study hours, and the rule that they come from."""

    hours: Decimal
    rule: HourConversion


class Conversions:
    """The rules as they stand; read once for many lessons."""

    def __init__(self) -> None:
        self.rows = list(HourConversion.objects.all())

    def propose(self, *, minutes: int, formats: Iterable[int], day: date) -> Proposal | None:
        """What so many minutes on the day come to, in steps of 0.25; None where no rule holds.

        A course of several formats has the rules of one only where each has its own: then those of
        the first.
        """
        if minutes <= 0:
            return None
        rows = [row for row in self._of(list(formats), day) if row.from_minutes <= minutes]
        if not rows:
            return None
        rule = max(rows, key=lambda row: (row.from_minutes, row.valid_from))
        hours = rule.hours or (
            (Decimal(minutes) / rule.minutes_per_hour / QUARTER_HOUR).to_integral_value(ROUND_DOWN)
            * QUARTER_HOUR
        )
        return Proposal(hours, rule)

    def _of(self, formats: list[int], day: date) -> list[HourConversion]:
        valid = [
            row
            for row in self.rows
            if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)
        ]
        own = {row.teaching_format_id for row in valid} - {None}
        of_format = min(formats) if formats and own.issuperset(formats) else None
        return [row for row in valid if row.teaching_format_id == of_format]

    def for_lesson(self, lesson: Lesson) -> Proposal | None:
        """For a lesson as it stands in the timetable; its course is read with its formats."""
        return self.propose(
            minutes=lesson.duration_minutes - lesson.break_minutes,
            formats=formats_of(lesson.course_version.course),
            day=timezone.localdate(lesson.starts_at),
        )


def formats_of(course: Course) -> list[int]:
    """The keys of its formats; from what was read with it, else one statement."""
    return [item.pk for item in course.formats.all()]
