"""Tickets: whoever takes the roll scans the code of a seat, or types it.

Source: docs/rules.md R70.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.signing import BadSignature
from django.utils.translation import gettext as _

from courses.models import Lesson

from ..me.ticket import signer
from ..models import TAKING_PART, Attendance, AttendanceStatus, Enrolment, MarkMethod
from ..record.attendance import on_the_roll
from ..record.first_marks import mark_unmarked
from ..record.mark_errors import AttendanceError
from .checking_in import minutes_left, status_at
from .other_slots import OfAnotherSlot


class NoTicket(AttendanceError):
    """No code of a ticket: another picture, or one made by hand."""


class NotOfThisClass(AttendanceError):
    """The seat has ended, or is one of another class; carries whose it is as `seat`."""

    def __init__(self, seat: Enrolment, lesson: Lesson) -> None:
        self.seat = seat
        words = {"name": seat.trainee.name, "title": seat.training_class.title}
        if seat.training_class_id == lesson.training_class_id:
            sentence = _("%(name)s no longer has a seat in this class.")
        else:
            sentence = _("%(name)s's ticket is for “%(title)s”, not for this class.")
        super().__init__(
            sentence % words + _("Whoever is here all the same can be taken in as a walk-in.")
        )


@dataclass(frozen=True)
class TicketCheck:
    """Whose ticket it was, the mark that stands, and whether it is new."""

    seat: Enrolment
    mark: Attendance
    is_new: bool


def check_ticket(*, lesson: Lesson, code: str, by, now: datetime) -> TicketCheck:
    """Mark whoever holds the ticket as the clock says; a mark that stands is left alone.

    Raises NoTicket, NotOfThisClass, OfAnotherSlot, TooEarly, RollClosed, RollLocked.
    """
    seat = _seat_of(code)
    if seat.status not in TAKING_PART or seat.training_class_id != lesson.training_class_id:
        raise NotOfThisClass(seat, lesson)
    if not on_the_roll(lesson).filter(pk=seat.pk).exists():
        raise OfAnotherSlot(seat, lesson)
    status = status_at(lesson, now)
    mark, is_new = mark_unmarked(
        lesson=lesson,
        enrolment=seat,
        status=status,
        minutes=minutes_left(lesson, now) if status == AttendanceStatus.LATE else None,
        by=by,
        now=now,
        method=MarkMethod.TICKET,
    )
    return TicketCheck(seat, mark, is_new)


def _seat_of(code: str) -> Enrolment:
    try:
        key = int(signer.unsign(code.strip()))
    except (BadSignature, ValueError):
        raise _no_ticket() from None
    seats = Enrolment.objects.select_related("trainee__user", "training_class", "village")
    seat = seats.filter(pk=key).first()
    if seat is None:
        raise _no_ticket()
    return seat


def _no_ticket() -> NoTicket:
    return NoTicket(
        _(
            "This is no ticket of the portal. On the phone it stands under “My classes”, “My"
            " ticket”; without it, find the name on the roll."
        )
    )
