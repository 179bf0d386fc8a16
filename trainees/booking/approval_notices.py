"""Telling approvers what waits, and people what was decided."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import clock, day
from courses.models import ApprovalLevel, TrainingClass
from notices.outbox import notify

from ..models import Approval, ApprovalStep, Nomination
from ..people.approvers import with_deputies

# before the start there is time for one answer only: the highest level gives it
LAST_DAY = timedelta(hours=24)


def tell_approvers(
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


def tell_approved(approval: Approval, training_class: TrainingClass) -> None:
    """Tell the person that the booking is approved."""
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


def tell_refused(
    step: ApprovalStep, training_class: TrainingClass, nomination: Nomination | None
) -> None:
    """Tell the person that the booking is not approved, and why."""
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
