"""What a rule says of a booking, and why a booking, a cancellation or a change of a class is
refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.errors import PortalError

if TYPE_CHECKING:
    from .models import Enrolment, Trainee


@dataclass(frozen=True)
class Reason:
    """One rule: whether it passes, what it says, the fact behind it, and the way out when it
    fails.
    """

    ok: bool
    title: str
    fact: str = ""
    way_out: str = ""
    hint: bool = False  # passes, but with something to know: a full class with a waiting list
    courses: tuple[int, ...] = ()  # keys of the courses that the way out leads to
    classes: tuple[int, ...] = ()  # and of the classes
    # which rule speaks: window, interest, position, group, stage, town, prerequisite, approval,
    # repeat, clash, seat
    rule: str = ""


class BookingError(PortalError):
    """A booking or cancellation that the rules refuse."""


class NotEligible(BookingError):
    """Carries every reason that stands against the booking."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = list(reasons)
        facts = pgettext("between reasons", "; ").join(
            (
                _("%(what)s (%(fact)s)") % {"what": reason.title, "fact": reason.fact}
                if reason.fact
                else reason.title
            )
            for reason in self.reasons
        )
        way_out = next((reason.way_out for reason in self.reasons if reason.way_out), "")
        super().__init__(
            (
                _("Not booked: %(reasons)s. %(way_out)s") % {"reasons": facts, "way_out": way_out}
            ).strip()
        )


class RepeatTraining(NotEligible):
    """Only this stands against the booking: the person has taken the same before. `book` takes a
    reason for taking it again.

    `earlier` holds what was taken, as `earlier_trainings` gives it.
    """

    def __init__(self, reasons: Iterable[Reason], earlier: Sequence) -> None:
        super().__init__(reasons)
        self.earlier = list(earlier)


class GroupRefused(BookingError):
    """A group that cannot be booked as it is; `refused` says what stands against each person."""

    def __init__(self, refused: Mapping[Trainee, BookingError], sentence: str = "") -> None:
        self.refused = dict(refused)
        each = " ".join(
            f"{trainee.name}{pgettext('before a reason', ': ')}{error}"
            for trainee, error in self.refused.items()
        )
        super().__init__(sentence or _("The group is not booked. %(each)s") % {"each": each})


class NotATrainee(BookingError):
    """Only someone with a trainee profile can book."""


class BookingNotOpen(BookingError):
    """The class is planned, and booking begins later."""


class BookingClosed(BookingError):
    """The deadline for booking has passed, or the class is over."""


class AlreadyStarted(BookingError):
    """The first lesson has begun."""


class ClassCancelled(BookingError):
    """The class will not be held."""


class AlreadyEnrolled(BookingError):
    """The person has a seat in this class, or a place in its queue: carried as `enrolment`."""

    def __init__(self, enrolment: Enrolment) -> None:
        self.enrolment = enrolment
        if enrolment.is_offered:
            super().__init__(
                _("A seat in this class is held for you: take it on the page of the class.")
            )
        elif enrolment.is_waiting:
            super().__init__(
                _("You are on the waiting list of this class already; there is nothing more to do.")
            )
        else:
            super().__init__(
                _("You have a seat in this class already; there is nothing more to do.")
            )


class ClassFull(BookingError):
    """Every seat is taken and the class keeps no waiting list."""


class OfferOver(BookingError):
    """The offered seat was not taken in time."""


class RequestRefused(BookingError):
    """A request that cannot be made, or was answered already."""


class NothingToCancel(BookingError):
    """The enrolment was withdrawn before, or the class is over."""


class TooLateToCancel(BookingError):
    """The deadline for cancelling has passed."""


class ClassChangeRefused(PortalError):
    """A class cannot be changed in this way now."""


class PollRefused(BookingError):
    """Dates that cannot be asked about, or a tap that counts no more."""


class NotGauging(BookingError):
    """The class has a date, or was never announced without one."""
