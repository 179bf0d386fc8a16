"""How many eat on each day of a class: totals only, no names."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone

from courses.models import TrainingClass

from ..models import Attendance, AttendanceStatus, choices_in
from .roster import on_the_roll_of


@dataclass(frozen=True)
class DayAtTable:
    """The people of one day: booked, less those on leave for every lesson of the day."""

    day: date
    booked: int
    on_leave: int

    @property
    def eat(self) -> int:
        return self.booked - self.on_leave


def days_at_table(training_class: TrainingClass) -> list[DayAtTable]:
    """Return the days of the class in their order, with those who attend a lesson of the day; three
    statements, four where a lesson is held in parallel slots.
    """
    people = list(on_the_roll_of(training_class).order_by().values_list("pk", flat=True))
    away = set(
        Attendance.objects.filter(
            lesson__training_class=training_class,
            status=AttendanceStatus.EXCUSED,
            enrolment__in=people,
        ).values_list("lesson", "enrolment")
    )
    lessons = training_class.lessons.order_by("starts_at", "pk")
    found, lessons = [], list(lessons)
    chosen = choices_in(lessons)
    for day, of_day in groupby(lessons, key=lambda lesson: timezone.localdate(lesson.starts_at)):
        lessons_of_day = list(of_day)
        own = [
            [lesson.pk for lesson in lessons_of_day if chosen.attends(person, lesson)]
            for person in people
        ]
        on_leave = sum(
            bool(keys) and all((key, person) in away for key in keys)
            for person, keys in zip(people, own, strict=True)
        )
        found.append(DayAtTable(day, sum(map(bool, own)), on_leave))
    return found
