"""The code on the wall: signed for one lesson and ten seconds of the server's clock.

Source: docs/rules.md R70.
"""

from datetime import datetime
from hmac import compare_digest

from django.utils.crypto import salted_hmac
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from academy.errors import PortalError

STEP = 10  # seconds that a code is shown
STEPS = 2  # it counts in its own step and in the next one: never longer than 20 seconds
SALT = "trainees.door.wall"
LETTERS = 16  # hexadecimal digits of the signature: 64 bits for ten seconds


class CodeRefused(PortalError):
    """A code that does not count."""


class ForgedCode(CodeRefused):
    """No code of the portal, or one of another lesson under this address."""


class DeadCode(CodeRefused):
    """The picture on the wall has changed since: an old photo, or a link that was passed on."""


def code_at(lesson: int, now: datetime) -> str:
    """What the wall of the lesson (its key) shows at this moment."""
    return _code(lesson, _step(now))


def seconds_left(now: datetime) -> float:
    """Until the wall shows the next code."""
    return STEP - now.timestamp() % STEP


def refuse_unless_shown(lesson: int, code: str, now: datetime) -> None:
    """Raise ForgedCode or DeadCode unless the wall of the lesson shows the code, or did so in the
    step before. Asks no database.
    """
    try:
        step = base36_to_int(code.partition("-")[0])
    except ValueError:
        raise _forged() from None
    if not compare_digest(code, _code(lesson, step)):
        raise _forged()
    if not 0 <= _step(now) - step < STEPS:
        raise DeadCode(
            _(
                "This code counts no more: the one on the wall changes every %(seconds)d seconds."
                " Scan the wall once more. Without a phone, say your name at the door or sign on"
                " paper."
            )
            % {"seconds": STEP}
        )


def _forged() -> ForgedCode:
    return ForgedCode(
        _(
            "This is not the code of this lesson. Scan the one that is on the wall now, or say your"
            " name at the door."
        )
    )


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP


def _code(lesson: int, step: int) -> str:
    signature = salted_hmac(SALT, f"{lesson}:{step}", algorithm="sha256").hexdigest()
    return f"{int_to_base36(step)}-{signature[:LETTERS]}"
