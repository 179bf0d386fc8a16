"""Booking by whoever runs a class: a person by phone number, a seat given back with a reason, or
handed on within the village.

The rules of the class hold as for everybody; what stands against a person is told only as far as
the class is concerned. Source: docs/rules.md R11.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.models import ClassStatus, TrainingClass
from notices.outbox import tell

from ..booking.enrolling import book
from ..booking.withdrawing import withdraw_late
from ..eligibility.window import moment_in_words
from ..errors import (
    AlreadyEnrolled,
    AlreadyStarted,
    BookingClosed,
    BookingError,
    NotEligible,
    RepeatTraining,
)
from ..models import Enrolment, EnrolmentChannel, Trainee
from ..notices.on_behalf import CANCELLED_BY_STAFF
from .colleague_notices import tell_booked

# rules whose facts tell of other classes: these stay with the person
OF_THE_PERSON = ("clash", "repeat", "prerequisite")


class NotOnTheRoster(BookingError):
    """Nobody who could be booked has this phone number."""


class ReasonMissing(BookingError):
    """A booking of somebody else is ended with a reason."""


def person_by_phone(phone: str) -> Trainee:
    """The trainee with this number. Raises NotOnTheRoster."""
    found = (
        Trainee.objects.filter(user__phone=phone, user__is_active=True)
        .select_related("user", "village__town", "position", "learner_group", "stage")
        .first()
    )
    if found is None:
        raise NotOnTheRoster(
            _("Nobody on the roster has this number. Check it, or call the academy office.")
        )
    return found


def book_person(
    *, trainee: Trainee, training_class: TrainingClass, by, now: datetime, repeat_reason: str = ""
) -> Enrolment:
    """Book somebody who called or stands at the desk; they get a notice.

    Raises what `book` raises.
    """
    enrolment = book(
        trainee=trainee,
        training_class=training_class,
        by=by,
        now=now,
        channel=EnrolmentChannel.COORDINATOR,
        repeat_reason=repeat_reason,
    )
    tell_booked(enrolment, training_class, by)
    return enrolment


@transaction.atomic
def withdraw_person(*, enrolment: Enrolment, by, now: datetime, reason: str) -> Enrolment:
    """End somebody's booking before the class begins, also after their own deadline; they read the
    reason.

    The seat goes to whoever waits. Raises ReasonMissing, AlreadyStarted, NothingToCancel.
    """
    reason = reason.strip()[:150]
    if not reason:
        raise ReasonMissing(_("Say in a few words why: the person reads it."))
    training_class = enrolment.training_class
    if training_class.status != ClassStatus.OPEN or training_class.has_started(now):
        raise AlreadyStarted(
            _("The class has begun or is over: whoever does not come is marked in the attendance.")
        )
    ended = withdraw_late(enrolment=enrolment, by=by, now=now, reason=reason)
    if ended.trainee.user_id != by.pk:
        _tell_withdrawn(ended, by, reason)
    return ended


def sentence_for_the_class(error: BookingError, training_class: TrainingClass) -> str:
    """A refusal as whoever runs the class reads it: what the class asks for in full, of the
    person's other affairs the bare rule.
    """
    match error:
        case AlreadyEnrolled() if error.enrolment.is_waiting:
            return _("This person waits for the class already; nothing was changed.")
        case AlreadyEnrolled():
            return _("This person has a seat in the class already; nothing was changed.")
        case RepeatTraining():
            return _(
                "This person has taken the same before. Write below why they take it again, then"
                " book."
            )
        case NotEligible():
            said = [
                (
                    _("%(what)s (%(fact)s)") % {"what": reason.title, "fact": reason.fact}
                    if reason.fact and reason.rule not in OF_THE_PERSON
                    else reason.title
                )
                for reason in error.reasons
            ]
            return _("Not booked: %(reasons)s.") % {
                "reasons": pgettext("between reasons", "; ").join(said)
            }
        case BookingClosed():
            words = {"moment": moment_in_words(training_class.booking_closes_at)}
            return (
                _(
                    "Booking closed on %(moment)s. To add somebody, first move the end of booking"
                    " under “Change the class”."
                )
                % words
            )
    return str(error)


def _tell_withdrawn(enrolment: Enrolment, by, reason: str) -> None:
    training_class = enrolment.training_class
    tell(
        CANCELLED_BY_STAFF,
        enrolment.trainee.user,
        values={
            "title": training_class.title,
            "name": by.name,
            "reason": reason,
            "campus": training_class.campus.name,
        },
        link=training_class.get_absolute_url(),
        subject=enrolment,
        dedupe="cancelled",
    )
