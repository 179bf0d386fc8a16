"""What whoever handed a plan in is told."""

from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import full_day
from notices.kinds import NoticeKind, Value
from notices.models import Urgency

YEAR = Value("year", _("the year of the plan"))
UNIT = Value("unit", _("the town, department or campus"))
DAY = Value("day", _("the last day"), full_day)
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
PLAN_CHASED = NoticeKind(
    key="plan_chased",
    title=_("Please hand in the plan for %(year)s"),
    body=_("The academy office asks for the plan of %(units)s. It is due by %(day)s."),
    values=(YEAR, Value("units", _("the units")), DAY),
    urgency=Urgency.SOON,
)
REPORT_RETURNED = NoticeKind(
    key="plan_report_returned",
    title=_("The execution report for %(year)s came back with a note"),
    body="%(opinion)s",
    values=(YEAR, OPINION),
)
REPORT_ACCEPTED = NoticeKind(
    key="plan_report_accepted",
    title=_("The execution report for %(year)s is accepted"),
    values=(YEAR,),
)


FEES_RETURNED = NoticeKind(
    key="lecture_fees_returned",
    title=_("The lecture fees of %(unit)s (quarter %(quarter)s of %(year)s) came back with a note"),
    body="%(opinion)s",
    values=(
        Value("year", _("the year of the list")),
        Value("quarter", _("the quarter of the list, 1 to 4")),
        UNIT,
        Value("opinion", _("the note, as it was written")),
    ),
)


def _due(key: str, title: str) -> NoticeKind:
    return NoticeKind(
        key=key,
        title=title,
        body=_("It has not been handed in yet."),
        values=(YEAR, UNIT, DAY),
    )


PLAN_DUE_IN_A_MONTH = _due(
    "plan_due_in_a_month", _("The plan of %(unit)s for %(year)s is due by %(day)s")
)
PLAN_DUE_IN_A_WEEK = _due(
    "plan_due_in_a_week", _("A week left: the plan of %(unit)s for %(year)s is due by %(day)s")
)
PLAN_DUE_TOMORROW = _due(
    "plan_due_tomorrow", _("Tomorrow: the plan of %(unit)s for %(year)s is due by %(day)s")
)
PLAN_STILL_RETURNED = NoticeKind(
    key="plan_still_returned",
    title=_("The plan of %(unit)s for %(year)s waits to be mended"),
    body="%(opinion)s",
    values=(YEAR, UNIT, OPINION),
)
ITEM_WITHOUT_CLASS = NoticeKind(
    key="plan_item_without_class",
    title=_("“%(name)s” has no class yet"),
    body=_("It is planned for a quarter that ends on %(day)s. Hold it, or change the plan."),
    values=(Value("name", _("the training")), DAY),
)
REPORT_DUE = NoticeKind(
    key="plan_report_due",
    title=_("The execution report of %(unit)s for %(year)s is due by %(day)s"),
    values=(YEAR, UNIT, DAY),
)
