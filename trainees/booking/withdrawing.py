"""Giving a seat or a place in the queue back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from academy.kept_settings import setting
from courses.models import ClassStatus, TrainingClass

from ..eligibility.window import moment_in_words
from ..errors import NothingToCancel, TooLateToCancel
from ..models import OPEN, Enrolment, EnrolmentStatus
from .class_lock import lock
from .queue import promote
from .seat_ledger import give_up


def withdraw(*, enrolment: Enrolment, by, now: datetime, reason: str = "") -> Enrolment:
    """Give the seat, the offer or the place in the queue back; the seat goes to who waits, in the
    same transaction.

    Leaving the queue and declining an offer are always possible; a seat until the class' deadline.
    Raises NothingToCancel, TooLateToCancel.
    """
    with transaction.atomic():
        training_class = lock(enrolment.training_class)
        enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
        if enrolment.status == EnrolmentStatus.BOOKED and not may_cancel_seat(training_class, now):
            raise TooLateToCancel(
                _(
                    "A seat could be cancelled until %(moment)s. If you cannot come, say why on the"
                    " page of the class, or call %(campus)s: %(phone)s."
                )
                % {
                    "moment": moment_in_words(training_class.cancellable_until),
                    "campus": training_class.campus.name,
                    "phone": training_class.campus.phone or setting("office_phone"),
                }
            )
        return _give_back(enrolment, training_class, by, now, reason)


@transaction.atomic
def withdraw_late(*, enrolment: Enrolment, by, now: datetime, reason: str) -> Enrolment:
    """Give a seat back after the deadline, as the coordinator has granted; it is offered on at
    once.

    Raises NothingToCancel.
    """
    training_class = lock(enrolment.training_class)
    return _give_back(
        Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk),
        training_class,
        by,
        now,
        reason,
    )


def _give_back(
    enrolment: Enrolment, training_class: TrainingClass, by, now: datetime, reason: str
) -> Enrolment:
    if enrolment.status not in OPEN:
        raise NothingToCancel(_("There is nothing to cancel: this booking has ended already."))
    # a smaller group may fit
    frees = enrolment.holds_a_seat or (enrolment.group is not None and enrolment.group.together)
    give_up(enrolment, training_class, by=by, now=now, reason=reason)
    if frees:
        promote(training_class=training_class, now=now)
    return enrolment


def may_cancel_seat(training_class: TrainingClass, now: datetime) -> bool:
    """Until the deadline one tap cancels a seat; afterwards it is a matter for the coordinator."""
    return (
        training_class.status == ClassStatus.OPEN
        and now < training_class.cancellable_until
        and not training_class.has_started(now)
    )
