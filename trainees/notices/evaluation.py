"""The texts about the evaluation of classes, what follows from it, and whether it is used."""

from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import full_day
from notices.kinds import NoticeKind, Value

from .values import CLASS

UNTIL = Value("until", _("the last day"), full_day)

EVALUATION_OPEN = NoticeKind(
    key="evaluation_open",
    title=_("How was it? %(title)s"),
    body=_(
        "Four grades, half a minute, if you like. Nobody can find out who answered what; it is"
        " opened only when five answers are there. Open until %(until)s."
    ),
    values=(CLASS, UNTIL),
)
EVALUATION_CLOSES = NoticeKind(
    key="evaluation_closes",
    title=_("You can still say how it was: %(title)s"),
    body=_("Until %(until)s, if you like. You are not reminded again."),
    values=(CLASS, UNTIL),
)
USED_AFTER_A_MONTH = NoticeKind(
    key="used_after_30_days",
    title=_("A month later: do you use it? %(title)s"),
    body=_("One tap. If something is in the way, write it; the coordinators read it."),
    values=(CLASS,),
)
USED_AFTER_A_SEASON = NoticeKind(
    key="used_after_90_days",
    title=_("Three months later: do you use it? %(title)s"),
    body=_("One tap. If something is in the way, write it; the coordinators read it."),
    values=(CLASS,),
)
IMPROVEMENT_DUE = NoticeKind(
    key="improvement_due",
    title=_("To be mended by %(until)s: %(action)s"),
    body=_("After the evaluation of %(title)s. Say in a sentence what was done."),
    values=(Value("action", _("what is to be done")), CLASS, UNTIL),
)
