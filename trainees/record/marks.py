"""What a mark of the roll is, with how many minutes, and how many there are of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.models import Lesson

from ..models import PARTLY_THERE, AttendanceStatus
from .mark_errors import WrongMinutes

DEFAULT_MINUTES_MISSED = 30  # when somebody is late or leaves early and nobody says by how much


@dataclass(frozen=True)
class Mark:
    """What one person's row says: a mark, or nothing yet."""

    status: str = ""
    minutes: int | None = None
    reason: int | None = None  # key of the reason


def minutes_of(lesson: Lesson, status: str, minutes: int | None) -> int | None:
    """Return the minutes to store with a mark: none for who was all there or away, half an hour
    less than the lesson for who was late or left early and nobody says how long. Raises
    WrongMinutes.
    """
    if status not in PARTLY_THERE:
        return None
    if minutes is None:
        return max(1, lesson.duration_minutes - DEFAULT_MINUTES_MISSED)
    if not 1 <= minutes <= lesson.duration_minutes:
        raise WrongMinutes(
            _("The lesson lasts %(minutes)d minutes; enter how many of them the person was there.")
            % {"minutes": lesson.duration_minutes}
        )
    return minutes


def tally(marks: Sequence[Mark]) -> dict[str, int]:
    """How many of each mark, and how many have none (key "")."""
    counts = {"": 0, **dict.fromkeys(AttendanceStatus.values, 0)}
    for item in marks:
        counts[item.status] += 1
    return counts
