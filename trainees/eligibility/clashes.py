"""Does a class fit into a person's time?

Lesson against lesson, never class span against class span. Source: docs/rules.md R4.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from courses.models import HELD, Lesson, TrainingClass

from ..busy import Busy, gather
from ..models import SEAT_HOLDING, Trainee
from ..statements import lessons_beside


@dataclass(frozen=True)
class Commitments:
    """What a person has on already, beside the lessons of the classes that are looked at."""

    own: tuple[Lesson, ...]  # of classes with a seat
    wanted: Mapping[int, list[Lesson]]  # class → its lessons
    busy: tuple[Busy, ...]
    # of the classes looked at: those with lessons in which the person has a seat or waits
    enrolled: frozenset[int]

    def beside(self, training_class: TrainingClass) -> list[Lesson]:
        """Lessons of the person's other classes."""
        return [lesson for lesson in self.own if lesson.training_class_id != training_class.pk]

    def without(self, left: TrainingClass) -> Self:
        """As it is once the person has left a class."""
        return replace(
            self, own=tuple(lesson for lesson in self.own if lesson.training_class_id != left.pk)
        )

    def clashing_lessons(self, training_class: TrainingClass) -> list[Lesson]:
        """Those that share a moment with a lesson of the class; touching ends do not clash."""
        return [
            lesson for lesson in self.beside(training_class) if self.met_by(training_class, lesson)
        ]

    def clashing_times(self, training_class: TrainingClass) -> list[Busy]:
        """What else the person has on at a lesson's time."""
        return [busy for busy in self.busy if self.met_by(training_class, busy)]

    def met_by(self, training_class: TrainingClass, other: Lesson | Busy) -> Lesson | None:
        """The first lesson of the class that shares a moment with the other time."""
        return next(
            (lesson for lesson in self.to_attend(training_class) if _meet(lesson, other)), None
        )

    def to_attend(self, training_class: TrainingClass) -> list[Lesson]:
        """The lessons of the class but for parallel slots beside which another one is free: the
        person will choose that. Source: docs/rules.md R90.
        """
        lessons = self.wanted.get(training_class.pk, [])
        if all(lesson.slot_group is None for lesson in lessons):
            return lessons
        others = [*self.beside(training_class), *self.busy]
        free = {
            lesson.slot_group
            for lesson in lessons
            if not any(_meet(lesson, other) for other in others)
        }
        return [
            lesson
            for lesson in lessons
            if lesson.slot_group is None or lesson.slot_group not in free
        ]

    def of_slot(self, slot: Lesson) -> Self:
        """As it is for one slot of its class alone."""
        return replace(self, wanted={slot.training_class_id: [slot]})


def _meet(one: Lesson | Busy, other: Lesson | Busy) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def commitments_of(trainee: Trainee, classes: Iterable[TrainingClass]) -> Commitments:
    """Everything that is needed to compare; one query, and one for each app that knows of other
    busy times.
    """
    keys = [training_class.pk for training_class in classes]
    own, wanted, enrolled = [], defaultdict(list), set()
    for lesson in lessons_beside(trainee.pk, keys):
        if lesson.training_class_id in keys:
            wanted[lesson.training_class_id].append(lesson)
            if lesson.standing:
                enrolled.add(lesson.training_class_id)
        attends = lesson.slot_group is None or lesson.choice is not None
        if attends and lesson.standing in SEAT_HOLDING and lesson.class_status in HELD:
            own.append(lesson)
    spans = [(lesson.starts_at, lesson.ends_at) for group in wanted.values() for lesson in group]
    return Commitments(tuple(own), wanted, tuple(gather(trainee, spans)), frozenset(enrolled))
