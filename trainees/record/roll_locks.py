"""Locking the roll of a lesson when it is done, and opening it again with a reason; closing a class
locks all its rolls. Source: docs/rules.md R73.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import HELD, Lesson, TrainingClass

from ..booking.class_lock import lock
from ..models import RollLock
from .attendance import on_the_roll
from .mark_errors import AttendanceError, RollClosed

LONGEST_REASON = 200  # characters


class CannotLock(AttendanceError):
    """The roll is not done, or locked already."""


class CannotReopen(AttendanceError):
    """The roll is not locked, or nobody says why it is opened."""


def with_locks(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Annotate `roll_is_locked`."""
    standing = RollLock.objects.standing().filter(lesson=OuterRef("pk"))
    return lessons.annotate(roll_is_locked=Exists(standing))


def lock_of(lesson: Lesson) -> RollLock | None:
    """Return the lock that stands on the roll, or nothing."""
    return RollLock.objects.standing().filter(lesson=lesson).select_related("locked_by").first()


@transaction.atomic
def lock_roll(*, lesson: Lesson, by, now: datetime) -> RollLock:
    """Lock the roll: no mark of the lesson changes until it is opened again.

    Raises RollClosed, and CannotLock before the lesson has ended, while somebody is unmarked and
    when it is locked already.
    """
    training_class = lock(lesson.training_class)
    if training_class.status not in HELD:
        raise RollClosed(
            _("This class is closed or cancelled, so its marks stay as they are anyway.")
        )
    if lock_of(lesson):
        raise CannotLock(_("The roll of this lesson is locked already."))
    if now < lesson.ends_at:
        raise CannotLock(_("The lesson has not ended yet. Lock its roll after it."))
    missing = on_the_roll(lesson).exclude(attendances__lesson=lesson).count()
    if missing:
        raise CannotLock(
            ngettext(
                "Not locked: %(count)d person is not marked yet. Mark everybody first.",
                "Not locked: %(count)d people are not marked yet. Mark everybody first.",
                missing,
            )
            % {"count": missing}
        )
    return RollLock.objects.create(lesson=lesson, locked_at=now, locked_by=by)


@transaction.atomic
def reopen_roll(*, lesson: Lesson, reason: str, by, now: datetime) -> None:
    """Open a locked roll again to correct it; who, when and why stay in its history.

    Raises RollClosed for a class that is closed, which is reopened as a whole, and CannotReopen.
    """
    training_class = lock(lesson.training_class)
    if training_class.status not in HELD:
        raise RollClosed(
            _("This class is closed or cancelled. Reopen the class to correct its marks.")
        )
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise CannotReopen(_("Say why the roll is opened again: it stays in its history."))
    if not _reopen(RollLock.objects.filter(lesson=lesson), reason, by, now):
        raise CannotReopen(_("The roll of this lesson is open already."))


def lock_all(*, training_class: TrainingClass, by, now: datetime) -> None:
    """Lock every roll of a class that is being closed; the caller holds the lock of the class."""
    open_rolls = with_locks(training_class.lessons.all()).filter(roll_is_locked=False)
    RollLock.objects.bulk_create(
        RollLock(lesson=lesson, locked_at=now, locked_by=by, with_the_class=True)
        for lesson in open_rolls.order_by("pk")
    )


def reopen_all(*, training_class: TrainingClass, reason: str, by, now: datetime) -> None:
    """Open every roll of a class that is reopened; the caller holds the lock of the class."""
    of_the_class = RollLock.objects.filter(lesson__training_class=training_class)
    _reopen(of_the_class, reason[:LONGEST_REASON], by, now)


def _reopen(locks: QuerySet[RollLock], reason: str, by, now: datetime) -> int:
    return locks.standing().update(reopened_at=now, reopened_by=by, reason=reason)
