"""The next step of one person: for each thing that is not met a class that can be booked now."""

from dataclasses import dataclass
from datetime import datetime

from courses.models import Lesson, TrainingClass

from ..eligibility.choosing import seats_for
from ..models import Trainee
from .standing import Line, Standing

LOOKED_AT = 60  # the next open classes; who looks further ahead uses the list


@dataclass(frozen=True)
class Step:
    """A line that is not met, and the nearest class that would help; None where there is none."""

    line: Line
    training_class: TrainingClass | None


def steps_of(standing: Standing, trainee: Trainee, now: datetime) -> list[Step]:
    """A step for each line that is not met; a fixed number of queries."""
    if not standing.unmet:
        return []
    candidates = (
        TrainingClass.objects.upcoming(now)
        .filter(booking_opens_at__lte=now, booking_closes_at__gt=now)
        .select_related("campus")
    )
    fits = seats_for(trainee, candidates[:LOOKED_AT], now)
    taught: dict[int, set[tuple[int, int]]] = {}
    for key, course, track in Lesson.objects.filter(training_class__in=fits).values_list(
        "training_class", "course_version__course", "course_version__course__track"
    ):
        taught.setdefault(key, set()).add((course, track))
    return [
        Step(line, next((item for item in fits if _helps(line, taught.get(item.pk, ()))), None))
        for line in standing.unmet
    ]


def _helps(line: Line, taught) -> bool:
    wanted = line.requirement
    if wanted.course is None:
        return any(track == wanted.track_id for _course, track in taught)
    counted = {wanted.course_id, *(course.pk for course in wanted.course.equivalents.all())}
    return any(course in counted for course, _track in taught)
