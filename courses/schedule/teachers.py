"""Who teaches a lesson, in which role: as it is wanted, as it stands, and in words.

Whoever stands there is in the room, whatever the role: each can be in one lesson at a time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import pgettext

from academy.models import OFFICE, Role, RoleGrant, User

from ..models import Expert, Lesson, LessonTeacher, TeachingRole
from ..rules import sees_schedule

LOOKS_AFTER_CLASSES = (*OFFICE, Role.BRANCH_COORDINATOR, Role.DEPARTMENT_STAFF, Role.TOWN_STAFF)
Key = tuple[str, int]  # "expert" or "person", and the key of the row


@dataclass(frozen=True)
class Teacher:
    """One of those who teach: an expert, or a person of staff as class teacher."""

    expert: Expert | None = None
    role: str = TeachingRole.LECTURER
    person: User | None = None

    @property
    def key(self) -> Key:
        return ("expert", self.expert.pk) if self.expert else ("person", self.person.pk)

    @property
    def name(self) -> str:
        return (self.expert or self.person).name

    @property
    def in_words(self) -> str:
        """翁丽娣（点评专家）; a lecturer needs no word."""
        if self.role == TeachingRole.LECTURER:
            return self.name
        return pgettext("teacher and role", "%(name)s (%(role)s)") % {
            "name": self.name,
            "role": TeachingRole(self.role).label,
        }


def class_teachers() -> QuerySet[User]:
    """Staff who may look after a class and are not in the register of experts, by name."""
    grants = RoleGrant.objects.current(timezone.localdate()).filter(role__in=LOOKS_AFTER_CLASSES)
    return User.objects.filter(
        pk__in=grants.order_by().values("user"), is_active=True, expert=None
    ).order_by("name", "pk")


def with_teachers(to: str = "teachers") -> Prefetch:
    """For `prefetch_related`: the teachers of lessons with their names; one query."""
    return Prefetch(to, LessonTeacher.objects.named())


def beside_teachers(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """For a page that may not ask once more: a row for each lesson and teacher; see `collapsed`."""
    return lessons.annotate(
        teacher_role=F("teachers__role"),
        teacher_place=F("teachers__place"),
        expert_name=F("teachers__expert__name"),
        expert_published=F("teachers__expert__published"),
        person_name=F("teachers__person__name"),
    )


def collapsed(rows: Iterable[Lesson]) -> list[Lesson]:
    """Each lesson once, with its teachers at hand: their roles and names, nothing else."""
    found: dict[int, Lesson] = {}
    teachers: dict[int, list[tuple[int, LessonTeacher]]] = {}
    for row in rows:
        found.setdefault(row.pk, row)
        own = teachers.setdefault(row.pk, [])
        if row.teacher_role:
            expert = person = None
            if row.expert_name:
                expert = Expert(name=row.expert_name, published=row.expert_published)
            else:
                person = User(name=row.person_name)
            one = LessonTeacher(role=row.teacher_role, expert=expert, person=person)
            own.append((row.teacher_place, one))
    for pk, lesson in found.items():
        in_order = sorted(teachers[pk], key=lambda pair: pair[0])
        lesson._prefetched_objects_cache = {"teachers": [one for _place, one in in_order]}
    return list(found.values())


def teachers_of(lesson: Lesson) -> tuple[Teacher, ...]:
    """Those of the lesson, in their order; no query where they were fetched with it."""
    return tuple(Teacher(row.expert, row.role, row.person) for row in lesson.teachers.all())


def keys_of(lesson: Lesson) -> set[Key]:
    """Whom the lesson takes; needs no names."""
    return {
        ("expert", row.expert_id) if row.expert_id else ("person", row.person_id)
        for row in lesson.teachers.all()
    }


def taught_by(keys: Iterable[Key]) -> Q:
    """Lessons that take one of these."""
    keys = list(keys)
    rows = LessonTeacher.objects.filter(
        Q(expert__in=[pk for kind, pk in keys if kind == "expert"])
        | Q(person__in=[pk for kind, pk in keys if kind == "person"])
    )
    return Q(pk__in=rows.order_by().values("lesson"))


def write_teachers(lesson: Lesson, wanted: Sequence[Teacher]) -> bool:
    """Bring the rows of a lesson to what is wanted; returns whether anything changed."""
    if teachers_of(lesson) == tuple(wanted):
        return False
    LessonTeacher.objects.filter(lesson=lesson).delete()
    LessonTeacher.objects.bulk_create(
        LessonTeacher(
            lesson=lesson, role=item.role, expert=item.expert, person=item.person, place=place
        )
        for place, item in enumerate(wanted)
    )
    return True


def in_words(teachers: Iterable[Teacher]) -> str:
    """金敏蓉、翁丽娣（点评专家）."""
    return pgettext("between names", ", ").join(item.in_words for item in teachers)


def shown_to(user, lesson: Lesson) -> str:
    """In words, those whose names the reader may see."""
    return shown(lesson, logged_in=user.is_authenticated, plans=sees_schedule.test(user))


def shown(lesson: Lesson, *, logged_in: bool, plans: bool) -> str:
    """Published experts are public, class teachers stand there for whoever has logged in, the
    others for those who plan; where no lecturer is named, what kind of one it is. Source:
    docs/rules.md R12.
    """
    named = [
        item
        for item in teachers_of(lesson)
        if plans or (item.expert.published if item.expert else logged_in)
    ]
    has_lecturer = any(item.role == TeachingRole.LECTURER for item in named)
    kind = "" if has_lecturer else lesson.lecturer_type
    return pgettext("between names", ", ").join(filter(None, (kind, in_words(named))))
