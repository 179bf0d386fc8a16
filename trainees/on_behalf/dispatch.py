"""The classes to which street-towns send people now: their quotas, whom they have sent, and what
those answered.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from academy.access import is_office, towns_of
from courses.models import ClassStatus, SeatPool, TrainingClass

from ..models import Nomination, NominationStatus


@dataclass
class Dispatch:
    """A class with the seats kept for the towns in question."""

    training_class: TrainingClass
    towns: int = 0
    seats: int = 0
    taken: int = 0
    until: datetime | None = None  # when the first of the unused seats go to everybody
    by_answer: Counter = field(default_factory=Counter)

    @property
    def left(self) -> int:
        return self.seats - self.taken

    @property
    def sent(self) -> int:
        return sum(self.by_answer.values())

    @property
    def asked(self) -> int:
        return self.by_answer[NominationStatus.ASKED]

    @property
    def coming(self) -> int:
        return self.by_answer[NominationStatus.COMING]

    @property
    def cannot(self) -> int:
        return self.by_answer[NominationStatus.CANNOT]


def dispatches(user, now: datetime) -> list[Dispatch]:
    """Classes still to begin with seats kept for the person's towns, the office's for all; two
    statements.
    """
    pools = SeatPool.objects.filter(
        town__isnull=False,
        training_class__status=ClassStatus.OPEN,
        training_class__starts_at__gt=now,
    )
    if not is_office(user):
        pools = pools.filter(town__in=towns_of(user))
    found: dict[int, Dispatch] = {}
    towns: dict[int, set[int]] = defaultdict(set)
    for pool in pools.select_related("training_class__campus").order_by(
        "training_class__starts_at", "training_class__code", "pk"
    ):
        row = found.setdefault(pool.training_class_id, Dispatch(pool.training_class))
        towns[pool.training_class_id].add(pool.town_id)
        row.towns += 1
        row.seats += pool.seats
        row.taken += pool.seats_taken
        if pool.release_at and pool.released_at is None and pool.seats_left:
            row.until = min(row.until or pool.release_at, pool.release_at)
    answers = (
        Nomination.objects.visible_to(user)
        .standing()
        .filter(training_class__in=list(found))
        .order_by()
        .values_list("training_class", "status")
        .annotate(number=Count("pk"))
    )
    for key, status, number in answers:
        found[key].by_answer[status] += number
    return list(found.values())
