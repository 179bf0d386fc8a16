"""How likely is a seat from this place in the queue?

What happened in comparable classes, in words; never a promise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from courses.models import ClassStatus, TrainingClass

from ..models import EnrolmentEventKind
from .counting import Place

COMPARABLE_CLASSES = 3  # fewer say nothing
HALF, TWICE = 0.5, 2  # a class of 30 is compared with classes of 15 to 60
GOT_A_SEAT = (EnrolmentEventKind.PROMOTED, EnrolmentEventKind.ACCEPTED)


@dataclass(frozen=True)
class Chance:
    """In how many of the comparable classes whose queue was that long the place got a seat."""

    reached: int
    classes: int

    @property
    def is_known(self) -> bool:
        return self.classes >= COMPARABLE_CLASSES


def chances_of(waiting: Mapping[int, Place], classes: Iterable[TrainingClass]) -> dict[int, Chance]:
    """Class key → the chance of the place somebody has in it (by class key); one query for all.

    Comparable: over or begun, of the same programme (without one: at the same campus), of half to
    twice the size, and with a queue that went at least that far.
    """
    classes = [training_class for training_class in classes if training_class.pk in waiting]
    if not classes:
        return {}
    alike = Q(pk__in=[])
    for training_class in classes:
        alike |= _alike(training_class)
    waited = Count(
        "enrolments",
        filter=Q(enrolments__events__kind=EnrolmentEventKind.WAITLISTED),
        distinct=True,
    )
    seated = Count("enrolments", filter=Q(enrolments__events__kind__in=GOT_A_SEAT), distinct=True)
    past = (
        TrainingClass.objects.filter(alike, status__in=(ClassStatus.RUNNING, ClassStatus.CLOSED))
        .annotate(waited=waited, seated=seated)
        .filter(waited__gt=0)
    )
    rows = list(past.order_by().values_list("programme", "campus", "capacity", "waited", "seated"))
    return {
        training_class.pk: _chance(training_class, waiting[training_class.pk].overall, rows)
        for training_class in classes
    }


def _alike(training_class: TrainingClass) -> Q:
    if training_class.programme_id:
        return Q(programme=training_class.programme_id)
    return Q(programme__isnull=True, campus=training_class.campus_id)


def _chance(training_class: TrainingClass, place: int, rows: Iterable[tuple]) -> Chance:
    same_kind = (
        training_class.programme_id,
        None if training_class.programme_id else training_class.campus_id,
    )
    reached = [
        seated >= place
        for programme, campus, capacity, waited, seated in rows
        if (programme, None if programme else campus) == same_kind
        and HALF * training_class.capacity <= capacity <= TWICE * training_class.capacity
        and waited >= place
    ]
    return Chance(sum(reached), len(reached))
