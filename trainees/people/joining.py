"""Joining with a light account: what was typed waits in the session until the code from the text
message is right.

Nothing is written before that, and the answer to the first step is the same whether somebody has
the number or not: whoever has it already gets a code as well, and is logged in to the account there
is. Source: docs/rules.md R13.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.accounts import lockout
from academy.accounts.login import CODE_DIGITS, send_code
from academy.accounts.sms import refuse_without_gateway
from academy.errors import PortalError
from academy.models import LearnerGroup, User, Village

from .light_accounts import PhoneKnown, join

# seconds that what was typed is kept, so that a late code costs no second typing
KEPT_FOR = 60 * 60
CODE_VALID_FOR = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT  # seconds, as for logging in


class CodeRefused(PortalError):
    """The code is not right; there are tries left."""


class CodeOver(PortalError):
    """The code is too old or was tried too often: a new one is needed."""


class ChoiceGone(PortalError):
    """The village or the group was ended between the two steps."""


@dataclass
class Joining:
    """What somebody typed, and the code that was sent. Lives in the session of one browser."""

    phone: str
    name: str
    village: int
    group: int
    code: str
    sent_at: float  # seconds since 1970
    then: str = ""  # the page that the person came from

    @property
    def tries_key(self) -> str:
        return f"joining|{self.phone}|{self.sent_at}"

    def is_kept(self, now: datetime) -> bool:
        return now.timestamp() - self.sent_at < KEPT_FOR

    def as_dict(self) -> dict:
        return asdict(self)


def begin(
    *,
    phone: str,
    name: str,
    village: Village,
    group: LearnerGroup,
    address: str,
    then: str = "",
    now: datetime,
) -> Joining:
    """Send a code. The limits are those of logging in, so that both together never flood a phone.

    Raises sms.NoGateway, lockout.TooManyTries.
    """
    refuse_without_gateway()
    lockout.take_code(phone=phone, address=address)
    joining = Joining(
        phone,
        name,
        village.pk,
        group.pk,
        f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}",
        now.timestamp(),
        then,
    )
    send_code(User.objects.filter(phone=phone).first() or User(phone=phone), joining.code)
    return joining


def confirm(*, joining: Joining, code: str, now: datetime) -> tuple[User, bool]:
    """The person behind the phone, and whether the account is new. The code is used up by it.

    Raises CodeOver, CodeRefused, ChoiceGone.
    """
    if now.timestamp() - joining.sent_at >= CODE_VALID_FOR:
        raise CodeOver(_("The code is older than 10 minutes. Get a new one."))
    try:
        lockout.take((lockout.CODE_TYPED, joining.tries_key))
    except lockout.TooManyTries:
        raise CodeOver(_("That was wrong too often. Get a new code.")) from None
    if not constant_time_compare(code, joining.code):
        left = lockout.CODE_TYPED.left(joining.tries_key)
        if not left:
            raise CodeOver(_("That was wrong too often. Get a new code."))
        raise CodeRefused(
            ngettext(
                "This code is not right, %(count)d try left.",
                "This code is not right, %(count)d tries left.",
                left,
            )
            % {"count": left}
        )
    known = User.objects.filter(phone=joining.phone).first()
    if known is not None:
        return known, False
    village = Village.objects.current(timezone.localdate(now)).filter(pk=joining.village).first()
    group = LearnerGroup.objects.filter(pk=joining.group, active=True).first()
    if village is None or group is None:
        raise ChoiceGone(
            _("The village or the group you chose is no longer in use. Choose again, please.")
        )
    try:
        return (
            join(
                phone=joining.phone, name=joining.name, village=village, group=group, now=now
            ).user,
            True,
        )
    except PhoneKnown:  # another browser was a moment faster
        return User.objects.get(phone=joining.phone), False
