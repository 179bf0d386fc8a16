"""Absence without leave: twice in 90 days puts a person after the others in a queue, and nothing
else. Source: docs/rules.md R20.

Only lessons of closed classes count: until then a mark may still be corrected.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.templatetags.portal_tags import full_day
from courses.models import ClassStatus, TrainingClass
from notices.outbox import tell

from ..models import (
    Attendance,
    AttendanceStatus,
    Decision,
    EnrolmentEvent,
    EnrolmentEventKind,
    MakeUp,
    MakeUpStatus,
    NoShowAppeal,
    QueuePriority,
    Trainee,
)
from ..notices.attendance import NO_SHOW

COUNTED_DAYS = 90  # absences older than that are forgotten
NAMED_DAYS = 4  # in a sentence
ABSENCES = 2  # days without leave that count; several lessons of one day are one
GAVE_A_SEAT = (
    EnrolmentEventKind.BOOKED,
    EnrolmentEventKind.PROMOTED,
    EnrolmentEventKind.ACCEPTED,
)


@dataclass(frozen=True)
class Absence:
    """A day on which somebody with a seat neither came nor had leave."""

    on: date
    class_title: str


@dataclass(frozen=True)
class Standing:
    """How somebody stands in a queue, and what it rests on."""

    absences: tuple[Absence, ...]

    @property
    def is_lowered(self) -> bool:
        return len(self.absences) >= ABSENCES

    @property
    def priority(self) -> int:
        return QueuePriority.LATER if self.is_lowered else QueuePriority.USUAL

    @property
    def reason(self) -> str:
        if not self.is_lowered:
            return ""
        with translation.override(settings.LANGUAGE_CODE):  # it is kept
            days = pgettext("between names", ", ").join(
                full_day(absence.on) for absence in self.absences[:NAMED_DAYS]
            )
            return _("absent without leave on %(days)s") % {"days": days}


def before_the_seat() -> Exists:
    """Of a mark: the lesson was over when the person got the seat, by walking in or from the queue.
    Closing marks such lessons absent; nobody was expected there.
    """
    return Exists(
        EnrolmentEvent.objects.filter(
            enrolment=OuterRef("enrolment"),
            kind__in=GAVE_A_SEAT,
            at__gt=OuterRef("lesson__ends_at"),
        )
    )


def standing_of(trainee: Trainee, now: datetime) -> Standing:
    """The absences that count now, the newest first; what was made up does not count, and a granted
    appeal takes out those before it.

    One query or two.
    """
    since = now - timedelta(days=COUNTED_DAYS)
    made_up = MakeUp.objects.filter(
        enrolment=OuterRef("enrolment"), missed=OuterRef("lesson"), status=MakeUpStatus.CAME
    )
    marks = (
        Attendance.objects.filter(
            enrolment__trainee=trainee,
            status=AttendanceStatus.ABSENT,
            lesson__training_class__status=ClassStatus.CLOSED,
            lesson__starts_at__gte=since,
        )
        .exclude(Exists(made_up))
        .exclude(before_the_seat())
        .order_by("-lesson__starts_at")
    )
    days: dict[date, Absence] = {}
    for starts_at, title in marks.values_list("lesson__starts_at", "lesson__training_class__title"):
        days.setdefault(
            timezone.localdate(starts_at), Absence(timezone.localdate(starts_at), title)
        )
    if len(days) < ABSENCES:
        return Standing(tuple(days.values()))
    forgiven = (
        NoShowAppeal.objects.filter(trainee=trainee, decision=Decision.GRANTED)
        .order_by("-asked_at")
        .values_list("asked_at", flat=True)
        .first()
    )
    until = timezone.localdate(forgiven) if forgiven else date.min
    return Standing(tuple(absence for absence in days.values() if absence.on > until))


def warn_absent(training_class: TrainingClass, now: datetime) -> int:
    """When a class has been closed: tell whoever is placed after the others from now on, and how to
    appeal.

    Returns how many.
    """
    absent = Trainee.objects.filter(
        enrolments__attendances__lesson__training_class=training_class,
        enrolments__attendances__status=AttendanceStatus.ABSENT,
    )
    warned = 0
    for trainee in absent.select_related("user").distinct().order_by("pk"):
        standing = standing_of(trainee, now)
        if standing.is_lowered:
            tell(
                NO_SHOW,
                trainee.user,
                values={"reason": standing.reason},
                link=reverse("trainees:my_absences"),
                subject=trainee,
                dedupe=f"{standing.absences[0].on}",
            )
            warned += 1
    return warned
