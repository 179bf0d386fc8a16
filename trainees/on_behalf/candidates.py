"""Whom a street-town may send to a class, and whom the rules do not allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max
from django.utils import timezone

from courses.models import TrainingClass

from ..eligibility.candidates import obstacles_of
from ..models import TAKING_PART, Enrolment, EnrolmentChannel, Trainee
from .nominations import Call, called_within_a_week, calls_ahead

EARLIER_DAYS = 365  # how far back earlier calls are counted; docs/rules.md R18


@dataclass(frozen=True)
class EarlierCalls:
    """How often a person was sent in the last year, and to a class of which day the last time."""

    number: int
    last_on: date


@dataclass(frozen=True)
class Candidate:
    """One person of the roster: their place in the class if they have one, what stands against
    sending them, and their calls.
    """

    trainee: Trainee
    enrolment: Enrolment | None
    obstacle: str
    calls: Sequence[Call]  # of the next 30 days
    close: Call | None  # within a week of the class
    earlier: EarlierCalls | None

    @property
    def may_be_sent(self) -> bool:
        return self.enrolment is None and not self.obstacle


def candidates_of(
    people: Sequence[Trainee], training_class: TrainingClass, now: datetime
) -> list[Candidate]:
    """Everybody in the given order; the number of statements does not grow with the people."""
    live = {
        row.trainee_id: row
        for row in Enrolment.objects.live().filter(
            training_class=training_class, trainee__in=people
        )
    }
    obstacles = obstacles_of(people, training_class)
    calls, earlier = calls_ahead(people, now), earlier_calls(people, now)
    on = timezone.localdate(training_class.starts_at) if training_class.starts_at else None
    return [
        Candidate(
            person,
            live.get(person.pk),
            obstacles.get(person.pk, ""),
            calls.get(person.pk, []),
            called_within_a_week(calls.get(person.pk, []), on)
            if on and person.pk not in live
            else None,
            earlier.get(person.pk),
        )
        for person in people
    ]


def earlier_calls(people: Sequence[Trainee], now: datetime) -> dict[int, EarlierCalls]:
    """Trainee key → the classes to which the person was sent in the last year; one statement."""
    rows = (
        Enrolment.objects.filter(
            trainee__in=people,
            status__in=TAKING_PART,
            channel=EnrolmentChannel.DISPATCH,
            training_class__starts_at__lte=now,
            training_class__starts_at__gt=now - timedelta(days=EARLIER_DAYS),
        )
        .order_by()
        .values_list("trainee")
        .annotate(number=Count("pk"), last=Max("training_class__starts_at"))
    )
    return {
        trainee: EarlierCalls(number, timezone.localdate(last)) for trainee, number, last in rows
    }
