"""Approval of bookings, one level after the other: village, street-town, district (逐级审批).

Approval and seat are separate facts. A booking takes its seat or its place in the queue at once, as
without approval, and keeps it while the levels are asked; only a refusal takes it away, and the
seat goes to whoever waits in the same transaction. What is known is not asked: whoever books for
somebody from a level has approved for it and for those below. A level that nobody holds is left
out. A level that is silent for the class' number of workdays is passed over by the next one, and on
the last day before the start the highest one decides; the highest level is never passed over.
Silence is no refusal: whoever is still not answered when the class begins takes part, and the
roster says so.

Every action locks the class first, then the step. Source: docs/rules.md R17.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.models import ClassStatus, TrainingClass
from courses.schedule.holidays import is_workday

from ..errors import BookingError
from ..models import (
    OPEN,
    STANDING_NOMINATIONS,
    Approval,
    ApprovalStatus,
    ApprovalStep,
    Enrolment,
    EnrolmentChannel,
    Nomination,
    StepDecision,
)
from ..people.approvers import LEVELS, highest_level_of, levels_for, mandate_for, people_to_ask
from .approval_notices import LAST_DAY, tell_approved, tell_approvers, tell_refused
from .class_lock import lock
from .queue import promote
from .seat_ledger import give_up


class DecisionRefused(BookingError):
    """A decision that cannot be taken: it was taken before, or there is nothing left to decide."""


class NotYoursToDecide(DecisionRefused):
    """Somebody else's level or place, or the own booking."""


def begin(
    *, enrolment: Enrolment, training_class: TrainingClass, by, now: datetime
) -> Approval | None:
    """Ask for approval where the class needs it.

    Call with the class locked, in the transaction that wrote the enrolment.
    """
    if not training_class.needs_approval:
        return None
    if enrolment.channel == EnrolmentChannel.WALK_IN:  # the lesson begins: docs/rules.md R71
        return Approval.objects.create(
            enrolment=enrolment, status=ApprovalStatus.NOT_NEEDED, since=now
        )
    approval = Approval.objects.create(
        enrolment=enrolment, status=ApprovalStatus.APPROVED, since=now
    )
    given = highest_level_of(by, enrolment, timezone.localdate(now))
    for level in training_class.approval_levels:
        if given is not None and LEVELS.index(level) <= LEVELS.index(given):
            _note(approval, level, StepDecision.KNOWN, now, by=by)
    _ask_next(approval, training_class, now)
    return approval


def _ask_next(approval: Approval, training_class: TrainingClass, now: datetime) -> None:
    """Ask the next level that somebody holds; with all levels through, the booking is approved."""
    ahead = _levels_ahead(approval, training_class, now)
    reachable = [level for level, people in ahead if people]
    is_late = training_class.starts_at is not None and training_class.starts_at - LAST_DAY <= now
    target = (reachable[-1] if is_late else reachable[0]) if reachable else None
    for level, people in ahead:
        if level == target:
            approval.status, approval.level, approval.since = ApprovalStatus.PENDING, level, now
            approval.save(update_fields=["status", "level", "since"])
            is_last = level == training_class.approval_levels[-1]
            step = ApprovalStep.objects.create(
                approval=approval,
                level=level,
                decision=StepDecision.PENDING,
                asked_at=now,
                passes_on_at=None if is_last else workdays_later(now, training_class.approval_days),
            )
            tell_approvers(step, people, training_class, now)
            return
        with translation.override(settings.LANGUAGE_CODE):
            why = _("Too little time before the start") if people else _("Nobody to ask here")
        _note(approval, level, StepDecision.SKIPPED, now, opinion=why)
    approval.status, approval.level, approval.since = ApprovalStatus.APPROVED, "", now
    approval.save(update_fields=["status", "level", "since"])


def _levels_ahead(
    approval: Approval, training_class: TrainingClass, now: datetime
) -> list[tuple[str, list]]:
    """The levels above the last one that was asked, each with whom it has to ask."""
    highest = max(
        (LEVELS.index(level) for level in approval.steps.values_list("level", flat=True)),
        default=-1,
    )
    today = timezone.localdate(now)
    return [
        (level, people_to_ask(level, approval.enrolment, today))
        for level in training_class.approval_levels
        if LEVELS.index(level) > highest and level in levels_for(approval.enrolment)
    ]


def _note(
    approval: Approval, level: str, decision: str, now: datetime, *, by=None, opinion: str = ""
) -> None:
    """A level that has not to be asked, and why."""
    ApprovalStep.objects.create(
        approval=approval,
        level=level,
        decision=decision,
        asked_at=now,
        at=now,
        by=by,
        opinion=opinion,
    )


def workdays_later(moment: datetime, days: int) -> datetime:
    """The same hour so many workdays later: from Friday morning two workdays reach to Tuesday
    morning.
    """
    while days:
        moment += timedelta(days=1)
        days -= is_workday(timezone.localdate(moment))
    return moment


