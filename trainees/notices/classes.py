"""What the people of a class are told: changes, its cancellation, its date, a message of staff."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import day, moment_in_words, short_day, span
from courses.models import Lesson, TrainingClass
from courses.schedule.season_board import campus_label
from notices.kinds import NoticeKind, Value, lines
from notices.models import Urgency

from .values import CAMPUS, CLASS, PHONE, REASON


def _each_on_a_line(things: Sequence) -> str:
    return "\n".join(map(str, things))


def _alternatives(classes: Sequence[TrainingClass]) -> str:
    if not classes:
        return ""
    named = pgettext("between names", ", ").join(
        gettext("%(title)s (%(day)s, %(campus)s)")
        % {
            "title": item.title,
            "day": short_day(item.starts_at),
            "campus": pgettext("between names", ", ").join(map(campus_label, item.places)),
        }
        for item in classes
    )
    return gettext("The same course, with seats: %(classes)s. The link leads to them.") % {
        "classes": named
    }


def _clash(lesson: Lesson | None) -> str:
    if lesson is None:
        return ""
    return gettext(
        "At the new time you also have “%(title)s” (%(day)s %(span)s). Please keep one of"
        " the two and cancel the other."
    ) % {"title": lesson.training_class.title, "day": day(lesson.starts_at), "span": span(lesson)}


def _was_to_begin(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return gettext("It was to begin on %(moment)s.") % {"moment": moment_in_words(moment)}


CHANGES = Value("changes", _("each lesson before and after, a line each"), _each_on_a_line)
ALTERNATIVES = Value(
    "alternatives", _("a sentence with other classes for this person"), _alternatives
)
CLASH = Value("clash", _("a sentence on what else the person has at the new time"), _clash)

# --- Changes --------------------------------------------------------------------------------------

CLASS_MOVED = NoticeKind(
    key="class_moved",
    urgency=Urgency.URGENT,
    title=_("Moved: %(title)s"),
    body=lines(
        "%(changes)s",
        _(
            "Your booking stays as it is. If the new time does not suit you, please cancel it on"
            " the class page."
        ),
        "%(alternatives)s",
        "%(clash)s",
    ),
    values=(CLASS, CHANGES, ALTERNATIVES, CLASH),
)
CLASS_MOVED_LATE = NoticeKind(
    key="class_moved",
    urgency=Urgency.URGENT,
    wording="after_the_deadline",
    title=_("Moved: %(title)s"),
    body=lines(
        "%(changes)s",
        _(
            "Your booking stays as it is. If the new time does not suit you, please call"
            " %(campus)s: %(phone)s."
        ),
        "%(alternatives)s",
        "%(clash)s",
    ),
    values=(CLASS, CHANGES, CAMPUS, PHONE, ALTERNATIVES, CLASH),
)
CLASS_CANCELLED = NoticeKind(
    key="class_cancelled",
    urgency=Urgency.URGENT,
    title=_("Cancelled: %(title)s"),
    body=lines(
        _("The class will not be held: %(reason)s. Please look for another one."),
        "%(began)s",
        "%(alternatives)s",
    ),
    values=(
        CLASS,
        REASON,
        Value("began", _("a sentence on when it was to begin"), _was_to_begin),
        ALTERNATIVES,
    ),
)

# --- Without a date -------------------------------------------------------------------------------

NOT_HELD_AFTER_ALL = NoticeKind(
    key="class_cancelled",
    urgency=Urgency.URGENT,
    wording="without_a_date",
    title=_("Will not be held: %(title)s"),
    body="%(reason)s",
    values=(CLASS, REASON),
)
DATE_POLL = NoticeKind(
    key="date_poll",
    title=_("Which dates suit you: %(title)s"),
    body=_(
        "The date of this class is not set yet. Tap the dates on which you could come, until"
        " %(until)s."
    ),
    values=(CLASS, Value("until", _("until when dates can be tapped"), moment_in_words)),
)
CLASS_DATED = NoticeKind(
    key="class_dated",
    title=_("The date is set: %(title)s"),
    body=_(
        "It begins on %(begins)s. Who was interested books first: from %(opens)s until %(until)s."
    ),
    values=(
        CLASS,
        Value("begins", _("when the class begins"), moment_in_words),
        Value("opens", _("from when the interested book"), moment_in_words),
        Value("until", _("until when they alone book"), moment_in_words),
    ),
)

# --- Typed by staff -------------------------------------------------------------------------------

CLASS_MESSAGE = NoticeKind(
    key="class_message",
    label=_("A message that staff wrote to a class"),
    urgency=Urgency.SOON,
    title=_("%(title)s: %(heading)s"),
    body=lines(
        _("About the class “%(title)s”:"),
        "%(text)s",
        _("Questions? Call %(campus)s: %(phone)s."),
    ),
    values=(
        Value("heading", _("the heading, as staff typed it")),
        CLASS,
        Value("text", _("the message, as staff typed it")),
        CAMPUS,
        PHONE,
    ),
)
