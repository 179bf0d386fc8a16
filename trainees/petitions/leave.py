"""Leave (请假): asked by the person before a lesson begins, with a reason; whoever runs the class
decides, and the village is told.

A meter shows the hours of leave beside those of the class. Exactly a seventh is within; what is
over it is decided by a person like all leave, and the portal draws nothing from it. Source:
docs/rules.md R76.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import clock, short_day
from academy.text.numbers import plain
from courses.models import HELD, ApprovalLevel, ClassStatus, Lesson
from notices.outbox import tell

from ..booking.class_lock import lock
from ..errors import RequestRefused
from ..models import (
    CAME,
    STANDS,
    AbsenceReason,
    Attendance,
    AttendanceStatus,
    Decision,
    Enrolment,
    EnrolmentStatus,
    LeaveRequest,
    attended_by,
    lessons_of,
)
from ..notices.leave import LEAVE_OF_YOUR_VILLAGE
from ..people.approvers import people_to_ask
from ..record.decided_marks import decide_mark
from .asked import said

SHARE = Fraction(1, 7)  # of the hours of a class; 《干部教育培训学员管理规定》 on leave


# --- Asking ---------------------------------------------------------------------------------------


def lessons_ahead(enrolment: Enrolment, now: datetime) -> list[Lesson]:
    """The lessons that the booking attends and for which leave can still be asked, in the order of
    time.
    """
    lessons = lessons_of(enrolment).filter(starts_at__gt=now)
    return list(lessons.select_related("course_version", "venue").order_by("starts_at", "pk"))


def lesson_in_words(lesson: Lesson) -> str:
    """12月3日 09:00 加装电梯."""
    return f"{short_day(lesson.starts_at)} {clock(lesson.starts_at)} {lesson.title}"


def standing_leave(enrolment: Enrolment) -> dict[int, LeaveRequest]:
    """Lesson → the request for it that waits or was granted."""
    requests = LeaveRequest.objects.filter(enrolment=enrolment, decision__in=STANDS)
    return {
        lesson.pk: asked
        for asked in requests.prefetch_related("lessons")
        for lesson in asked.lessons.all()
    }


@transaction.atomic
def ask_for_leave(
    *,
    enrolment: Enrolment,
    lessons: Iterable[Lesson],
    reason: str = "",
    why: AbsenceReason | None = None,
    by,
    now: datetime,
) -> LeaveRequest:
    """Ask for leave from one lesson or several; asked again while it waits, the first stands.

    The sentence may be left out where a reason of the list says enough. Raises RequestRefused.
    """
    lessons = sorted(lessons, key=lambda lesson: (lesson.starts_at, lesson.pk))
    reason = said(
        reason or (why.name if why else ""),
        _("Say in a few words why you cannot come: the coordinator of the class reads it."),
    )
    training_class = lock(enrolment.training_class)
    enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    if enrolment.status != EnrolmentStatus.BOOKED or training_class.status not in HELD:
        raise RequestRefused(_("You have no seat in this class now, so no leave is needed."))
    if not lessons or any(item.training_class_id != training_class.pk for item in lessons):
        raise RequestRefused(_("Choose the lessons of this class that you cannot come to."))
    attended = set(lessons_of(enrolment).values_list("pk", flat=True))
    for lesson in lessons:
        if lesson.pk not in attended:
            raise RequestRefused(
                _("You have not chosen this slot of “%(lesson)s”, so no leave is needed for it.")
                % {"lesson": lesson.title}
            )
        if lesson.starts_at <= now:
            raise RequestRefused(
                _(
                    "“%(lesson)s” has begun, so leave can no longer be asked for. If you are marked"
                    " absent, you can appeal on the page “Absences”."
                )
                % {"lesson": lesson.title}
            )
    standing = standing_leave(enrolment)
    same = {standing[lesson.pk] for lesson in lessons if lesson.pk in standing}
    if same:
        first = min(same, key=lambda asked: asked.pk)
        if {lesson.pk for lesson in lessons} == {lesson.pk for lesson in first.lessons.all()}:
            return first  # the same tap again
        raise RequestRefused(
            _("You have asked for leave from one of these lessons already; leave it out.")
        )
    asked = LeaveRequest.objects.create(
        enrolment=enrolment, reason=reason, why=why, asked_by=by, asked_at=now
    )
    asked.lessons.set(lessons)
    return asked


@transaction.atomic
def take_back(*, asked: LeaveRequest, by, now: datetime) -> LeaveRequest:
    """The person comes after all; possible until it is decided. Raises RequestRefused."""
    lock(asked.enrolment.training_class)
    waiting = LeaveRequest.objects.filter(pk=asked.pk, decision=Decision.PENDING)
    if not waiting.update(decision=Decision.TAKEN_BACK, decided_at=now, decided_by=by):
        raise RequestRefused(
            _(
                "This request is answered already. If you can come after all, simply come: the roll"
                " says who was there."
            )
        )
    asked.refresh_from_db()
    return asked


# --- The meter ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeaveMeter:
    """Study hours of leave beside those of the class."""

    leave: Decimal
    whole: Decimal

    @property
    def is_over(self) -> bool:
        """More than a seventh; exactly a seventh is within."""
        return Fraction(self.leave) > SHARE * Fraction(self.whole)

    @property
    def limit(self) -> Decimal:
        """A seventh, rounded down to hundredths to be shown; nothing is decided by it."""
        return (self.whole / 7).quantize(Decimal("0.01"), ROUND_DOWN)

    @property
    def in_words(self) -> str:
        """请假共 3 学时，本班 20 学时，七分之一为 2.85 学时，已超过。"""
        words = (
            _(
                "%(leave)s hours of leave in all, the class has %(whole)s; a seventh is %(limit)s."
                " It is over: please decide whether the person can stay in the class."
            )
            if self.is_over
            else _(
                "%(leave)s hours of leave in all, the class has %(whole)s; a seventh is %(limit)s,"
                " not exceeded."
            )
        )
        return words % {
            "leave": plain(self.leave),
            "whole": plain(self.whole),
            "limit": plain(self.limit),
        }


def meters_of(enrolments: Iterable[Enrolment]) -> dict[int, LeaveMeter]:
    """Key of the booking → its meter: lessons marked on leave, and those for which leave was asked
    or granted and nobody has come. Two queries; the bookings bring their class.
    """
    enrolments = list(enrolments)
    hours: dict[int, dict[int, Decimal]] = defaultdict(dict)
    requests = LeaveRequest.objects.filter(
        attended_by(OuterRef("enrolment"), lesson="lessons"),
        enrolment__in=enrolments,
        decision__in=STANDS,
        lessons__isnull=False,
    )
    for key, lesson, number in requests.values_list("enrolment", "lessons", "lessons__hours"):
        hours[key][lesson] = number
    marks = Attendance.objects.filter(enrolment__in=enrolments)
    for key, lesson, status, number in marks.values_list(
        "enrolment", "lesson", "status", "lesson__hours"
    ):
        if status == AttendanceStatus.EXCUSED:
            hours[key][lesson] = number
        elif status in CAME:
            hours[key].pop(lesson, None)
    return {
        enrolment.pk: LeaveMeter(
            sum(hours[enrolment.pk].values(), Decimal(0)), enrolment.training_class.hours
        )
        for enrolment in enrolments
    }


# --- Granting -------------------------------------------------------------------------------------


def grant_leave(asked: LeaveRequest, by, now: datetime) -> None:
    """Mark the person on leave on each roll, unless they came, and tell the village.

    Call with the class locked, in the transaction of the decision.
    """
    enrolment = asked.enrolment
    training_class = enrolment.training_class
    if training_class.status not in (*HELD, ClassStatus.CLOSED):
        return
    lessons = list(asked.lessons.select_related("course_version").order_by("starts_at", "pk"))
    for lesson in lessons:
        decide_mark(
            lesson=lesson,
            enrolment=enrolment,
            status=AttendanceStatus.EXCUSED,
            reason=asked.why,
            because=asked.reason,
            by=by,
            now=now,
            batch=asked.batch,
        )
    for person in people_to_ask(ApprovalLevel.VILLAGE, enrolment, timezone.localdate(now)):
        tell(
            LEAVE_OF_YOUR_VILLAGE,
            person,
            values={
                "name": enrolment.trainee.name,
                "title": training_class.title,
                "lessons": lessons,
            },
            link=reverse("trainees:class_page", args=[training_class.code]),
            subject=asked,
            dedupe="granted",
        )
