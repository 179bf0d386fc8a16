"""Closing a class: the moment in which attendance becomes study hours.

Reopening takes the hours back by counter entries.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.errors import PortalError
from courses.models import HELD, ClassStatus, Lesson, TrainingClass
from courses.schedule.hour_conversion import Conversions
from courses.schedule.slots import each_once
from notices.outbox import tell

from ..booking.class_lock import lock
from ..booking.no_shows import warn_absent
from ..booking.questions import forget_questions
from ..booking.seat_ledger import record
from ..classes.changes import lapse_the_queue
from ..evaluation.windows import open_with_closing
from ..models import (
    CAME,
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentEventKind,
    EnrolmentStatus,
    HourEntry,
    HourKind,
    MarkMethod,
    attended_by,
    choices_in,
    mark_label,
)
from ..notices.attendance import HOURS_POSTED
from . import attendance, roll_locks
from .closing_parts import ClosingPart, in_words, missing_parts
from .hours import hours_for, rule_of, take_back
from .lesson_rolls import unmarked


class ClosingRefused(PortalError):
    """A class that cannot be closed or reopened now."""


class NotAllMarked(ClosingRefused):
    """Carries everybody × lesson that still lacks a mark."""

    def __init__(self, missing: Sequence[tuple[Enrolment, Lesson]]) -> None:
        self.missing = list(missing)
        super().__init__(
            ngettext(
                "Not closed: %(count)d mark is missing. Mark everyone, or mark the rest"
                " “%(mark)s”.",
                "Not closed: %(count)d marks are missing. Mark everyone, or mark the rest"
                " “%(mark)s”.",
                len(self.missing),
            )
            % {"count": len(self.missing), "mark": mark_label(AttendanceStatus.ABSENT)}
        )


class PartsMissing(ClosingRefused):
    """Carries the parts of the class's file that are missing."""

    def __init__(self, parts: Sequence[ClosingPart]) -> None:
        self.parts = list(parts)
        super().__init__(
            _("Not closed: the file of the class lacks %(parts)s.") % {"parts": in_words(parts)}
        )


class MarksChanged(ClosingRefused):
    """Somebody has changed a mark, or who is on the roll, since the hours were shown."""


# --- What closing would post ----------------------------------------------------------------------


@dataclass(frozen=True)
class PersonsHours:
    """What one person would get: the hours, and the lessons in which they were not all there."""

    enrolment: Enrolment
    hours: Decimal
    exceptions: list[tuple[Lesson, Attendance]]
    unmarked: list[Lesson]


@dataclass(frozen=True)
class HoursToPost:
    """What closing the class would post now, person by person in the order of lists."""

    people: list[PersonsHours]
    whole: Decimal  # of all lessons

    @property
    def with_all(self) -> list[PersonsHours]:
        return [person for person in self.people if person.hours and person.hours >= self.whole]

    @property
    def with_less(self) -> list[PersonsHours]:
        return [person for person in self.people if 0 < person.hours < self.whole]

    @property
    def with_none(self) -> list[PersonsHours]:
        return [person for person in self.people if not person.hours]

    @property
    def with_exceptions(self) -> list[PersonsHours]:
        """Who was not all there in a lesson and gets less for it."""
        return [person for person in self.people if person.exceptions and person.hours < self.whole]

    @property
    def missing(self) -> int:
        """Marks that are still missing."""
        return sum(len(person.unmarked) for person in self.people)

    @property
    def with_hours(self) -> int:
        return sum(1 for person in self.people if person.hours)

    @property
    def total(self) -> Decimal:
        return sum((person.hours for person in self.people), Decimal(0))

    @property
    def fingerprint(self) -> str:
        """Names what was shown, so that nothing else is posted."""
        shown = [
            (
                person.enrolment.pk,
                str(person.hours),
                [lesson.pk for lesson in person.unmarked],
                [
                    (mark.lesson_id, mark.status, mark.minutes)
                    for _lesson, mark in person.exceptions
                ],
            )
            for person in self.people
        ]
        return hashlib.sha256(repr(shown).encode()).hexdigest()


