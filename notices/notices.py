"""What people are told about their account, wherever it was tried."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from .kinds import NoticeKind, Value
from .models import DIGEST, Urgency

NAMED = 4  # titles in a digest; a text message is short


def _first_few(titles: list[str]) -> str:
    named = pgettext("between titles", "; ").join(titles[:NAMED])
    return named if len(titles) <= NAMED else f"{named}…"


DAILY_DIGEST = NoticeKind(
    key=DIGEST,
    title=_("New notices: %(count)s"),
    body=_("%(titles)s. Log in and see “notices”."),
    values=(
        Value("count", _("how many there are")),
        Value("titles", _("the titles of the first few"), _first_few),
    ),
    urgency=Urgency.SOON,
)
PASSWORD_GUESSED = NoticeKind(
    key="password_guessed",
    urgency=Urgency.URGENT,
    title=_("Wrong passwords were typed for your account"),
    body=_(
        "Somebody typed wrong passwords for your mobile number several times. Nobody got in"
        " that way. If it was not you, set a new password that is not used elsewhere. Your own"
        " computer and phone are not slowed down, and you can log in with a code at any time."
    ),
)
