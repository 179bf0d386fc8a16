"""Marks that a phone took while it had no network: each is taken once, and where another mark
stands than the phone had seen, a person decides. Source: docs/rules.md R74.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from courses.models import Lesson

from ..booking.class_lock import lock
from ..models import (
    AWAY,
    PARTLY_THERE,
    AbsenceReason,
    Attendance,
    AttendanceStatus,
    MarkMethod,
    SentMark,
)
from .attendance import bring_to, on_the_roll
from .mark_errors import AttendanceError, NotOnTheRoll
from .marks import Mark, minutes_of

MOST_AT_ONCE = 300  # marks of one send; a phone with more sends again


class Outcome(models.TextChoices):
    """What became of a mark."""

    TAKEN = "taken"
    CLASH = "clash"  # somebody decides
    REFUSED = "refused"  # it can be sent again, or given up


@dataclass(frozen=True)
class PhoneMark:
    """A mark as the phone sends it: whose, what is wanted, and what the phone had seen there."""

    nonce: uuid.UUID
    enrolment: int
    wanted: Mark
    seen: Mark


@dataclass(frozen=True)
class Answer:
    """What became of one mark; `stands` is the mark on the roll now, or nothing."""

    nonce: uuid.UUID
    outcome: str
    stands: Attendance | None = None
    said: str = ""  # why it is refused


def take_in(*, lesson: Lesson, marks: Iterable[PhoneMark], by, now: datetime) -> list[Answer]:
    """Take the marks in their order, each for itself: one that is refused leaves the others.

    The server judges the time; what the phone's clock said is not asked.
    """
    answers = []
    for mark in marks:
        try:
            answers.append(_take(lesson, mark, by, now))
        except AttendanceError as error:
            answers.append(Answer(mark.nonce, Outcome.REFUSED, _stands(lesson, mark), str(error)))
    return answers


@transaction.atomic
def _take(lesson: Lesson, mark: PhoneMark, by, now: datetime) -> Answer:
    lock(lesson.training_class)  # nobody sends the same one beside us
    kept = SentMark.objects.filter(nonce=mark.nonce).first()
    stands = _stands(lesson, mark)
    if kept:
        return Answer(mark.nonce, Outcome.TAKEN if kept.is_taken else Outcome.CLASH, stands)
    if not on_the_roll(lesson).filter(pk=mark.enrolment).exists():
        raise NotOnTheRoll(_("This person no longer holds a seat in the class."))
    wanted, seen = _checked(lesson, mark.wanted), _as_stored(lesson, mark.seen)
    present = Mark(stands.status, stands.minutes, stands.reason_id) if stands else Mark()
    is_taken = present in (seen, wanted)
    if is_taken:
        bring_to(
            lesson=lesson,
            wanted={mark.enrolment: wanted},
            by=by,
            now=now,
            batch=mark.nonce,
            method=MarkMethod.OFFLINE,
        )
        stands = _stands(lesson, mark)
    SentMark.objects.create(
        nonce=mark.nonce,
        enrolment_id=mark.enrolment,
        lesson=lesson,
        is_taken=is_taken,
        sent_at=now,
        sent_by=by,
    )
    return Answer(mark.nonce, Outcome.TAKEN if is_taken else Outcome.CLASH, stands)


def _stands(lesson: Lesson, mark: PhoneMark) -> Attendance | None:
    marks = Attendance.objects.filter(lesson=lesson, enrolment=mark.enrolment)
    return marks.select_related("reason", "marked_by").first()


def _checked(lesson: Lesson, wanted: Mark) -> Mark:
    """The mark as it would be stored. Raises WrongMinutes, AttendanceError."""
    if not wanted.status:
        return Mark()
    if wanted.status not in AttendanceStatus.values:
        raise AttendanceError(_("There is no such mark."))
    reason = wanted.reason if wanted.status in AWAY else None
    if reason and not AbsenceReason.objects.filter(pk=reason).exists():
        reason = None
    return Mark(wanted.status, minutes_of(lesson, wanted.status, wanted.minutes), reason)


def _as_stored(lesson: Lesson, seen: Mark) -> Mark:
    """What the phone had seen; it does not know the minutes that the portal fills in."""
    if seen.status in PARTLY_THERE and seen.minutes is None:
        return replace(seen, minutes=minutes_of(lesson, seen.status, None))
    return seen
