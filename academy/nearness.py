"""How near a street-town is to somebody's own: itself, then those bordering it, then all others,
which are equal. Which borders which is a table that the office keeps (`TownBorder`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import Q

from .models import TownBorder


class Near(IntEnum):
    """In the order in which lists show it."""

    OWN = 0
    BORDERING = 1
    ELSEWHERE = 2


@dataclass(frozen=True)
class Nearness:
    """Seen from one street-town; for a visitor, who has none, everything is elsewhere."""

    own: int | None = None  # its key
    bordering: frozenset[int] = frozenset()

    def of(self, towns: Iterable[int]) -> Near:
        """How near the nearest of the towns is, by their keys."""
        towns = set(towns)
        if self.own in towns:
            return Near.OWN
        return Near.BORDERING if towns & self.bordering else Near.ELSEWHERE


NOWHERE = Nearness()


def nearness_from(town: int) -> Nearness:
    """Seen from the street-town with this key; one query."""
    borders = TownBorder.objects.filter(Q(town=town) | Q(neighbour=town), active=True)
    pairs = borders.order_by().values_list("town", "neighbour")
    return Nearness(town, frozenset(key for pair in pairs for key in pair if key != town))
