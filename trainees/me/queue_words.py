"""What a person is told of their place in a queue."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import TrainingClass

from ..models import Enrolment, QueuePriority
from ..seats.chances import Chance
from ..seats.counting import Place


def number_in_queue(place: Place) -> str:
    """Return 候补第 2 位 for the badge."""
    return _("Number %(number)s in the queue") % {"number": place.number}


def meaning_of_place(place: Place) -> str:
    """Return what the place is a place for, and what happens next."""
    if place.town and place.number != place.overall:
        return _(
            "For the seats of %(town)s you are number %(number)s, for the seats open to all number"
            " %(overall)s; a seat that comes free is kept for you and you are told."
        ) % {"town": place.town, "number": place.number, "overall": place.overall}
    return _(
        "A seat that comes free is kept for you and you are told. You may leave the queue at any"
        " time."
    )


def words_of_chance(chance: Chance | None) -> list[str]:
    """Return how far the queue got in classes like this one; nothing where that is not asked."""
    if chance is None:
        return []
    if not chance.is_known:
        return [_("How far the queue gets: no classes to compare with yet.")]
    return [
        ngettext(
            "Of %(count)s class like this one, %(reached)s got that far in the queue.",
            "Of %(count)s classes like this one, %(reached)s got that far in the queue.",
            chance.classes,
        )
        % {"count": chance.classes, "reached": chance.reached}
    ]


def words_of_priority(enrolment: Enrolment) -> list[str]:
    """Return why the person comes before or after others; nothing where they do not."""
    reason = {"reason": enrolment.priority_reason}
    if enrolment.priority > 0:
        return [_("In this queue you come after the others: %(reason)s.") % reason]
    if enrolment.priority < 0:
        return [_("In this queue you come before the others: %(reason)s.") % reason]
    return []


def words_of_first_timers(training_class: TrainingClass, place: Place | None, priority: int) -> str:
    """Return that the class puts those first who have not taken the course, and what that means at
    the place; empty where it does not. Source: docs/rules.md R88.
    """
    if not training_class.first_timers_first:
        return ""
    if place is None or priority != QueuePriority.USUAL:
        return _("Whoever has not taken the course gets a seat from the queue first.")
    if place.has_taken:
        return _(
            "Whoever has not taken the course gets a seat from the queue first; you have taken it,"
            " so you wait behind them."
        )
    if place.comes_later:
        return _(
            "Whoever has not taken the course gets a seat from the queue first; somebody in your"
            " group has taken it, so the group waits behind them."
        )
    return _(
        "Whoever has not taken the course gets a seat from the queue first; you wait before those"
        " who have."
    )
