"""Absences without leave from several lessons in a row. Source: docs/rules.md R77."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from academy.office_settings import office_setting
from courses.models import HELD, ClassStatus

from ..booking.no_shows import before_the_seat
from ..models import Attendance, AttendanceStatus, RollLock

TOLD_WITHIN = timedelta(days=14)  # after the roll was locked


def rows_of_absences(now: datetime) -> Iterator[tuple[Attendance, int]]:
    """The mark that makes a row of absences as long as the office says, and that length.

    A row goes over lessons of all classes in the order of time; leave ends it like coming does. It
    counts once the roll of its last lesson is locked, by itself or with its class. Lessons before
    the person had the seat are left out. Three queries.
    """
    length = office_setting("absences_in_a_row")
    locked = set(
        RollLock.objects.standing()
        .filter(
            locked_at__gt=now - TOLD_WITHIN,
            lesson__attendances__status=AttendanceStatus.ABSENT,
            lesson__training_class__status__in=(*HELD, ClassStatus.CLOSED),
        )
        .values_list("lesson", flat=True)
    )
    if not locked:
        return
    people = (
        Attendance.objects.filter(lesson__in=locked, status=AttendanceStatus.ABSENT)
        .order_by()
        .values("enrolment__trainee")
    )
    marks = (
        Attendance.objects.filter(
            enrolment__trainee__in=people,
            lesson__ends_at__lte=now,
            lesson__training_class__status__in=(*HELD, ClassStatus.CLOSED),
        )
        .exclude(before_the_seat())
        .select_related(
            "enrolment__trainee__user",
            "lesson__training_class__campus",
            "lesson__course_version",
        )
        .order_by("enrolment__trainee", "lesson__starts_at", "pk")
    )
    for _person, own in groupby(marks, key=lambda mark: mark.enrolment.trainee_id):
        in_a_row = 0
        for mark in own:
            in_a_row = in_a_row + 1 if mark.status == AttendanceStatus.ABSENT else 0
            if in_a_row == length and mark.lesson_id in locked:
                yield mark, length
