"""What the ledger of study hours says of classes on a day. Source: docs/rules.md R60."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from trainees.models import OF_A_CLASS, HourEntry


@dataclass(frozen=True)
class Posted:
    """What stands in the ledger for one class: people with hours, their hours together, and the
    days on which these were earned.
    """

    people: int
    hours: Decimal
    first_day: date
    last_day: date


def end_of(day: date) -> datetime:
    """The moment at which the day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def standing(as_of: date | None) -> Q:
    """The entries of lessons, attended or made up, that no counter entry has taken back by the end
    of the day.
    """
    stands = Q(reversed_by__isnull=True)
    if as_of is not None:
        stands |= Q(reversed_by__posted_at__gte=end_of(as_of))
    return Q(kind__in=OF_A_CLASS) & stands


def posted_by_class(classes: Mapping[str, object], *, as_of: date | None = None) -> dict:
    """Key of a class → Posted, for classes with hours in the ledger at the end of the day; all that
    is posted by now where no day is given. One statement.

    `classes` says which, as conditions on a class. A class that was reopened has none until it is
    closed again.
    """
    entries = HourEntry.objects.filter(
        **{f"enrolment__training_class__{name}": value for name, value in classes.items()}
    )
    stands = standing(as_of)
    if as_of is not None:
        entries = entries.filter(posted_at__lt=end_of(as_of))
    found = (
        entries.order_by()
        .values_list("enrolment__training_class")
        .annotate(
            people=Count("enrolment", distinct=True, filter=stands),
            total=Sum("hours"),
            first_day=Min("earned_on", filter=stands),
            last_day=Max("earned_on", filter=stands),
        )
    )
    return {key: Posted(*of_class) for key, *of_class in found if of_class[0]}
