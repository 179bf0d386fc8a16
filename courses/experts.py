"""The register of experts: who teaches what, how much this season, and when they are free.

Only the office writes it.
"""

from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from academy.search.index import Findable, codes_found

from .models import HELD, ClassStatus, Expert, Lesson
from .schedule.season import Season
from .search_sources import expert_words

COUNTED = (*HELD, ClassStatus.CLOSED, ClassStatus.DRAFT)  # a cancelled class is no load


def with_load(experts: QuerySet[Expert], season: Season) -> QuerySet[Expert]:
    """Annotate `season_lessons` and `season_hours`, in whatever role."""
    inside = Q(
        teaching__lesson__starts_at__gte=season.begins_at,
        teaching__lesson__starts_at__lt=season.ends_at,
        teaching__lesson__training_class__status__in=COUNTED,
    )
    return experts.annotate(
        season_lessons=Count("teaching", filter=inside),
        season_hours=Sum("teaching__lesson__hours", filter=inside, default=0),
    )


def matching(
    experts: QuerySet[Expert],
    *,
    words: str = "",
    category: str = "",
    span: tuple[datetime, datetime] | None = None,
) -> QuerySet[Expert]:
    """By name, speciality or code as the search page finds them, or by practice or organisation; in
    a category; free in the whole span.
    """
    if words := words.replace("\0", " ").strip():
        unlisted = (
            Findable(item.code, item.name, "", expert_words(item))
            for item in experts.filter(published=False)
        )
        practised = Q()
        for word in words.split()[:5]:
            practised &= Q(signature_practice__icontains=word) | Q(organisation__icontains=word)
        experts = experts.filter(
            practised | Q(code__in=codes_found(words, kind="expert", unlisted=unlisted))
        )
    if category:
        experts = experts.filter(category=category)
    if span:
        experts = experts.exclude(
            Exists(Lesson.objects.overlapping(*span).filter(teachers__expert=OuterRef("pk")))
        )
    return experts


def _taught(expert: Expert) -> QuerySet[Lesson]:
    """Lessons of the expert, each with the `role` that is theirs in it."""
    return Lesson.objects.filter(teachers__expert=expert).annotate(role=F("teachers__role"))


def lessons_of(expert: Expert, *, now: datetime, drafts: bool) -> QuerySet[Lesson]:
    """Lessons ahead, the next one first; drafts only for those who plan."""
    statuses = (*HELD, ClassStatus.DRAFT) if drafts else HELD
    return (
        _taught(expert)
        .filter(ends_at__gt=now, training_class__status__in=statuses)
        .select_related("training_class", "course_version", "venue__campus")
        .order_by("starts_at", "pk")
    )


def lessons_given(expert: Expert, *, now: datetime) -> QuerySet[Lesson]:
    """Lessons that are over, the latest first."""
    return (
        _taught(expert)
        .filter(ends_at__lte=now, training_class__status__in=(*HELD, ClassStatus.CLOSED))
        .select_related("training_class", "course_version", "venue__campus")
        .order_by("-starts_at", "pk")
    )
