"""What must be there before a class is closed, part by part: programme, timetable, confirmed
roster, evaluation invitation. Source: docs/rules.md R80.

A part is a function of a class and a moment. Those of this app stand in OWN_PARTS; an app above
declares its own in `closing_parts.py`, a list PARTS, for imports go one way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module

from django.apps import apps
from django.urls import reverse
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from courses.models import TrainingClass

from . import attendance

TIMETABLE, ROSTER, EVALUATION = "timetable", "roster", "evaluation"
CLOSE_WITHIN = timedelta(days=7)  # after the last lesson, so that nobody waits long for their hours


@dataclass(frozen=True)
class ClosingPart:
    """One part of a class's file: its name, whether it is there, and else what is missing in a
    sentence, with the address where it is mended.

    `stops` says whether closing waits for it.
    """

    key: str
    name: str
    is_there: bool
    sentence: str = ""
    url: str = ""
    stops: bool = True


Part = Callable[[TrainingClass, datetime], ClosingPart]


def timetable(training_class: TrainingClass, now: datetime) -> ClosingPart:
    """The lessons as they were held."""
    name = pgettext("part of a class's file", "Timetable")
    if training_class.lessons.exists():
        return ClosingPart(TIMETABLE, name, is_there=True)
    return ClosingPart(
        TIMETABLE,
        name,
        is_there=False,
        sentence=_("No lesson stands in the timetable."),
        url=reverse("trainees:class_edit", args=[training_class.code]),
    )


def roster(training_class: TrainingClass, now: datetime) -> ClosingPart:
    """Everybody on the roster has a mark in every lesson."""
    name = pgettext("part of a class's file", "Confirmed roster")
    missing = attendance.unmarked(training_class)
    if not missing:
        return ClosingPart(ROSTER, name, is_there=True)
    first = min((lesson for _person, lesson in missing), key=lambda lesson: lesson.starts_at)
    return ClosingPart(
        ROSTER,
        name,
        is_there=False,
        sentence=ngettext(
            "%(count)d mark is missing.", "%(count)d marks are missing.", len(missing)
        )
        % {"count": len(missing)},
        url=reverse("trainees:attendance", args=[first.pk]),
    )


def evaluation(training_class: TrainingClass, now: datetime) -> ClosingPart:
    """The invitation goes out by itself when the last lesson has ended, with closing at the
    latest: nobody has to do anything, and nothing waits for it.
    """
    name = pgettext("part of a class's file", "Evaluation invitation")
    is_over = training_class.ends_at is not None and now >= training_class.ends_at
    return ClosingPart(
        EVALUATION,
        name,
        is_there=is_over,
        sentence="" if is_over else _("It goes out by itself when the last lesson has ended."),
        url="" if is_over else reverse("trainees:class_evaluation", args=[training_class.code]),
        stops=False,
    )


OWN_PARTS: Sequence[Part] = (timetable, roster, evaluation)


@cache
def _declared() -> list[Part]:
    """The parts of the apps above, those of the uppermost first."""
    return [
        part
        for config in reversed(list(apps.get_app_configs()))
        if config.name != "trainees" and module_has_submodule(config.module, "closing_parts")
        for part in import_module(f"{config.name}.closing_parts").PARTS
    ]


def parts_of(training_class: TrainingClass, now: datetime) -> list[ClosingPart]:
    """Every part of the class's file, there or missing."""
    return [part(training_class, now) for part in (*_declared(), *OWN_PARTS)]


def missing_parts(training_class: TrainingClass, now: datetime) -> list[ClosingPart]:
    """What closing the class waits for; empty: it may be closed."""
    return [part for part in parts_of(training_class, now) if part.stops and not part.is_there]


def in_words(parts: Sequence[ClosingPart]) -> str:
    """培训方案、名单确认."""
    return pgettext("between names", ", ").join(part.name for part in parts)
