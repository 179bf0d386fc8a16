"""What holders of roles, and those who gave them, are told."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from academy.models import Role, RoleGrant
from academy.templatetags.portal_tags import day, full_day
from notices.kinds import NoticeKind, Value


def role_in_words(grant: RoleGrant) -> str:
    """Role and place: “Branch coordinator, 大场镇会客厅”."""
    words = {"role": Role(grant.role).label, "place": grant.scope}
    return gettext("%(role)s of %(place)s") % words if grant.scope else str(words["role"])


def period_in_words(grant: RoleGrant) -> str:
    """From when to when it holds."""
    if grant.valid_to is None:
        return gettext("From %(first)s until further notice.") % {
            "first": full_day(grant.valid_from)
        }
    return gettext("From %(first)s to %(last)s.") % {
        "first": full_day(grant.valid_from),
        "last": full_day(grant.valid_to),
    }


def _until(last_day: date | None) -> str:
    if last_day is None:
        return gettext("It was taken back before it held.")
    return gettext("Its last day is %(day)s.") % {"day": full_day(last_day)}


ROLE = Value("role", _("the role and its place"), role_in_words)
PERIOD = Value("period", _("a sentence on from when to when it holds"), period_in_words)
LAST_DAY = Value("day", _("the last day of the role"), day)

ROLE_GIVEN = NoticeKind(
    key="role",
    wording="given",
    title=_("You have a new role: %(role)s"),
    body="%(period)s",
    values=(ROLE, PERIOD),
)
ROLE_EXTENDED = NoticeKind(
    key="role",
    wording="extended",
    title=_("Your role lasts longer: %(role)s"),
    body="%(period)s",
    values=(ROLE, PERIOD),
)
ROLE_ENDED = NoticeKind(
    key="role",
    wording="ended",
    title=_("Your role ends: %(role)s"),
    body=_("%(until)s Reason: %(reason)s. If this surprises you, call the academy office."),
    values=(
        ROLE,
        Value("until", _("a sentence on its last day"), _until),
        Value("reason", _("the reason, as it was written")),
    ),
)
OWN_ROLE_ENDS = NoticeKind(
    key="role_ends",
    title=_("Your role ends on %(day)s: %(role)s"),
    body=_("If you go on with it, ask whoever gave it, or the academy office."),
    values=(ROLE, LAST_DAY),
)
GIVEN_ROLE_ENDS = NoticeKind(
    key="role_ends",
    wording="for_the_giver",
    title=_("The role of %(name)s ends on %(day)s: %(role)s"),
    body=_("Extend it if the work goes on; otherwise it ends by itself."),
    values=(ROLE, LAST_DAY, Value("name", _("the name of whoever holds it"))),
)
