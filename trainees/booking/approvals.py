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
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.templatetags.portal_tags import clock, day, short_day
from courses.models import ApprovalLevel, ClassStatus, TrainingClass
from courses.schedule.holidays import is_workday
from notices.outbox import notify

from ..errors import BookingError
from ..models import (
    OPEN,
    STANDING_NOMINATIONS,
    Approval,
    ApprovalStatus,
    ApprovalStep,
    Enrolment,
    Nomination,
    StepDecision,
    Trainee,
)
from ..people.approvers import (
    LEVELS,
    highest_level_of,
    levels_for,
    mandate_for,
    people_to_ask,
    with_deputies,
)
from .queue import give_up, lock, promote

# before the start there is time for one answer only: the highest level gives it
LAST_DAY = timedelta(hours=24)


class DecisionRefused(BookingError):
    """A decision that cannot be taken: it was taken before, or there is nothing left to decide."""


class NotYoursToDecide(DecisionRefused):
    """Somebody else's level or place, or the own booking."""


# --- Beginning ------------------------------------------------------------------------------------


def begin(
    *, enrolment: Enrolment, training_class: TrainingClass, by, now: datetime
) -> Approval | None:
    """Ask for approval where the class needs it.

    Call with the class locked, in the transaction that wrote the enrolment.
    """
    if not training_class.needs_approval:
        return None
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
            _tell_approvers(step, people, training_class, now)
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


# --- Deciding -------------------------------------------------------------------------------------


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
            _tell_approved(step.approval, training_class)
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
        _tell_refused(step, training_class, nomination)


# --- What the clock does --------------------------------------------------------------------------


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


# --- When the rule of a class changes -------------------------------------------------------------


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


# --- In words -------------------------------------------------------------------------------------


def approval_of(enrolment: Enrolment | None) -> Approval | None:
    """The approval of a booking, where its class needs one."""
    return getattr(enrolment, "approval", None) if enrolment is not None else None


def state_of(enrolment: Enrolment) -> str:
    """For whoever runs the class: 等待审批：街镇. Nothing where no approval is needed."""
    approval = approval_of(enrolment)
    if approval is None:
        return ""
    status = str(approval.get_status_display())
    return (
        status + pgettext("before a fact", ": ") + str(approval.get_level_display())
        if approval.is_pending
        else status
    )


def refusal_of(trainee: Trainee, training_class: TrainingClass) -> ApprovalStep | None:
    """Why the last booking of the class was not approved; nothing when it ended otherwise."""
    last = (
        Enrolment.objects.filter(trainee=trainee, training_class=training_class)
        .select_related("approval")
        .order_by("-pk")
        .first()
    )
    approval = approval_of(last)
    return (
        approval.steps.filter(decision=StepDecision.REFUSED).first()
        if approval and approval.status == ApprovalStatus.REFUSED
        else None
    )


def approval_in_words(approval: Approval | None) -> str:
    """Where it stands, for the person: 等街镇审批，3月1日 周一 起.

    Nothing where nobody is or was asked.
    """
    if approval is None:
        return ""
    match approval.status:
        case ApprovalStatus.PENDING:
            since = {"day": short_day(approval.since)}
            match approval.level:
                case ApprovalLevel.VILLAGE:
                    return (
                        _(
                            "Waits for the approval of your village since %(day)s; your place is"
                            " kept"
                        )
                        % since
                    )
                case ApprovalLevel.TOWN:
                    return (
                        _(
                            "Waits for the approval of your street-town since %(day)s; your place"
                            " is kept"
                        )
                        % since
                    )
            return (
                _("Waits for the approval of the academy office since %(day)s; your place is kept")
                % since
            )
        case ApprovalStatus.APPROVED:
            return _("Approved on %(day)s") % {"day": short_day(approval.since)}
        case ApprovalStatus.UNANSWERED:
            return _("Nobody answered before the start, so you may take part")
    return ""


# --- What people are told -------------------------------------------------------------------------


def _tell_approvers(
    step: ApprovalStep, people, training_class: TrainingClass, now: datetime
) -> None:
    """Once for each class and day, however many bookings come in: the list has them all."""
    today = timezone.localdate(now)
    with translation.override(settings.LANGUAGE_CODE):
        for person in with_deputies(people, step.approval.enrolment, today):
            notify(
                person=person,
                kind="approval_asked",
                subject=training_class,
                due_at=now,
                dedupe=f"{step.level} {today.isoformat()}",
                title=_("Bookings wait for your approval: %(title)s")
                % {"title": training_class.title},
                body=(
                    _(
                        "Seats and places are kept meanwhile. Without an answer the next level"
                        " decides after %(days)d workdays."
                    )
                    % {"days": training_class.approval_days}
                    if step.passes_on_at
                    else _(
                        "Seats and places are kept meanwhile. Please answer before the class"
                        " begins."
                    )
                ),
                link=reverse("trainees:approvals"),
            )


def _tell_approved(approval: Approval, training_class: TrainingClass) -> None:
    enrolment = approval.enrolment
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            person=enrolment.trainee.user,
            kind="approval_decided",
            subject=approval,
            dedupe="decided",
            title=_("Approved: %(title)s") % {"title": training_class.title},
            body=(
                _("Your seat is kept for you as before.")
                if enrolment.holds_a_seat
                else _("You keep your place in the queue and are told when a seat comes free.")
            ),
            link=training_class.get_absolute_url(),
        )


def _tell_refused(
    step: ApprovalStep, training_class: TrainingClass, nomination: Nomination | None
) -> None:
    words = {
        "title": training_class.title,
        "reason": step.opinion,
        "who": ApprovalLevel(step.level).label,
    }
    notify(
        person=step.approval.enrolment.trainee.user,
        kind="approval_decided",
        subject=step.approval,
        dedupe="decided",
        title=_("Not approved: %(title)s") % words,
        body=_(
            "%(who)s: %(reason)s. Your booking has ended. If this can be settled, speak to them; as"
            " long as booking is open you may book again."
        )
        % words,
        link=training_class.get_absolute_url(),
    )
    if nomination is not None and nomination.nominated_by_id != step.by_id:
        notify(
            person=nomination.nominated_by,
            kind="nomination_not_approved",
            subject=nomination,
            dedupe="not approved",
            title=_("%(name)s is not approved: %(title)s")
            % (words | {"name": step.approval.enrolment.trainee.name}),
            body=_("%(who)s: %(reason)s. As long as booking is open you can send somebody else.")
            % words,
            link=reverse("trainees:nominations", args=[training_class.code]),
        )


def deadline_in_words(step: ApprovalStep, training_class: TrainingClass) -> str:
    """Until when an answer is wanted."""
    ends = [
        moment
        for moment in (
            step.passes_on_at,
            training_class.starts_at
            and training_class.starts_at - (LAST_DAY if step.passes_on_at else timedelta()),
        )
        if moment
    ]
    return f"{day(min(ends))} {clock(min(ends))}" if ends else ""