@transaction.atomic
def decide_step(
    *, step: ApprovalStep, approved: bool, opinion: str = "", by, now: datetime
) -> Approval:
    """Approve, and the next level is asked; or refuse with a reason, and seat or place are given
    back. The same twice is once.

    Raises DecisionRefused, NotYoursToDecide.
    """
    opinion = opinion.strip()[:200]
    if not approved and not opinion:
        raise DecisionRefused(_("Say why it is not approved: the person reads it."))
    training_class = lock(step.approval.enrolment.training_class)
    step = (
        ApprovalStep.objects.select_for_update(of=("self",), no_key=True)
        .select_related("approval__enrolment__trainee__user", "approval__enrolment__village", "by")
        .get(pk=step.pk)
    )
    enrolment = step.approval.enrolment
    mandate = mandate_for(by, step.level, enrolment, timezone.localdate(now))
    if mandate is None:
        raise NotYoursToDecide(
            _(
                "This booking is not yours to decide on. Those of your village, street-town or"
                " office are on your list."
            )
        )
    wanted = StepDecision.APPROVED if approved else StepDecision.REFUSED
    if step.decision == wanted and step.by_id == by.pk:
        return step.approval
    _refuse_if_over(step, training_class, now)
    step.decision, step.opinion, step.at, step.by, step.on_behalf_of = (
        wanted,
        opinion,
        now,
        by,
        mandate.on_behalf_of,
    )
    step.save(update_fields=["decision", "opinion", "at", "by", "on_behalf_of"])
    if approved:
        _ask_next(step.approval, training_class, now)
        if not step.approval.is_pending:
            tell_approved(step.approval, training_class)
    else:
        _refuse(step, training_class, by, now)
    return step.approval


def _refuse_if_over(step: ApprovalStep, training_class: TrainingClass, now: datetime) -> None:
    match step.decision:
        case StepDecision.APPROVED:
            words = _("%(name)s has approved this booking already; there is nothing more to do.")
            raise DecisionRefused(words % {"name": step.by.name})
        case StepDecision.REFUSED:
            words = _("%(name)s has refused this booking already; the person has been told.")
            raise DecisionRefused(words % {"name": step.by.name})
        case StepDecision.SILENT:
            raise DecisionRefused(_("There was no answer in time, so the next level decides now."))
        case StepDecision.PENDING if step.approval.enrolment.status in OPEN:
            if training_class.status == ClassStatus.OPEN and not training_class.has_started(now):
                return
    raise DecisionRefused(
        _("The booking has ended or the class has begun; there is nothing more to decide.")
    )


def _refuse(step: ApprovalStep, training_class: TrainingClass, by, now: datetime) -> None:
    approval, enrolment = step.approval, step.approval.enrolment
    approval.status, approval.level, approval.since = ApprovalStatus.REFUSED, "", now
    approval.save(update_fields=["status", "level", "since"])
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Not approved: %(reason)s") % {"reason": step.opinion}
    nomination = (
        Nomination.objects.filter(enrolment=enrolment, status__in=STANDING_NOMINATIONS)
        .select_related("nominated_by")
        .first()
    )
    # which ends the nomination as well
    give_up(enrolment, training_class, by=by, now=now, reason=reason)
    promote(training_class=training_class, now=now)
    with translation.override(settings.LANGUAGE_CODE):
        tell_refused(step, training_class, nomination)


def pass_on_silent(*, now: datetime) -> int:
    """Steps whose level has been silent too long, or whose class begins within a day, go upwards;
    returns how many did.
    """
    is_due = Q(passes_on_at__lte=now) | Q(
        approval__enrolment__training_class__starts_at__lte=now + LAST_DAY
    )
    due = ApprovalStep.objects.waiting(now).filter(is_due, passes_on_at__isnull=False)
    passed = 0
    for found in TrainingClass.objects.filter(
        pk__in=due.values("approval__enrolment__training_class")
    ).order_by("pk"):
        with transaction.atomic():
            # what another worker has passed on meanwhile is not due any more
            training_class = lock(found)
            steps = due.filter(approval__enrolment__training_class=training_class).select_related(
                "approval__enrolment__village", "approval__enrolment__trainee"
            )
            for step in steps.order_by("pk"):
                passed += _pass_on(step, training_class, now)
    return passed


def _pass_on(step: ApprovalStep, training_class: TrainingClass, now: datetime) -> bool:
    """Ask the next level instead; where nobody is above, the step goes on waiting: silence approves
    nothing.
    """
    if not any(people for _level, people in _levels_ahead(step.approval, training_class, now)):
        step.passes_on_at = None
        step.save(update_fields=["passes_on_at"])
        return False
    step.decision, step.at = StepDecision.SILENT, now
    step.save(update_fields=["decision", "at"])
    _ask_next(step.approval, training_class, now)
    return True


def leave_unanswered(training_class: TrainingClass, now: datetime) -> None:
    """The class begins: whoever was not answered takes part, and nobody is asked any more.

    Call with the class locked.
    """
    _close(training_class, ApprovalStatus.UNANSWERED, now)


def follow_the_rule(training_class: TrainingClass, now: datetime) -> None:
    """Whoever has booked keeps what they have: nobody is asked about them afterwards.

    Call with the class locked.
    """
    if not training_class.needs_approval:
        _close(training_class, ApprovalStatus.NOT_NEEDED, now)
        return
    booked_before = Enrolment.objects.live().filter(
        training_class=training_class, approval__isnull=True
    )
    Approval.objects.bulk_create(
        Approval(enrolment=enrolment, status=ApprovalStatus.NOT_NEEDED, since=now)
        for enrolment in booked_before
    )


def _close(training_class: TrainingClass, status: str, now: datetime) -> None:
    pending = Approval.objects.filter(
        enrolment__training_class=training_class, status=ApprovalStatus.PENDING
    )
    steps = ApprovalStep.objects.filter(approval__in=pending, decision=StepDecision.PENDING)
    steps.update(decision=StepDecision.CLOSED, at=now)
    pending.update(status=status, level="", since=now)
