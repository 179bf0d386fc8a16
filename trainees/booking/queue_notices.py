"""What people in the queue are told."""

from datetime import datetime

from django.urls import reverse

from courses.models import TrainingClass
from notices.outbox import tell

from ..models import Enrolment
from ..notices.queue import OFFER_EXPIRED, PROMOTED, SEAT_OFFERED


def tell_promoted(enrolment: Enrolment, training_class: TrainingClass, now: datetime) -> None:
    """Tell the person that the seat is theirs."""
    tell(
        PROMOTED,
        enrolment.trainee.user,
        values={"title": training_class.title, "moment": training_class.cancellable_until},
        link=training_class.get_absolute_url(),
        subject=enrolment,
        due_at=now,
        dedupe="promoted",
    )


def tell_offered(enrolment: Enrolment, training_class: TrainingClass, now: datetime) -> None:
    """Tell the person that a seat is held, and until when."""
    tell(
        SEAT_OFFERED,
        enrolment.trainee.user,
        values={"title": training_class.title, "moment": enrolment.offer_ends_at},
        link=reverse("trainees:offer", args=[training_class.code]),
        subject=enrolment,
        due_at=now,
        dedupe="offered",
    )


def tell_expired(enrolment: Enrolment, training_class: TrainingClass, now: datetime) -> None:
    """Tell the person that the held seat went to the next."""
    tell(
        OFFER_EXPIRED,
        enrolment.trainee.user,
        values={"title": training_class.title},
        link=training_class.get_absolute_url(),
        subject=enrolment,
        due_at=now,
        dedupe="expired",
    )
