"""What was held of each item of a plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..models import PlanItem


@dataclass(frozen=True)
class Held:
    """The classes of an item: people trained, study hours, first and last day, places."""

    classes: int
    people: int
    hours: Decimal
    first_day: date | None
    last_day: date | None
    places: tuple[str, ...]


def held_of_items(items: Iterable[PlanItem]) -> dict[int, Held]:
    """Return what was held of the items, by key of the item; without those nothing was held of."""
    return {}
