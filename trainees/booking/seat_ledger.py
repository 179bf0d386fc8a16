"""Taking a seat of a pool and giving it back, each with its event."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils import translation

from courses.models import SeatPool, TrainingClass

from ..models import (
    Attendance,
    AttendanceChange,
    Enrolment,
    EnrolmentEventKind,
    EnrolmentStatus,
    MarkMethod,
    Nomination,
    NominationStatus,
    SlotChoice,
)
from ..seats.counting import pool_with_a_seat
from ..statements import take_a_seat, write_event


def take_seat(town_id: int, pools: Iterable[SeatPool]) -> SeatPool | None:
    """Take a seat that the town may use, own quota first; returns its pool, or nothing."""
    while pool := pool_with_a_seat(town_id, pools):
        if take(pool):
            return pool
    return None


def take(pool: SeatPool) -> bool:
    """Take one seat if there is one: the statement that no race can win twice."""
    if take_a_seat(pool.pk):
        pool.seats_taken += 1
        return True
    pool.seats_taken = pool.seats  # somebody was faster: do not try this pool again
    return False


def give_up(
    enrolment: Enrolment,
    training_class: TrainingClass,
    *,
    by,
    now: datetime,
    reason: str = "",
    kind: str = EnrolmentEventKind.WITHDRAWN,
) -> None:
    """End an open enrolment and free what it held; the caller holds the lock and promotes."""
    held = enrolment.holds_a_seat
    if held:
        free_seat(enrolment)
    else:
        count_waiting(training_class, -1)
    enrolment.status, enrolment.pool, enrolment.offer_ends_at = (
        EnrolmentStatus.WITHDRAWN,
        None,
        None,
    )
    enrolment.save(update_fields=["status", "pool", "offer_ends_at"])
    if held:
        _take_marks_back(enrolment, by, now)
        SlotChoice.objects.standing().filter(enrolment=enrolment).update(left_at=now)
    # nobody is asked about a seat that is gone
    Nomination.objects.standing().filter(enrolment=enrolment).update(
        status=NominationStatus.RELEASED
    )
    record(enrolment, kind, now, by, reason)


def free_seat(enrolment: Enrolment) -> None:
    """Give the seat back to its pool; call with the class locked."""
    SeatPool.objects.filter(pk=enrolment.pool_id).update(seats_taken=F("seats_taken") - 1)


def _take_marks_back(enrolment: Enrolment, by, now: datetime) -> None:
    """Whoever gives the seat up in time was neither there nor absent, whatever was tapped in the
    hour before.

    It is no tap of the roll to undo.
    """
    taken_back = uuid.uuid4()
    for mark in Attendance.objects.filter(enrolment=enrolment):
        AttendanceChange.objects.create(
            enrolment=enrolment,
            lesson_id=mark.lesson_id,
            batch=taken_back,
            undoes=taken_back,
            by=by,
            at=now,
            old_status=mark.status,
            old_minutes=mark.minutes,
            old_reason_id=mark.reason_id,
            method=MarkMethod.SEAT,
        )
        mark.delete()


def record(enrolment: Enrolment, kind: str, now: datetime, by, reason: str = "") -> None:
    """Add a line to the enrolment's history; `by` is empty where the portal itself acted.

    A lazily translated reason is kept in the language of the portal, not in that of whoever acts.
    """
    with translation.override(settings.LANGUAGE_CODE):
        reason = str(reason)
    write_event(enrolment.pk, kind, now, by.pk if by else None, reason[:200])


def count_waiting(training_class: TrainingClass, change: int) -> None:
    """Add `change` to the length of the queue, on the row and in the object."""
    TrainingClass.objects.filter(pk=training_class.pk).update(
        waiting_count=F("waiting_count") + change
    )
    training_class.waiting_count += change
