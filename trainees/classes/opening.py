"""Opening the drafts of a season together: after a round of many classes nobody opens each by
hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from academy.search import index
from courses.models import TrainingClass
from courses.schedule.class_plans import SchedulingRefused
from courses.schedule.scheduling import against_opening
from courses.schedule.season import Season, drafts_in

from ..eligibility.interest import open_to_the_interested


@dataclass(frozen=True)
class Opening:
    """A draft, and the sentence that says why it cannot be opened; empty when it can be, or was."""

    training_class: TrainingClass
    refused: str = ""


def drafts_of(user, season: Season, now: datetime) -> list[Opening]:
    """The drafts that a person may open and that begin in the season, the next one first."""
    drafts = drafts_in(TrainingClass.objects.run_by(user), season)
    openings = []
    for draft in drafts.select_related("campus").order_by("starts_at", "code"):
        problem = against_opening(draft, now)
        openings.append(Opening(draft, problem.sentence if problem else ""))
    return openings


@transaction.atomic
def open_together(*, classes: Iterable[TrainingClass], by, now: datetime) -> list[Opening]:
    """Open each draft; one that cannot be opened says why and does not hold up the others.

    Locks by key.
    """
    openings = []
    for training_class in sorted(classes, key=lambda item: item.pk):
        try:
            openings.append(
                Opening(
                    open_to_the_interested(
                        training_class=training_class, by=by, now=now, index=False
                    )
                )
            )
        except SchedulingRefused as refused:
            openings.append(Opening(training_class, str(refused)))
    if any(not opening.refused for opening in openings):
        index.rebuild(["class"])
    return openings
