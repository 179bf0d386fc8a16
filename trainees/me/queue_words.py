"""What a person is told of their place in a queue."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Enrolment
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
