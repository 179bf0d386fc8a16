"""The quotas of every street-town in one class, with what has become of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from academy.models import Town, Village
from courses.models import SeatPool, TrainingClass

from ..models import Nomination, NominationStatus


@dataclass(frozen=True)
class TownQuota:
    """One street-town: its villages, its pool in the class if it has one, its answers."""

    town: Town
    villages: int
    pool: SeatPool | None
    answers: Mapping[str, int]  # status of a nomination → how many

    @property
    def is_released(self) -> bool:
        """What was left of it is open to everybody, so it is changed no more."""
        return self.pool is not None and self.pool.released_at is not None

    @property
    def is_sending(self) -> bool:
        """The town may send people, or has sent some."""
        return bool(self.answers) or (self.pool is not None and not self.is_released)

    @property
    def seats(self) -> int:
        return self.pool.seats if self.pool else 0

    @property
    def taken(self) -> int:
        return self.pool.seats_taken if self.pool else 0

    @property
    def left(self) -> int:
        return self.seats - self.taken

    @property
    def coming(self) -> int:
        return self.answers.get(NominationStatus.COMING, 0)

    @property
    def asked(self) -> int:
        return self.answers.get(NominationStatus.ASKED, 0)

    @property
    def cannot(self) -> int:
        return self.answers.get(NominationStatus.CANNOT, 0)

    @property
    def is_silent(self) -> bool:
        """It has seats and has filled none."""
        return bool(self.seats) and not self.taken and not self.is_released


def town_quotas(training_class: TrainingClass) -> list[TownQuota]:
    """Every street-town of the network, and those with a pool that have left it; three
    statements.
    """
    pools = {
        pool.town_id: pool
        for pool in SeatPool.objects.filter(training_class=training_class, town__isnull=False)
    }
    answers: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        Nomination.objects.filter(training_class=training_class)
        .standing()
        .order_by()
        .values_list("town", "status")
        .annotate(number=Count("pk"))
    )
    for town, status, number in rows:
        answers[town][status] = number
    return [
        TownQuota(town, town.village_count, pools.get(town.pk), answers[town.pk])
        for town in _towns(list(pools))
    ]


def _towns(with_a_pool: list[int]) -> QuerySet[Town]:
    villages = Village.objects.current(timezone.localdate()).filter(town=OuterRef("pk"))
    counted = villages.order_by().values("town").annotate(number=Count("pk")).values("number")
    return (
        Town.objects.filter(Q(ended_on__isnull=True) | Q(pk__in=with_a_pool))
        .annotate(village_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        .order_by("code")
    )


def each_town(quotas: list[TownQuota], seats: int) -> dict[str, int]:
    """Code of a town → so many seats, the same for all that can still be changed."""
    return {quota.town.code: seats for quota in quotas if not quota.is_released}


def by_villages(quotas: list[TownQuota], villages: int) -> dict[str, int]:
    """Code of a town → one seat for so many villages, at least one where there is any."""
    return {
        quota.town.code: max(1, quota.villages // villages) if quota.villages else 0
        for quota in quotas
        if not quota.is_released
    }
