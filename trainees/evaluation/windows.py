"""When an evaluation opens and closes, and for whom: those who were there in at least one lesson.

Source: docs/rules.md R82.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.office_settings import office_setting
from courses.models import ClassStatus, TrainingClass

from ..models import (
    CAME,
    TAKING_PART,
    Attendance,
    ClassEvaluation,
    Enrolment,
    EvaluationAnswered,
    Trainee,
)

HELD_ONCE = (ClassStatus.OPEN, ClassStatus.RUNNING, ClassStatus.CLOSED)
# a portal that stood still for longer than this opens what ended before no more
LATEST_OPENING = timedelta(days=7)


class EvaluationError(PortalError):
    """An answer that cannot be taken."""


class NotOpen(EvaluationError):
    """The last lesson has not ended, or the evaluation is over."""


class WasNotThere(EvaluationError):
    """Only those who were there in a lesson are asked."""


class AlreadyAnswered(EvaluationError):
    """What was put into the box cannot be found again, so it cannot be changed either."""


# --- Opening and closing --------------------------------------------------------------------------


def open_due(now: datetime) -> int:
    """Open the evaluation of every class whose last lesson has ended; return how many."""
    ended = TrainingClass.objects.filter(
        status__in=HELD_ONCE,
        ends_at__lte=now,
        ends_at__gt=now - LATEST_OPENING,
        evaluation__isnull=True,
    )
    lasts = timedelta(days=int(office_setting("evaluation_days")))
    opened = ClassEvaluation.objects.bulk_create(
        [
            ClassEvaluation(
                training_class=item, opens_at=item.ends_at, closes_at=item.ends_at + lasts
            )
            for item in ended.order_by("ends_at", "code")
        ],
        ignore_conflicts=True,  # another worker opens the same
    )
    return len(opened)


def open_with_closing(training_class: TrainingClass, now: datetime) -> None:
    """Open the evaluation of a class that is closed, where the scheduler has not: no class is
    closed without its invitation. Source: docs/rules.md R80.
    """
    begins = max(training_class.ends_at, now - LATEST_OPENING)
    ClassEvaluation.objects.get_or_create(
        training_class=training_class,
        defaults={
            "opens_at": training_class.ends_at,
            "closes_at": begins + timedelta(days=int(office_setting("evaluation_days"))),
        },
    )


def destroy_leftovers(now: datetime) -> int:
    """Destroy what is still sealed when an evaluation closes; return in how many classes.

    Fewer than five were left: shown by themselves, or by what they add, they would speak of
    persons. Nobody has read them.
    """
    over = ClassEvaluation.objects.filter(closes_at__lte=now).exclude(box="")
    return over.update(box="")


# --- For whom -------------------------------------------------------------------------------------


def attended(people: QuerySet[Enrolment] | None = None) -> QuerySet[Enrolment]:
    """Bookings of people who were there in at least one lesson."""
    came = Attendance.objects.filter(enrolment=OuterRef("pk"), status__in=CAME)
    rows = Enrolment.objects.all() if people is None else people
    return rows.filter(Exists(came), status__in=TAKING_PART)


def attendees_of(training_class: TrainingClass) -> QuerySet[Enrolment]:
    """Whom the evaluation asks."""
    return attended(Enrolment.objects.filter(training_class=training_class))


def asked_of(trainee: Trainee, now: datetime) -> list[ClassEvaluation]:
    """What the person can still answer, what closes first on top; one statement."""
    there = attended(Enrolment.objects.filter(trainee=trainee)).filter(
        training_class=OuterRef("training_class")
    )
    answered = EvaluationAnswered.objects.filter(
        trainee=trainee, training_class=OuterRef("training_class")
    )
    return list(
        ClassEvaluation.objects.open_at(now)
        .filter(Q(Exists(there)), ~Q(Exists(answered)))
        .select_related("training_class")
        .defer("box")
        .order_by("closes_at", "training_class__code")
    )


def has_answered(trainee: Trainee, training_class: TrainingClass) -> bool:
    """Return whether their answer is in the box, or was."""
    return EvaluationAnswered.objects.filter(
        trainee=trainee, training_class=training_class
    ).exists()


def refuse_unless_asked(
    trainee: Trainee, evaluation: ClassEvaluation | None, now: datetime
) -> None:
    """Raise NotOpen, WasNotThere or AlreadyAnswered."""
    if evaluation is None or now < evaluation.opens_at:
        raise NotOpen(_("The evaluation opens when the last lesson has ended."))
    if now >= evaluation.closes_at:
        raise NotOpen(
            _("The evaluation of this class is over. Tell us under “Complaints and suggestions”.")
        )
    training_class = evaluation.training_class
    if training_class.status == ClassStatus.CANCELLED:
        raise NotOpen(_("This class was cancelled, so it is not evaluated."))
    if not attendees_of(training_class).filter(trainee=trainee).exists():
        raise WasNotThere(
            _(
                "Those who were marked present in a lesson are asked. If you were there, tell the"
                " coordinator of the class."
            )
        )
    if has_answered(trainee, training_class):
        raise AlreadyAnswered(
            _(
                "You have answered already. Nobody can find an answer again, so it cannot be"
                " changed."
            )
        )
