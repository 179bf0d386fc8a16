"""The classes into which a coordinator can book others now."""

from datetime import datetime

from academy.access import grants_of, towns_of
from academy.models import Role
from academy.nearness import Nearness, nearness_from
from courses.models import TrainingClass

from ..eligibility.choosing import nearest_first

LOOKED_AT = 60  # who looks further ahead begins at the class


def nearness_to_own_people(user) -> Nearness:
    """From the street-town of the village, or the street-town, whose people the person books; for
    whoever has several, nothing is near.
    """
    towns = towns_of(user) | {
        grant.village.town_id for grant in grants_of(user) if grant.role == Role.VILLAGE_COORDINATOR
    }
    return nearness_from(towns.pop()) if len(towns) == 1 else Nearness()


def classes_for_colleagues(user, nearness: Nearness, now: datetime) -> list[TrainingClass]:
    """Those open for booking, the nearest first."""
    found = (
        TrainingClass.objects.visible_to(user)
        .upcoming(now)
        .filter(booking_opens_at__lte=now, booking_closes_at__gt=now)
        .select_related("campus")
        .prefetch_related("audiences", "pools")
    )
    return nearest_first(found[:LOOKED_AT], nearness)
