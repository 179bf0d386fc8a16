"""What every step of a list of lecture fees does: lock it, ask where it stands, write down who did
what; and what it refuses.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from academy.errors import InvalidTransition, PortalError

from ..models import FeeDecision, LectureFeeList, LectureFeeStep

REASON_LENGTH, OPINION_LENGTH = 200, 500


class FeesRefused(InvalidTransition):
    """The step does not follow from where the list stands."""


class ListThere(FeesRefused):
    """The owner has a list of the season already; `fee_list` is the newest."""

    def __init__(self, words: str, fee_list: LectureFeeList | None) -> None:
        super().__init__(words)
        self.fee_list = fee_list


class NothingTaught(PortalError):
    """No lesson of a closed class of the owner waits for a fee."""


class SamePerson(PortalError):
    """The step takes another person."""


class FeesIncomplete(PortalError):
    """Something has to be typed first."""


def locked(fee_list: LectureFeeList) -> LectureFeeList:
    """The list as it stands, with its owner, locked."""
    return LectureFeeList.objects.select_for_update(of=("self",)).with_owner().get(pk=fee_list.pk)


def editable(fee_list: LectureFeeList) -> LectureFeeList:
    """The list, locked, if its rows may change now. Raises FeesRefused."""
    fee_list = locked(fee_list)
    if fee_list.is_approved:
        raise FeesRefused(
            _("The list is approved and stays as it is. Begin a supplementary list to correct it.")
        )
    if not fee_list.is_editable:
        raise FeesRefused(
            _("The list is being checked. It can be changed when it is sent back or taken back.")
        )
    return fee_list


def given_words(text: str, length: int, sentence: str) -> str:
    """The text, cut to the length. Raises FeesIncomplete with the sentence when it is empty."""
    text = text.strip()
    if not text:
        raise FeesIncomplete(sentence)
    return text[:length]


def record(
    fee_list: LectureFeeList, decision: FeeDecision, by, now: datetime, opinion: str = ""
) -> LectureFeeStep:
    """Write down what was done with a list, when and by whom."""
    return LectureFeeStep.objects.create(
        fee_list=fee_list,
        decision=decision,
        by=by,
        at=now,
        opinion=opinion.strip()[:OPINION_LENGTH],
    )
