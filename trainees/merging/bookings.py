"""What becomes of bookings that give way when two entries are joined, and when they are parted.

A seat that is given back goes to the next in the queue. When the entries are parted, the person has
the seat again if it is free; if it is not, the old place in the queue; and if the class keeps no
queue or has begun, nothing: the page says which.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from courses.models import ClassStatus, SeatPool, TrainingClass

from ..booking import approvals
from ..booking.queue import release_pools
from ..booking.seat_ledger import count_waiting, give_up, record, take
from ..models import (
    ApprovalStatus,
    Attendance,
    AttendanceChange,
    Enrolment,
    EnrolmentEventKind,
    EnrolmentStatus,
    HourEntry,
    MarkMethod,
    Nomination,
    NominationStatus,
    RollLock,
)
from ..seats.counting import is_kept_for_the_queue, towns_that_wait
from .clashes import Clash
from .rows import Written

MARK = ("lesson_id", "status", "minutes", "marked_by_id", "marked_at", "method")


def give_way(
    clashes: Iterable[Clash],
    classes: dict[int, TrainingClass],
    written: Written,
    *,
    by,
    now: datetime,
) -> None:
    """End the bookings that were not chosen; the classes are locked."""
    for enrolment in {
        clash.drops.pk: clash.drops for clash in clashes if not clash.is_over
    }.values():
        nomination = Nomination.objects.standing().filter(enrolment=enrolment).first()
        written.ended.append(
            {
                "enrolment": enrolment.pk,
                "status": enrolment.status,
                "pool": enrolment.pool_id,
                "nomination": nomination.status if nomination else "",
                "marks": list(Attendance.objects.filter(enrolment=enrolment).values(*MARK)),
            }
        )
        give_up(
            enrolment,
            classes[enrolment.training_class_id],
            by=by,
            now=now,
            reason=_("Two entries of the person were joined"),
        )


def take_the_other_record(clash: Clash, written: Written) -> None:
    """Of a class that has been held the record of the closed entry counts: the two change places.

    No two live bookings of a class may be one person's even for a moment.
    """
    kept, dropped = clash.keeps, clash.drops
    survivor, away = dropped.trainee_id, kept.trainee_id
    as_it_was = {"status": dropped.status, "pool": dropped.pool}
    change_places(kept.pk, dropped.pk, survivor, away, as_it_was)
    label = "trainees.Enrolment.trainee"
    written.moved.setdefault(label, []).append(kept.pk)
    written.given.setdefault(label, []).append(dropped.pk)
    follow(dropped.pk, survivor, away)


def change_places(kept: int, dropped: int, survivor: int, away: int, as_it_was: dict) -> None:
    """The booking `kept` goes to the survivor, the other one to the closed entry."""
    rows = Enrolment.objects.filter
    rows(pk=dropped).update(status=EnrolmentStatus.WITHDRAWN, pool=None)
    rows(pk=kept).update(trainee=survivor)
    rows(pk=dropped).update(trainee=away, **as_it_was)


def follow(enrolment: int, old: int, new: int) -> None:
    """Hours and nominations are of whoever the booking is of."""
    for model in (HourEntry, Nomination):
        model.objects.filter(enrolment=enrolment, trainee=old).update(trainee=new)


# --- Parting ----------------------------------------------------------------------------------


def bring_back(kept: dict, training_class: TrainingClass, *, by, now: datetime) -> str:
    """Give a booking that gave way its seat or its place back; returns what became of it, in words,
    or nothing where all is as before. The class is locked.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("village", "trainee")
        .get(pk=kept["enrolment"])
    )
    title = {"title": training_class.title}
    twice = Enrolment.objects.live().filter(
        trainee=enrolment.trainee_id, training_class=training_class
    )
    if enrolment.status != EnrolmentStatus.WITHDRAWN or twice.exists():
        return _("“%(title)s” has been booked again meanwhile; nothing was changed there.") % title
    if _was_refused(enrolment) or not _can_come_back(kept, training_class, now):
        return _("“%(title)s” cannot be booked any more, so the booking stays ended.") % title
    if kept["status"] == EnrolmentStatus.BOOKED:
        pool = _free_pool(kept, enrolment, training_class, now)
        if pool is not None:
            _seat(enrolment, pool, kept, training_class, by=by, now=now)
            return ""
    if training_class.status != ClassStatus.OPEN or not training_class.has_waiting_list:
        return _("The seat in “%(title)s” is taken by somebody else, so it is lost.") % title
    _wait(enrolment, training_class, by=by, now=now)
    if kept["status"] == EnrolmentStatus.WAITLISTED:
        return ""
    return (
        _("The seat in “%(title)s” is taken by somebody else: the person waits at the old place.")
        % title
    )


