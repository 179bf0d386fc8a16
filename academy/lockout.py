"""How often something may be tried: passwords, sending a code, typing a code.

A password is counted per account and address, so that a typist locks only herself: neither the office of 100 colleagues behind
the same address nor the owner of the account at home. Behind it stands a slower limit for the account, wherever the tries come
from. Source: RELIABILITY.md, promise 18.

Each try takes a slot in the shared cache before anything is compared (`add` is atomic on Redis), and a slot falls free by itself
when its time is over: a sliding window without a counter that two requests could read at once.
"""

import hashlib
import math
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .errors import PortalError


@dataclass(frozen=True)
class Limit:
    """At most `tries` within `seconds` for one key."""

    name: str
    tries: int
    seconds: int

    def _slots(self, key: str) -> list[str]:
        digest = hashlib.sha256(key.encode()).hexdigest()
        return [f"limit:{self.name}:{digest}:{number}" for number in range(self.tries)]

    def take(self, key: str) -> str | None:
        """The name of the slot taken, or None when all are in use."""
        frees_at = time.time() + self.seconds
        return next((slot for slot in self._slots(key) if cache.add(slot, frees_at, self.seconds)), None)

    def left(self, key: str) -> int:
        """How many tries remain."""
        return self.tries - len(cache.get_many(self._slots(key)))

    def seconds_to_wait(self, key: str) -> int:
        """Until the next slot falls free; 0 when one is free now."""
        taken = cache.get_many(self._slots(key)).values()
        return max(math.ceil(min(taken) - time.time()), 1) if len(taken) >= self.tries else 0


PASSWORD_FROM_ADDRESS = Limit("password", tries=5, seconds=15 * 60)
PASSWORD_FROM_ANYWHERE = Limit("password-anywhere", tries=30, seconds=60 * 60)
CODE_AGAIN = Limit("code-again", tries=1, seconds=60)  # the time a text message needs to arrive
CODE_TO_PHONE = Limit("code-to-phone", tries=6, seconds=60 * 60)
CODE_FROM_ADDRESS = Limit("code-from-address", tries=200, seconds=60 * 60)  # an office of 100, twice each
CODE_TYPED = Limit("code-typed", tries=5, seconds=10 * 60)  # for one code, as long as it is valid


class TooManyTries(PortalError):
    """All slots of a limit are in use. `seconds` says until when."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)

    def __str__(self) -> str:
        return _("Too many tries. Please wait %(time)s.") % {"time": duration(self.seconds)}


class Tries:
    """The slots one try has taken."""

    def __init__(self, slots: list[str]) -> None:
        self._slots = slots

    def give_back(self) -> None:
        """The try was right: it does not count."""
        cache.delete_many(self._slots)


def take(*limits: tuple[Limit, str]) -> Tries:
    """One try under every limit (limit, key). Raises TooManyTries, and then takes none."""
    slots: list[str] = []
    for limit, key in limits:
        slot = limit.take(key)
        if slot is None:
            cache.delete_many(slots)
            raise TooManyTries(limit.seconds_to_wait(key) or 1)
        slots.append(slot)
    return Tries(slots)


def duration(seconds: int) -> str:
    """45 seconds, 15 minutes: rounded up, as a person would say it."""
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
