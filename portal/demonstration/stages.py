"""The growth stages of the sample people: most cadres are new or seasoned, a few lead others."""

from datetime import datetime, timedelta

from academy.models import GrowthStage, User
from trainees.models import Trainee
from trainees.people.stages import set_stages

GIVEN_BEFORE = timedelta(days=120)
# of ten people so many stand at the first, second and third stage
SHARES = (4, 4, 2)


def give_stages(by: User, now: datetime) -> None:
    """Put every cadre without a stage at one, as the office does with a list."""
    stages = list(GrowthStage.objects.order_by("sort_order", "pk"))[: len(SHARES)]
    places = [stage for stage, share in zip(stages, SHARES, strict=False) for _one in range(share)]
    without = Trainee.objects.cadres().filter(stage__isnull=True)
    people: dict[int, list[int]] = {stage.pk: [] for stage in stages}
    for number, key in enumerate(without.order_by("pk").values_list("pk", flat=True)):
        people[places[number % len(places)].pk].append(key)
    for stage in stages:
        set_stages(
            people=Trainee.objects.filter(pk__in=people[stage.pk]),
            stage=stage,
            by=by,
            now=now - GIVEN_BEFORE,
            tells=False,
        )
