"""What has happened in a class: bookings, marks, messages, hours posted and taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.templatetags.portal_tags import hours, short_day
from courses.models import TrainingClass

from ..models import AttendanceChange, ClassMessage, EnrolmentEvent, HourEntry, HourKind

MOST = 200  # of the newest entries


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `by` is empty where the portal itself acted."""

    at: datetime
    what: str
    about: str
    by: str
    reason: str = ""


def history_of(training_class: TrainingClass) -> list[Entry]:
    """The newest entries first; four statements."""
    found = [
        *_bookings(training_class),
        *_marks(training_class),
        *_messages(training_class),
        *_hours(training_class),
    ]
    return nlargest(MOST, found, key=lambda entry: entry.at)


def _bookings(training_class: TrainingClass) -> Iterator[Entry]:
    events = EnrolmentEvent.objects.filter(enrolment__training_class=training_class)
    for event in events.select_related("enrolment__trainee__user", "by").order_by("-at", "-pk")[
        :MOST
    ]:
        yield Entry(
            event.at,
            str(event.get_kind_display()),
            event.enrolment.trainee.user.name,
            event.by.name if event.by else "",
            event.reason,
        )


def _marks(training_class: TrainingClass) -> Iterator[Entry]:
    taps = (
        AttendanceChange.objects.filter(lesson__training_class=training_class)
        .order_by("-at")
        .values_list("at", "lesson__starts_at", "by__name")
        .annotate(number=Count("pk"))
    )
    for at, starts_at, by, number in taps[:MOST]:
        words = ngettext("%(count)d mark changed", "%(count)d marks changed", number)
        about = _("lesson of %(day)s") % {"day": short_day(starts_at)}
        yield Entry(at, words % {"count": number}, about, by or "")


def _messages(training_class: TrainingClass) -> Iterator[Entry]:
    for message in ClassMessage.objects.filter(training_class=training_class).select_related(
        "sent_by"
    )[:MOST]:
        words = ngettext("Told %(count)d person", "Told %(count)d people", message.people)
        yield Entry(
            message.sent_at, words % {"count": message.people}, message.title, message.sent_by.name
        )


def _hours(training_class: TrainingClass) -> Iterator[Entry]:
    """Each closing and each reopening, whose rows were all written at one moment."""
    rows = HourEntry.objects.filter(enrolment__training_class=training_class)
    sums: dict[tuple, list] = {}
    for entry in rows.order_by("-posted_at").values_list(
        "posted_at", "kind", "posted_by__name", "hours", "reason", "enrolment"
    ):
        at, kind, by, number, reason, person = entry
        found = sums.setdefault((at, kind, by, reason), [0, set()])
        found[0] += number
        found[1].add(person)
    for (at, kind, by, reason), (number, people) in sums.items():
        words = (
            _("Hours taken back: %(hours)s")
            if kind == HourKind.CORRECTION
            else _("Closed, hours posted: %(hours)s")
        )
        about = ngettext("%(count)d person", "%(count)d people", len(people))
        yield Entry(
            at,
            words % {"hours": hours(abs(number))},
            about % {"count": len(people)},
            by or "",
            reason,
        )
