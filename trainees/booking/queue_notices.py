"""What people in the queue are told."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import TrainingClass
from notices.outbox import notify

from ..eligibility.window import moment_in_words
from ..models import Enrolment


def tell_promoted(enrolment: Enrolment, training_class: TrainingClass, now: datetime) -> None:
    """Tell the person that the seat is theirs."""
    notify(
        person=enrolment.trainee.user,
        kind="promoted",
        subject=enrolment,
        due_at=now,
        dedupe="promoted",
        title=_("You have a seat: %(title)s") % {"title": training_class.title},
        body=_(
            "A seat came free and it is yours. If you cannot come, please cancel by %(moment)s, so"
            " that the next person gets it."
        )
        % {"moment": moment_in_words(training_class.cancellable_until)},
        link=training_class.get_absolute_url(),
    )


def tell_offered(enrolment: Enrolment, training_class: TrainingClass, now: datetime) -> None:
    """Tell the person that a seat is held, and until when."""
    notify(
        person=enrolment.trainee.user,
        kind="seat_offered",
        subject=enrolment,
        due_at=now,
        dedupe="offered",
        title=_("A seat is free for you until %(moment)s: %(title)s")
        % {
            "moment": moment_in_words(enrolment.offer_ends_at),
            "title": training_class.title,
        },
        body=_(
            "It is held for you until %(moment)s. One tap takes it; if you decline or do not"
            " answer, it goes to the next person."
        )
        % {"moment": moment_in_words(enrolment.offer_ends_at)},
        link=reverse("trainees:offer", args=[training_class.code]),
    )


def tell_expired(enrolment: Enrolment, training_class: TrainingClass, now: datetime) -> None:
    """Tell the person that the held seat went to the next."""
    notify(
        person=enrolment.trainee.user,
        kind="offer_expired",
        subject=enrolment,
        due_at=now,
        dedupe="expired",
        title=_("The offered seat has gone to the next person: %(title)s")
        % {"title": training_class.title},
        body=_(
            "There was no answer in time. If you still want to come, call the campus; for another"
            " date see the list of classes."
        ),
        link=training_class.get_absolute_url(),
    )
