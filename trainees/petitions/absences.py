"""Absences of a person, and the appeal against one: made until a date, answered once.

The answer changes the mark, with its history. Source: docs/rules.md R77.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.office_settings import office_setting
from academy.templatetags.portal_tags import full_day
from courses.models import ClassStatus

from ..booking.class_lock import lock
from ..errors import RequestRefused
from ..models import (
    AWAY,
    AbsenceAppeal,
    Attendance,
    AttendanceStatus,
    MakeUp,
    MakeUpStatus,
    Trainee,
)
from ..record.decided_marks import decide_mark
from .asked import once, said

SHOWN_DAYS = 365  # of absences on one's own page


def absences_of(trainee: Trainee, now: datetime) -> QuerySet[Attendance]:
    """The marks of the last year that say on leave or absent, the newest first."""
    return (
        Attendance.objects.filter(
            enrolment__trainee=trainee,
            status__in=AWAY,
            lesson__starts_at__gte=now - timedelta(days=SHOWN_DAYS),
            lesson__starts_at__lte=now,
        )
        .exclude(lesson__training_class__status=ClassStatus.CANCELLED)
        .select_related("lesson__training_class", "lesson__course_version", "enrolment", "reason")
        .order_by("-lesson__starts_at", "-pk")
    )


def appeal_until(mark: Attendance) -> date:
    """The last day on which the mark can be appealed, counted from the day on which it was made."""
    days = office_setting("absence_appeal_days")
    return timezone.localdate(mark.marked_at) + timedelta(days=days)


def appeal_absence(
    *, mark: Attendance, was_there: bool, reason: str, by, now: datetime
) -> AbsenceAppeal:
    """Say that the mark is not right; a second time changes nothing. Raises RequestRefused."""
    reason = said(
        reason, _("Say in a sentence what happened: the coordinator of the class reads it.")
    )
    standing = AbsenceAppeal.objects.filter(enrolment=mark.enrolment, lesson=mark.lesson).first()
    if standing is not None:
        return standing
    if mark.status != AttendanceStatus.ABSENT:
        raise RequestRefused(
            _("You are not marked absent in this lesson, so there is nothing to appeal against.")
        )
    if timezone.localdate(now) > appeal_until(mark):
        raise RequestRefused(
            _("An appeal was possible until %(day)s. Please call the academy office.")
            % {"day": full_day(appeal_until(mark))}
        )
    return once(
        AbsenceAppeal,
        {"enrolment": mark.enrolment, "lesson": mark.lesson},
        reason,
        by,
        now,
        was_there=was_there,
    )


@transaction.atomic
def grant_appeal(asked: AbsenceAppeal, by, now: datetime) -> None:
    """Change the mark: to present, or to leave. Raises RequestRefused where a closed class would
    owe hours.
    """
    training_class = lock(asked.enrolment.training_class)
    if asked.was_there and training_class.status == ClassStatus.CLOSED:
        raise RequestRefused(
            _(
                "The class is closed and its hours are posted. Reopen the class first, then agree,"
                " and close it again: the hours follow by themselves."
            )
        )
    made_up = MakeUp.objects.filter(
        enrolment=asked.enrolment, missed=asked.lesson, status=MakeUpStatus.CAME
    )
    if asked.was_there and made_up.exists():
        raise RequestRefused(
            _("The lesson was made up meanwhile and has its hours. Answer with no, and say that.")
        )
    decide_mark(
        lesson=asked.lesson,
        enrolment=asked.enrolment,
        status=AttendanceStatus.PRESENT if asked.was_there else AttendanceStatus.EXCUSED,
        because=asked.reason,
        by=by,
        now=now,
        batch=asked.batch,
    )
