"""What classes ask of whoever books them: posts, groups, stages, towns, courses taken before.

Read for many classes in one query.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import CharField, F, IntegerField, QuerySet, Value

from courses.models import Lesson, TrainingClass


@dataclass(frozen=True)
class Requirements:
    """Key → name of each, in the order of its vocabulary; an empty one asks for nothing.

    `courses` and `versions` are what the class teaches.
    """

    positions: Mapping[int, str] = field(default_factory=dict)
    # of light accounts; without any the class is for cadres only
    groups: Mapping[int, str] = field(default_factory=dict)
    stages: Mapping[int, str] = field(default_factory=dict)
    towns: Mapping[int, str] = field(default_factory=dict)
    prerequisites: Mapping[int, str] = field(default_factory=dict)
    courses: Mapping[int, str] = field(default_factory=dict)
    versions: Mapping[int, str] = field(default_factory=dict)


def requirements_of(classes: Iterable[int]) -> dict[int, Requirements]:
    """Class key → what it asks; one query.

    A course that the class teaches itself is not asked for as a prerequisite.
    """
    classes = list(classes)
    found: dict[int, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    rows = _rows(classes)
    for class_id, kind, _order, key, name in sorted(rows, key=lambda row: row[2:4]):
        found[class_id][kind][key] = name
    result = {}
    for class_id in classes:
        rows = found[class_id]
        taught = rows["courses"]
        rows["prerequisites"] = {
            key: title for key, title in rows["prerequisites"].items() if key not in taught
        }
        result[class_id] = Requirements(**rows)
    return result


def _rows(classes: Sequence[int]) -> QuerySet:
    """(class, kind, order, key, name) of everything that the classes ask for or teach; a thing may
    come twice.
    """
    unordered = Value(0, output_field=IntegerField())

    def rows(kind: str, queryset, class_id: str, key: str, name: str, order=unordered):
        of_the_classes = queryset.filter(
            **{f"{class_id}__in": classes, f"{key}__isnull": False}
        ).order_by()
        return of_the_classes.values_list(
            class_id, Value(kind, output_field=CharField()), order, key, name
        )

    def linked(kind: str, relation, column: str, name: str = "name", order=unordered):
        return rows(
            kind,
            relation.through.objects,
            "trainingclass_id",
            f"{column}_id",
            f"{column}__{name}",
            order,
        )

    course = "course_version__course"
    return linked(
        "positions", TrainingClass.audiences, "position", order=F("position__sort_order")
    ).union(
        linked(
            "groups",
            TrainingClass.open_to_groups,
            "learnergroup",
            order=F("learnergroup__sort_order"),
        ),
        linked("stages", TrainingClass.stages, "growthstage", order=F("growthstage__sort_order")),
        linked("towns", TrainingClass.towns, "town"),
        linked("prerequisites", TrainingClass.prerequisites, "course", "title"),
        rows(
            "prerequisites",
            Lesson.objects,
            "training_class_id",
            f"{course}__prerequisites",
            f"{course}__prerequisites__title",
        ),
        rows("courses", Lesson.objects, "training_class_id", f"{course}_id", f"{course}__title"),
        rows(
            "versions",
            Lesson.objects,
            "training_class_id",
            "course_version_id",
            "course_version__title",
        ),
        all=True,
    )
