"""When a room or an expert is free.

Everything here looks; booking a room or an expert is that of
`courses/schedule/double_booking.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from academy.models import Campus, Venue

from ..models import Expert, Lesson, LessonTeacher
from .holidays import is_workday
from .teachers import Key, taught_by

# when lessons usually begin; the terms of the campuses' opening hours
STARTS = (time(9, 0), time(13, 30))
LOOK_AHEAD_DAYS = 60
USUAL_MINUTES = 150
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class RoomOption:
    """A room for a time: free, or who has it."""

    venue: Venue
    taken_by: Lesson | None = None

    @property
    def is_free(self) -> bool:
        return self.taken_by is None


def rooms_for(
    starts_at: datetime,
    ends_at: datetime,
    *,
    seats: int = 0,
    campus: Campus | None = None,
    topic: str = "",
    only_immersive: bool = False,
) -> list[RoomOption]:
    """Rooms that hold so many, free ones first and the tightest fit first; two queries."""
    venues = Venue.objects.filter(
        ended_on__isnull=True, campus__ended_on__isnull=True, capacity__gte=seats
    ).select_related("campus__town")
    if campus is not None:
        venues = venues.filter(campus=campus)
    if topic:
        venues = venues.filter(immersive=True, immersive_topic=topic)
    elif only_immersive:
        venues = venues.filter(immersive=True)
    taken = {
        lesson.venue_id: lesson
        for lesson in (
            Lesson.objects.overlapping(starts_at, ends_at)
            .filter(venue__in=venues)
            .select_related("training_class")
        )
    }
    options = [RoomOption(venue, taken.get(venue.pk)) for venue in venues]
    return sorted(
        options, key=lambda option: (not option.is_free, option.venue.capacity, option.venue.code)
    )


def usual_starts(after: datetime) -> Iterator[datetime]:
    """Mornings and afternoons of the workdays ahead."""
    day = timezone.localdate(after)
    for n in range(LOOK_AHEAD_DAYS):
        if is_workday(day + timedelta(days=n)):
            for start in STARTS:
                moment = timezone.make_aware(datetime.combine(day + timedelta(days=n), start))
                if moment > after:
                    yield moment


def free_slots(
    busy: Iterable[Span], *, after: datetime, minutes: int = USUAL_MINUTES, count: int = 3
) -> list[Span]:
    """The next mornings and afternoons in which nothing of what is given lies; pure."""
    busy, found, length = list(busy), [], timedelta(minutes=minutes)
    for starts_at in usual_starts(after):
        if len(found) == count:
            break
        if not any(begins < starts_at + length and ends > starts_at for begins, ends in busy):
            found.append((starts_at, starts_at + length))
    return found


def next_free_times(
    experts: Sequence[Expert], *, now: datetime, minutes: int = USUAL_MINUTES, count: int = 3
) -> dict[int, list[Span]]:
    """Expert key → the next times they are free; one query for all of them."""
    busy: dict[int, list[Span]] = defaultdict(list)
    until = now + timedelta(days=LOOK_AHEAD_DAYS + 1)
    taught = LessonTeacher.objects.filter(
        expert__in=experts, lesson__in=Lesson.objects.overlapping(now, until)
    )
    for expert, starts_at, ends_at in taught.order_by().values_list(
        "expert", "lesson__starts_at", "lesson__ends_at"
    ):
        busy[expert].append((starts_at, ends_at))
    return {
        expert.pk: free_slots(busy[expert.pk], after=now, minutes=minutes, count=count)
        for expert in experts
    }


def busy_lessons(
    starts_at: datetime,
    ends_at: datetime,
    *,
    venues: Iterable[int] = (),
    teachers: Iterable[Key] = (),
) -> list[Lesson]:
    """Lessons in the span that hold one of the rooms or teachers, with their teachers; two
    queries.
    """
    wanted = Q(venue__in=list(venues)) | taught_by(teachers)
    return list(
        Lesson.objects.overlapping(starts_at, ends_at)
        .filter(wanted)
        .select_related("training_class")
        .prefetch_related("teachers")
        .order_by("starts_at", "pk")
    )
