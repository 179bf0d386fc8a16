"""One question that a person brings along to a class. Source: docs/rules.md R87."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courses.models import HELD, ClassStatus, TrainingClass

from ..errors import BookingError
from ..models import OPEN, Enrolment


class TooLateToAsk(BookingError):
    """The booking has ended, or the class has begun."""


def may_write(enrolment: Enrolment, training_class: TrainingClass, now: datetime) -> bool:
    """Whether the person may still write, change or take back: until the class begins."""
    return (
        enrolment.status in OPEN
        and training_class.status == ClassStatus.OPEN
        and not training_class.has_started(now)
    )


def write_question(
    *, enrolment: Enrolment, training_class: TrainingClass, text: str, now: datetime
) -> bool:
    """Keep the text in place of the one before; an empty one takes it back. Returns whether
    anything changed.

    Raises TooLateToAsk.
    """
    if not may_write(enrolment, training_class, now):
        raise TooLateToAsk(
            _("The class has begun or the booking has ended, so the question stays as it is.")
        )
    return bool(
        Enrolment.objects.filter(pk=enrolment.pk, status__in=OPEN)
        .exclude(question=text)
        .update(question=text)
    )


def questions_of(classes: Iterable[TrainingClass | int]) -> QuerySet[Enrolment]:
    """Who takes part in one of these classes and has written something, in the order of lists."""
    return (
        Enrolment.objects.taking_part()
        .filter(training_class__in=classes, training_class__status__in=HELD)
        .exclude(question="")
        .select_related("trainee__user", "village__town", "position", "learner_group")
        .order_by("training_class", "village__town__code", "trainee__stroke_key", "pk")
    )


def bring_along(old: Enrolment, new: Enrolment) -> None:
    """Whoever is moved to another run takes their question along."""
    Enrolment.objects.filter(pk=new.pk).update(question=old.question)
    Enrolment.objects.filter(pk=old.pk).update(question="")


def forget_questions(training_class: TrainingClass) -> None:
    """The class is over or does not take place: what was written for it has served its purpose."""
    Enrolment.objects.filter(training_class=training_class).exclude(question="").update(question="")
