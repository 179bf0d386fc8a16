"""Leave that waits, was granted and is over the seventh; an appeal; a lesson to make up."""

from datetime import datetime, timedelta

from academy.errors import PortalError
from academy.models import User
from courses.models import ClassStatus
from trainees.models import (
    AbsenceReason,
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentStatus,
    Trainee,
)
from trainees.petitions.absences import appeal_absence
from trainees.petitions.leave import ask_for_leave, lessons_ahead
from trainees.petitions.requests import decide
from trainees.record.make_ups import book_make_up, equal_lessons

from .accounts import let_in


def ask_for_some_leave(now: datetime, office: User, cadre: Trainee) -> None:
    """The cadre who logs in waits for an answer; of two others one is granted leave, and one asks
    for most of a class. Whoever was absent last appeals.
    """
    duty = AbsenceReason.objects.filter(active=True).order_by("sort_order", "pk").first()
    seats = Enrolment.objects.filter(
        status=EnrolmentStatus.BOOKED,
        training_class__status__in=(ClassStatus.OPEN, ClassStatus.RUNNING),
        training_class__ends_at__gt=now,
    ).select_related("training_class", "trainee__user", "village")
    own = seats.filter(trainee=cadre).order_by("training_class__starts_at").first()
    if own is not None:
        _ask(own, 1, "居民区换届选举，走不开", duty, now)
    others = [
        seat
        for seat in seats.exclude(trainee=cadre).order_by("training_class__starts_at", "pk")[:60]
        if len(lessons_ahead(seat, now)) > 1
    ]
    if len(others) > 1:
        granted = _ask(others[0], 1, "参加街道防汛值守", duty, now)
        decide(asked=granted, granted=True, answer="注意安全", by=office, now=now)
        _ask(others[-1], 9, "家人住院需要陪护", None, now)
    mark = (
        Attendance.objects.filter(
            status=AttendanceStatus.ABSENT, lesson__training_class__status=ClassStatus.CLOSED
        )
        .select_related("enrolment__trainee__user", "lesson__training_class")
        .order_by("lesson__starts_at", "pk")
        .last()
    )
    if mark is not None:
        appeal_absence(
            mark=mark,
            was_there=False,
            reason="那天临时处理电梯困人，没来得及请假",
            by=mark.enrolment.trainee.user,
            now=mark.marked_at + timedelta(days=1),
        )
    _make_one_up(now)


def _ask(seat: Enrolment, lessons: int, reason: str, why: AbsenceReason | None, now: datetime):
    return ask_for_leave(
        enrolment=seat,
        lessons=lessons_ahead(seat, now)[:lessons],
        reason=reason,
        why=why,
        by=seat.trainee.user,
        now=now - timedelta(hours=2),
    )


def _make_one_up(now: datetime) -> None:
    """Somebody who was absent has booked a lesson of the same course in another class."""
    missed = (
        Attendance.objects.filter(status=AttendanceStatus.ABSENT)
        .select_related("enrolment__trainee__user", "lesson__course_version")
        .order_by("-lesson__starts_at", "pk")
    )
    for mark in missed[:60]:
        for lesson in equal_lessons(mark, now):
            try:
                book_make_up(mark=mark, lesson=lesson, by=mark.enrolment.trainee.user, now=now)
            except PortalError:
                continue
            let_in(mark.enrolment.trainee.user)
            return
