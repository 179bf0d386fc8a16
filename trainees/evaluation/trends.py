"""Evaluations by season, of teachers, courses and places of teaching: figures with their number, in
the order of codes, never by score.

Every class in a figure has five opened answers or more, so neither a figure nor the difference of
two speaks of fewer. A class counts for every teacher who lectured in it and every course taught in
it: people grade the class, not the person. Source: docs/rules.md R83.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.translation import pgettext_lazy

from courses.models import Expert, Lesson, LessonTeacher, TeachingRole, TrainingClass

from ..models import GOOD_GRADES, Aspect, EvaluationAnswer
from .box import OPENS_AT


class Dimension(models.TextChoices):
    """Whose trend is shown."""

    CAMPUS = "campus", pgettext_lazy("trend", "Campuses")
    COURSE = "course", pgettext_lazy("trend", "Courses")
    TEACHER = "teacher", pgettext_lazy("trend", "Teachers")


@dataclass
class TrendRow:
    """One of them in one season: so many classes and answers, and per aspect how many answers have
    one of the two best grades.
    """

    code: str
    name: str
    season: str
    classes: int = 0
    n: int = 0
    good: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Aspect.values, 0))

    def per_cent(self, aspect: str) -> int:
        return round(100 * self.good[aspect] / self.n)


def evaluated_classes(user) -> QuerySet[TrainingClass]:
    """The classes whose evaluation the person sees: those that they run, and in which they lecture.

    The same as the predicate `sees_evaluation`.
    """
    own = TrainingClass.objects.run_by(user).order_by()
    taught = LessonTeacher.objects.filter(role=TeachingRole.LECTURER, expert__user=user.pk)
    return TrainingClass.objects.filter(
        Q(pk__in=own.values("pk")) | Q(pk__in=taught.values("lesson__training_class"))
    )


def _counted(classes: QuerySet[TrainingClass]) -> QuerySet:
    """For each class with opened answers: key, season, campus, how many, and how many good."""
    goods = {
        f"good_{aspect}": Count("pk", filter=Q(**{f"{aspect}__in": GOOD_GRADES}))
        for aspect in Aspect.values
    }
    return (
        EvaluationAnswer.objects.filter(training_class__in=classes.order_by())
        .order_by()
        .values(
            "training_class",
            "training_class__season",
            "training_class__campus__code",
            "training_class__campus__name",
        )
        .annotate(n=Count("pk"), **goods)
        .filter(n__gte=OPENS_AT)
    )


def trends(user, dimension: Dimension) -> list[TrendRow]:
    """Every row that the person sees, in the order of codes and seasons; two statements."""
    classes = evaluated_classes(user)
    counted = {row["training_class"]: row for row in _counted(classes)}
    rows: dict[tuple[str, str], TrendRow] = {}
    for key, code, name in _things(user, dimension, counted):
        row, season = counted[key], counted[key]["training_class__season"]
        trend = rows.setdefault((code, season), TrendRow(code, name, season))
        trend.classes += 1
        trend.n += row["n"]
        for aspect in Aspect.values:
            trend.good[aspect] += row[f"good_{aspect}"]
    return [rows[key] for key in sorted(rows)]


def _things(user, dimension: Dimension, counted: dict[int, dict]) -> Iterator[tuple]:
    """(key of a class, code, name) of whatever it counts for, each once."""
    if dimension == Dimension.CAMPUS:
        for key, row in counted.items():
            yield key, row["training_class__campus__code"], row["training_class__campus__name"]
    elif dimension == Dimension.COURSE:
        course = "course_version__course"
        yield from (
            Lesson.objects.filter(training_class__in=list(counted))
            .order_by()
            .values_list("training_class", f"{course}__code", f"{course}__title")
            .distinct()
        )
    else:
        lectured = LessonTeacher.objects.filter(
            lesson__training_class__in=list(counted), role=TeachingRole.LECTURER
        )
        run = TrainingClass.objects.run_by(user).order_by().values("pk")
        # in a class that they do not run, lecturers see themselves alone
        own = Q(lesson__training_class__in=run) | Q(
            expert__in=Expert.objects.filter(user=user.pk).values("pk")
        )
        yield from (
            lectured.filter(own)
            .order_by()
            .values_list("lesson__training_class", "expert__code", "expert__name")
            .distinct()
        )