def hours_to_post(training_class: TrainingClass) -> HoursToPost:
    """What closing would post with the marks as they stand; who is unmarked counts as absent."""
    lessons = list(
        training_class.lessons.select_related("course_version").order_by("starts_at", "pk")
    )
    found = Attendance.objects.filter(lesson__training_class=training_class).select_related(
        "reason"
    )
    marks = {(mark.enrolment_id, mark.lesson_id): mark for mark in found}
    enrolments = (
        Enrolment.objects.filter(training_class=training_class, status=EnrolmentStatus.BOOKED)
        .select_related("trainee__user", "village__town")
        .order_by("village__town__code", "trainee__stroke_key", "pk")
    )
    people, chosen = [], choices_in(lessons)
    for enrolment in enrolments:
        own = [
            (lesson, marks.get((enrolment.pk, lesson.pk)))
            for lesson in lessons
            if chosen.attends(enrolment.pk, lesson)
        ]
        people.append(
            PersonsHours(
                enrolment,
                sum((hours_for(mark, lesson) for lesson, mark in own if mark), Decimal(0)),
                [
                    (lesson, mark)
                    for lesson, mark in own
                    if mark and mark.status != AttendanceStatus.PRESENT
                ],
                [lesson for lesson, mark in own if mark is None],
            )
        )
    return HoursToPost(people, sum((lesson.hours for lesson in each_once(lessons)), Decimal(0)))


@dataclass(frozen=True)
class HoursToTakeBack:
    """What reopening would take from one person."""

    enrolment: Enrolment
    hours: Decimal
    lessons: int


def hours_to_take_back(training_class: TrainingClass) -> list[HoursToTakeBack]:
    """What reopening the class would take back, person by person in the order of lists."""
    found: dict[int, list[HourEntry]] = {}
    for entry in _posted(training_class).select_related(
        "enrolment__trainee__user", "enrolment__village__town"
    ):
        found.setdefault(entry.enrolment_id, []).append(entry)
    people = [
        HoursToTakeBack(
            entries[0].enrolment, sum((entry.hours for entry in entries), Decimal(0)), len(entries)
        )
        for entries in found.values()
    ]
    return sorted(people, key=lambda person: _place_in_lists(person.enrolment))


def _place_in_lists(enrolment: Enrolment) -> tuple:
    return enrolment.village.town.code, enrolment.trainee.stroke_key, enrolment.pk


def _posted(training_class: TrainingClass) -> QuerySet[HourEntry]:
    """The hours of the class that stand."""
    return HourEntry.objects.filter(
        enrolment__training_class=training_class, kind=HourKind.LESSON, reversed_by__isnull=True
    )


def refuse_to_close(training_class: TrainingClass, now: datetime) -> None:
    """What stands against closing the class, whatever its marks are. Raises ClosingRefused."""
    if training_class.status == ClassStatus.CLOSED:
        raise ClosingRefused(_("This class is closed already; its hours are posted."))
    if training_class.status not in HELD:
        raise ClosingRefused(_("This class is not being held, so there is nothing to close."))
    if training_class.ends_at is None or now < training_class.ends_at:
        raise ClosingRefused(_("The last lesson has not ended yet. Close the class after it."))


# --- Closing and reopening ------------------------------------------------------------------------


@transaction.atomic
def close_as_shown(
    *, training_class: TrainingClass, shown: str, rest_absent: bool = False, by, now: datetime
) -> list[HourEntry]:
    """Close the class if it posts what was shown; `rest_absent` marks the unmarked absent first.

    Nobody stays absent when closing is refused after all. Raises MarksChanged, ClosingRefused.
    """
    training_class = lock(training_class)
    refuse_to_close(training_class, now)
    if hours_to_post(training_class).fingerprint != shown:
        raise MarksChanged(
            _(
                "Somebody has changed a mark since you opened the page. See the hours again, then"
                " close."
            )
        )
    if rest_absent:
        mark_rest_absent(training_class=training_class, by=by, now=now)
    return close_class(training_class=training_class, by=by, now=now)


