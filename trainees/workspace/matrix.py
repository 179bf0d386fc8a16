"""Who came to which lesson of a class: people × lessons, with marks, minutes and hours."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from courses.models import Lesson, TrainingClass

from ..classes.roster import on_the_roll_of
from ..models import (
    CAME,
    PARTLY_THERE,
    Attendance,
    AttendanceStatus,
    Chosen,
    Enrolment,
    choices_in,
)
from ..record.attendance import OPENS_BEFORE_LESSON
from ..record.hours import hours_for
from ..record.roll_locks import with_locks


@dataclass(frozen=True)
class Head:
    """A lesson as the head of its column, with the sums below it."""

    lesson: Lesson
    counts: Mapping[str, int]  # mark → people; "" for those without one
    may_mark: bool
    is_over: bool
    is_here: bool  # the one that a phone shows

    @property
    def unmarked(self) -> int:
        return self.counts[""]

    @property
    def came(self) -> int:
        """All there, late or gone early."""
        return sum(self.counts[status] for status in CAME)

    @property
    def on_leave(self) -> int:
        return self.counts[AttendanceStatus.EXCUSED]

    @property
    def absent(self) -> int:
        return self.counts[AttendanceStatus.ABSENT]

    @property
    def lacks_marks(self) -> bool:
        return self.is_over and bool(self.unmarked)

    @property
    def is_locked(self) -> bool:
        return self.lesson.roll_is_locked


@dataclass(frozen=True)
class Cell:
    """What one person did in one lesson."""

    head: Head
    mark: Attendance | None
    is_expected: bool = True  # no: of parallel slots the person has chosen another one

    @property
    def status(self) -> str:
        return self.mark.status if self.mark else ""

    @property
    def minutes(self) -> int | None:
        """Minutes there; nothing where nobody has said so yet."""
        if self.mark is None:
            return None
        return minutes_there(self.mark, self.head.lesson)


@dataclass(frozen=True)
class MatrixRow:
    """One person: a cell for each lesson, the minutes and the hours of all of them."""

    enrolment: Enrolment
    cells: list[Cell]
    minutes: int
    hours: Decimal


@dataclass(frozen=True)
class Matrix:
    """People × lessons."""

    heads: list[Head]
    rows: list[MatrixRow]

    @property
    def hours(self) -> Decimal:
        return sum((row.hours for row in self.rows), Decimal(0))

    @property
    def unmarked(self) -> int:
        """Marks that lack in lessons that are over."""
        return sum(head.unmarked for head in self.heads if head.is_over)


def minutes_there(mark: Attendance, lesson: Lesson) -> int:
    """All minutes of the lesson, those that were entered, or none."""
    if mark.status not in CAME:
        return 0
    if mark.status in PARTLY_THERE and mark.minutes is not None:
        return mark.minutes
    return lesson.duration_minutes


def matrix_of(training_class: TrainingClass, now: datetime, here: str = "") -> Matrix:
    """The matrix of a class; three statements, four with parallel slots. `here` is the key of the
    lesson that a phone shows: without one the lesson that is on, else the last that has begun, else
    the first.
    """
    lessons = list(
        with_locks(training_class.lessons.select_related("course_version", "venue")).order_by(
            "starts_at", "pk"
        )
    )
    people = list(on_the_roll_of(training_class))
    found = Attendance.objects.filter(lesson__training_class=training_class).select_related(
        "reason"
    )
    marks = {(mark.enrolment_id, mark.lesson_id): mark for mark in found}
    chosen = choices_in(lessons)
    shown = _shown(lessons, now, here)
    heads = [
        Head(
            lesson,
            _counts(
                [
                    marks.get((person.pk, lesson.pk))
                    for person in people
                    if chosen.attends(person.pk, lesson)
                ]
            ),
            now >= lesson.starts_at - OPENS_BEFORE_LESSON,
            lesson.ends_at <= now,
            lesson.pk == shown,
        )
        for lesson in lessons
    ]
    return Matrix(heads, [_row(person, heads, marks, chosen) for person in people])


def _shown(lessons: Sequence[Lesson], now: datetime, here: str) -> int | None:
    begun = [lesson for lesson in lessons if lesson.starts_at - OPENS_BEFORE_LESSON <= now]
    asked = next((lesson for lesson in lessons if str(lesson.pk) == here), None)
    chosen = asked or (begun[-1] if begun else next(iter(lessons), None))
    return chosen.pk if chosen else None


def _counts(marks: Sequence[Attendance | None]) -> Counter[str]:
    return Counter(mark.status if mark else "" for mark in marks)


def _row(
    person: Enrolment,
    heads: Sequence[Head],
    marks: Mapping[tuple[int, int], Attendance],
    chosen: Chosen,
) -> MatrixRow:
    cells = [
        Cell(
            head,
            marks.get((person.pk, head.lesson.pk)),
            chosen.attends(person.pk, head.lesson),
        )
        for head in heads
    ]
    return MatrixRow(
        person,
        cells,
        sum(cell.minutes or 0 for cell in cells),
        sum((hours_for(cell.mark, cell.head.lesson) for cell in cells if cell.mark), Decimal(0)),
    )
