"""What changes a whole class: its plan, more or fewer seats, its start, its cancellation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from academy.models import Town
from academy.search import index
from courses.models import HELD, ClassStatus, TrainingClass
from courses.schedule.class_plans import ClassPlan
from courses.schedule.quotas import keep_until, share_out
from courses.schedule.scheduling import change_class, refuse_over
from notices.outbox import tell

from ..booking import approvals
from ..booking.class_lock import lock
from ..booking.questions import forget_questions
from ..booking.queue import end_offer, promote
from ..booking.seat_ledger import give_up, record
from ..eligibility.interest import open_to_the_interested, tell_the_interested
from ..errors import ClassChangeRefused
from ..models import Enrolment, EnrolmentEventKind, EnrolmentStatus
from .change_notices import Telling, changes_between, tellings_of_a_cancellation, tellings_of_a_move
from .slot_changes import free_slots, refuse_slots, tellings_of_slots

REASON_LENGTH = TrainingClass._meta.get_field("cancelled_reason").max_length


@transaction.atomic
def change_seats(
    *,
    training_class: TrainingClass,
    capacity: int,
    town_seats: Mapping[Town, int],
    until: Mapping[Town, datetime | None] | None = None,
    by,
    now: datetime,
) -> list[Enrolment]:
    """Change seats and quotas, and until when these are kept; whoever waits gets the new ones at
    once.

    Returns who was promoted. Raises SeatsTaken, ReleaseOutOfRange.
    """
    training_class = lock(training_class)
    if training_class.status not in (ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING):
        raise ClassChangeRefused(_("This class is over or cancelled; its seats stay as they were."))
    share_out(training_class, capacity=capacity, town_seats=town_seats)
    keep_until(training_class, until or {}, now=now)
    return promote(training_class=training_class, now=now)


@dataclass(frozen=True)
class Changed:
    """A class as it was changed, what was told to whom, and who got a seat by it."""

    training_class: TrainingClass
    tellings: list[Telling]
    promoted: list[Enrolment]


@transaction.atomic
def change_plan(
    *, training_class: TrainingClass, plan: ClassPlan, opens: bool = False, by, now: datetime
) -> Changed:
    """Change a class as planned, or open a draft. Whoever booked or waits is told once of a new
    time or room and keeps the place; new seats go to whoever waits. Reminders follow by themselves:
    they go by the lessons as they stand.

    Raises SchedulingRefused.
    """
    training_class = lock(training_class)
    refuse_over(training_class)
    was_held = training_class.status in HELD
    before = list(training_class.lessons.select_related("venue"))
    changes = changes_between(before, plan.lessons) if was_held else []
    refuse_slots(training_class, plan.lessons)
    of_slots = free_slots(before, plan.lessons, now)
    saved = change_class(training_class=training_class, plan=plan, by=by, now=now)
    if saved.queue_ends_at:  # a class that is moved to an earlier day: no offer outlives the queue
        Enrolment.objects.filter(
            training_class=saved,
            status=EnrolmentStatus.OFFERED,
            offer_ends_at__gt=saved.queue_ends_at,
        ).update(offer_ends_at=saved.queue_ends_at)
    if opens:
        saved = open_to_the_interested(training_class=saved, by=by, now=now)
    tellings = tellings_of_a_move(saved, [item for item in changes if not item.is_slot], now)
    tellings += tellings_of_slots(saved, of_slots) if was_held else []
    for telling in tellings:
        _tell(telling, saved, f"moved:{saved.sequence}")
    return Changed(saved, tellings, promote(training_class=saved, now=now))


def rehearse_change(
    *, training_class: TrainingClass, plan: ClassPlan, by, now: datetime
) -> list[Telling]:
    """What `change_plan` would tell and to whom; nothing stays written.

    Raises SchedulingRefused.
    """
    with transaction.atomic():
        tellings = change_plan(training_class=training_class, plan=plan, by=by, now=now).tellings
        transaction.set_rollback(True)
    return tellings


def _tell(telling: Telling, training_class: TrainingClass, mark: str) -> None:
    tell(
        telling.kind,
        telling.enrolment.trainee.user,
        values=telling.values,
        link=training_class.get_absolute_url(),
        subject=telling.enrolment,
        dedupe=mark,
    )


@transaction.atomic
def cancel_class(*, training_class: TrainingClass, reason: str, by, now: datetime) -> TrainingClass:
    """Cancel a class that has not been held yet; everybody who booked or waits is told.

    A class with attended lessons is closed instead, so that those lessons count. Raises
    ClassChangeRefused.
    """
    training_class = lock(training_class)
    reason = reason.strip()
    refuse_to_cancel(training_class, reason)
    for telling in tellings_of_a_cancellation(training_class, reason, now):
        give_up(
            telling.enrolment,
            training_class,
            by=by,
            now=now,
            reason=reason,
            kind=EnrolmentEventKind.CANCELLED,
        )
        _tell(telling, training_class, "class_cancelled")
    if training_class.gauges_interest:
        tell_the_interested(training_class=training_class, reason=reason)
    forget_questions(training_class)
    training_class.status = ClassStatus.CANCELLED
    training_class.cancelled_reason = reason
    training_class.gauges_interest = False
    training_class.sequence += 1
    training_class.save(
        update_fields=["status", "cancelled_reason", "gauges_interest", "sequence", "updated_at"]
    )
    index.rebuild(["class"])
    return training_class


def refuse_to_cancel(training_class: TrainingClass, reason: str) -> None:
    """What stands against cancelling the class, asked also before the message is shown.

    Raises ClassChangeRefused.
    """
    if training_class.status == ClassStatus.CANCELLED:
        raise ClassChangeRefused(_("This class is cancelled already."))
    if training_class.status == ClassStatus.CLOSED:
        raise ClassChangeRefused(
            _(
                "This class is closed, so it cannot be cancelled. Reopen it if its records are"
                " wrong."
            )
        )
    if training_class.lessons.filter(attendances__isnull=False).exists():
        raise ClassChangeRefused(
            _(
                "Attendance has been taken for this class. Take out the lessons that will not be"
                " held, then close it."
            )
        )
    if not reason:
        raise ClassChangeRefused(
            _("Say why the class is cancelled: those who booked will read it.")
        )
    if len(reason) > REASON_LENGTH:
        raise ClassChangeRefused(
            _("The reason has %(count)d characters; up to %(limit)d fit. Shorten it.")
            % {
                "count": len(reason),
                "limit": REASON_LENGTH,
            }
        )


def start_due_classes(*, now: datetime) -> int:
    """Open classes whose first lesson has begun are running from then on; who still waits has not
    got a seat.
    """
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
    """Whoever still waits, or has not taken an offer, gets no seat any more; approvals end as they
    stand.

    Call with the class locked.
    """
    for enrolment in Enrolment.objects.filter(
        training_class=training_class, status=EnrolmentStatus.OFFERED
    ):
        end_offer(enrolment, now)
    for enrolment in Enrolment.objects.waiting().filter(training_class=training_class):
        enrolment.status = EnrolmentStatus.LAPSED
        enrolment.save(update_fields=["status"])
        record(enrolment, EnrolmentEventKind.LAPSED, now, None)
    approvals.leave_unanswered(training_class, now)
    training_class.waiting_count = 0
    training_class.save(update_fields=["waiting_count"])