@transaction.atomic
def close_class(*, training_class: TrainingClass, by, now: datetime) -> list[HourEntry]:
    """Close the class and post the hours of everyone who came; returns the new lines of the ledger.

    Refused before the last lesson has ended, while anybody is unmarked and while a part of the
    class's file is missing. Raises ClosingRefused. Source: docs/rules.md R5, R26, R80.
    """
    training_class = lock(training_class)
    refuse_to_close(training_class, now)
    missing = unmarked(training_class)
    if missing:
        raise NotAllMarked(missing)
    if parts := missing_parts(training_class, now):
        raise PartsMissing(parts)
    lapse_the_queue(training_class, now)
    closing = training_class.closings + 1
    marks = (
        Attendance.objects.filter(
            attended_by(OuterRef("enrolment"), lesson="lesson"),
            lesson__training_class=training_class,
            status__in=CAME,
            enrolment__status=EnrolmentStatus.BOOKED,
        )
        .select_related("lesson", "enrolment__trainee__user")
        .order_by("lesson__starts_at", "pk")
    )
    entries, people, rules = [], {}, _rules_of(training_class)
    for item in marks:
        people[item.enrolment_id] = item.enrolment
        hours = hours_for(item, item.lesson)
        if hours > 0:
            entries.append(
                HourEntry(
                    trainee=item.enrolment.trainee,
                    kind=HourKind.LESSON,
                    hours=hours,
                    earned_on=timezone.localdate(item.lesson.starts_at),
                    enrolment=item.enrolment,
                    lesson=item.lesson,
                    closing=closing,
                    rule=rules[item.lesson_id],
                    posted_at=now,
                    posted_by=by,
                )
            )
    HourEntry.objects.bulk_create(entries)
    for enrolment in people.values():
        enrolment.status = EnrolmentStatus.COMPLETED
        record(enrolment, EnrolmentEventKind.COMPLETED, now, by)
    Enrolment.objects.bulk_update(people.values(), ["status"])
    TrainingClass.objects.filter(pk=training_class.pk).update(
        status=ClassStatus.CLOSED, closings=F("closings") + 1, updated_at=now
    )
    roll_locks.lock_all(training_class=training_class, by=by, now=now)
    open_with_closing(training_class, now)
    forget_questions(training_class)
    _tell(people.values(), entries, training_class, closing)
    warn_absent(training_class, now)
    return entries


def _rules_of(training_class: TrainingClass) -> dict[int, str]:
    """Lesson key → the rule that its hours come from; three statements."""
    conversions = Conversions()
    lessons = training_class.lessons.select_related("course_version__course").prefetch_related(
        "course_version__course__formats"
    )
    return {lesson.pk: rule_of(lesson, conversions) for lesson in lessons}


@transaction.atomic
def mark_rest_absent(*, training_class: TrainingClass, by, now: datetime) -> int:
    """Mark everybody absent who has no mark in a lesson that is over: the explicit second step
    before closing.
    """
    lock(training_class)
    lessons = {
        lesson.pk: lesson for _person, lesson in unmarked(training_class) if lesson.ends_at <= now
    }
    return sum(
        attendance.mark_rest(
            lesson=lesson, status=AttendanceStatus.ABSENT, by=by, now=now, method=MarkMethod.CLOSING
        )
        for lesson in lessons.values()
    )


@transaction.atomic
def reopen_class(
    *, training_class: TrainingClass, reason: str, by, now: datetime
) -> list[HourEntry]:
    """Open a closed class again to correct it; every posted hour is taken back by a counter entry,
    and the rolls are opened with the same reason.

    Raises ClosingRefused.
    """
    training_class = lock(training_class)
    reason = reason.strip()
    if training_class.status != ClassStatus.CLOSED:
        raise ClosingRefused(_("Only a closed class can be reopened."))
    if not reason:
        raise ClosingRefused(_("Say why the class is reopened: it stays in the records."))
    counter = take_back(_posted(training_class), reason=reason, by=by, now=now)
    for enrolment in Enrolment.objects.filter(
        training_class=training_class, status=EnrolmentStatus.COMPLETED
    ):
        enrolment.status = EnrolmentStatus.BOOKED
        enrolment.save(update_fields=["status"])
        record(enrolment, EnrolmentEventKind.REOPENED, now, by, reason)
    TrainingClass.objects.filter(pk=training_class.pk).update(
        status=ClassStatus.RUNNING, updated_at=now
    )
    roll_locks.reopen_all(training_class=training_class, reason=reason, by=by, now=now)
    return counter


def _tell(
    people, entries: Sequence[HourEntry], training_class: TrainingClass, closing: int
) -> None:
    totals: dict[int, Decimal] = {}
    for entry in entries:
        totals[entry.enrolment_id] = totals.get(entry.enrolment_id, 0) + entry.hours
    for enrolment in people:
        if enrolment.pk in totals:
            tell(
                HOURS_POSTED,
                enrolment.trainee.user,
                values={"title": training_class.title, "hours": totals[enrolment.pk]},
                link="/me/hours/",
                subject=enrolment,
                dedupe=f"closing-{closing}",
            )
