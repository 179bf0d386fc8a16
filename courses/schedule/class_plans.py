"""A class as it is wanted, and what is wrong with it as far as one can see without looking at
other classes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import Campus, Department, Position, Town, Venue
from academy.text.codes import check_code

from ..models import Course, Programme, TrainingClass
from .slots import seats_of
from .teachers import Key, Teacher, in_words

QUARTER_HOUR = Decimal("0.25")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the sentence, and the field or the lesson (its place in the plan) it
    stands beside.
    """

    sentence: str
    field: str = ""
    lesson: int | None = None


class SchedulingRefused(PortalError):
    """The class cannot be held like this. `problems` says where."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class LessonPlan:
    """A lesson as it is wanted; `pk` names the lesson that it changes, `hours` empty leaves them to
    the course.
    """

    course: Course
    venue: Venue
    starts_at: datetime
    ends_at: datetime
    hours: Decimal | None = None
    teachers: Sequence[Teacher] = ()
    pk: int | None = None
    # no: hours that hardly fit the clock time are asked about
    hours_agreed: bool = True
    break_minutes: int = 0  # inside the clock time
    slot_group: int | None = None  # the same number: parallel slots of one lesson
    slot_seats: int | None = None

    @property
    def teacher_keys(self) -> set[Key]:
        return {item.key for item in self.teachers}

    @property
    def taught_by(self) -> str:
        return in_words(self.teachers)


@dataclass(frozen=True)
class ClassPlan:
    """A class as it is wanted."""

    title: str
    campus: Campus
    capacity: int
    booking_opens_at: datetime
    booking_closes_at: datetime
    cancel_until: datetime | None = None
    programme: Programme | None = None
    department: Department | None = None
    has_waiting_list: bool = True
    audiences: Sequence[Position] = ()
    town_seats: Mapping[Town, int] = field(default_factory=dict)
    lessons: Sequence[LessonPlan] = ()
    code: str = ""
    bring: str = ""
    gauges_interest: bool = False  # only a draft
    like: TrainingClass | None = None  # whose rules of booking a new class takes over

    @property
    def fields(self) -> dict:
        names = (
            "title",
            "campus",
            "booking_opens_at",
            "booking_closes_at",
            "cancel_until",
            "programme",
            "department",
            "has_waiting_list",
            "bring",
            "gauges_interest",
        )
        return {name: getattr(self, name) for name in names}


def wrong_in(plan: ClassPlan) -> list[Problem]:
    """What can be seen without looking at other classes; all of it at once."""
    problems = []
    if not plan.title.strip():
        problems.append(Problem(_("Give the class a name."), "title"))
    if plan.code:
        try:
            check_code(plan.code)
        except ValidationError as error:
            problems.append(Problem(error.messages[0], "code"))
    if plan.capacity < 1:
        problems.append(Problem(_("A class needs at least one seat."), "capacity"))
    if plan.booking_closes_at <= plan.booking_opens_at:
        problems.append(Problem(_("Booking closes before it opens."), "booking_closes_at"))
    problems += _wrong_lessons(plan.lessons)
    if plan.lessons:
        first = min(lesson.starts_at for lesson in plan.lessons)
        if plan.booking_closes_at > first:
            problems.append(
                Problem(
                    _("Booking must close before the first lesson begins."), "booking_closes_at"
                )
            )
        if plan.cancel_until and plan.cancel_until > first:
            problems.append(
                Problem(_("Cancelling must end before the first lesson begins."), "cancel_until")
            )
        problems += _wrong_slots(plan.lessons, plan.capacity)
        rooms = [lesson.venue for lesson in plan.lessons if lesson.slot_seats is None]
        room = min(rooms, key=lambda venue: venue.capacity, default=None)
        if room is not None and plan.capacity > room.capacity:
            problems.append(
                Problem(
                    _(
                        "“%(room)s” has only %(seats)d seats. Lower the seats or choose a larger"
                        " room."
                    )
                    % {"room": room.name, "seats": room.capacity},
                    "capacity",
                )
            )
    return problems


def _wrong_lessons(lessons: Sequence[LessonPlan]) -> Iterator[Problem]:
    for place, lesson in enumerate(lessons):
        if lesson.ends_at <= lesson.starts_at:
            yield Problem(_("The lesson ends before it starts."), "ends", place)
        if lesson.hours is not None and (lesson.hours < 0 or lesson.hours % QUARTER_HOUR):
            yield Problem(_("Study hours go in steps of 0.25."), "hours", place)
        for earlier, other in enumerate(lessons[:place]):
            if lesson.slot_group is not None and lesson.slot_group == other.slot_group:
                continue  # `_wrong_slots` looks at these
            if other.starts_at < lesson.ends_at and lesson.starts_at < other.ends_at:
                yield Problem(
                    _("This lesson overlaps with lesson %(number)d of the same class.")
                    % {"number": earlier + 1},
                    "starts",
                    place,
                )
                break


def _slots_of(lessons: Sequence[LessonPlan]) -> dict[int, list[tuple[int, LessonPlan]]]:
    """Group → its slots, each with its place in the plan."""
    groups: dict[int, list[tuple[int, LessonPlan]]] = {}
    for place, lesson in enumerate(lessons):
        if lesson.slot_group is not None:
            groups.setdefault(lesson.slot_group, []).append((place, lesson))
    return groups


def _wrong_slots(lessons: Sequence[LessonPlan], capacity: int) -> Iterator[Problem]:
    """What keeps lessons from being parallel slots of one."""
    for place, lesson in enumerate(lessons):
        if lesson.slot_group is None and lesson.slot_seats is not None:
            yield Problem(
                _("Only a parallel slot has seats of its own. Say to which it is parallel."),
                "slot_seats",
                place,
            )
        elif lesson.slot_seats is not None and lesson.slot_seats > lesson.venue.capacity:
            yield Problem(
                _("“%(room)s” has only %(seats)d seats.")
                % {"room": lesson.venue.name, "seats": lesson.venue.capacity},
                "slot_seats",
                place,
            )
    for slots in _slots_of(lessons).values():
        yield from _wrong_group(slots, capacity)


def _wrong_group(slots: Sequence[tuple[int, LessonPlan]], capacity: int) -> Iterator[Problem]:
    first_place, first = slots[0]
    if len(slots) == 1:
        yield Problem(
            _("A slot is parallel to another one: mark at least two lessons with this group."),
            "slot_group",
            first_place,
        )
        return
    hours = {lesson.hours for _place, lesson in slots if lesson.hours is not None}
    for number, (place, lesson) in enumerate(slots):
        if lesson.course.pk != first.course.pk:
            yield Problem(
                _("Parallel slots are one lesson: choose the same course for all of them."),
                "course",
                place,
            )
        if len(hours) > 1 and lesson.hours is not None and lesson.hours != first.hours:
            yield Problem(
                _("Parallel slots are one lesson: give all of them the same study hours."),
                "hours",
                place,
            )
        for _earlier, other in slots[:number]:
            if not (other.starts_at < lesson.ends_at and lesson.starts_at < other.ends_at):
                continue
            if other.venue.pk == lesson.venue.pk:
                yield Problem(
                    _("Two slots at the same time need two rooms."),
                    "venue",
                    place,
                )
            if other.teacher_keys & lesson.teacher_keys:
                yield Problem(
                    _("Two slots at the same time need different teachers."),
                    "teachers",
                    place,
                )
    seats = sum(seats_of(lesson, capacity) for _place, lesson in slots)
    if seats < capacity:
        yield Problem(
            _(
                "The slots have %(seats)d seats in all, the class has %(capacity)d: not everybody"
                " would find one."
            )
            % {"seats": seats, "capacity": capacity},
            "slot_seats",
            first_place,
        )
