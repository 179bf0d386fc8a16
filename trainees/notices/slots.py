"""What is told about parallel slots of a lesson."""

from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import day, span
from courses.models import Lesson
from notices.kinds import NoticeKind, Value, lines
from notices.models import Urgency

from .values import CLASS


def _when_and_where(slot: Lesson) -> str:
    return gettext("%(day)s %(span)s, %(campus)s %(room)s") % {
        "day": day(slot.starts_at),
        "span": span(slot),
        "campus": slot.venue.campus.name,
        "room": slot.venue.name,
    }


def _each_on_a_line(things: Sequence) -> str:
    return "\n".join(map(str, things))


LESSON = Value("lesson", _("the title of the lesson"))

SLOT_PLACED = NoticeKind(
    key="slot_placed",
    urgency=Urgency.SOON,
    title=_("Your slot: %(title)s"),
    body=lines(
        _("“%(lesson)s” is held several times. You had not chosen, so you were placed:"),
        "%(slot)s",
        _("Until it begins you can choose another one with a free seat on the class page."),
    ),
    values=(CLASS, LESSON, Value("slot", _("when and where the slot is"), _when_and_where)),
)
SLOT_CHANGED = NoticeKind(
    key="slot_changed",
    urgency=Urgency.URGENT,
    title=_("Please choose your slot again: %(title)s"),
    body=lines(
        _("The slot that you had chosen is held otherwise:"),
        "%(changes)s",
        _("Your seat in the class stays. Please choose a slot again on the class page."),
    ),
    values=(
        CLASS,
        Value("changes", _("each slot before and after, a line each"), _each_on_a_line),
    ),
)
SLOT_ROOM_CHANGED = NoticeKind(
    key="slot_changed",
    wording="another_room",
    urgency=Urgency.URGENT,
    title=_("Another room: %(title)s"),
    body=lines(
        "%(changes)s",
        _("Your slot and its time stay as they are."),
    ),
    values=(
        CLASS,
        Value("changes", _("each slot before and after, a line each"), _each_on_a_line),
    ),
)
