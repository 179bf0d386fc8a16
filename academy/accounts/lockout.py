"""How often something may be tried: passwords, sending a code, typing a code, writing feedback.

Wrong passwords are counted in two ways. Per account and address a few lock that pair for a while:
neither the colleagues behind the same address nor the owner at home are locked out. Per account,
wherever the tries come from, more and more of them only slow the log-in down, so that a stranger
cannot shut the owner out. A device where the owner has logged in before is counted by itself
(`academy/accounts/devices.py`).

The counts are rows of the database. It is the only store that the portal cannot work without, so
a limit holds for all processes and also while the cache is away.
"""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..errors import PortalError
from ..models import Tally
from ..office_settings import office_setting

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class Limit:
    """At most `tries` within `seconds` for one key."""

    name: str
    tries: int
    seconds: int

    def digest(self, key: str) -> str:
        """What the key is stored as: no phone and no address can be read from it."""
        return salted_hmac(
            f"academy.accounts.lockout.{self.name}", key, algorithm="sha256"
        ).hexdigest()

    def counted(self, tally: Tally | None, now: float) -> list[float]:
        """The tries of the window, oldest first."""
        return [at for at in tally.tried_at if at > now - self.seconds] if tally else []

    def wait(self, tried_at: list[float], now: float) -> int:
        """Seconds until another try may follow those counted; 0 for at once."""
        if len(tried_at) < self.tries:
            return 0
        return max(math.ceil(tried_at[-self.tries] + self.seconds - now), 1)

    def left(self, key: str) -> int:
        """How many tries remain."""
        return max(self.tries - len(self._tried_at(key)), 0)

    def seconds_to_wait(self, key: str) -> int:
        return self.wait(self._tried_at(key), time.time())

    def _tried_at(self, key: str) -> list[float]:
        return self.counted(Tally.objects.filter(pk=self.digest(key)).first(), time.time())


@dataclass(frozen=True)
class SlowDown(Limit):
    """After `tries` within `seconds` each further one waits twice as long.

    The first waits `shortest` seconds, none longer than `longest`.
    """

    shortest: int
    longest: int

    def wait(self, tried_at: list[float], now: float) -> int:
        beyond = len(tried_at) - self.tries
        if beyond < 0:
            return 0
        pause = min(self.shortest * 2**beyond, self.longest)
        return max(math.ceil(tried_at[-1] + pause - now), 0)


PASSWORD_FROM_ADDRESS = Limit("password", tries=5, seconds=15 * MINUTE)
PASSWORD_OF_ACCOUNT = SlowDown(
    "password-of-account", tries=10, seconds=HOUR, shortest=5, longest=2 * MINUTE
)
OWNER_TOLD = Limit("owner-told", tries=1, seconds=DAY)  # however long the guessing goes on

CODE_AGAIN = Limit("code-again", tries=1, seconds=MINUTE)  # the time a text message needs to arrive
CODE_TO_PHONE = Limit("code-to-phone", tries=6, seconds=HOUR)
CODE_TO_PHONE_A_DAY = Limit("code-to-phone-a-day", tries=12, seconds=DAY)
CODE_FROM_ADDRESS = Limit(
    "code-from-address", tries=200, seconds=HOUR
)  # an office of 100, twice each
CODE_FROM_ADDRESS_A_DAY = Limit("code-from-address-a-day", tries=400, seconds=DAY)
CODES_A_DAY = Limit("codes-a-day", tries=settings.SMS_CODES_A_DAY, seconds=DAY)  # they cost money
# of somebody who changes the own one: it tells whether a number is here
OWN_NUMBER = Limit("own-number", tries=5, seconds=HOUR)
CODE_TYPED = Limit("code-typed", tries=5, seconds=10 * MINUTE)  # of one code, while it is valid

EVERYBODY = "everybody"  # the key of a limit that all share


