"""Who comes to another slot of a lesson than they have chosen: the sentence that says which slot is
theirs, and moving the choice when staff take them in. Source: docs/rules.md R90.
"""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from courses.models import Lesson, TrainingClass
from courses.schedule.slots import seats_of

from ..booking.slots import put_into, slot_in_words, standing_choice, taken_of
from ..models import CAME, Attendance, Enrolment, RollLock, SlotChoice
from ..record.attendance import write_marks
from ..record.mark_errors import AttendanceError
from ..record.marks import Mark


class OfAnotherSlot(AttendanceError):
    """The person has chosen another slot, or none; carries whose seat it is as `seat`."""

    def __init__(self, seat: Enrolment, lesson: Lesson, *, said_to_them: bool = False) -> None:
        self.seat = seat
        chosen = standing_choice(seat, lesson.slot_group)
        if said_to_them:
            super().__init__(self._to_them(chosen))
            return
        if chosen is None:
            sentence = _("%(name)s has a seat in this class and has chosen none of its slots.") % {
                "name": seat.trainee.name
            }
        else:
            sentence = _("%(name)s's slot is %(slot)s, not this one.") % {
                "name": seat.trainee.name,
                "slot": slot_in_words(chosen.lesson),
            }
        super().__init__(
            sentence + _("Whoever takes the roll can take the person in here, if a seat is left.")
        )

    @staticmethod
    def _to_them(chosen: SlotChoice | None) -> str:
        sentence = (
            _("Your slot is %(slot)s, not this one.") % {"slot": slot_in_words(chosen.lesson)}
            if chosen
            else _("You have not chosen this slot of the lesson.")
        )
        return sentence + _("Whoever takes the roll can take you in here, if a seat is left.")


class CannotMoveHere(AttendanceError):
    """The slot is full, or the person was in another one."""


def has_seat_left(lesson: Lesson, training_class: TrainingClass) -> bool:
    """Whether one more person fits into the slot."""
    return taken_of([lesson])[lesson.pk] < seats_of(lesson, training_class.capacity)


def bring_here(
    seat: Enrolment, lesson: Lesson, training_class: TrainingClass, *, by, now: datetime
) -> None:
    """Move the choice of somebody who has come to this slot; a mark of leave or absence in the slot
    before goes with it. Call with the class locked.

    Raises CannotMoveHere.
    """
    if lesson.slot_group is None:
        return
    chosen = standing_choice(seat, lesson.slot_group)
    if chosen is not None and chosen.lesson_id == lesson.pk:
        return
    if not has_seat_left(lesson, training_class):
        raise CannotMoveHere(
            _("This slot is full, so nobody of another slot can be taken in here.")
        )
    if chosen is not None:
        _leave_roll(seat, chosen.lesson, by, now)
    put_into(seat, lesson, by=by, now=now)


def _leave_roll(seat: Enrolment, before: Lesson, by, now: datetime) -> None:
    mark = Attendance.objects.filter(lesson=before, enrolment=seat).first()
    if mark is None:
        return
    if mark.status in CAME:
        raise CannotMoveHere(
            _("%(name)s was in the slot %(slot)s already and has the hours of this lesson.")
            % {"name": seat.trainee.name, "slot": slot_in_words(before)}
        )
    if RollLock.objects.standing().filter(lesson=before).exists():
        raise CannotMoveHere(
            _(
                "The roll of the slot %(slot)s is locked with a mark of %(name)s. Open it again"
                " with a reason, then take the person in here."
            )
            % {"name": seat.trainee.name, "slot": slot_in_words(before)}
        )
    write_marks(before, {seat.pk: Mark()}, by, now, uuid.uuid4())
