"""Closing a class: the moment in which attendance becomes study hours. Reopening takes the hours back by counter entries."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.errors import PortalError
from academy.numbers import plain
from courses.models import HELD, ClassStatus, Lesson, TrainingClass
from notices.outbox import notify

from . import attendance
from .booking import lock, record
from .class_changes import lapse_the_queue
from .hours import RULE, hours_for
from .models import (
    CAME,
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentEventKind,
    EnrolmentStatus,
    HourEntry,
    HourKind,
)
from .no_shows import warn_absent


class ClosingRefused(PortalError):
    """A class that cannot be closed or reopened now."""


class NotAllMarked(ClosingRefused):
    """Carries everybody × lesson that still lacks a mark."""

    def __init__(self, missing: Sequence[tuple[Enrolment, Lesson]]) -> None:
        self.missing = list(missing)
        super().__init__(
            ngettext(
                "Not closed: %(count)d mark is missing. Mark everyone, or mark the rest absent.",
                "Not closed: %(count)d marks are missing. Mark everyone, or mark the rest absent.",
                len(self.missing),
            )
            % {"count": len(self.missing)}
        )


@transaction.atomic
def close_class(*, training_class: TrainingClass, by, now: datetime) -> list[HourEntry]:
    """Close the class and post the hours of everyone who came; returns the new lines of the ledger.

    Refused before the last lesson has ended and while anybody is unmarked. Source: DESIGN.md 5.5, "Closing".
    """
    training_class = lock(training_class)
    if training_class.status == ClassStatus.CLOSED:
        raise ClosingRefused(_("This class is closed already; its hours are posted."))
    if training_class.status not in HELD:
        raise ClosingRefused(_("This class is not being held, so there is nothing to close."))
    if training_class.ends_at is None or now < training_class.ends_at:
        raise ClosingRefused(_("The last lesson has not ended yet. Close the class after it."))
    missing = attendance.unmarked(training_class)
    if missing:
        raise NotAllMarked(missing)
    lapse_the_queue(training_class, now)
    closing = training_class.closings + 1
    marks = (
        Attendance.objects.filter(lesson__training_class=training_class, status__in=CAME, enrolment__status=EnrolmentStatus.BOOKED)
        .select_related("lesson", "enrolment__trainee__user")
        .order_by("lesson__starts_at", "pk")
    )
    entries, people = [], {}
    for item in marks:
        people[item.enrolment_id] = item.enrolment
        hours = hours_for(item, item.lesson)
        if hours > 0:
            entries.append(
                HourEntry(
                    trainee=item.enrolment.trainee, kind=HourKind.LESSON, hours=hours, earned_on=timezone.localdate(item.lesson.starts_at),
                    enrolment=item.enrolment, lesson=item.lesson, closing=closing, rule=RULE, posted_at=now, posted_by=by,
                )  # fmt: skip
            )
    HourEntry.objects.bulk_create(entries)
    for enrolment in people.values():
        enrolment.status = EnrolmentStatus.COMPLETED
        record(enrolment, EnrolmentEventKind.COMPLETED, now, by)
    Enrolment.objects.bulk_update(people.values(), ["status"])
    TrainingClass.objects.filter(pk=training_class.pk).update(status=ClassStatus.CLOSED, closings=F("closings") + 1, updated_at=now)
    _tell(people.values(), entries, training_class, closing)
    warn_absent(training_class, now)
    return entries


@transaction.atomic
def mark_rest_absent(*, training_class: TrainingClass, by, now: datetime) -> int:
    """Mark everybody absent who has no mark in a lesson that is over: the explicit second step before closing."""
    lock(training_class)
    lessons = {lesson.pk: lesson for _person, lesson in attendance.unmarked(training_class) if lesson.ends_at <= now}
    return sum(attendance.mark_rest(lesson=lesson, status=AttendanceStatus.ABSENT, by=by, now=now) for lesson in lessons.values())


@transaction.atomic
def reopen_class(*, training_class: TrainingClass, reason: str, by, now: datetime) -> list[HourEntry]:
    """Open a closed class again to correct it; every posted hour is taken back by a counter entry. Raises ClosingRefused."""
    training_class = lock(training_class)
    reason = reason.strip()
    if training_class.status != ClassStatus.CLOSED:
        raise ClosingRefused(_("Only a closed class can be reopened."))
    if not reason:
        raise ClosingRefused(_("Say why the class is reopened: it stays in the records."))
    posted = HourEntry.objects.filter(enrolment__training_class=training_class, kind=HourKind.LESSON, reversed_by__isnull=True)
    counter = [
        HourEntry(
            trainee_id=entry.trainee_id, kind=HourKind.CORRECTION, hours=-entry.hours, earned_on=entry.earned_on, enrolment_id=entry.enrolment_id,
            lesson_id=entry.lesson_id, closing=entry.closing, rule=entry.rule, reverses=entry, reason=reason[:200], posted_at=now, posted_by=by,
        )
        for entry in posted
    ]  # fmt: skip
    HourEntry.objects.bulk_create(counter)
    for enrolment in Enrolment.objects.filter(training_class=training_class, status=EnrolmentStatus.COMPLETED):
        enrolment.status = EnrolmentStatus.BOOKED
        enrolment.save(update_fields=["status"])
        record(enrolment, EnrolmentEventKind.REOPENED, now, by, reason)
    TrainingClass.objects.filter(pk=training_class.pk).update(status=ClassStatus.RUNNING, updated_at=now)
    return counter


def _tell(people, entries: Sequence[HourEntry], training_class: TrainingClass, closing: int) -> None:
    totals: dict[int, object] = {}
    for entry in entries:
        totals[entry.enrolment_id] = totals.get(entry.enrolment_id, 0) + entry.hours
    with translation.override(settings.LANGUAGE_CODE):
        for enrolment in people:
            if enrolment.pk in totals:
                notify(
                    person=enrolment.trainee.user,
                    kind="hours_posted",
                    subject=enrolment,
                    dedupe=f"closing-{closing}",
                    title=_("%(hours)s study hours for %(title)s") % {"hours": plain(totals[enrolment.pk]), "title": training_class.title},
                    body=_("The class is closed and your hours are in. You need not register anything."),
                    link="/me/hours/",
                )
