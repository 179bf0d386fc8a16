"""The personal calendar: booked lessons as an iCalendar feed (RFC 5545) at an address that only its
owner knows.

A lesson keeps its UID for a person whatever happens to it; its SEQUENCE rises with every change of
the class (time, place, cancellation) and every step of the booking, and DTSTAMP is the moment of
writing, as the standard wants it for what is published. A seat that is only offered is TENTATIVE
and says until when it is held. What was cancelled or taken out, and an offer that lapsed, is told
as CANCELLED for 30 days, then left out. One class is a file of its own, with the same events.
Source: docs/rules.md R24.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration

from academy.templatetags.portal_tags import spaced_phone
from courses.models import ClassStatus, Lesson, RemovedLesson, TrainingClass
from courses.schedule.teachers import shown, with_teachers

from ..eligibility.window import moment_in_words
from ..models import (
    SEAT_HOLDING,
    TAKING_PART,
    CalendarFeed,
    Enrolment,
    EnrolmentEvent,
    EnrolmentEventKind,
    EnrolmentStatus,
    SlotChoice,
    Trainee,
    new_calendar_token,
)

CANCELLED_IS_KEPT = timedelta(days=30)
PAST_IS_KEPT = timedelta(days=180)  # older lessons stand under study hours
ALARMS = (timedelta(days=1), timedelta(hours=1))  # before a lesson
REFRESH = timedelta(hours=1)  # how often a calendar is asked to look again
HELD_A_SEAT = (
    EnrolmentEventKind.BOOKED,
    EnrolmentEventKind.PROMOTED,
    EnrolmentEventKind.OFFERED,
    EnrolmentEventKind.ACCEPTED,
)
ENDED = (
    EnrolmentEventKind.WITHDRAWN,
    EnrolmentEventKind.EXPIRED,
    EnrolmentEventKind.LAPSED,
    EnrolmentEventKind.CANCELLED,
)
# part of every UID; never change it, calendars would show everything twice
UID_DOMAIN = "classes.academy-portal"


# --- The address ----------------------------------------------------------------------------------


@transaction.atomic
def feed_of(trainee: Trainee, now: datetime) -> CalendarFeed:
    """The trainee's feed; made when it is first wanted."""
    return CalendarFeed.objects.get_or_create(trainee=trainee, defaults={"created_at": now})[0]


@transaction.atomic
def renew_address(*, trainee: Trainee, now: datetime) -> CalendarFeed:
    """A new address; the old one stops at once."""
    feed, _made = CalendarFeed.objects.update_or_create(
        trainee=trainee, defaults={"token": new_calendar_token(), "created_at": now}
    )
    return feed


@transaction.atomic
def switch_off(*, trainee: Trainee) -> None:
    """No address any more, until one is wanted again."""
    CalendarFeed.objects.filter(trainee=trainee).delete()


# --- The calendar ---------------------------------------------------------------------------------


def calendar_for(trainee: Trainee, *, now: datetime, site: str) -> bytes:
    """The calendar as text/calendar in UTF-8. `site` begins the links, such as
    https://portal.example.

    Seven queries, however many lessons; eight where some are held in parallel slots.
    """
    calendar = _calendar(
        _("Academy classes"), _events(trainee, _newest_enrolments(trainee), now, site)
    )
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return calendar.to_ical()


def class_calendar(
    trainee: Trainee, training_class: TrainingClass, *, now: datetime, site: str
) -> bytes | None:
    """The lessons of one class as a file to keep; nothing where the trainee has no seat in it."""
    newest = _newest_enrolments(trainee, training_class)
    if not any(enrolment.status in TAKING_PART for enrolment in newest.values()):
        return None
    return _calendar(training_class.title, _events(trainee, newest, now, site)).to_ical()


