"""Whether the person took the course before, and what else stands in the calendar."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.templatetags.portal_tags import full_day
from courses.models import ClashRule, TrainingClass

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
        fact = _("%(moment)s you have “%(title)s”") % {
            "moment": moment_in_words(lessons[0].starts_at),
            "title": lessons[0].class_title,
        }
        way_out = _("Cancel the other class first, or take the next one of this kind.")
        others = tuple(dict.fromkeys(lesson.training_class_id for lesson in lessons))
    elif busy:
        title = ngettext(
            "One lesson falls on a time that is taken",
            "%(count)d lessons fall on times that are taken",
            len(busy),
        ) % {"count": len(busy)}
        fact = _("%(moment)s is %(what)s") % {
            "moment": moment_in_words(busy[0].starts_at),
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
