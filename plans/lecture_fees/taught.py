"""What was really taught for an owner in a season and stands on no list of lecture fees yet.

Source: docs/rules.md R67.
"""

from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from academy.models import CampusKind
from courses.models import ClassStatus, LessonTeacher
from courses.schedule.season import Season

from ..models import PAID_ROLES, LectureFeeRow, Owner, kind_of
from .ranks import ranks_of

HOURS_OF_HALF_A_DAY = Decimal(4)  # that count at most; 财行〔2016〕540号
NOON = time(12)
LENGTHS = {
    name: LectureFeeRow._meta.get_field(name).max_length for name in ("lecturer", "post", "taught")
}


def of_owner(owner: Owner) -> Q:
    """Which classes are the owner's, as conditions on a class: those on an item of its plan; of the
    others those of the department, else of the campus, where a salon is its street-town's.

    The same as `owner_of_class`. Source: docs/rules.md R60.
    """
    kind = kind_of(owner)
    on_an_item = Q(**{f"plan_filing__item__plan__{kind}": owner})
    own = {
        "department": Q(department=owner),
        "town": Q(department=None, campus__kind=CampusKind.SALON, campus__town=owner),
        "campus": Q(department=None, campus=owner) & ~Q(campus__kind=CampusKind.SALON),
    }[kind]
    return on_an_item | Q(plan_filing__item=None) & own


def teaching(owner: Owner, season: Season) -> QuerySet[LessonTeacher]:
    """Experts before lessons of the season, of classes that were closed, in the order of days."""
    found = LessonTeacher.objects.filter(
        _of_class(of_owner(owner)),
        lesson__training_class__status=ClassStatus.CLOSED,
        lesson__starts_at__gte=season.begins_at,
        lesson__starts_at__lt=season.ends_at,
        role__in=PAID_ROLES,
        expert__isnull=False,
    )
    return found.select_related(
        "expert", "lesson__training_class", "lesson__course_version"
    ).order_by("lesson__starts_at", "lesson", "place", "pk")


def not_listed(owner: Owner, season: Season, most: int) -> list[LectureFeeRow]:
    """The rows, unsaved, of what stands on no list of any owner; the earliest first."""
    listed = LectureFeeRow.objects.filter(
        lesson=OuterRef("lesson"), expert=OuterRef("expert"), corrects=None
    )
    return rows_of(teaching(owner, season).filter(~Exists(listed))[:most])


def rows_of(found: Iterable[LessonTeacher]) -> list[LectureFeeRow]:
    """A row for each lecturer of a lesson, as the lesson stands now, without a fee."""
    found = list(found)
    ranks = ranks_of({one.expert for one in found})
    return [
        LectureFeeRow(
            lesson=one.lesson,
            expert=one.expert,
            role=one.role,
            lecturer=one.expert.name[: LENGTHS["lecturer"]],
            post=one.expert.title[: LENGTHS["post"]],
            taught_on=timezone.localdate(one.lesson.starts_at),
            taught=f"{one.lesson.training_class.title}：{one.lesson.title}"[: LENGTHS["taught"]],
            hours=one.lesson.hours,
            counted_hours=counted(one.lesson.starts_at, one.lesson.ends_at, one.lesson.hours),
            rank=ranks[one.expert.pk],
        )
        for one in found
    ]


def counted(starts_at: datetime, ends_at: datetime, hours: Decimal) -> Decimal:
    """The study hours that a fee is reckoned by: at most four for each half of a day."""
    starts, ends = timezone.localtime(starts_at).time(), timezone.localtime(ends_at).time()
    halves = 2 if starts < NOON < ends else 1
    return min(hours, HOURS_OF_HALF_A_DAY * halves)


def _of_class(condition: Q) -> Q:
    """Conditions on a class as conditions on a teacher of one of its lessons."""
    children = [
        _of_class(child)
        if isinstance(child, Q)
        else (f"lesson__training_class__{child[0]}", child[1])
        for child in condition.children
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)
