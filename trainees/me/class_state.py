"""What a class is for the person who looks at it: the state, and what a page needs to draw it.

The words of each state are in class_state_words.py. The page of a class draws the state twice:
beside the class on a PC, at the foot of a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.models import ClassStatus, Lesson, SeatPool, TrainingClass
from courses.schedule.listing import Badge

from ..errors import Reason
from ..models import Enrolment, QueuePriority, Trainee
from ..seats.chances import Chance
from ..seats.counting import Outlook, Place, outlook


@dataclass(frozen=True)
class Action:
    """A link to `url`, or a button of the form of the state, which sends `name` and `value`.

    `look` is primary, quiet, or plain for what gives something back. What a phone has no room for
    stands only beside the class.
    """

    words: str
    url: str = ""
    look: str = "primary"
    name: str = ""
    value: str = ""
    only_beside: bool = False


@dataclass(frozen=True)
class ClassState:
    """What a class is for a person. `name` is a key of class_state_words.STATES."""

    name: str = ""
    badge: Badge | None = None
    badge_beside: bool = True  # false where the headline says the same
    headline: str = ""
    shows_seats: bool = False
    facts: Sequence[str] = ()  # beside the class, below the headline
    lead: str = ""  # at the foot, in bold
    brief: str = ""  # at the foot, beside the badge
    approval: str = ""  # where it stands, in words
    rule_of_queue: str = ""  # below the seats
    asides: Sequence[str] = ()  # small, above the actions
    meaning_of_absences: bool = False  # a link below the asides
    actions: Sequence[Action] = ()
    form: str = ""  # where the buttons are sent
    is_too_late: bool = False  # to cancel by oneself
    has_no_profile: bool = False
    notes: Sequence[str] = ()  # small, below the actions


@dataclass(frozen=True)
class Seen:
    """A class, and how the person stands to it."""

    training_class: TrainingClass
    now: datetime
    address: str  # of the page, to come back to
    user: object
    trainee: Trainee | None = None
    enrolment: Enrolment | None = None
    pools: Sequence[SeatPool] = ()
    reasons: Sequence[Reason] = ()
    next_lesson: Lesson | None = None
    place: Place | None = None
    # on joining the queue now; empty: nobody waits
    place_to_come: Place | None = None
    priority_to_come: int = QueuePriority.USUAL
    chance: Chance | None = None
    is_interested: bool = False
    is_for_groups: bool = False


def for_everybody(training_class: TrainingClass, now: datetime) -> str:
    """The state of a class whoever looks at it; nothing while booking is open."""
    if training_class.gauges_interest:
        return "gauging"
    if training_class.status == ClassStatus.OPEN and not training_class.has_started(now):
        if now < training_class.booking_opens_at:
            return "not_yet"
        return "booking_closed" if now >= training_class.booking_closes_at else ""
    return "running" if training_class.status == ClassStatus.OPEN else str(training_class.status)


def name_of_state(seen: Seen) -> str:
    """Return the state that holds: an own booking first, then the class, then the person."""
    if seen.enrolment is not None:
        return str(seen.enrolment.status)
    return for_everybody(seen.training_class, seen.now) or _for_the_person(seen)


def _for_the_person(seen: Seen) -> str:
    training_class = seen.training_class
    if seen.trainee is None:
        if training_class.is_full and not training_class.has_waiting_list:
            return "full"
        if seen.user.is_authenticated:
            return "no_profile"
        return "log_in_to_wait" if training_class.is_full else "log_in"
    failing = [reason for reason in seen.reasons if not reason.ok]
    chance = outlook(seen.trainee.village.town_id, training_class, seen.pools, seen.now)
    if failing and all(reason.rule == "repeat" for reason in failing):
        return "repeat"
    if failing:
        return "full" if chance == Outlook.FULL and len(failing) == 1 else "refused"
    return "book" if chance == Outlook.SEAT else "wait"
