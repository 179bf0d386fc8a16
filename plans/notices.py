"""What whoever handed a plan in is told."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import NoticeKind, Value

YEAR = Value("year", _("the year of the plan"))
OPINION = Value("opinion", _("the note of the office, as it was written"))

PLAN_RETURNED = NoticeKind(
    key="plan_returned",
    title=_("The plan for %(year)s came back with a note"),
    body="%(opinion)s",
    values=(YEAR, OPINION),
)
PLAN_FILED = NoticeKind(
    key="plan_filed",
    title=_("The plan for %(year)s is filed: %(number)s"),
    body="%(opinion)s",
    values=(YEAR, Value("number", _("the filing number")), OPINION),
)