class TooManyTries(PortalError):
    """A limit is used up. `seconds` says until when."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)

    def __str__(self) -> str:
        return _("Too many tries. Please wait %(time)s.") % {"time": duration(self.seconds)}


@dataclass(frozen=True)
class Tries:
    """One try, counted under several limits."""

    digests: list[str]
    at: float

    @transaction.atomic
    def give_back(self) -> None:
        """The try was right: it does not count."""
        for tally in _locked(self.digests).values():
            if self.at in tally.tried_at:
                tally.tried_at.remove(self.at)
                tally.save(update_fields=["tried_at"])


@transaction.atomic
def take(*limits: tuple[Limit, str]) -> Tries:
    """Count one try under every limit (limit, key). Raises TooManyTries, and then counts under
    none.

    The rows stay locked until the try is counted: of two requests at the same time the second
    sees the try of the first.
    """
    now = time.time()
    named = {limit.digest(key): limit for limit, key in limits}
    tallies = _locked(named)
    counted = {digest: limit.counted(tallies[digest], now) for digest, limit in named.items()}
    wait = max(limit.wait(counted[digest], now) for digest, limit in named.items())
    if wait:
        raise TooManyTries(wait)
    for digest, limit in named.items():
        tally = tallies[digest]
        tally.tried_at = [*counted[digest], now]
        tally.kept_until = datetime.fromtimestamp(now + limit.seconds, UTC)
        tally.save()
    return Tries(list(named), now)


def _locked(digests: Iterable[str]) -> dict[str, Tally]:
    """The row of each digest, always locked in the same order; a missing one is made."""
    digests = sorted(digests)
    now = datetime.fromtimestamp(time.time(), UTC)
    Tally.objects.bulk_create(
        [Tally(pk=digest, kept_until=now) for digest in digests], ignore_conflicts=True
    )
    found = Tally.objects.select_for_update().order_by("pk").in_bulk(digests)
    return {digest: found.get(digest) or Tally(pk=digest, kept_until=now) for digest in digests}


def forget_lapsed(now: datetime) -> int:
    """Delete what no limit counts any more."""
    return Tally.objects.filter(kept_until__lt=now).delete()[0]


# --- Codes by text message ------------------------------------------------------------------------


def take_code(*, phone: str, address: str) -> None:
    """Count one request for a code, the same whether somebody has the number or not.

    Raises TooManyTries.
    """
    if wait := CODES_A_DAY.seconds_to_wait(EVERYBODY):
        raise TooManyTries(wait)
    take(
        (CODE_AGAIN, phone),
        (CODE_TO_PHONE, phone),
        (CODE_TO_PHONE_A_DAY, phone),
        (CODE_FROM_ADDRESS, address),
        (CODE_FROM_ADDRESS_A_DAY, address),
    )


def code_refused(error: TooManyTries) -> str:
    """What to tell somebody who asked for another code."""
    if error.seconds <= CODE_AGAIN.seconds:
        sentence = _(
            "A code was asked for a moment ago. It may still be on its way;"
            " the next one can be sent in %(time)s."
        )
    else:
        sentence = _(
            "Too many codes were asked for. The next one can be sent in %(time)s."
            " You can log in with your password, or call the academy office on %(phone)s."
        )
    return sentence % {"time": duration(error.seconds), "phone": office_setting("office_phone")}


# --- Whom to tell ---------------------------------------------------------------------------------

TELLS_OWNER: list[Callable[[object], None]] = []


def tell_owner_by(tell: Callable[[object], None]) -> None:
    """For the `ready()` of a higher app: how the owner learns that somebody guesses the
    password.
    """
    TELLS_OWNER.append(tell)


def tell_owner(user) -> None:
    """Once for a day of guessing."""
    try:
        take((OWNER_TOLD, str(user.pk)))
    except TooManyTries:
        return
    for tell in TELLS_OWNER:
        tell(user)


def duration(seconds: int) -> str:
    """45 seconds, 15 minutes, 3 hours: rounded up, as a person would say it."""
    if seconds < MINUTE:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // MINUTE)
    if minutes <= 90:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = -(-minutes // 60)
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
