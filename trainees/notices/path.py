"""What people are told of their path of growth."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import NoticeKind, Value

from .values import REASON

NOT_YET = NoticeKind(
    key="stage_not_yet",
    title=_("The stage “%(stage)s” is not yet yours"),
    body=_("Reason: %(reason)s. Your page “My path” says what is met and what is not."),
    values=(Value("stage", _("the growth stage")), REASON),
)
