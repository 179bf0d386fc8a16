"""Whether the person took the course before, and what else stands in the calendar."""

from collections.abc import Collection, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.templatetags.portal_tags import day, full_day, span
from courses.models import ClashRule, Lesson, TrainingClass

from ..busy import Busy
from ..errors import Reason
from .clashes import Commitments
from .repeats import Earlier, Kinship
from .window import moment_in_words


def repeat_reason(earlier: Iterable[Earlier]) -> Reason:
    """What was taken, which way it is the same, and when."""
    found = next(iter(earlier), None)
    if found is None:
        return Reason(
            True,
            _("New to you"),
            _("You have not taken its courses within 24 months"),
            rule="repeat",
        )
    return Reason(
        False,
        _("You have taken this before"),
        earlier_in_words(found),
        _("Take the next level, ask for an exemption, or say why you take it again."),
        rule="repeat",
    )


def earlier_in_words(earlier: Earlier) -> str:
    """加装电梯实务，2027年3月1日在“某班”上过."""
    training = earlier.training
    names = {
        "title": training.title,
        "day": full_day(training.on),
        "class_title": training.class_title,
        "score": earlier.score,
    }
    match earlier.kinship:
        case Kinship.SAME:
            return _("“%(title)s” on %(day)s, in “%(class_title)s”") % names
        case Kinship.EQUIVALENT:
            return (
                _("“%(title)s”, which counts as the same, on %(day)s, in “%(class_title)s”") % names
            )
        case Kinship.NEAR_SAME:
            return (
                _(
                    "“%(title)s”, whose content is nearly the same (%(score)d of 100), on %(day)s,"
                    " in “%(class_title)s”"
                )
                % names
            )


def clash_reason(
    training_class: TrainingClass, commitments: Commitments, *, only_lessons: bool = False
) -> Reason:
    """Lesson against lesson, and against other busy times such as secondment days. Source:
    docs/rules.md R4.

    A class whose clash rule is to warn lets the person decide.
    """
    lessons, others = commitments.clashing_lessons(training_class), ()
    busy = [] if only_lessons else commitments.clashing_times(training_class)
    if lessons:
        title = ngettext(
            "One lesson clashes with another class of yours",
            "%(count)d lessons clash with other classes of yours",
            len(lessons),
        ) % {"count": len(lessons)}
        fact = _("%(time)s you have “%(title)s”; this class is on %(this)s") % {
            "time": _span_in_words(lessons[0]),
            "title": lessons[0].class_title,
            "this": _span_beside(lessons[0], commitments.met_by(training_class, lessons[0])),
        }
        way_out = _("Cancel the other class first, or take the next one of this kind.")
        others = tuple(dict.fromkeys(lesson.training_class_id for lesson in lessons))
    elif busy:
        title = ngettext(
            "One lesson falls on a time that is taken",
            "%(count)d lessons fall on times that are taken",
            len(busy),
        ) % {"count": len(busy)}
        # such a time is that of the lesson itself
        fact = _("%(time)s is %(what)s") % {
            "time": _span_in_words(busy[0]),
            "what": busy[0].title,
        }
        way_out = _("If it has been agreed that you may come, your coordinator can book you.")
    else:
        return _no_clash(commitments.beside(training_class))
    if training_class.clash_rule == ClashRule.WARN:
        return Reason(
            True,
            title,
            fact,
            _("You may book all the same; please settle it yourself."),
            hint=True,
            rule="clash",
        )
    return Reason(False, title, fact, way_out, classes=others, rule="clash")


def _span_in_words(time: Lesson | Busy) -> str:
    """11月15日 周一 13:30—15:55; with both days where it lasts longer than one."""
    first, last = timezone.localdate(time.starts_at), timezone.localdate(time.ends_at)
    if first == last:
        return f"{day(time.starts_at)} {span(time)}"
    return f"{moment_in_words(time.starts_at)}—{moment_in_words(time.ends_at)}"


def _span_beside(other: Lesson, lesson: Lesson) -> str:
    """The lesson's time; without the day where that of the other says it."""
    days = {timezone.localdate(moment) for moment in (other.starts_at, other.ends_at)}
    is_that_day = days == {timezone.localdate(lesson.starts_at)}
    return span(lesson) if is_that_day else _span_in_words(lesson)


def _no_clash(others: Collection) -> Reason:
    if not others:
        return Reason(
            True, _("No clash of times"), _("You have booked no other class"), rule="clash"
        )
    compared = {
        "classes": len({lesson.training_class_id for lesson in others}),
        "lessons": len(others),
    }
    return Reason(
        True,
        _("No clash of times"),
        _("Compared lesson by lesson with your %(classes)d classes, %(lessons)d lessons")
        % compared,
        rule="clash",
    )
