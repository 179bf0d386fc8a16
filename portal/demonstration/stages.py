"""The growth stages of the sample people: most cadres are new or seasoned, a few lead others."""

from datetime import datetime, timedelta

from django.db.models import Count

from academy.models import GrowthStage, Position, User
from courses.models import Course, CourseStatus, Track
from trainees.models import PathRequirement, Trainee
from trainees.people.stages import set_stages

GIVEN_BEFORE = timedelta(days=120)
# of ten people so many stand at the first, second and third stage
SHARES = (4, 4, 2)


def lay_down_the_path() -> None:
    """Hours of two tracks and a course, for the most frequent posts at the first two stages; rows
    to be edited, not facts.
    """
    posts = Position.objects.annotate(people=Count("trainees")).order_by("-people", "pk")[:3]
    tracks = list(Track.objects.order_by("pk")[:2])
    course = Course.objects.filter(status=CourseStatus.PUBLISHED).order_by("code").first()
    stages = GrowthStage.objects.order_by("sort_order", "pk")[:2]
    for hours, stage in zip((6, 12), stages, strict=False):
        for post in posts:
            for track in tracks:
                PathRequirement.objects.get_or_create(
                    position=post, stage=stage, track=track, defaults={"hours": hours}
                )
            if course and hours > 6:
                PathRequirement.objects.get_or_create(position=post, stage=stage, course=course)


def give_stages(by: User, now: datetime) -> None:
    """Put every cadre without a stage at one, as the office does with a list."""
    lay_down_the_path()
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
