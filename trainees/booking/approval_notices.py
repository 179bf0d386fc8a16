"""Telling approvers what waits, and people what was decided."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from academy.templatetags.portal_tags import moment_in_words
from courses.models import ApprovalLevel, TrainingClass
from notices.outbox import tell

from ..models import Approval, ApprovalStep, Nomination
from ..notices.approvals import (
    APPROVAL_ASKED,
    APPROVAL_ASKED_LAST,
    NOMINATION_NOT_APPROVED,
    NOT_APPROVED,
    PLACE_APPROVED,
    SEAT_APPROVED,
)
from ..people.approvers import with_deputies

# before the start there is time for one answer only: the highest level gives it
LAST_DAY = timedelta(hours=24)


def tell_approvers(
    step: ApprovalStep, people, training_class: TrainingClass, now: datetime
) -> None:
    """Once for each class and day, however many bookings come in: the list has them all."""
    today = timezone.localdate(now)
    for person in with_deputies(people, step.approval.enrolment, today):
        tell(
            APPROVAL_ASKED if step.passes_on_at else APPROVAL_ASKED_LAST,
            person,
            values={"title": training_class.title, "days": training_class.approval_days},
            link=reverse("trainees:approvals"),
            subject=training_class,
            due_at=now,
            dedupe=f"{step.level} {today.isoformat()}",
        )


def tell_approved(approval: Approval, training_class: TrainingClass) -> None:
    """Tell the person that the booking is approved."""
    enrolment = approval.enrolment
    tell(
        SEAT_APPROVED if enrolment.holds_a_seat else PLACE_APPROVED,
        enrolment.trainee.user,
        values={"title": training_class.title},
        link=training_class.get_absolute_url(),
        subject=approval,
        dedupe="decided",
    )


def tell_refused(
    step: ApprovalStep, training_class: TrainingClass, nomination: Nomination | None
) -> None:
    """Tell the person that the booking is not approved, and why."""
    values = {
        "title": training_class.title,
        "reason": step.opinion,
        "who": ApprovalLevel(step.level).label,
        "name": step.approval.enrolment.trainee.name,
    }
    tell(
        NOT_APPROVED,
        step.approval.enrolment.trainee.user,
        values=values,
        link=training_class.get_absolute_url(),
        subject=step.approval,
        dedupe="decided",
    )
    if nomination is not None and nomination.nominated_by_id != step.by_id:
        tell(
            NOMINATION_NOT_APPROVED,
            nomination.nominated_by,
            values=values,
            link=reverse("trainees:nominations", args=[training_class.code]),
            subject=nomination,
            dedupe="not approved",
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
    return moment_in_words(min(ends, default=None))