def _was_refused(enrolment: Enrolment) -> bool:
    approval = getattr(enrolment, "approval", None)
    return approval is not None and approval.status == ApprovalStatus.REFUSED


def _can_come_back(kept: dict, training_class: TrainingClass, now: datetime) -> bool:
    if training_class.status == ClassStatus.RUNNING or training_class.has_started(now):
        return kept["status"] == EnrolmentStatus.BOOKED and training_class.status in (
            ClassStatus.OPEN,
            ClassStatus.RUNNING,
        )
    return training_class.status == ClassStatus.OPEN


def _free_pool(
    kept: dict, enrolment: Enrolment, training_class: TrainingClass, now: datetime
) -> SeatPool | None:
    """Take a seat: of the pool it was of, else the open one, unless it is kept for who waits."""
    pools = release_pools(training_class=training_class, now=now)
    waiting = towns_that_wait([training_class], now).get(training_class.pk, ())
    wanted = [pool for pool in pools if pool.pk == kept["pool"]]
    town = enrolment.village.town_id
    wanted += [pool for pool in pools if pool.town_id in (town, None) and pool.pk != kept["pool"]]
    for pool in wanted:
        if pool.seats_left > 0 and not is_kept_for_the_queue(pool, waiting) and take(pool):
            return pool
    return None


def _seat(
    enrolment: Enrolment, pool: SeatPool, kept: dict, training_class: TrainingClass, *, by, now
) -> None:
    enrolment.status, enrolment.pool = EnrolmentStatus.BOOKED, pool
    enrolment.save(update_fields=["status", "pool"])
    _note(enrolment, EnrolmentEventKind.BOOKED, training_class, by=by, now=now)
    if kept["nomination"]:
        Nomination.objects.filter(enrolment=enrolment, status=NominationStatus.RELEASED).update(
            status=kept["nomination"]
        )
    for mark in kept["marks"]:
        _mark_again(enrolment, mark, by=by, now=now)


def _wait(enrolment: Enrolment, training_class: TrainingClass, *, by, now: datetime) -> None:
    enrolment.status = EnrolmentStatus.WAITLISTED
    enrolment.save(update_fields=["status"])
    count_waiting(training_class, +1)
    _note(enrolment, EnrolmentEventKind.WAITLISTED, training_class, by=by, now=now)


def _note(enrolment: Enrolment, kind: str, training_class: TrainingClass, *, by, now) -> None:
    record(enrolment, kind, now, by, _("The joining of two entries was undone"))
    if getattr(enrolment, "approval", None) is None:
        approvals.begin(enrolment=enrolment, training_class=training_class, by=by, now=now)


def _mark_again(enrolment: Enrolment, mark: dict, *, by, now: datetime) -> None:
    """A mark that was taken back with the seat, as it was; not onto a roll that is locked since."""
    lessons = enrolment.training_class.lessons.exclude(
        Exists(RollLock.objects.standing().filter(lesson=OuterRef("pk")))
    )
    if not lessons.filter(pk=mark["lesson_id"]).exists():
        return
    Attendance.objects.create(
        enrolment=enrolment, **mark | {"marked_at": parse_datetime(str(mark["marked_at"]))}
    )
    given_back = uuid.uuid4()
    AttendanceChange.objects.create(
        enrolment=enrolment,
        lesson_id=mark["lesson_id"],
        batch=given_back,
        undoes=given_back,  # it is no tap of the roll to undo
        new_status=mark["status"],
        new_minutes=mark["minutes"],
        method=MarkMethod.SEAT,
        by=by,
        at=now,
    )
