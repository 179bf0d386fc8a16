"""What happened to the marks of a lesson: each change with who made it, when and by which way, and
each locking and opening of the roll.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.models import Lesson

from ..models import AttendanceChange, Enrolment, RollLock, mark_in_words

MOST = 500  # of the newest entries


@dataclass(frozen=True)
class RollEvent:
    """A change of one mark, or a step of the lock, whose `person` is empty.

    `by` is empty where the portal itself acted.
    """

    at: datetime
    person: str
    was: str  # the mark before, in words
    became: str
    way: str
    by: str
    reason: str = ""  # why the roll was opened again


def history_of_roll(lesson: Lesson, person: Enrolment | None = None) -> list[RollEvent]:
    """The newest first; two statements. With a person only what happened to that person's mark."""
    found = [*_changes(lesson, person), *([] if person else _locks(lesson))]
    return nlargest(MOST, found, key=lambda event: event.at)


def _changes(lesson: Lesson, person: Enrolment | None) -> Iterator[RollEvent]:
    changes = AttendanceChange.objects.filter(lesson=lesson)
    if person:
        changes = changes.filter(enrolment=person)
    for change in changes.select_related(
        "enrolment__trainee__user", "by", "old_reason", "new_reason"
    ).order_by("-pk")[:MOST]:
        yield RollEvent(
            at=change.at,
            person=change.enrolment.trainee.user.name,
            was=_in_words(change.old_status, change.old_minutes, change.old_reason),
            became=_in_words(change.new_status, change.new_minutes, change.new_reason),
            way=str(change.get_method_display()),
            by=change.by.name if change.by else "",
        )


def _in_words(status: str, minutes: int | None, reason) -> str:
    if not status:
        return pgettext("of a mark", "unmarked")
    words = mark_in_words(status, reason.name if reason else "")
    if minutes is None:
        return words
    return _("%(mark)s, %(minutes)d minutes there") % {"mark": words, "minutes": minutes}


def _locks(lesson: Lesson) -> Iterator[RollEvent]:
    opened, locked = pgettext("of a roll", "open"), pgettext("of a roll", "locked")
    for lock in RollLock.objects.filter(lesson=lesson).select_related("locked_by", "reopened_by"):
        way = (
            pgettext("way of marking", "When the class was closed")
            if lock.with_the_class
            else _("By hand")
        )
        yield RollEvent(lock.locked_at, "", opened, locked, way, lock.locked_by.name)
        if lock.reopened_at:
            yield RollEvent(
                lock.reopened_at,
                "",
                locked,
                opened,
                _("By hand"),
                lock.reopened_by.name,
                lock.reason,
            )
