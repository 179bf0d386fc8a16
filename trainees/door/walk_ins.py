"""Walk-ins: who came without booking is on the roll in a quarter of a minute.

Source: docs/rules.md R71.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.models import LearnerGroup, Village
from academy.people_keys import TAIL
from academy.templatetags.portal_tags import clock
from courses.models import Lesson, SeatPool, TrainingClass

from ..booking.class_lock import lock, lock_people
from ..booking.enrolling import enrol
from ..booking.queue import release_pools
from ..booking.seat_ledger import count_waiting, record, take, take_seat
from ..eligibility.person import own_reasons, reason_since
from ..eligibility.requirements import requirements_of
from ..models import (
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentChannel,
    EnrolmentEventKind,
    EnrolmentStatus,
    MarkMethod,
    Trainee,
)
from ..on_behalf.colleague_notices import tell_booked
from ..people.duplicates import called_alike
from ..people.light_accounts import join
from ..record.attendance import refuse_unless_open
from ..record.first_marks import mark_unmarked
from ..record.mark_errors import AttendanceError
from .checking_in import minutes_left, status_at
from .other_slots import bring_here, has_seat_left


class DoorClosed(AttendanceError):
    """The lesson is over."""


class NobodyOfThisKind(AttendanceError):
    """The class is open to no group, so that nobody unknown can be taken in."""


class NoLongerOnFile(AttendanceError):
    """The account is closed, or the post has ended."""


class ReasonNeeded(AttendanceError):
    """Whoever runs the class decides; carries what stands against it as `against`."""

    def __init__(self, against: Sequence[str]) -> None:
        self.against = list(against)
        super().__init__(
            _("%(against)s. You decide: say why the person is taken in all the same.")
            % {"against": pgettext("between reasons", "; ").join(self.against)}
        )


@dataclass(frozen=True)
class Found:
    """Somebody who may be meant, and what stands against taking them in."""

    trainee: Trainee
    has_a_seat: bool
    against: list[str]


def found_at_the_door(*, name: str, phone: str, lesson: Lesson) -> list[Found]:
    """Who is meant: by the whole number, or by the name as it sounds with its last four digits."""
    people = _people().filter(user__phone=phone) if len(phone) > TAIL else Trainee.objects.none()
    keys = list(people.values_list("pk", flat=True))
    keys += called_alike(name, phone[-TAIL:]) if name else []
    people = {person.pk: person for person in _people().filter(pk__in=keys)}
    seated = set(
        Enrolment.objects.taking_part()
        .filter(trainee__in=people, training_class=lesson.training_class_id)
        .values_list("trainee", flat=True)
    )
    return [
        Found(
            person := people[key],
            key in seated,
            [] if key in seated else against(person, lesson.training_class, lesson),
        )
        for key in dict.fromkeys(keys)
        if key in people
    ]


def _people():
    found = Trainee.objects.filter(user__is_active=True, user__merged_into__isnull=True)
    return found.select_related("user", "village__town", "position", "learner_group", "stage")


def against(trainee: Trainee, training_class: TrainingClass, lesson: Lesson) -> list[str]:
    """What whoever runs the class has to decide: another post, stage or street-town is asked for,
    no seat is left in the class or in this slot.
    """
    asked = requirements_of([training_class])[training_class.pk]
    found = [
        str(reason.title) for reason in own_reasons(trainee, training_class, asked) if not reason.ok
    ]
    if not training_class.pools.filter(seats_taken__lt=F("seats")).exists():
        found.append(_("No seat is left"))
    elif lesson.slot_group is not None and not has_seat_left(lesson, training_class):
        found.append(_("No seat is left in this slot"))
    return found


def refuse_unless_at_the_door(lesson: Lesson, now: datetime) -> None:
    """Raise DoorClosed after the lesson, and what `refuse_unless_open` raises; call with the class
    locked, or to say it on a page.
    """
    if now > lesson.ends_at:
        raise DoorClosed(
            _(
                "The lesson ended at %(clock)s. Whoever came without booking is taken in from an"
                " hour before the lesson until its end."
            )
            % {"clock": clock(lesson.ends_at)}
        )
    refuse_unless_open(lesson, lesson.training_class, now)


def take_in(
    *, trainee: Trainee, lesson: Lesson, by, now: datetime, reason: str = ""
) -> tuple[Attendance, bool]:
    """Give a seat and mark as the clock says; returns the mark that stands, and whether it is new.

    Whoever waits or was offered a seat gets it, a booked person is only marked; who has chosen
    another slot of the lesson is moved to this one. A full class gets one seat more. Raises
    CannotMoveHere, ReasonNeeded, DoorClosed, NoLongerOnFile, and what `mark_unmarked` does.
    """
    reason, status = reason.strip()[:150], status_at(lesson, now)
    with transaction.atomic():
        training_class = lock(lesson.training_class)
        lesson.training_class = training_class
        refuse_unless_at_the_door(lesson, now)
        person = lock_people(training_class, [trainee.pk], with_the_queue=False)[trainee.pk]
        seat = Enrolment.objects.live().filter(trainee=person, training_class=training_class)
        seat = seat.select_related("trainee__user", "village").first()
        if seat is None or seat.status not in (EnrolmentStatus.BOOKED, EnrolmentStatus.COMPLETED):
            seat = _seat(person, lesson, training_class, seat, by, now, reason)
        bring_here(seat, lesson, training_class, by=by, now=now)
        mark, is_new = mark_unmarked(
            lesson=lesson,
            enrolment=seat,
            status=status,
            minutes=minutes_left(lesson, now) if status == AttendanceStatus.LATE else None,
            by=by,
            now=now,
            method=MarkMethod.WALK_IN,
        )
    return mark, is_new


def take_in_unknown(
    *,
    name: str,
    phone: str,
    village: Village,
    group: LearnerGroup,
    lesson: Lesson,
    by,
    now: datetime,
    reason: str = "",
) -> tuple[Attendance, bool]:
    """Make a light account and take the person in. Raises PhoneKnown, NobodyOfThisKind, and what
    `take_in` raises.
    """
    if not lesson.training_class.open_to_groups.filter(pk=group.pk).exists():
        raise NobodyOfThisKind(
            _(
                "This class is for cadres. Let the person sign on paper; the street-town puts them"
                " on the roster, then mark them on the roll."
            )
        )
    with transaction.atomic():
        trainee = join(phone=phone, name=name, village=village, group=group, now=now)
        return take_in(trainee=trainee, lesson=lesson, by=by, now=now, reason=reason)


def _seat(
    person: Trainee,
    lesson: Lesson,
    training_class: TrainingClass,
    waiting: Enrolment | None,
    by,
    now: datetime,
    reason: str,
) -> Enrolment:
    """A seat for somebody without one; the class and the person are locked."""
    if since := reason_since(person):
        raise NoLongerOnFile(str(since.title))
    stands = against(person, training_class, lesson)
    if waiting is not None and waiting.is_offered:
        stands = []
    if stands and not reason:
        raise ReasonNeeded(stands)
    _room_in_the_slot(lesson, training_class)
    if waiting is not None and waiting.is_offered:
        waiting.status, waiting.offer_ends_at = EnrolmentStatus.BOOKED, None
        waiting.save(update_fields=["status", "offer_ends_at"])
        record(waiting, EnrolmentEventKind.ACCEPTED, now, by, reason)
        return waiting
    pool = _pool(person, training_class, now)
    if waiting is not None:
        waiting.status, waiting.pool = EnrolmentStatus.BOOKED, pool
        waiting.save(update_fields=["status", "pool"])
        count_waiting(training_class, -1)
        record(waiting, EnrolmentEventKind.PROMOTED, now, by, reason)
        return waiting
    seat = enrol(
        trainee=person,
        training_class=training_class,
        pool=pool,
        by=by,
        now=now,
        channel=EnrolmentChannel.WALK_IN,
        is_repeat=False,
        note=reason,
    )
    tell_booked(seat, training_class, by)
    return seat


def _room_in_the_slot(lesson: Lesson, training_class: TrainingClass) -> None:
    """A full slot gets one seat more, as a full class does."""
    if lesson.slot_seats is not None and not has_seat_left(lesson, training_class):
        Lesson.objects.filter(pk=lesson.pk).update(slot_seats=F("slot_seats") + 1)
        lesson.slot_seats += 1


def _pool(person: Trainee, training_class: TrainingClass, now: datetime) -> SeatPool:
    """A seat of the own street-town, an open one, another that nobody took; else one seat more."""
    pools = release_pools(training_class=training_class, now=now)
    if pool := take_seat(person.village.town_id, pools):
        return pool
    for pool in pools:
        if pool.seats_left > 0 and take(pool):
            return pool
    pool = next(pool for pool in pools if pool.town_id is None)
    SeatPool.objects.filter(pk=pool.pk).update(
        seats=F("seats") + 1, seats_taken=F("seats_taken") + 1
    )
    TrainingClass.objects.filter(pk=training_class.pk).update(capacity=F("capacity") + 1)
    return pool
