"""What people are told when a colleague acts for them."""

from django.utils.translation import gettext as _

from courses.models import TrainingClass
from notices.outbox import notify

from ..models import Enrolment


def tell_booked(enrolment: Enrolment, training_class: TrainingClass, by) -> None:
    """Tell somebody that a colleague booked for them; nobody is told of an own tap."""
    if enrolment.trainee.user_id == by.pk:
        return
    words = {"title": training_class.title, "name": by.name}
    if enrolment.is_waiting:
        title, body = (
            _("On the waiting list: %(title)s") % words,
            _("%(name)s put you on the waiting list. You are told when a seat comes free.") % words,
        )
    else:
        title, body = (
            _("Booked for you: %(title)s") % words,
            _(
                "%(name)s booked a seat for you. If you cannot come, cancel on the page of the"
                " class."
            )
            % words,
        )
    notify(
        person=enrolment.trainee.user,
        kind="booked_by_colleague",
        subject=enrolment,
        dedupe="booked",
        title=title,
        body=body,
        link=training_class.get_absolute_url(),
    )


def tell_cancelled(enrolment: Enrolment, by) -> None:
    """Tell somebody that a colleague gave the seat back for them."""
    if enrolment.trainee.user_id == by.pk:
        return
    training_class = enrolment.training_class
    notify(
        person=enrolment.trainee.user,
        kind="cancelled_by_colleague",
        subject=enrolment,
        dedupe="cancelled",
        title=_("Cancelled for you: %(title)s") % {"title": training_class.title},
        body=_("%(name)s cancelled your booking. If that is wrong, speak to them, or book again.")
        % {"name": by.name},
        link=training_class.get_absolute_url(),
    )


def tell_passed_on(enrolment: Enrolment, passed: Enrolment, training_class: TrainingClass) -> None:
    """Tell both colleagues that the seat was passed on."""
    words = {"title": training_class.title}
    notify(
        person=enrolment.trainee.user,
        kind="seat_passed_on",
        subject=enrolment,
        dedupe="passed on",
        title=_("Your seat is passed on: %(title)s") % words,
        body=_("A colleague of your village comes in your place; you need do nothing more."),
        link=training_class.get_absolute_url(),
    )
    notify(
        person=passed.trainee.user,
        kind="seat_received",
        subject=passed,
        dedupe="received",
        title=_("You have a colleague's seat: %(title)s") % words,
        body=_(
            "A colleague of your village cannot come and passed the seat on to you. If you cannot"
            " come either, cancel on the page of the class."
        ),
        link=training_class.get_absolute_url(),
    )
