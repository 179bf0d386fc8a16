"""The register of experts: who teaches what, how much this season, and when they are free. Only the office writes it."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from .models import HELD, ClassStatus, Expert, Lesson
from .season import Season

COUNTED = (*HELD, ClassStatus.CLOSED, ClassStatus.DRAFT)  # a cancelled class is no load


def with_load(experts: QuerySet[Expert], season: Season) -> QuerySet[Expert]:
    """Annotate `season_lessons` and `season_hours`."""
    inside = Q(lessons__starts_at__gte=season.begins_at, lessons__starts_at__lt=season.ends_at, lessons__training_class__status__in=COUNTED)
    return experts.annotate(season_lessons=Count("lessons", filter=inside), season_hours=Sum("lessons__hours", filter=inside, default=0))


def matching(experts: QuerySet[Expert], *, words: str = "", category: str = "", span: tuple[datetime, datetime] | None = None) -> QuerySet[Expert]:
    """By speciality, practice or name; in a category; free in the whole span."""
    for word in words.replace("\0", " ").split()[:5]:
        experts = experts.filter(
            Q(specialities__icontains=word) | Q(signature_practice__icontains=word) | Q(name__icontains=word) | Q(organisation__icontains=word)
        )
    if category:
        experts = experts.filter(category=category)
    if span:
        experts = experts.exclude(Exists(Lesson.objects.overlapping(*span).filter(expert=OuterRef("pk"))))
    return experts


def lessons_of(expert: Expert, *, now: datetime, drafts: bool) -> QuerySet[Lesson]:
    """Lessons ahead, the next one first; drafts only for those who plan."""
    statuses = (*HELD, ClassStatus.DRAFT) if drafts else HELD
    return (
        Lesson.objects.filter(expert=expert, ends_at__gt=now, training_class__status__in=statuses)
        .select_related("training_class", "course_version", "venue__campus").order_by("starts_at", "pk")
    )  # fmt: skip


def lessons_given(expert: Expert, *, now: datetime) -> QuerySet[Lesson]:
    """Lessons that are over, the latest first."""
    return (
        Lesson.objects.filter(expert=expert, ends_at__lte=now, training_class__status__in=(*HELD, ClassStatus.CLOSED))
        .select_related("training_class", "course_version", "venue__campus").order_by("-starts_at", "pk")
    )  # fmt: skip
