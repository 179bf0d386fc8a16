"""What people ask for and staff decide: to give a seat back late, not to take a class again, leave,
to forgive absences.

A request is answered once. Every action locks the class first where there is one, then the request.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import ClassStatus, TrainingClass
from notices.outbox import tell

from ..booking.class_lock import lock
from ..booking.no_shows import standing_of
from ..booking.seat_ledger import record
from ..booking.withdrawing import may_cancel_seat, withdraw_late
from ..eligibility.past import earlier_in_words
from ..eligibility.repeats import earlier_trainings, trainings_of
from ..eligibility.requirements import requirements_of
from ..errors import RequestRefused
from ..models import (
    OPEN,
    TAKING_PART,
    AbsenceAppeal,
    Decision,
    Enrolment,
    EnrolmentEventKind,
    EnrolmentStatus,
    LateWithdrawal,
    LeaveRequest,
    NoShowAppeal,
    QueuePriority,
    RepeatExemption,
    Trainee,
    TraineeRequest,
)
from ..notices.leave import (
    ABSENCE_APPEAL_GRANTED,
    ABSENCE_APPEAL_REFUSED,
    LEAVE_GRANTED,
    LEAVE_REFUSED,
)
from ..notices.on_behalf import (
    APPEAL_GRANTED,
    APPEAL_REFUSED,
    EXEMPTION_GRANTED,
    EXEMPTION_REFUSED,
    LATE_WITHDRAWAL_GRANTED,
    LATE_WITHDRAWAL_REFUSED,
)
from .absences import grant_appeal
from .asked import once, said
from .leave import grant_leave

# as they stand in addresses
KINDS = {
    "leave": LeaveRequest,
    "absence": AbsenceAppeal,
    "withdrawal": LateWithdrawal,
    "exemption": RepeatExemption,
    "appeal": NoShowAppeal,
}
OF_A_BOOKING = (LeaveRequest, AbsenceAppeal, LateWithdrawal)

# --- Asking ---------------------------------------------------------------------------------------


def ask_to_withdraw(*, enrolment: Enrolment, reason: str, by, now: datetime) -> LateWithdrawal:
    """Ask to give a seat back after the deadline; asked again while it waits, the first request
    stands.

    Raises RequestRefused.
    """
    reason = said(reason, _("Say in a sentence why you cannot come: the coordinator reads it."))
    training_class = enrolment.training_class
    if (
        enrolment.status != EnrolmentStatus.BOOKED
        or training_class.status != ClassStatus.OPEN
        or training_class.has_started(now)
    ):
        raise RequestRefused(
            _(
                "The class has begun, or this booking has ended. If you miss a lesson, please ask"
                " for leave."
            )
        )
    if may_cancel_seat(training_class, now):
        raise RequestRefused(_("You can still cancel by yourself; no request is needed."))
    return once(
        LateWithdrawal, {"enrolment": enrolment, "decision": Decision.PENDING}, reason, by, now
    )


def ask_for_exemption(
    *, trainee: Trainee, training_class: TrainingClass, reason: str, by, now: datetime
) -> RepeatExemption:
    """Ask not to take a class again.

    Raises RequestRefused when nothing of it was taken within 24 months.
    """
    reason = said(reason, _("Say in a sentence what you know already: the coordinator reads it."))
    if training_class.status not in (ClassStatus.OPEN, ClassStatus.RUNNING):
        raise RequestRefused(
            _("This class is over or not open yet, so there is nothing to be exempted from.")
        )
    earlier = earlier_trainings(trainings_of(trainee), requirements_of([training_class]), now)[
        training_class.pk
    ]
    if not earlier:
        raise RequestRefused(
            _(
                "You have not taken its courses within 24 months, so there is nothing to be"
                " exempted from."
            )
        )
    with translation.override(settings.LANGUAGE_CODE):
        words = earlier_in_words(earlier[0])[:200]
    standing = (
        RepeatExemption.objects.filter(trainee=trainee, training_class=training_class)
        .exclude(decision=Decision.REFUSED)
        .first()
    )
    return standing or once(
        RepeatExemption,
        {"trainee": trainee, "training_class": training_class, "decision": Decision.PENDING},
        reason,
        by,
        now,
        earlier=words,
    )


def appeal(*, trainee: Trainee, reason: str, by, now: datetime) -> NoShowAppeal:
    """Ask that absences be forgiven. Raises RequestRefused when they change nothing now."""
    reason = said(reason, _("Say in a sentence what happened: the academy office reads it."))
    if not standing_of(trainee, now).is_lowered:
        raise RequestRefused(
            _(
                "No absence changes your place in a queue now, so there is nothing to appeal"
                " against."
            )
        )
    return once(NoShowAppeal, {"trainee": trainee, "decision": Decision.PENDING}, reason, by, now)


# --- Deciding -------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    *, asked: TraineeRequest, granted: bool, answer: str, by, now: datetime
) -> TraineeRequest:
    """Answer a request, once; what it asks for happens in the same transaction, and the person is
    told.

    Raises RequestRefused.
    """
    answer = answer.strip()[:200]
    if not granted and not answer:
        raise RequestRefused(_("Say why not: the person reads it."))
    training_class = class_of(asked)
    if training_class is not None:
        lock(training_class)
    asked = type(asked).objects.select_for_update(no_key=True).get(pk=asked.pk)
    if not asked.is_pending:
        raise RequestRefused(_("Somebody has answered this request already."))
    asked.decision = Decision.GRANTED if granted else Decision.REFUSED
    asked.answer, asked.decided_at, asked.decided_by = answer, now, by
    asked.save(update_fields=["decision", "answer", "decided_at", "decided_by"])
    if granted:
        _carry_out(asked, by, now)
    _tell(asked, training_class)
    return asked


def class_of(asked: TraineeRequest) -> TrainingClass | None:
    """The class a request is about; an appeal is about none."""
    match asked:
        case LeaveRequest() | AbsenceAppeal() | LateWithdrawal():
            return asked.enrolment.training_class
        case RepeatExemption():
            return asked.training_class
    return None


def kind_of(asked: TraineeRequest) -> str:
    """As it stands in addresses."""
    return next(kind for kind, model in KINDS.items() if isinstance(asked, model))


def person_of(asked: TraineeRequest) -> Trainee:
    """Return who asks."""
    return asked.enrolment.trainee if isinstance(asked, OF_A_BOOKING) else asked.trainee


def _carry_out(asked: TraineeRequest, by, now: datetime) -> None:
    match asked:
        case LateWithdrawal():
            if asked.enrolment.status in OPEN:
                _refuse_begun(asked.enrolment.training_class, now)
                withdraw_late(enrolment=asked.enrolment, by=by, now=now, reason=asked.reason)
        case RepeatExemption():
            live = Enrolment.objects.filter(
                trainee=asked.trainee, training_class=asked.training_class, status__in=OPEN
            ).first()
            if live is not None and not asked.training_class.has_started(now):
                withdraw_late(enrolment=live, by=by, now=now, reason=gettext_lazy("Exempted"))
        case LeaveRequest():
            grant_leave(asked, by, now)
        case AbsenceAppeal():
            grant_appeal(asked, by, now)
        case NoShowAppeal():
            _restore_places(asked.trainee, asked.answer or asked.reason, by, now)


def _refuse_begun(training_class: TrainingClass, now: datetime) -> None:
    if training_class.status != ClassStatus.OPEN or training_class.has_started(now):
        raise RequestRefused(
            _(
                "The class has begun, so the seat stays: the roll says who came. Answer with no,"
                " and say that in a few words."
            )
        )


def _restore_places(trainee: Trainee, reason: str, by, now: datetime) -> None:
    """Back to the usual order wherever the absences, and not somebody's decision, had put the
    person after the others.
    """
    lowered = (
        Enrolment.objects.waiting()
        .filter(trainee=trainee, priority=QueuePriority.LATER)
        .exclude(events__kind=EnrolmentEventKind.PRIORITY)
    )
    for enrolment in lowered.select_related("training_class").order_by("training_class", "pk"):
        lock(enrolment.training_class)
        if (
            Enrolment.objects.waiting()
            .filter(pk=enrolment.pk)
            .update(priority=QueuePriority.USUAL, priority_reason="")
        ):
            record(enrolment, EnrolmentEventKind.PRIORITY, now, by, f"0: {reason}")


ANSWERS = {
    (LeaveRequest, True): LEAVE_GRANTED,
    (LeaveRequest, False): LEAVE_REFUSED,
    (AbsenceAppeal, True): ABSENCE_APPEAL_GRANTED,
    (AbsenceAppeal, False): ABSENCE_APPEAL_REFUSED,
    (LateWithdrawal, True): LATE_WITHDRAWAL_GRANTED,
    (LateWithdrawal, False): LATE_WITHDRAWAL_REFUSED,
    (RepeatExemption, True): EXEMPTION_GRANTED,
    (RepeatExemption, False): EXEMPTION_REFUSED,
    (NoShowAppeal, True): APPEAL_GRANTED,
    (NoShowAppeal, False): APPEAL_REFUSED,
}


def _tell(asked: TraineeRequest, training_class: TrainingClass | None) -> None:
    tell(
        ANSWERS[type(asked), asked.decision == Decision.GRANTED],
        person_of(asked).user,
        values={
            "title": training_class.title if training_class else "",
            "answer": asked.answer,
        },
        link=(
            training_class.get_absolute_url() if training_class else reverse("trainees:my_absences")
        ),
        subject=asked,
        dedupe="decided",
    )


# --- Who sees and decides -------------------------------------------------------------------------


def waiting_requests(classes, *, with_appeals: bool) -> list[TraineeRequest]:
    """What waits for an answer in these classes, and the appeals for whoever decides them; the
    oldest first.
    """
    found: list[TraineeRequest] = [
        *LeaveRequest.objects.filter(
            decision=Decision.PENDING,
            enrolment__training_class__in=classes,
            enrolment__status__in=TAKING_PART,
        )
        .select_related(
            "enrolment__training_class", "enrolment__trainee__user", "enrolment__village__town"
        )
        .prefetch_related("lessons__course_version"),
        *AbsenceAppeal.objects.filter(
            decision=Decision.PENDING, enrolment__training_class__in=classes
        ).select_related(
            "enrolment__training_class",
            "enrolment__trainee__user",
            "enrolment__village__town",
            "lesson__course_version",
        ),
        *LateWithdrawal.objects.filter(
            decision=Decision.PENDING, enrolment__training_class__in=classes
        ).select_related(
            "enrolment__training_class", "enrolment__trainee__user", "enrolment__village__town"
        ),
        *RepeatExemption.objects.filter(
            decision=Decision.PENDING, training_class__in=classes
        ).select_related("training_class", "trainee__user", "trainee__village__town"),
    ]
    if with_appeals:
        found += NoShowAppeal.objects.filter(decision=Decision.PENDING).select_related(
            "trainee__user", "trainee__village__town"
        )
    return sorted(found, key=lambda asked: (asked.asked_at, asked.pk))
