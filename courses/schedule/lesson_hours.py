"""Study hours and clock time of a lesson: 1 study hour (学时) is 45 minutes, breaks lie inside the
clock time. Source: docs/rules.md R27.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _

from academy.text.numbers import plain

from .class_plans import QUARTER_HOUR

# Some schools teach 40 minutes. Breaks and questions may double the time, lunch adds an hour.
LEAST_MINUTES, MOST_MINUTES, LUNCH = 40, 90, timedelta(hours=1)


def question_about_hours(hours: Decimal, length: timedelta) -> str:
    """What to ask where so many study hours hardly fit the clock time; nothing where they do."""
    values = {"hours": plain(Decimal(hours)), "minutes": int(length.total_seconds() // 60)}
    if length < LEAST_MINUTES * timedelta(minutes=1) * float(hours):
        return (
            _(
                "%(hours)s study hours in %(minutes)d minutes? One study hour is 45 minutes. Check"
                " the times and the hours."
            )
            % values
        )
    if length > MOST_MINUTES * timedelta(minutes=1) * float(hours) + LUNCH:
        return (
            _(
                "Only %(hours)s study hours for %(minutes)d minutes? One study hour is 45 minutes."
                " Check the times and the hours."
            )
            % values
        )
    return ""


def split_hours(lessons: Iterable[dict]) -> None:
    """Fill in `hours` where a lesson has none: a course's hours go to its lesson; where it takes
    several, each gets its share of what is left by clock time, in steps of 0.25.
    """
    by_course = defaultdict(list)
    for lesson in lessons:
        by_course[lesson["course_version"].course_id].append(lesson)
    for group in by_course.values():
        given = sum(
            (lesson["hours"] for lesson in group if lesson.get("hours") is not None), Decimal(0)
        )
        empty = [lesson for lesson in group if lesson.get("hours") is None]
        hours = max(Decimal(0), group[0]["course_version"].hours - given)
        minutes = [
            int((lesson["ends_at"] - lesson["starts_at"]).total_seconds() // 60) for lesson in empty
        ]
        left = hours
        for lesson, length in zip(empty[:-1], minutes[:-1], strict=True):
            lesson["hours"] = (
                hours * length / (sum(minutes) or 1) / QUARTER_HOUR
            ).to_integral_value(ROUND_DOWN) * QUARTER_HOUR
            left -= lesson["hours"]
        if empty:
            empty[-1]["hours"] = left
