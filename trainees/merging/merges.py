"""What was joined, for whoever may join."""

from django.db.models import QuerySet

from academy.access import is_office, towns_of
from academy.models import PersonMerge

from ..models import Enrolment


def merges_seen_by(user) -> QuerySet[PersonMerge]:
    """All for the office; a street-town those of two of its own cadres."""
    merges = PersonMerge.objects.select_related("survivor", "away", "by", "parted_by")
    if is_office(user):
        return merges
    towns = towns_of(user)
    return merges.filter(
        survivor__trainee__village__town__in=towns,
        survivor__trainee__position__isnull=False,
        away__trainee__village__town__in=towns,
        away__trainee__position__isnull=False,
    )


def ended_of(merge: PersonMerge) -> list[Enrolment]:
    """The bookings that gave way."""
    keys = [kept["enrolment"] for kept in merge.ended]
    return list(Enrolment.objects.filter(pk__in=keys).select_related("training_class"))
