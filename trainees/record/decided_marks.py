"""Marks that the answer to a request writes: leave that was granted, an appeal that was right.

Source: docs/rules.md R76, R77.
"""

import uuid
from datetime import datetime

from courses.models import Lesson

from ..models import (
    AWAY,
    CAME,
    AbsenceReason,
    Attendance,
    AttendanceStatus,
    Enrolment,
    MarkMethod,
    RollLock,
)
from .attendance import on_the_roll, write_marks
from .marks import Mark


def decide_mark(
    *,
    lesson: Lesson,
    enrolment: Enrolment,
    status: str,
    reason: AbsenceReason | None = None,
    because: str,
    by,
    now: datetime,
    batch: uuid.UUID,
) -> int:
    """Write the mark, before the roll opens and after it is locked too; returns how many changed.

    A locked roll is opened for it with what was asked, and locked again: its history shows both.
    Whoever came is not put on leave. Call with the class locked, in the transaction of the answer.
    """
    if not on_the_roll(lesson).filter(pk=enrolment.pk).exists():
        return 0
    came = Attendance.objects.filter(lesson=lesson, enrolment=enrolment, status__in=CAME)
    if status in AWAY and came.exists():
        return 0
    standing = RollLock.objects.standing().filter(lesson=lesson).first()
    if standing is not None:
        RollLock.objects.filter(pk=standing.pk).update(
            reopened_at=now, reopened_by=by, reason=because
        )
    wanted = Mark(AttendanceStatus(status), None, reason.pk if reason else None)
    changed = write_marks(lesson, {enrolment.pk: wanted}, by, now, batch, method=MarkMethod.ANSWER)
    if standing is not None:
        RollLock.objects.create(
            lesson=lesson, locked_at=now, locked_by=by, with_the_class=standing.with_the_class
        )
    return changed
