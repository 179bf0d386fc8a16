"""What must be there before a class is closed, part by part: programme, timetable, confirmed
roster, evaluation invitation. Source: docs/rules.md R80.

A part is a function of many classes and a moment; it answers by the key of the class, with no
statement for each, and leaves out classes that it does not concern. Those of this app stand in
OWN_PARTS; an app above declares its own in `closing_parts.py`, a list PARTS, for imports go one
way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module

from django.apps import apps
from django.urls import reverse
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from courses.models import Lesson, TrainingClass

from ..booking.slots import without_a_slot
from .lesson_rolls import with_roll

TIMETABLE, ROSTER, EVALUATION = "timetable", "roster", "evaluation"
SLOTS = "slots"
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


Part = Callable[[Sequence[TrainingClass], datetime], Mapping[int, ClosingPart]]


def timetable(classes: Sequence[TrainingClass], now: datetime) -> dict[int, ClosingPart]:
    """The lessons as they were held."""
    name = pgettext("part of a class's file", "Timetable")
    with_lessons = set(
        Lesson.objects.filter(training_class__in=classes)
        .order_by()
        .values_list("training_class", flat=True)
        .distinct()
    )
    return {
        one.pk: ClosingPart(TIMETABLE, name, is_there=True)
        if one.pk in with_lessons
        else ClosingPart(
            TIMETABLE,
            name,
            is_there=False,
            sentence=_("No lesson stands in the timetable."),
            url=reverse("trainees:class_edit", args=[one.code]),
        )
        for one in classes
    }


def roster(classes: Sequence[TrainingClass], now: datetime) -> dict[int, ClosingPart]:
    """Everybody on the roster has a mark in every lesson."""
    name = pgettext("part of a class's file", "Confirmed roster")
    lacking: dict[int, list[Lesson]] = {}
    lessons = with_roll(Lesson.objects.filter(training_class__in=classes))
    for lesson in lessons.order_by("starts_at", "pk"):
        if lesson.on_the_roll > lesson.marked:
            lacking.setdefault(lesson.training_class_id, []).append(lesson)
    parts = {one.pk: ClosingPart(ROSTER, name, is_there=True) for one in classes}
    for key, found in lacking.items():
        count = sum(lesson.on_the_roll - lesson.marked for lesson in found)
        parts[key] = ClosingPart(
            ROSTER,
            name,
            is_there=False,
            sentence=ngettext("%(count)d mark is missing.", "%(count)d marks are missing.", count)
            % {"count": count},
            url=reverse("trainees:attendance", args=[found[0].pk]),
        )
    return parts


def slots(classes: Sequence[TrainingClass], now: datetime) -> dict[int, ClosingPart]:
    """Of parallel slots everybody has chosen one, or was placed: else they are on no roll. Classes
    without slots have no such part.
    """
    name = pgettext("part of a class's file", "Choice of slots")
    lacking = without_a_slot(classes)
    return {
        one.pk: ClosingPart(
            SLOTS,
            name,
            is_there=not lacking[one.pk],
            sentence=ngettext(
                "%(count)d person has no slot of a parallel lesson.",
                "%(count)d people have no slot of a parallel lesson.",
                lacking[one.pk],
            )
            % {"count": lacking[one.pk]}
            if lacking[one.pk]
            else "",
            url=reverse("trainees:class_slots", args=[one.code]) if lacking[one.pk] else "",
        )
        for one in classes
        if one.pk in lacking
    }


def evaluation(classes: Sequence[TrainingClass], now: datetime) -> dict[int, ClosingPart]:
    """The invitation goes out by itself when the last lesson has ended, with closing at the
    latest: nobody has to do anything, and nothing waits for it.
    """
    name = pgettext("part of a class's file", "Evaluation invitation")
    parts = {}
    for one in classes:
        is_over = one.ends_at is not None and now >= one.ends_at
        parts[one.pk] = ClosingPart(
            EVALUATION,
            name,
            is_there=is_over,
            sentence="" if is_over else _("It goes out by itself when the last lesson has ended."),
            url="" if is_over else reverse("trainees:class_evaluation", args=[one.code]),
            stops=False,
        )
    return parts


OWN_PARTS: Sequence[Part] = (timetable, roster, slots, evaluation)


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
    return _parts_of_all([training_class], now)[training_class.pk]


def missing_parts(training_class: TrainingClass, now: datetime) -> list[ClosingPart]:
    """What closing the class waits for; empty: it may be closed."""
    return missing_parts_of_all([training_class], now)[training_class.pk]


def missing_parts_of_all(
    classes: Sequence[TrainingClass], now: datetime
) -> dict[int, list[ClosingPart]]:
    """Class key → what closing it waits for; no statement for each class."""
    return {
        key: [part for part in parts if part.stops and not part.is_there]
        for key, parts in _parts_of_all(classes, now).items()
    }


def _parts_of_all(classes: Sequence[TrainingClass], now: datetime) -> dict[int, list[ClosingPart]]:
    if not classes:
        return {}
    found = [part(classes, now) for part in (*_declared(), *OWN_PARTS)]
    return {one.pk: [parts[one.pk] for parts in found if one.pk in parts] for one in classes}


def in_words(parts: Sequence[ClosingPart]) -> str:
    """培训方案、名单确认."""
    return pgettext("between names", ", ").join(part.name for part in parts)
