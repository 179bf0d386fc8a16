"""What people say of classes, and whether they use what they learnt: class by class, and only
classes with five answers or more. Source: docs/rules.md R82 and R83.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from courses.models import TrainingClass
from trainees.evaluation.box import OPENS_AT
from trainees.models import GOOD_GRADES, USED, EvaluationAnswer, UseFollowUp

from .sources import Fact


@dataclass(frozen=True)
class ClassFigure:
    """A class with so many answers, and so many of them good, or by people who use it."""

    training_class: TrainingClass
    part: int
    whole: int

    is_part = True  # each class is in the figure

    @property
    def pk(self) -> int:
        return self.training_class.pk


def _answers(slug: str) -> tuple[QuerySet, Q]:
    """The answers of an indicator, and which of them are its part."""
    if slug == "taught-well":
        return EvaluationAnswer.objects.all(), Q(effect__in=GOOD_GRADES)
    days = {"used-30": 30, "used-90": 90}[slug]
    return UseFollowUp.objects.filter(days=days), Q(use__in=USED)


def class_figures(slug: str, seasons: Sequence[str]) -> list[ClassFigure]:
    """The classes of these seasons, in the order of their codes; two statements."""
    answers, part = _answers(slug)
    counted = {
        key: (good, number)
        for key, good, number in answers.filter(training_class__season__in=seasons)
        .order_by()
        .values("training_class")
        .annotate(good=Count("pk", filter=part), number=Count("pk"))
        .filter(number__gte=OPENS_AT)
        .values_list("training_class", "good", "number")
    }
    classes = (
        TrainingClass.objects.filter(pk__in=counted)
        .select_related("campus__town", "department")
        .order_by("code")
    )
    return [ClassFigure(item, *counted[item.pk]) for item in classes]


def evaluation_facts(slug: str, seasons: Sequence[str]) -> list[Fact]:
    """By the season of the class, the street-town of its campus and its department."""
    return [
        Fact(
            figure.training_class.season,
            figure.training_class.campus.town.code,
            figure.training_class.department.code if figure.training_class.department else None,
            figure.part,
            figure.whole,
        )
        for figure in class_figures(slug, seasons)
    ]
