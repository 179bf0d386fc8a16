"""What waits for a trainee's own answer: a seat that is held for some hours, and the street-town's
question whether one can come; how a class was, and whether what was learnt is used.
"""

from dataclasses import dataclass
from datetime import datetime

from courses.models import ClassStatus

from ..evaluation import follow_ups, windows
from ..evaluation.follow_ups import Asked
from ..models import (
    ClassEvaluation,
    Enrolment,
    EnrolmentStatus,
    Nomination,
    NominationStatus,
    Trainee,
)


@dataclass(frozen=True)
class Questions:
    """Offers by their end, the first to end first; nominations by the start of their class."""

    offers: tuple[Enrolment, ...]
    nominations: tuple[Nomination, ...]
    evaluations: tuple[ClassEvaluation, ...] = ()
    uses: tuple[Asked, ...] = ()  # 30 and 90 days after a class

    def __bool__(self) -> bool:
        return bool(self.offers or self.nominations or self.evaluations or self.uses)

    @property
    def are_urgent(self) -> bool:
        """Whether somebody waits for the answer; the others are asked for if one likes."""
        return bool(self.offers or self.nominations)


def questions_to(trainee: Trainee, now: datetime) -> Questions:
    """Everything the person can still answer; four queries."""
    offers = Enrolment.objects.filter(
        trainee=trainee, status=EnrolmentStatus.OFFERED, offer_ends_at__gt=now
    )
    asked = Nomination.objects.filter(
        trainee=trainee,
        status=NominationStatus.ASKED,
        training_class__status=ClassStatus.OPEN,
        training_class__starts_at__gt=now,
    )
    return Questions(
        tuple(offers.select_related("training_class__campus").order_by("offer_ends_at", "pk")),
        tuple(
            asked.select_related("training_class__campus", "town").order_by(
                "training_class__starts_at", "pk"
            )
        ),
        tuple(windows.asked_of(trainee, now)),
        tuple(follow_ups.asked_of(trainee, now)),
    )
