"""What changes a whole class: more or fewer seats, its start, its cancellation."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from academy.models import Town
from courses.models import ClassStatus, TrainingClass
from courses.seats import share_out
from notices.outbox import notify

from .booking import give_up, lock, promote, record
from .errors import ClassChangeRefused
from .models import OPEN, Enrolment, EnrolmentEventKind, EnrolmentStatus
from .promotion import end_offer


@transaction.atomic
def change_seats(
    *, training_class: TrainingClass, capacity: int, town_seats: Mapping[Town, int], by, now: datetime
) -> list[Enrolment]:
    """Change seats and quotas; whoever waits gets the new ones at once. Returns who was promoted. Raises SeatsTaken."""
    training_class = lock(training_class)
    if training_class.status not in (ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING):
        raise ClassChangeRefused(_("This class is over or cancelled; its seats stay as they were."))
    share_out(training_class, capacity=capacity, town_seats=town_seats)
    return promote(training_class=training_class, now=now)


@transaction.atomic
def cancel_class(*, training_class: TrainingClass, reason: str, by, now: datetime) -> TrainingClass:
    """Cancel a class that has not been held yet; everybody who booked or waits is told.

    A class with attended lessons is closed instead, so that those lessons count. Raises ClassChangeRefused.
    """
    training_class = lock(training_class)
    reason = reason.strip()
    if training_class.status == ClassStatus.CANCELLED:
        raise ClassChangeRefused(_("This class is cancelled already."))
    if training_class.status == ClassStatus.CLOSED:
        raise ClassChangeRefused(_("This class is closed, so it cannot be cancelled. Reopen it if its records are wrong."))
    if not reason:
        raise ClassChangeRefused(_("Say why the class is cancelled: those who booked will read it."))
    if training_class.lessons.filter(attendances__isnull=False).exists():
        raise ClassChangeRefused(_("Attendance has been taken for this class. Take out the lessons that will not be held, then close it."))
    affected = Enrolment.objects.filter(training_class=training_class, status__in=OPEN).select_related("trainee__user")
    for enrolment in affected:
        give_up(enrolment, training_class, by=by, now=now, reason=_("Class cancelled"))
        with translation.override(settings.LANGUAGE_CODE):
            notify(
                person=enrolment.trainee.user,
                kind="class_cancelled",
                subject=enrolment,
                dedupe="class_cancelled",
                title=_("Cancelled: %(title)s") % {"title": training_class.title},
                body=_("The class will not be held: %(reason)s. Please look for another one.") % {"reason": reason},
                link=training_class.get_absolute_url(),
            )
    training_class.status = ClassStatus.CANCELLED
    training_class.cancelled_reason = reason[:200]
    training_class.gauges_interest = False
    training_class.sequence += 1
    training_class.save(update_fields=["status", "cancelled_reason", "gauges_interest", "sequence", "updated_at"])
    return training_class


def start_due_classes(*, now: datetime) -> int:
    """Open classes whose first lesson has begun are running from then on; who still waits has not got a seat."""
    started = 0
    for found in TrainingClass.objects.filter(status=ClassStatus.OPEN, starts_at__lte=now):
        with transaction.atomic():
            training_class = lock(found)
            if training_class.status != ClassStatus.OPEN or not training_class.has_started(now):
                continue
            lapse_the_queue(training_class, now)
            training_class.status = ClassStatus.RUNNING
            training_class.save(update_fields=["status", "updated_at"])
        started += 1
    return started


def lapse_the_queue(training_class: TrainingClass, now: datetime) -> None:
    """Whoever still waits, or has not taken an offer, gets no seat any more. Call with the class locked."""
    for enrolment in Enrolment.objects.filter(training_class=training_class, status=EnrolmentStatus.OFFERED):
        end_offer(enrolment, now)
    for enrolment in Enrolment.objects.waiting().filter(training_class=training_class):
        enrolment.status = EnrolmentStatus.LAPSED
        enrolment.save(update_fields=["status"])
        record(enrolment, EnrolmentEventKind.LAPSED, now, None)
    training_class.waiting_count = 0
    training_class.save(update_fields=["waiting_count"])
