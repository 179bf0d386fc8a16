"""Which classes each group of learners can book: what somebody sees before they join."""

from dataclasses import dataclass
from datetime import datetime

from academy.models import LearnerGroup
from courses.models import TrainingClass

SHOWN = 3  # classes of each group; the list of classes has the others


@dataclass(frozen=True)
class GroupClasses:
    """A group, its next classes, and how many there are altogether."""

    group: LearnerGroup
    classes: list[TrainingClass]
    count: int


def classes_of_groups(now: datetime) -> list[GroupClasses]:
    """Each group in use with the classes open to it, the next first; two queries."""
    links = (
        TrainingClass.open_to_groups.through.objects.filter(
            trainingclass__in=TrainingClass.objects.published().upcoming(now),
            trainingclass__booking_opens_at__lte=now,
            trainingclass__booking_closes_at__gt=now,
            learnergroup__active=True,
        )
        .select_related("trainingclass__campus")
        .order_by("trainingclass__starts_at", "trainingclass__code")
    )
    found: dict[int, list[TrainingClass]] = {}
    for link in links:
        found.setdefault(link.learnergroup_id, []).append(link.trainingclass)
    return [
        GroupClasses(group, found.get(group.pk, [])[:SHOWN], len(found.get(group.pk, [])))
        for group in LearnerGroup.objects.filter(active=True)
    ]
