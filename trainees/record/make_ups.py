"""Making a missed lesson up (补课): an equal lesson of another class, booked alone; coming closes
the absence and posts its hours, exactly once. Source: docs/rules.md R78.

A guest takes no seat of the class: seats are those of the room that nobody of the class can have
any more. Every action locks the class of the lesson first.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from courses.models import HELD, ClassStatus, Lesson
from courses.schedule.slots import seats_of

from .. import busy
from ..booking.class_lock import lock
from ..models import (
    AWAY,
    CAME,
    LIVE,
    SEAT_HOLDING,
    STANDING_MAKE_UPS,
    Attendance,
    AttendanceStatus,
    HourEntry,
    HourKind,
    MakeUp,
    MakeUpStatus,
    RollLock,
    SlotChoice,
    Trainee,
    attended_by,
)
from .hours import hours_for, post, take_back

RULE = "make-up-2026: hours of the lesson attended, at most of the one missed; by minutes"
MOST_OFFERED = 10  # lessons to choose from


class MakeUpRefused(PortalError):
    """A make-up lesson that cannot be booked, given up or marked."""


# --- Choosing and booking -------------------------------------------------------------------------


def equal_lessons(mark: Attendance, now: datetime) -> list[Lesson]:
    """Lessons of the same course in other classes that are still to come and have a seat; the next
    first. `seats_left` says how many.
    """
    lessons = (
        Lesson.objects.filter(
            course_version__course=mark.lesson.course_version.course_id,
            starts_at__gt=now,
            training_class__status__in=HELD,
        )
        .exclude(training_class=mark.lesson.training_class_id)
        .exclude(
            training_class__enrolments__in=mark.enrolment.trainee.enrolments.filter(status__in=LIVE)
        )
        .select_related("training_class__campus", "course_version", "venue__campus")
        .prefetch_related("training_class__pools")
        .order_by("starts_at", "pk")
    )
    found = []
    for lesson in lessons[: 3 * MOST_OFFERED]:
        lesson.seats_left = seats_left(lesson, now)
        if lesson.seats_left > 0:
            found.append(lesson)
    return found[:MOST_OFFERED]


def seats_left(lesson: Lesson, now: datetime) -> int:
    """Seats of the room that are free for guests: while the class can be booked, all of its own
    seats are kept for it, afterwards those that are taken; of a parallel slot those of the slot
    until it begins.
    """
    training_class = lesson.training_class
    may_be_booked = (
        training_class.status == ClassStatus.OPEN and now < training_class.booking_closes_at
    )
    if lesson.slot_group is not None:
        taken = SlotChoice.objects.standing().filter(lesson=lesson).count()
        own = seats_of(lesson, training_class.capacity) if lesson.starts_at > now else taken
    elif may_be_booked:
        own = training_class.capacity
    else:
        own = sum(pool.seats_taken for pool in training_class.pools.all())
    guests = MakeUp.objects.filter(lesson=lesson, status__in=STANDING_MAKE_UPS).count()
    return max(0, lesson.venue.capacity - own - guests)


def make_up_of(mark: Attendance) -> MakeUp | None:
    """The newest make-up lesson of an absence that was not given up or cancelled with its class."""
    return (
        MakeUp.objects.filter(enrolment=mark.enrolment_id, missed=mark.lesson_id)
        .exclude(status=MakeUpStatus.GIVEN_UP)
        .exclude(status=MakeUpStatus.BOOKED, lesson__training_class__status=ClassStatus.CANCELLED)
        .select_related("lesson__training_class", "lesson__course_version", "lesson__venue__campus")
        .order_by("-pk")
        .first()
    )


@transaction.atomic
def book_make_up(*, mark: Attendance, lesson: Lesson, by, now: datetime) -> MakeUp:
    """Take a seat in the lesson; the same tap again changes nothing. Raises MakeUpRefused."""
    lesson.training_class = lock(lesson.training_class)
    trainee = Trainee.objects.select_for_update(no_key=True).get(pk=mark.enrolment.trainee_id)
    mark = (
        Attendance.objects.filter(pk=mark.pk, status__in=AWAY)
        .select_related("lesson__course_version", "enrolment__trainee")
        .first()
    )
    if mark is None:
        raise MakeUpRefused(_("This lesson is not marked as missed any more."))
    standing = make_up_of(mark)
    if standing is not None and standing.status in STANDING_MAKE_UPS:
        if standing.lesson_id == lesson.pk:
            return standing
        raise MakeUpRefused(
            _("You have chosen a lesson to make this one up already. Cancel it first.")
        )
    if lesson.pk not in {item.pk for item in equal_lessons(mark, now)}:
        raise MakeUpRefused(
            _(
                "This lesson cannot be taken: it has begun, or its last seat is gone. Choose"
                " another."
            )
        )
    _refuse_clash(trainee, lesson)
    # what was cancelled with its class stands in the way of nothing
    MakeUp.objects.filter(
        enrolment=mark.enrolment, missed=mark.lesson, status=MakeUpStatus.BOOKED
    ).update(status=MakeUpStatus.GIVEN_UP)
    return MakeUp.objects.create(
        enrolment=mark.enrolment, missed=mark.lesson, lesson=lesson, booked_at=now, booked_by=by
    )


def _refuse_clash(trainee: Trainee, lesson: Lesson) -> None:
    others = Lesson.objects.filter(
        starts_at__lt=lesson.ends_at,
        ends_at__gt=lesson.starts_at,
        training_class__status__in=HELD,
    )
    own = others.filter(
        attended_by(OuterRef("training_class__enrolments")),
        training_class__enrolments__in=trainee.enrolments.filter(status__in=SEAT_HOLDING),
    )
    guest = others.filter(
        make_ups__enrolment__trainee=trainee, make_ups__status=MakeUpStatus.BOOKED
    )
    taken = own.select_related("course_version").first() or guest.first()
    titles = [taken.title] if taken else []
    titles += [item.title for item in busy.gather(trainee, [(lesson.starts_at, lesson.ends_at)])]
    if titles:
        raise MakeUpRefused(
            _("You are taken at that time: %(what)s. Choose another lesson.") % {"what": titles[0]}
        )


@transaction.atomic
def give_up(*, make_up: MakeUp, now: datetime) -> None:
    """Give the seat back before the lesson begins. Raises MakeUpRefused."""
    lock(make_up.lesson.training_class)
    booked = MakeUp.objects.filter(pk=make_up.pk, status=MakeUpStatus.BOOKED)
    if make_up.lesson.starts_at <= now or not booked.update(status=MakeUpStatus.GIVEN_UP):
        raise MakeUpRefused(
            _("The lesson has begun or is marked, so there is nothing to cancel any more.")
        )


# --- On the roll ----------------------------------------------------------------------------------


def guests_of(lesson: Lesson) -> QuerySet[MakeUp]:
    """Who makes something up in the lesson, in the order of lists."""
    return (
        MakeUp.objects.filter(lesson=lesson)
        .exclude(status=MakeUpStatus.GIVEN_UP)
        .select_related("enrolment__trainee__user", "enrolment__village__town")
        .order_by("enrolment__trainee__stroke_key", "pk")
    )


@transaction.atomic
def mark_make_up(
    *, make_up: MakeUp, came: bool, minutes: int | None = None, by, now: datetime
) -> MakeUp:
    """Write whether the guest came; coming posts the hours, a corrected mark takes them back.

    `minutes` present where it was less than the whole lesson. The same mark again changes nothing.
    Raises MakeUpRefused.
    """
    training_class = lock(make_up.lesson.training_class)
    make_up = (
        MakeUp.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lesson", "missed", "enrolment__trainee__user")
        .get(pk=make_up.pk)
    )
    lesson = make_up.lesson
    _refuse_to_mark(make_up, training_class.status, minutes, now, came=came)
    status = MakeUpStatus.CAME if came else MakeUpStatus.MISSED
    minutes = minutes if came else None
    if (make_up.status, make_up.minutes) == (status, minutes):
        return make_up
    others = MakeUp.objects.filter(
        enrolment=make_up.enrolment, missed=make_up.missed, status__in=STANDING_MAKE_UPS
    )
    if came and others.exclude(pk=make_up.pk).exists():
        raise MakeUpRefused(_("This person makes the lesson up in another class meanwhile."))
    of_the_absence = HourEntry.objects.filter(
        enrolment=make_up.enrolment, lesson=make_up.missed, kind=HourKind.MAKE_UP
    )
    take_back(
        of_the_absence.filter(reversed_by__isnull=True),
        reason=_("The mark of the make-up lesson was changed"),
        by=by,
        now=now,
    )
    make_up.status, make_up.minutes, make_up.marked_at, make_up.marked_by = status, minutes, now, by
    make_up.save(update_fields=["status", "minutes", "marked_at", "marked_by"])
    present = Attendance(
        status=AttendanceStatus.LATE if minutes else AttendanceStatus.PRESENT, minutes=minutes
    )
    hours = min(hours_for(present, lesson), make_up.missed.hours) if came else 0
    if hours > 0:
        post(
            trainee=make_up.enrolment.trainee,
            kind=HourKind.MAKE_UP,
            hours=hours,
            earned_on=timezone.localdate(lesson.starts_at),
            rule=RULE,
            enrolment=make_up.enrolment,
            lesson=make_up.missed,
            closing=of_the_absence.count() + 1,
            by=by,
            now=now,
        )
    return make_up


def _refuse_to_mark(
    make_up: MakeUp, status: str, minutes: int | None, now: datetime, *, came: bool
) -> None:
    lesson = make_up.lesson
    if status not in HELD or RollLock.objects.standing().filter(lesson=lesson).exists():
        raise MakeUpRefused(
            _("The roll of this lesson is locked. Open it again with a reason to change a mark.")
        )
    if make_up.status == MakeUpStatus.GIVEN_UP:
        raise MakeUpRefused(_("This person has cancelled the make-up lesson."))
    if now < lesson.starts_at:
        raise MakeUpRefused(_("Who makes a lesson up is marked from its beginning on."))
    if minutes is not None and not 1 <= minutes <= lesson.duration_minutes:
        raise MakeUpRefused(
            _("The lesson lasts %(minutes)d minutes; enter how many of them the person was there.")
            % {"minutes": lesson.duration_minutes}
        )
    missed = Attendance.objects.filter(enrolment=make_up.enrolment, lesson=make_up.missed)
    if missed.filter(status__in=CAME).exists():
        raise MakeUpRefused(
            _("The lesson that was missed is marked as attended meanwhile; nothing is made up.")
        )
    if came and not missed.exists():
        raise MakeUpRefused(_("This lesson is not marked as missed any more."))
