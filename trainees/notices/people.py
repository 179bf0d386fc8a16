"""What people are told of their entry and of their account."""

from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import full_day, listed
from notices.kinds import NoticeKind, Value
from notices.models import Urgency

from .values import FULL_DAY, POST, UNIT


def _who_to_ask(phone: str) -> str:
    return gettext("If that is wrong, call the academy office on %(phone)s.") % {"phone": phone}


def _ended(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    return gettext(" These bookings have ended: %(classes)s.") % {
        "classes": listed(f"“{title}”" for title in titles)
    }


ASK = Value(
    "ask", _("a sentence with the number of the office, for whoever finds it wrong"), _who_to_ask
)

# --- The entry ------------------------------------------------------------------------------------

PERSON_ADDED = NoticeKind(
    key="person_changed",
    wording="added",
    title=_("You are on file at the academy now"),
    body=_("%(unit)s, %(post)s. You can book classes with this number. %(ask)s"),
    values=(UNIT, POST, ASK),
)
ENTRY_CORRECTED = NoticeKind(
    key="person_changed",
    wording="corrected",
    title=_("Your entry was corrected"),
    body=_("%(by)s corrected: %(what)s. %(ask)s"),
    values=(
        Value("by", _("the name of whoever did it")),
        Value("what", _("what was corrected")),
        ASK,
    ),
)
STAGE_CHANGED = NoticeKind(
    key="person_changed",
    wording="stage",
    title=_("Your growth stage is now “%(stage)s”"),
    body=_("Some classes are for certain stages. %(ask)s"),
    values=(Value("stage", _("the growth stage")), ASK),
)
NUMBER_CHANGED = NoticeKind(
    key="person_changed",
    wording="phone",
    title=_("Your mobile number was changed to %(phone)s"),
    body=_("You log in with the new number from now on; the old one is %(old)s. %(ask)s"),
    values=(
        Value("phone", _("the new number, masked")),
        Value("old", _("the old number, masked")),
        ASK,
    ),
)
ENTRIES_JOINED = NoticeKind(
    key="person_changed",
    wording="joined",
    title=_("Two entries of you were joined"),
    body=_("Bookings and hours are together now. You log in with %(phone)s. %(ask)s"),
    values=(Value("phone", _("the number of the entry, masked")), ASK),
)
ENTRY_PARTED = NoticeKind(
    key="person_changed",
    wording="parted",
    title=_("Your entry is your own again"),
    body=_("It had been joined with another. You log in with %(phone)s. %(ask)s"),
    values=(Value("phone", _("the number of the entry, masked")), ASK),
)
ACCOUNT_RESTORED = NoticeKind(
    key="person_changed",
    wording="restored",
    title=_("Your account is open again"),
    body=_("You can log in and book classes as before. Everything on file was kept."),
)

# --- Posts ----------------------------------------------------------------------------------------

PERSON_MOVED = NoticeKind(
    key="person_changed",
    wording="moved",
    title=_("You are on file at %(unit)s now"),
    body=_(
        "Post: %(post)s, from %(day)s. Your hours and certificates go with you, and"
        " every booking stays. %(ask)s"
    ),
    values=(UNIT, POST, FULL_DAY, ASK),
)
POST_ENDED = NoticeKind(
    key="person_changed",
    wording="post_ended",
    title=_("Your post %(post)s has ended on file"),
    body=_("%(unit)s, last day %(day)s. Your hours and certificates stay yours.%(ended)s %(ask)s"),
    values=(
        UNIT,
        POST,
        FULL_DAY,
        Value(
            "ended", _("a sentence with the bookings that have ended, where there are any"), _ended
        ),
        ASK,
    ),
)
POST_ADDED = NoticeKind(
    key="person_changed",
    wording="post_added",
    title=_("You are on file as %(post)s now"),
    body=_("%(unit)s, from %(day)s. %(ask)s"),
    values=(UNIT, POST, FULL_DAY, ASK),
)

# --- Accounts -------------------------------------------------------------------------------------

LIGHT_ACCOUNT_LAPSES = NoticeKind(
    key="light_account_lapses",
    urgency=Urgency.SOON,
    title=_("Your account ends on %(day)s if you do not use it"),
    body=_(
        "It has not been used for a long time. Log in once and it stays. Otherwise your"
        " name and mobile number are removed then; you can join again at any time."
    ),
    values=(Value("day", _("the day on which the account ends"), full_day),),
)
ROSTER_WELCOME = NoticeKind(
    key="roster_welcome",
    urgency=Urgency.SOON,
    title=_("You can log in to the academy's portal"),
    body=_(
        "Log in with this mobile number and the code that you get by text message; there is no"
        " password. You can book classes there and see your hours."
    ),
)
