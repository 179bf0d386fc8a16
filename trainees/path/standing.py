"""Where people stand on their path: what the next stage asks, what is met and what is not.

Facts of the portal alone, for each person by themselves: nobody is compared with anybody, and
nothing adds up to a score. Source: docs/rules.md R85.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from academy.models import GrowthStage
from academy.templatetags.portal_tags import hours
from courses.models import ClassStatus

from ..models import (
    CAME,
    Attendance,
    EnrolmentStatus,
    HourEntry,
    PathRequirement,
    Trainee,
)


@dataclass(frozen=True)
class Line:
    """One requirement of one person: what is asked, what there is."""

    requirement: PathRequirement
    done: Decimal | None  # hours of the track; None where a course is asked
    is_met: bool

    @property
    def words(self) -> str:
        """学时：组织力提升 12 / 16, or the course."""
        if self.done is None:
            return _("Course “%(title)s”") % {"title": self.requirement.course.title}
        return _("%(track)s: %(done)s of %(asked)s study hours") % {
            "track": self.requirement.track.name,
            "done": hours(self.done),
            "asked": hours(self.requirement.hours),
        }


@dataclass(frozen=True)
class Standing:
    """One person before the next stage; `next_stage` is None at the last one."""

    trainee: Trainee
    next_stage: GrowthStage | None
    lines: list[Line]

    @property
    def met(self) -> list[Line]:
        return [line for line in self.lines if line.is_met]

    @property
    def unmet(self) -> list[Line]:
        return [line for line in self.lines if not line.is_met]

    @property
    def is_ready(self) -> bool:
        """Everything that is asked is met; where nothing is asked the portal proposes nobody."""
        return self.next_stage is not None and bool(self.lines) and not self.unmet

    @property
    def is_last(self) -> bool:
        """Whether the person has reached the last stage."""
        return self.next_stage is None and self.trainee.stage_id is not None


def requirements_in_use() -> QuerySet[PathRequirement]:
    """The rows of the table that count, with the courses that count as the same."""
    return (
        PathRequirement.objects.filter(active=True)
        .select_related("track", "course")
        .prefetch_related("course__equivalents")
    )


def standings(
    people: Iterable[Trainee], requirements: Iterable[PathRequirement] | None = None
) -> list[Standing]:
    """Where each of these people stands; five queries, however many they are.

    `requirements` are those that would be in use, for a preview.
    """
    people = list(people)
    stages = list(GrowthStage.objects.filter(active=True))
    asked: dict[tuple[int | None, int | None], list[PathRequirement]] = {}
    for item in requirements_in_use() if requirements is None else requirements:
        asked.setdefault((item.position_id, item.stage_id), []).append(item)
    keys = [person.pk for person in people]
    done, taken = _hours_by_track(keys), _courses_of(keys)
    return [
        Standing(
            person,
            _next_of(person, stages),
            [
                _line(item, person, done, taken)
                for item in asked.get((person.position_id, person.stage_id), ())
            ],
        )
        for person in people
    ]


def standing_of(person: Trainee) -> Standing:
    """Where one person stands."""
    return standings([person])[0]


def _next_of(person: Trainee, stages: list[GrowthStage]) -> GrowthStage | None:
    """The stage behind that of the person in the order of the vocabulary; the first one for
    whoever has none.
    """
    if person.stage is None:
        return next(iter(stages), None)
    at = (person.stage.sort_order, person.stage_id)
    return next((stage for stage in stages if (stage.sort_order, stage.pk) > at), None)


def _line(item: PathRequirement, person: Trainee, done: dict, taken: dict) -> Line:
    if item.course is None:
        hours_done = done.get((person.pk, item.track_id), Decimal(0))
        return Line(item, hours_done, hours_done >= item.hours)
    counted = {item.course_id, *(course.pk for course in item.course.equivalents.all())}
    return Line(item, None, bool(counted & taken.get(person.pk, set())))


def _hours_by_track(people: Collection[int]) -> dict[tuple[int, int], Decimal]:
    """(person, track) → hours of all years in the ledger."""
    rows = (
        HourEntry.objects.filter(trainee__in=people, lesson__isnull=False)
        .order_by()
        .values_list("trainee", "lesson__course_version__course__track")
        .annotate(total=Sum("hours"))
    )
    return {(person, track): total for person, track, total in rows}


def _courses_of(people: Collection[int]) -> dict[int, set[int]]:
    """Person → courses attended in classes that are closed."""
    found: dict[int, set[int]] = {}
    for person, course in (
        Attendance.objects.filter(
            enrolment__trainee__in=people,
            enrolment__status=EnrolmentStatus.COMPLETED,
            status__in=CAME,
            lesson__training_class__status=ClassStatus.CLOSED,
        )
        .values_list("enrolment__trainee", "lesson__course_version__course")
        .distinct()
    ):
        found.setdefault(person, set()).add(course)
    return found
