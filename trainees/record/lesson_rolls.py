"""Lessons with the state of their roll: how many are on it, how many are marked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import HELD, ClassStatus, Lesson, LessonTeacher, TrainingClass

from ..models import Attendance, Enrolment, choices_in, expected_in_each

SHOWN = (*HELD, ClassStatus.CLOSED)


@dataclass(frozen=True)
class LessonRoll:
    """A lesson, the people on its roll, and those of them who are marked."""

    lesson: Lesson
    people: int
    marked: int
    now: datetime
    is_run: bool = True  # whether the person takes the roll; a class teacher may only be there
    is_looked_after: bool = False  # whether the person is its class teacher (班主任)

    @cached_property
    def url(self) -> str:
        """The roll, or the class for whoever does not take it."""
        if self.is_run:
            return reverse("trainees:attendance", args=[self.lesson.pk])
        return self.lesson.training_class.get_absolute_url()

    @cached_property
    def day(self) -> date:
        return timezone.localdate(self.lesson.starts_at)

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate(self.now)

    @property
    def is_over(self) -> bool:
        return self.lesson.ends_at < self.now

    @property
    def state(self) -> tuple[str, str]:
        """The colour of the badge and its words."""
        numbers = {"marked": self.marked, "people": self.people}
        if not self.people:
            return "idle", _("Nobody has booked")
        if self.marked >= self.people:
            return "ok", ngettext(
                "%(people)d marked", "all %(people)d marked", self.people
            ) % numbers
        if self.marked:
            return "wait", _("%(marked)d of %(people)d marked") % numbers
        if self.is_over:
            return "bad", _("Attendance not taken")
        return "idle", ngettext(
            "%(people)d on the roll", "%(people)d on the roll", self.people
        ) % numbers


def lesson_rolls(user, *, since: date, days: int, now: datetime) -> list[LessonRoll]:
    """The lessons of the classes that the person runs, and those that they look after as class
    teacher, in the order of time; one statement for the lessons, however many there are.
    """
    begin = timezone.make_aware(datetime.combine(since, time.min))
    runs = TrainingClass.objects.run_by(user).filter(pk=OuterRef("training_class"))
    looks_after = LessonTeacher.objects.filter(lesson=OuterRef("pk"), person=user)
    lessons = with_roll(
        Lesson.objects.filter(
            training_class__status__in=SHOWN,
            starts_at__gte=begin,
            starts_at__lt=begin + timedelta(days=days),
        )
    ).annotate(is_run=Exists(runs), is_looked_after=Exists(looks_after))
    return [
        LessonRoll(
            lesson, lesson.on_the_roll, lesson.marked, now, lesson.is_run, lesson.is_looked_after
        )
        for lesson in lessons.filter(Q(is_run=True) | Q(is_looked_after=True))
        .select_related("training_class", "course_version", "venue__campus")
        .order_by("starts_at", "pk")
    ]


def with_roll(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Annotate `on_the_roll` and `marked`: people who are expected, and those of them with a
    mark.
    """
    roll = expected_in_each()
    marks = Attendance.objects.filter(
        lesson=OuterRef("pk"), enrolment__in=Enrolment.objects.taking_part()
    )
    return lessons.annotate(
        on_the_roll=_counted(roll, "training_class"), marked=_counted(marks, "lesson")
    )


def unmarked(training_class: TrainingClass) -> list[tuple[Enrolment, Lesson]]:
    """Every person × lesson that they attend without a mark, by lesson and name order."""
    people = list(
        Enrolment.objects.taking_part()
        .filter(training_class=training_class)
        .select_related("trainee__user", "village")
        .order_by("trainee__stroke_key", "pk")
    )
    marked = set(
        Attendance.objects.filter(lesson__training_class=training_class).values_list(
            "enrolment_id", "lesson_id"
        )
    )
    lessons = list(training_class.lessons.order_by("starts_at"))
    chosen = choices_in(lessons)
    return [
        (person, lesson)
        for lesson in lessons
        for person in people
        if chosen.attends(person.pk, lesson) and (person.pk, lesson.pk) not in marked
    ]


def _counted(rows: QuerySet, key: str) -> Coalesce:
    counted = rows.order_by().values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
