"""Whether a class takes bookings now, and who books first."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import moment_in_words
from courses.models import ClassStatus, TrainingClass

from ..errors import (
    AlreadyStarted,
    BookingClosed,
    BookingError,
    BookingNotOpen,
    ClassCancelled,
    Reason,
)
from .interest import has_first_refusal


def why_not_now(training_class: TrainingClass, now: datetime) -> BookingError | None:
    """The refusal that holds for everybody at this moment, or nothing while booking is open.

    Asks no database.
    """
    names = {"title": training_class.title}
    match training_class.status:
        case ClassStatus.CANCELLED:
            return ClassCancelled(
                _("“%(title)s” is cancelled. Please look for another class.") % names
            )
        case ClassStatus.CLOSED:
            return BookingClosed(_("“%(title)s” is over. Please look for another class.") % names)
        case ClassStatus.DRAFT:
            return BookingNotOpen(
                _("“%(title)s” is still being planned; it cannot be booked yet.") % names
            )
    if training_class.status == ClassStatus.RUNNING or training_class.has_started(now):
        return AlreadyStarted(
            _("“%(title)s” has started. Please look for the next one of its kind.") % names
        )
    if now < training_class.booking_opens_at:
        return BookingNotOpen(
            _("Booking opens on %(moment)s. Please come back then.")
            % {"moment": moment_in_words(training_class.booking_opens_at)}
        )
    if now >= training_class.booking_closes_at:
        return BookingClosed(
            _("Booking closed on %(moment)s. Please look for another class.")
            % {"moment": moment_in_words(training_class.booking_closes_at)}
        )
    return None


def window_reason(training_class: TrainingClass, now: datetime) -> Reason:
    """Return the rule about when the class takes bookings."""
    if refusal := why_not_now(training_class, now):
        return Reason(False, str(refusal), rule="window")
    return Reason(
        True,
        _("Booking is open"),
        _("until %(moment)s") % {"moment": moment_in_words(training_class.booking_closes_at)},
        rule="window",
    )


def first_refusal_reasons(
    training_class: TrainingClass, interested: Collection[int], now: datetime
) -> list[Reason]:
    """Whoever was interested before the class had a date books first; afterwards nothing is said of
    it.
    """
    if not has_first_refusal(training_class, now):
        return []
    until = moment_in_words(training_class.first_refusal_until)
    if training_class.pk in interested:
        return [
            Reason(
                True,
                _("You were interested, so you book first"),
                _("until %(moment)s only the interested book") % {"moment": until},
                rule="interest",
            )
        ]
    return [
        Reason(
            False,
            _("Kept for the interested for now"),
            _("until %(moment)s only the interested book") % {"moment": until},
            _("From then on everybody books; come back then."),
            rule="interest",
        )
    ]