def _calendar(name: str, events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Baoshan Community Governance Academy//Portal//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.calendar_name = name  # NAME (RFC 7986) and X-WR-CALNAME
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    for event in events:
        calendar.add_component(event)
    return calendar


def _events(
    trainee: Trainee, newest: Mapping[int, Enrolment], now: datetime, site: str
) -> Iterable[Event]:
    events = EnrolmentEvent.objects.filter(enrolment__trainee=trainee).values(
        "enrolment__training_class"
    )
    steps = {
        row["enrolment__training_class"]: row
        for row in events.annotate(count=Count("pk"), first=Min("at"))
    }
    left_at = dict(
        EnrolmentEvent.objects.filter(
            enrolment__in=[item.pk for item in newest.values()], kind__in=ENDED
        )
        .values_list("enrolment")
        .annotate(at=Max("at"))
    )
    had_a_seat = _held_a_seat_once(newest.values())
    lessons = Lesson.objects.filter(training_class__in=newest, ends_at__gt=now - PAST_IS_KEPT)
    removed = RemovedLesson.objects.filter(
        training_class__in=newest, removed_at__gt=now - CANCELLED_IS_KEPT
    )
    rows = [
        *_with_place(lessons).prefetch_related(with_teachers()),
        *_with_place(removed),
    ]
    slots = _slots_of(newest.values()) if any(row.slot_group is not None for row in rows) else {}
    for lesson in rows:
        enrolment = newest[lesson.training_class_id]
        chosen = slots.get(enrolment.pk, [])
        left = None
        if lesson.slot_group is not None:
            own = [choice for choice in chosen if choice.lesson_key == _key(lesson)]
            if not own:  # it never was in this calendar
                continue
            left = own[-1].left_at
            if left is not None and now - left >= CANCELLED_IS_KEPT:
                continue
        cancelled = enrolment.status not in SEAT_HOLDING or left is not None
        if enrolment.status not in SEAT_HOLDING and not (
            enrolment.pk in had_a_seat and now - left_at.get(enrolment.pk, now) < CANCELLED_IS_KEPT
        ):
            continue
        if isinstance(lesson, RemovedLesson):
            # it never was in this calendar
            if lesson.removed_at < steps[lesson.training_class_id]["first"]:
                continue
            cancelled = True
        yield _event(
            lesson,
            enrolment,
            cancelled,
            steps[lesson.training_class_id]["count"]
            + lesson.training_class.sequence
            + sum(1 + (choice.left_at is not None) for choice in chosen),
            now,
            site,
        )


def _slots_of(enrolments: Iterable[Enrolment]) -> dict[int, list[SlotChoice]]:
    """Booking → its choices of slots, those that were left too; one query."""
    found: dict[int, list[SlotChoice]] = {}
    for choice in SlotChoice.objects.filter(enrolment__in=[item.pk for item in enrolments]):
        found.setdefault(choice.enrolment_id, []).append(choice)
    return found


def _key(lesson: Lesson | RemovedLesson) -> int:
    """What a calendar knows the lesson by."""
    return lesson.lesson_key if isinstance(lesson, RemovedLesson) else lesson.pk


def _with_place(lessons: QuerySet) -> QuerySet:
    return lessons.select_related(
        "training_class__campus", "course_version", "venue__campus"
    ).order_by("starts_at", "pk")


def _newest_enrolments(
    trainee: Trainee, training_class: TrainingClass | None = None
) -> dict[int, Enrolment]:
    """Class key → the trainee's newest enrolment, of all classes or one, but for those that only
    ever waited.
    """
    was_offered = Exists(
        EnrolmentEvent.objects.filter(enrolment=OuterRef("pk"), kind=EnrolmentEventKind.OFFERED)
    )
    only_waited = (
        Q(status=EnrolmentStatus.WAITLISTED) | Q(status=EnrolmentStatus.LAPSED) & ~was_offered
    )
    found = Enrolment.objects.filter(~only_waited, trainee=trainee).order_by("pk")
    return {
        row.training_class_id: row
        for row in (found.filter(training_class=training_class) if training_class else found)
    }


def _held_a_seat_once(enrolments: Iterable[Enrolment]) -> set[int]:
    """Keys of those that have ever had a seat, or the offer of one: leaving a queue is nothing to
    strike from a calendar.
    """
    return set(
        EnrolmentEvent.objects.filter(
            enrolment__in=[item.pk for item in enrolments], kind__in=HELD_A_SEAT
        ).values_list("enrolment", flat=True)
    )


def _event(
    lesson: Lesson | RemovedLesson,
    enrolment: Enrolment,
    cancelled: bool,
    sequence: int,
    now: datetime,
    site: str,
) -> Event:
    training_class, campus = lesson.training_class, lesson.venue.campus
    cancelled = cancelled or training_class.status == ClassStatus.CANCELLED
    offered = enrolment.is_offered and not cancelled
    event = Event()
    event.add("uid", f"lesson-{_key(lesson)}-person-{enrolment.trainee_id}@{UID_DOMAIN}")
    event.add("sequence", sequence)
    event.add("dtstamp", now)
    event.add("dtstart", lesson.starts_at.astimezone(UTC))
    event.add("dtend", lesson.ends_at.astimezone(UTC))
    event.add("summary", _summary(lesson, cancelled, offered))
    event.add(
        "location",
        " ".join(
            part
            for part in (campus.name, lesson.venue.floor, lesson.venue.name, campus.address)
            if part
        ),
    )
    event.add(
        "description",
        "\n".join(
            [
                *([_offer_in_words(enrolment, lesson, site)] if offered else []),
                *_description(lesson, site),
            ]
        ),
    )
    event.add("url", f"{site}{training_class.get_absolute_url()}")
    if cancelled:
        event.add("status", "CANCELLED")
        event.add("transp", "TRANSPARENT")
        return event
    # held for some hours only: a reminder of the day before would come too late or for nothing
    if offered:
        event.add("status", "TENTATIVE")
        return event
    event.add("status", "CONFIRMED")
    for before in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", lesson.title)
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event


def _summary(lesson: Lesson | RemovedLesson, cancelled: bool, offered: bool) -> str:
    """The title says what some calendars do not show: that the lesson is cancelled, or not certain
    yet.
    """
    if cancelled:
        return _("Cancelled: %(title)s") % {"title": lesson.title}
    return _("To be confirmed: %(title)s") % {"title": lesson.title} if offered else lesson.title


def _offer_in_words(enrolment: Enrolment, lesson: Lesson, site: str) -> str:
    words = {
        "moment": moment_in_words(enrolment.offer_ends_at),
        "address": f"{site}{reverse('trainees:offer', args=[lesson.training_class.code])}",
    }
    return _("A seat is held for you until %(moment)s. Take it or decline: %(address)s") % words


def _description(lesson: Lesson | RemovedLesson, site: str) -> Iterable[str]:
    training_class, campus = lesson.training_class, lesson.venue.campus
    if isinstance(lesson, RemovedLesson):
        yield _("%(title)s: this lesson was taken out.") % {"title": training_class.title}
    else:
        if lesson.slot_group is None:
            yield _("%(title)s, lesson %(number)d of %(count)d") % {
                "title": training_class.title,
                "number": lesson.number,
                "count": training_class.lesson_count,
            }
        else:
            yield _("%(title)s, the slot that you have chosen") % {"title": training_class.title}
        if names := shown(lesson, logged_in=True, plans=False):
            yield _("Taught by: %(names)s") % {"names": names}
    if campus.address:
        yield _("How to get there: %(address)s") % {"address": campus.address}
    if campus.phone:
        yield _("Questions: %(phone)s") % {"phone": spaced_phone(campus.phone)}
    yield _("All lessons, or cannot come: %(address)s") % {
        "address": f"{site}{training_class.get_absolute_url()}"
    }
