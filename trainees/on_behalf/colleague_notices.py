"""Telling people what a colleague did for them."""

from courses.models import TrainingClass
from notices.outbox import tell

from ..models import Enrolment
from ..notices.on_behalf import (
    BOOKED_FOR_YOU,
    CANCELLED_FOR_YOU,
    QUEUED_FOR_YOU,
    SEAT_PASSED_ON,
    SEAT_RECEIVED,
)


def tell_booked(enrolment: Enrolment, training_class: TrainingClass, by) -> None:
    """Tell somebody that a colleague booked for them; nobody is told of an own tap."""
    if enrolment.trainee.user_id == by.pk:
        return
    tell(
        QUEUED_FOR_YOU if enrolment.is_waiting else BOOKED_FOR_YOU,
        enrolment.trainee.user,
        values={"title": training_class.title, "name": by.name},
        link=training_class.get_absolute_url(),
        subject=enrolment,
        dedupe="booked",
    )


def tell_cancelled(enrolment: Enrolment, by) -> None:
    """Tell somebody that a colleague gave the seat back for them."""
    if enrolment.trainee.user_id == by.pk:
        return
    training_class = enrolment.training_class
    tell(
        CANCELLED_FOR_YOU,
        enrolment.trainee.user,
        values={"title": training_class.title, "name": by.name},
        link=training_class.get_absolute_url(),
        subject=enrolment,
        dedupe="cancelled",
    )


def tell_passed_on(enrolment: Enrolment, passed: Enrolment, training_class: TrainingClass) -> None:
    """Tell both colleagues that the seat was passed on."""
    for kind, whose, mark in (
        (SEAT_PASSED_ON, enrolment, "passed on"),
        (SEAT_RECEIVED, passed, "received"),
    ):
        tell(
            kind,
            whose.trainee.user,
            values={"title": training_class.title},
            link=training_class.get_absolute_url(),
            subject=whose,
            dedupe=mark,
        )
