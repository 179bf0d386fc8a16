"""What classes ask of whoever books them: posts, groups, stages, towns, courses taken before."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import pgettext

from academy.models import GrowthStage, LearnerGroup, Position, Town
from courses.models import Course, TrainingClass

from ..statements import taught_in


@dataclass(frozen=True)
class Names:
    """What the things asked for are called, in the order of their vocabulary.

    A vocabulary is read when a sentence first needs it, once for all classes.
    """

    courses_asked: Collection[int]

    @cached_property
    def positions(self) -> Mapping[int, str]:
        return dict(Position.objects.order_by("sort_order", "pk").values_list("pk", "name"))

    @cached_property
    def groups(self) -> Mapping[int, str]:
        return dict(LearnerGroup.objects.order_by("sort_order", "pk").values_list("pk", "name"))

    @cached_property
    def stages(self) -> Mapping[int, str]:
        return dict(GrowthStage.objects.order_by("sort_order", "pk").values_list("pk", "name"))

    @cached_property
    def towns(self) -> Mapping[int, str]:
        return dict(Town.objects.order_by("pk").values_list("pk", "name"))

    @cached_property
    def prerequisites(self) -> Mapping[int, str]:
        asked = Course.objects.filter(pk__in=self.courses_asked)
        return dict(asked.order_by("pk").values_list("pk", "title"))


@dataclass(frozen=True)
class Requirements:
    """Keys of what a class asks for; an empty one asks for nothing.

    `courses` and `versions` are what the class teaches.
    """

    names: Names
    positions: frozenset[int]
    groups: frozenset[int]  # of light accounts; without any the class is for cadres only
    stages: frozenset[int]
    towns: frozenset[int]
    prerequisites: frozenset[int]
    courses: frozenset[int]
    versions: frozenset[int]

    def named(self, kind: str, keys: Collection[int] | None = None) -> list[str]:
        """The names of all things of a kind, or of those with the keys."""
        keys = getattr(self, kind) if keys is None else keys
        if not keys:
            return []
        return [name for key, name in getattr(self.names, kind).items() if key in keys]

    def listed(self, kind: str, keys: Collection[int] | None = None) -> str:
        """The same as part of a sentence."""
        return pgettext("between names", ", ").join(self.named(kind, keys))


def requirements_of(classes: Iterable[TrainingClass]) -> dict[int, Requirements]:
    """Class key → what it asks: its row, and one query for what it teaches.

    A course that the class teaches itself is not asked for as a prerequisite.
    """
    classes = list(classes)
    courses, versions, before = defaultdict(set), defaultdict(set), defaultdict(set)
    for lesson in taught_in([item.pk for item in classes]):
        versions[lesson.training_class_id].add(lesson.course_version_id)
        courses[lesson.training_class_id].add(lesson.course_id)
        before[lesson.training_class_id].add(lesson.prerequisite)
    asked = {
        item.pk: {*item.conditions.get("prerequisites", ()), *before[item.pk]}
        - {None, *courses[item.pk]}
        for item in classes
    }
    names = Names(set().union(*asked.values()))
    return {
        item.pk: Requirements(
            names=names,
            positions=frozenset(item.conditions.get("audiences", ())),
            groups=frozenset(item.conditions.get("open_to_groups", ())),
            stages=frozenset(item.conditions.get("stages", ())),
            towns=frozenset(item.conditions.get("towns", ())),
            prerequisites=frozenset(asked[item.pk]),
            courses=frozenset(courses[item.pk]),
            versions=frozenset(versions[item.pk]),
        )
        for item in classes
    }
