"""授课与带教证明: what a person has taught and whom they accompanied in a year, on one paper.

Lessons are those of closed classes that the person stood before, in whatever role; a class that is
reopened takes its lessons along until it is closed again. Study hours of teaching are the standing
lines of the ledger, each with its rule. Source: docs/rules.md R92.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from academy.access import campuses_of, departments_of, is_office
from academy.models import User
from academy.text.names import masked_name
from courses.models import HELD, ClassStatus, Expert, Lesson, LessonTeacher, TeachingRole
from trainees.models import HourEntry, HourKind
from trainees.people.finding import people_seen_by
from trainees.record.hours import standing_entries

from .models import Secondment, SecondmentStatus
from .models.secondments import mentors_somebody


@dataclass(frozen=True)
class Teacher:
    """Who taught: an entry of the register, an account, or both. One of the two is there."""

    user: User | None
    expert: Expert | None

    @property
    def name(self) -> str:
        return self.expert.name if self.expert else self.user.name


@dataclass(frozen=True)
class TaughtLesson:
    """A lesson, and as what the person stood before it."""

    lesson: Lesson
    roles: list[TeachingRole]


@dataclass(frozen=True)
class Accompanied:
    """A secondment with the days on which the person was its mentor, to today at most."""

    secondment: Secondment
    name: str  # masked for whoever does not see the secondment
    first: date
    last: date


@dataclass(frozen=True)
class TeachingStatement:
    """`is_whole` where all of the year stands there; otherwise only lessons of the classes that the
    reader runs. `not_closed` counts lessons that are over while their class is not closed.
    """

    teacher: Teacher
    year: int
    lessons: list[TaughtLesson]
    accompanied: list[Accompanied]
    entries: list[HourEntry]
    not_closed: int
    is_whole: bool
    made_at: datetime

    @property
    def lesson_hours(self) -> Decimal:
        return sum((item.lesson.hours for item in self.lessons), Decimal(0))

    @property
    def entry_hours(self) -> Decimal:
        return sum((entry.hours for entry in self.entries), Decimal(0))


def has_taught(person: User) -> bool:
    """Whether the person stands in the register, stood before a lesson, is the mentor of a
    secondment, or has hours of teaching in the ledger; one query.
    """
    return (
        User.objects.filter(pk=person.pk)
        .filter(
            Exists(Expert.objects.filter(user=OuterRef("pk")))
            | Exists(LessonTeacher.objects.filter(person=OuterRef("pk")))
            | mentors_somebody()
            | Exists(
                standing_entries().filter(trainee__user=OuterRef("pk"), kind=HourKind.TEACHING)
            )
        )
        .exists()
    )


def teacher_of(user: User) -> Teacher:
    """The person with their entry in the register, where there is one."""
    return Teacher(user, Expert.objects.select_related("village__town").filter(user=user).first())


def teacher_named(expert: Expert) -> Teacher:
    """The entry of the register with its account, where there is one."""
    return Teacher(expert.user, expert)


def sees_all_of(viewer: User, teacher: Teacher) -> bool:
    """Oneself, the office, and whoever may open the page of the person."""
    if is_office(viewer):
        return True
    if teacher.user is None:
        return False
    return (
        viewer.pk == teacher.user.pk or people_seen_by(viewer).filter(user=teacher.user.pk).exists()
    )


def may_see(viewer: User, teacher: Teacher) -> bool:
    """Whoever sees all of it, and whoever runs a class that the person taught in."""
    return sees_all_of(viewer, teacher) or _taught(teacher).filter(_run_by(viewer)).exists()


def statement_of(teacher: Teacher, year: int, *, viewer: User, now: datetime) -> TeachingStatement:
    """The year of one teacher as the viewer may see it; days are those of Shanghai.

    Whoever only runs classes gets the lessons of these, and secondments that they see anyway.
    """
    is_whole = sees_all_of(viewer, teacher)
    taught = _taught(teacher).filter(lesson__starts_at__year=year)
    if not is_whole:
        taught = taught.filter(_run_by(viewer))
    closed = taught.filter(lesson__training_class__status=ClassStatus.CLOSED)
    rows = closed.select_related(
        "lesson__course_version", "lesson__training_class__campus", "lesson__venue__campus"
    ).order_by("lesson__starts_at", "lesson", "place", "pk")
    over = taught.filter(lesson__training_class__status__in=HELD, lesson__ends_at__lte=now)
    return TeachingStatement(
        teacher=teacher,
        year=year,
        lessons=_by_lesson(rows),
        accompanied=_accompanied(teacher, year, viewer, is_whole, timezone.localdate(now)),
        entries=list(_entries(teacher).filter(earned_on__year=year)) if is_whole else [],
        not_closed=over.values("lesson").distinct().count(),
        is_whole=is_whole,
        made_at=now,
    )


def years_of(teacher: Teacher, viewer: User, *others: int) -> list[int]:
    """The years with a lesson, a secondment or a line of the ledger, and those named, the newest
    first.
    """
    is_whole = sees_all_of(viewer, teacher)
    taught = _taught(teacher).filter(lesson__training_class__status=ClassStatus.CLOSED)
    if not is_whole:
        taught = taught.filter(_run_by(viewer))
    years = {day.year for day in taught.datetimes("lesson__starts_at", "year")} | set(others)
    if is_whole:
        years |= {day.year for day in _entries(teacher).dates("earned_on", "year")}
    this_year = max(others, default=timezone.localdate().year)
    for row in _mentored(teacher, viewer, is_whole):
        years |= set(range(row.starts_on.year, min(_last_day(row).year, this_year) + 1))
    return sorted(years, reverse=True)


def _taught(teacher: Teacher) -> QuerySet[LessonTeacher]:
    """What the person stood before, as an expert or as class teacher."""
    if teacher.user is None:
        return LessonTeacher.objects.filter(expert=teacher.expert)
    return LessonTeacher.objects.filter(Q(person=teacher.user) | Q(expert__user=teacher.user))


def _run_by(viewer: User) -> Q:
    """Lessons of the classes that the viewer runs."""
    return Q(lesson__training_class__campus__in=campuses_of(viewer)) | Q(
        lesson__training_class__department__in=departments_of(viewer)
    )


def _by_lesson(rows: Iterable[LessonTeacher]) -> list[TaughtLesson]:
    """A lesson once, whoever stands before it in two roles."""
    found: dict[int, TaughtLesson] = {}
    for row in rows:
        found.setdefault(row.lesson_id, TaughtLesson(row.lesson, [])).roles.append(
            TeachingRole(row.role)
        )
    return list(found.values())


def _entries(teacher: Teacher) -> QuerySet[HourEntry]:
    """The standing lines of the ledger for teaching; none without an account."""
    if teacher.user is None:
        return HourEntry.objects.none()
    return (
        standing_entries()
        .filter(trainee__user=teacher.user, kind=HourKind.TEACHING)
        .select_related("lesson__course_version")
        .order_by("earned_on", "pk")
    )


def _mentored(teacher: Teacher, viewer: User, is_whole: bool) -> QuerySet[Secondment]:
    if teacher.user is None:
        return Secondment.objects.none()
    rows = Secondment.objects.all() if is_whole else Secondment.objects.visible_to(viewer)
    return rows.filter(mentor=teacher.user).with_people().order_by("starts_on", "code")


def _last_day(secondment: Secondment) -> date:
    if secondment.status == SecondmentStatus.WITHDRAWN:
        return min(secondment.ends_on, timezone.localdate(secondment.ended_at))
    return secondment.ends_on


def _accompanied(
    teacher: Teacher, year: int, viewer: User, is_whole: bool, today: date
) -> list[Accompanied]:
    """Secondments that ran on a day of the year, as far as it is over."""
    first_day, last_day = date(year, 1, 1), min(date(year, 12, 31), today)
    rows = [
        row
        for row in _mentored(teacher, viewer, is_whole)
        if row.starts_on <= min(last_day, _last_day(row)) and _last_day(row) >= first_day
    ]
    seen = set(
        Secondment.objects.visible_to(viewer)
        .filter(pk__in=[row.pk for row in rows])
        .values_list("pk", flat=True)
    )
    return [
        Accompanied(
            row,
            row.trainee.name if row.pk in seen else masked_name(row.trainee.name),
            row.starts_on,
            min(_last_day(row), today),
        )
        for row in rows
    ]
