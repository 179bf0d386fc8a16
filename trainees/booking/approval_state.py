"""How the approval of a booking stands, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.templatetags.portal_tags import short_day
from courses.models import ApprovalLevel, TrainingClass

from ..models import Approval, ApprovalStatus, ApprovalStep, Enrolment, StepDecision, Trainee


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
