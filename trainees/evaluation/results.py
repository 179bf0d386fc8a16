"""What a class was told: how often each grade, and the texts; nothing below five answers.

Source: docs/rules.md R82.
"""

from collections import Counter
from dataclasses import dataclass

from courses.models import TrainingClass

from ..models import (
    GOOD_GRADES,
    Aspect,
    EvaluationAnswer,
    EvaluationRemark,
    Grade,
    RemarkKind,
    Use,
    UseFollowUp,
)
from .box import OPENS_AT


@dataclass(frozen=True)
class AspectResult:
    """How often each grade was given, the best first."""

    aspect: Aspect
    counts: tuple[tuple[Grade, int], ...]

    @property
    def n(self) -> int:
        return sum(count for _grade, count in self.counts)

    @property
    def good(self) -> int:
        """Answers with one of the two best grades."""
        return sum(count for grade, count in self.counts if grade in GOOD_GRADES)

    @property
    def per_cent(self) -> int:
        return round(100 * self.good / self.n)


@dataclass(frozen=True)
class Results:
    """What stands opened of a class: `n` answers, five or more."""

    n: int
    aspects: tuple[AspectResult, ...]
    useful: tuple[str, ...]
    improve: tuple[str, ...]


def results_of(training_class: TrainingClass) -> Results | None:
    """The opened answers; None where there are fewer than five. Two statements."""
    rows = list(
        EvaluationAnswer.objects.filter(training_class=training_class).values_list(*Aspect.values)
    )
    if len(rows) < OPENS_AT:
        return None
    counted = [Counter(grades) for grades in zip(*rows, strict=True)]
    # by their random keys: in no order that means anything
    remarks = list(
        EvaluationRemark.objects.filter(training_class=training_class)
        .order_by("pk")
        .values_list("kind", "text")
    )
    return Results(
        len(rows),
        tuple(
            AspectResult(aspect, tuple((grade, counts[grade]) for grade in Grade))
            for aspect, counts in zip(Aspect, counted, strict=True)
        ),
        tuple(text for kind, text in remarks if kind == RemarkKind.USEFUL),
        tuple(text for kind, text in remarks if kind == RemarkKind.IMPROVE),
    )


@dataclass(frozen=True)
class UseResult:
    """What was answered 30 or 90 days after; no counts below five answers."""

    days: int
    n: int
    counts: tuple[tuple[Use, int], ...]

    @property
    def is_shown(self) -> bool:
        return self.n >= OPENS_AT


def uses_of(training_class: TrainingClass, days: int) -> UseResult:
    """Return what was answered so many days after."""
    found = Counter(
        UseFollowUp.objects.filter(training_class=training_class, days=days)
        .order_by()
        .values_list("use", flat=True)
    )
    total = sum(found.values())
    counts = tuple((use, found[use]) for use in Use) if total >= OPENS_AT else ()
    return UseResult(days, total, counts)
