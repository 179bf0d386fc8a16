"""What is known of a class while it is typed, for what is asked besides before it is opened."""

from datetime import date

from django.utils import timezone

from ..beside_class import KnownClass
from ..models import TrainingClass
from .class_facts import ClassForm
from .lesson_rows import LessonFormSet


def known_when_saved(training_class: TrainingClass) -> KnownClass | None:
    """What is known of a class as it is saved; None while it has no day."""
    if training_class.starts_at is None:
        return None
    titles = training_class.lessons.values_list("course_version__title", flat=True).distinct()
    return KnownClass(
        training_class.campus,
        training_class.department,
        timezone.localdate(training_class.starts_at),
        "。".join([training_class.title, *titles]),
        training_class,
    )


def known_when_typed(
    form: ClassForm, lessons: LessonFormSet, training_class: TrainingClass | None
) -> KnownClass | None:
    """What is known by what was typed; None while campus or day are missing."""
    form.is_valid()
    lessons.is_valid()
    facts = form.cleaned_data
    rows = [row.cleaned_data for row in lessons.wanted]
    days = [row["day"] for row in rows if isinstance(row.get("day"), date)]
    if not facts.get("campus") or not days:
        return None
    titles = sorted({row["course"].title for row in rows if row.get("course")})
    texts = "。".join([facts.get("title") or "", *titles])
    return KnownClass(facts["campus"], facts.get("department"), min(days), texts, training_class)
