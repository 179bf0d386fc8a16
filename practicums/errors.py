"""Why a step with a secondment is refused: each error is a sentence for the person who wanted
it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.errors import InvalidTransition, PortalError


class NotNamed(PortalError):
    """The person has no part in this secondment that allows the step."""


class SecondmentEnded(InvalidTransition):
    """The file is closed, or the person withdrew."""


class NotHandedIn(InvalidTransition):
    """There is nothing to sign or send back at present."""


class AlreadySigned(InvalidTransition):
    """The item is signed; it changes only when the office sends it back."""


class NotYourTurn(InvalidTransition):
    """Somebody else signs first."""


class HandedInAgain(InvalidTransition):
    """The page showed an earlier hand-in than the one that waits now."""


class WithTheSigners(InvalidTransition):
    """The item is being looked at; nothing is added until it comes back."""


class AlreadyLooked(InvalidTransition):
    """Somebody who signs has opened it, so it can no longer be taken back."""


class DraftChanged(InvalidTransition):
    """The draft is not the one the person looked at."""


class EvidenceMissing(PortalError):
    """There is nothing to hand in, or nothing new since it was sent back."""


class NotDeclared(PortalError):
    """The person has not said that the evidence holds nothing classified."""


class CommentMissing(PortalError):
    """Sending back and withdrawing need a reason."""


class TextTooLong(PortalError):
    """A text beyond what the field takes."""


class WrongDay(PortalError):
    """A day outside the secondment."""


class StillMissing(PortalError):
    """The file cannot be closed; `missing` says what is."""

    def __init__(self, missing: list["MissingItem"]) -> None:
        self.missing = missing
        super().__init__(
            _("Not closed yet. Still missing: %(items)s.")
            % {
                "items": (
                    pgettext("between items of a list", ", ").join(
                        item.sentence for item in missing
                    )
                )
            }
        )


@dataclass(frozen=True)
class MissingItem:
    """Why one of the seven does not let the file close."""

    kind: str
    name: str
    reason: str

    @property
    def sentence(self) -> str:
        return _("%(item)s (%(reason)s)") % {"item": self.name, "reason": self.reason}
