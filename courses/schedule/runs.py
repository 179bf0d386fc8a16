"""Runs of one course in a list: one row for the nearest, the others folded below it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from academy.models import Town
from academy.nearness import NOWHERE, Nearness

from ..models import Lesson, TrainingClass
from .listing import ClassRow, class_rows


@dataclass
class Run:
    """A class as a list shows it, and where else the same course is held."""

    row: ClassRow
    town: Town | None = None
    courses: frozenset[str] = frozenset()  # their codes
    others: list["Run"] = field(default_factory=list)

    @property
    def town_count(self) -> int:
        """How many street-towns hold the course, this one among them."""
        return len({run.town.pk for run in (self, *self.others) if run.town})


def courses_of(classes: Iterable[TrainingClass]) -> dict[int, frozenset[str]]:
    """Class key → codes of the courses that its lessons teach; one query."""
    found: dict[int, set[str]] = {item.pk: set() for item in classes}
    taught = Lesson.objects.filter(training_class__in=list(found)).order_by()
    for key, code in taught.values_list("training_class", "course_version__course__code"):
        found[key].add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def folded(
    classes: Collection[TrainingClass],
    *,
    now: datetime,
    nearness: Nearness = NOWHERE,
    taught: dict[int, frozenset[str]] | None = None,
) -> list[Run]:
    """The classes in their order, each course once: the first stands for the others.

    A class without a lesson, or with other courses beside, stands alone. `nearness` is that of the
    person's street-town.
    """
    classes = list(classes)
    taught = courses_of(classes) if taught is None else taught
    rows = class_rows(classes, now=now, nearness=nearness)
    found: dict[object, Run] = {}
    for item, row in zip(classes, rows, strict=True):
        towns = [campus.town for campus in item.places if campus.town_id]
        run = Run(
            row,
            towns[0] if towns else None,
            taught.get(item.pk, frozenset()),
        )
        first = found.setdefault(run.courses or item.pk, run)
        if first is not run:
            first.others.append(run)
    return list(found.values())
