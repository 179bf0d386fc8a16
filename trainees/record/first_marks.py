"""Marks that the door makes: the first one of somebody in a lesson, never over one that stands.

People who check in at once do not wait for each other: they share the lock of the class, which
closes it to whoever takes the roll, gives seats or closes the class. That two ways mark the same
person at the same moment is what the unique key of the table is for. Source: docs/rules.md R70.
"""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.models import Lesson

from ..models import Attendance, AttendanceChange, Enrolment, WallScan
from ..statements import shared_class
from .attendance import minutes_of, on_the_roll, refuse_unless_open
from .mark_errors import NotOnTheRoll


def mark_unmarked(
    *,
    lesson: Lesson,
    enrolment: Enrolment,
    status: str,
    by,
    now: datetime,
    method: str,
    minutes: int | None = None,
    scan: WallScan | None = None,
) -> tuple[Attendance, bool]:
    """Mark somebody unless a mark stands; returns the mark that stands, and whether it is new.

    A `scan` is kept with a new mark, in place of one that came early. Raises NotOnTheRoll,
    RollClosed, RollLocked, TooEarly, WrongMinutes.
    """
    stands = Attendance.objects.filter(lesson=lesson, enrolment=enrolment).select_related("reason")
    mark = Attendance(
        lesson=lesson,
        enrolment=enrolment,
        status=status,
        minutes=minutes_of(lesson, status, minutes),
        marked_by=by,
        marked_at=now,
        method=method,
    )
    try:
        with transaction.atomic():
            refuse_unless_open(lesson, shared_class(lesson.training_class_id), now)
            if found := stands.first():
                return found, False
            if not on_the_roll(lesson).filter(pk=enrolment.pk).exists():
                raise NotOnTheRoll(_("There is no seat in this class any more."))
            _write(mark, scan)
    except IntegrityError:  # marked in another way at the same moment: that one holds
        return stands.get(), False
    return mark, True


def _write(mark: Attendance, scan: WallScan | None) -> None:
    Attendance.objects.bulk_create([mark])
    change = AttendanceChange(
        lesson=mark.lesson,
        enrolment=mark.enrolment,
        batch=uuid.uuid4(),
        by=mark.marked_by,
        at=mark.marked_at,
        method=mark.method,
        new_status=mark.status,
        new_minutes=mark.minutes,
    )
    AttendanceChange.objects.bulk_create([change])
    if scan is not None:
        scan.counted_at = mark.marked_at
        WallScan.objects.bulk_create(
            [scan],
            update_conflicts=True,
            update_fields=["counted_at"],
            unique_fields=["lesson", "enrolment"],
        )
