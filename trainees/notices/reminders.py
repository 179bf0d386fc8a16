"""The texts of the reminders."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import day, listed, span
from courses.models import Lesson, TrainingClass
from notices.kinds import NoticeKind, Value, lines
from notices.models import Urgency

from .values import CLASS

MOST_RUNS = 3  # named in one notice; the course page shows all


def _when_and_where(lessons: Sequence[Lesson]) -> str:
    return "\n".join(
        gettext("%(day)s, %(span)s, %(room)s, %(campus)s")
        % {
            "day": day(lesson.starts_at),
            "span": span(lesson),
            "room": lesson.venue.name,
            "campus": lesson.venue.campus.name,
        }
        for lesson in lessons
    )


def _runs(classes: Sequence[TrainingClass]) -> str:
    return "\n".join(_run_by_run(classes))


def _run_by_run(classes: Sequence[TrainingClass]) -> Iterator[str]:
    for item in classes[:MOST_RUNS]:
        facts = {
            "day": day(item.starts_at),
            "campus": listed(item.places),
            "until": day(item.booking_closes_at),
            "title": item.title,
        }
        if len(classes) == 1:
            yield gettext("Begins %(day)s, %(campus)s. Booking is open until %(until)s.") % facts
        else:
            yield gettext("%(title)s: begins %(day)s, %(campus)s, booking until %(until)s") % facts
    if (rest := len(classes) - MOST_RUNS) > 0:
        yield ngettext(
            "%(count)d more stands on the course page.",
            "%(count)d more stand on the course page.",
            rest,
        ) % {"count": rest}


LESSONS = Value("lessons", _("the lessons of the day, a line each"), _when_and_where)
TARGET = Value("target", _("what the person follows"))
RUNS = Value("runs", _("the classes, a line each"), _runs)

# --- The day before -------------------------------------------------------------------------------

CLASS_TODAY = NoticeKind(
    key="class_tomorrow",
    urgency=Urgency.SOON,
    wording="today",
    title=_("Class today: %(title)s"),
    body="%(lessons)s",
    values=(CLASS, LESSONS),
)
CLASS_TOMORROW = NoticeKind(
    key="class_tomorrow",
    urgency=Urgency.SOON,
    title=_("Class tomorrow: %(title)s"),
    body="%(lessons)s",
    values=(CLASS, LESSONS),
)
CLASS_LATER = NoticeKind(
    key="class_tomorrow",
    urgency=Urgency.SOON,
    wording="later",
    title=_("Class on %(day)s: %(title)s"),
    body="%(lessons)s",
    values=(CLASS, Value("day", _("the day of the class"), day), LESSONS),
)

# --- Follows, and classes with few people ---------------------------------------------------------

FOLLOWED_CLASS_OPENED = NoticeKind(
    key="followed_class_opened",
    is_suggestion=True,
    title=_("A class opened: %(title)s"),
    body=lines(_("You follow “%(target)s”."), "%(runs)s"),
    values=(CLASS, TARGET, RUNS),
)
FOLLOWED_CLASSES_OPENED = NoticeKind(
    key="followed_class_opened",
    is_suggestion=True,
    wording="several",
    title=_("Classes opened: %(course)s"),
    body=lines(_("You follow “%(target)s”."), "%(runs)s"),
    values=(Value("course", _("the title of the course")), TARGET, RUNS),
)
CLASS_IS_SHORT = NoticeKind(
    key="class_is_short",
    urgency=Urgency.SOON,
    title=_("Does it take place? %(title)s has %(booked)d of at least %(least)d people"),
    body=_(
        "Today it is decided. Hold it all the same, lower the minimum, or cancel"
        " it: whoever booked is then shown where else the course is taught."
    ),
    values=(
        CLASS,
        Value("booked", _("how many people have booked")),
        Value("least", _("how many it takes to hold the class")),
    ),
)
CLASS_TO_CLOSE = NoticeKind(
    key="class_to_close",
    title=_("Close the class: %(title)s"),
    body=_(
        "Its last lesson was on %(day)s and everything is there. Those who came have their hours"
        " once it is closed."
    ),
    values=(CLASS, Value("day", _("the day of the last lesson"), day)),
)
CLASS_FILE_INCOMPLETE = NoticeKind(
    key="class_to_close",
    wording="incomplete",
    title=_("Complete and close the class: %(title)s"),
    body=_(
        "Its last lesson was on %(day)s. Still missing: %(parts)s. Those who came have their hours"
        " once it is closed."
    ),
    values=(
        CLASS,
        Value("day", _("the day of the last lesson"), day),
        Value("parts", _("what is missing in the file of the class")),
    ),
)
