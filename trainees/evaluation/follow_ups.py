"""Whether what was learnt is used: asked 30 and 90 days after the last lesson, answered with a tap.

Source: docs/rules.md R83.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from courses.models import TrainingClass

from ..models import FOLLOW_UP_DAYS, MOST_CHARACTERS, Enrolment, Trainee, Use, UseFollowUp
from .windows import (
    HELD_ONCE,
    AlreadyAnswered,
    EvaluationError,
    NotOpen,
    WasNotThere,
    attended,
    attendees_of,
)

OPEN_DAYS = 30  # so long a follow-up can be answered


class NotAUse(EvaluationError):
    """None of the four answers."""


@dataclass(frozen=True)
class Asked:
    """A class whose people are asked, so many days after it, until when."""

    training_class: TrainingClass
    days: int

    @property
    def opens_at(self) -> datetime:
        return self.training_class.ends_at + timedelta(days=self.days)

    @property
    def closes_at(self) -> datetime:
        return self.opens_at + timedelta(days=OPEN_DAYS)

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


def _in_time(days: int, now: datetime) -> Q:
    end = now - timedelta(days=days)
    return Q(ends_at__lte=end, ends_at__gt=end - timedelta(days=OPEN_DAYS))


def asked_classes(now: datetime) -> list[Asked]:
    """Every class whose people are asked now."""
    when = Q()
    for days in FOLLOW_UP_DAYS:
        when |= _in_time(days, now)
    classes = TrainingClass.objects.filter(when, status__in=HELD_ONCE).order_by("ends_at", "code")
    found = [Asked(item, days) for item in classes for days in FOLLOW_UP_DAYS]
    return [asked for asked in found if asked.is_open(now)]


def asked_of(trainee: Trainee, now: datetime) -> list[Asked]:
    """What the person can still answer; one statement."""
    there = attended(Enrolment.objects.filter(trainee=trainee)).filter(
        training_class=OuterRef("pk")
    )
    given = UseFollowUp.objects.filter(trainee=trainee, training_class=OuterRef("pk"))
    when = Q()
    for days in FOLLOW_UP_DAYS:
        when |= _in_time(days, now) & ~Q(Exists(given.filter(days=days)))
    classes = TrainingClass.objects.filter(when, Exists(there), status__in=HELD_ONCE)
    found = [
        Asked(item, days) for item in classes.order_by("ends_at", "code") for days in FOLLOW_UP_DAYS
    ]
    return [asked for asked in found if asked.is_open(now)]


def refuse_unless_asked(trainee: Trainee, asked: Asked, now: datetime) -> None:
    """Raise NotOpen, WasNotThere or AlreadyAnswered."""
    training_class = asked.training_class
    if training_class.ends_at is None or training_class.status not in HELD_ONCE:
        raise NotOpen(_("This class was not held, so nothing is asked about it."))
    if not asked.is_open(now):
        raise NotOpen(
            _("This is asked %(days)d days after the last lesson, and for %(open)d days.")
            % {"days": asked.days, "open": OPEN_DAYS}
        )
    if not attendees_of(training_class).filter(trainee=trainee).exists():
        raise WasNotThere(_("Those who were marked present in a lesson are asked."))
    if UseFollowUp.objects.filter(
        training_class=training_class, trainee=trainee, days=asked.days
    ).exists():
        raise AlreadyAnswered(_("You have answered already. Thank you."))


@transaction.atomic
def say_use(*, asked: Asked, trainee: Trainee, use: str, text: str, now: datetime) -> UseFollowUp:
    """Keep the answer, once. Raises NotOpen, WasNotThere, AlreadyAnswered, NotAUse."""
    Trainee.objects.select_for_update(of=("self",)).get(pk=trainee.pk)  # a double tap waits here
    refuse_unless_asked(trainee, asked, now)
    if use not in Use.values:
        raise NotAUse(_("Tap one of the four answers."))
    return UseFollowUp.objects.create(
        training_class=asked.training_class,
        trainee=trainee,
        days=asked.days,
        use=use,
        text=text.strip()[:MOST_CHARACTERS],
    )
