"""What can be done about a gap: the classes of each track into which people of a street-town can be
booked now.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from academy.models import Town, Village
from courses.models import Lesson, Track, TrainingClass
from trainees.seats.counting import own_quota, towns_that_wait, usable_seats

LOOKED_AT = 60  # classes, the soonest first
SHOWN = 3  # classes of a track


@dataclass(frozen=True)
class NextClass:
    """A class, the seats that the town may use now, and the page on which people are booked."""

    training_class: TrainingClass
    seats: int
    url: str


@dataclass(frozen=True)
class NextStep:
    """A track with its next classes, those beyond SHOWN only counted."""

    track: Track
    classes: list[NextClass]

    @property
    def shown(self) -> list[NextClass]:
        return self.classes[:SHOWN]

    @property
    def more(self) -> int:
        return max(len(self.classes) - SHOWN, 0)

    @property
    def url(self) -> str:
        """The public list of the track's classes that can be booked."""
        wanted = urlencode({"track": self.track.prefix, "bookable": 1})
        return f"{reverse('trainees:class_list')}?{wanted}"


def next_steps(
    user, town: Town, tracks: Sequence[Track], now: datetime, village: Village | None = None
) -> list[NextStep]:
    """For each track the classes that people of the town can be booked into; four statements.

    Where the town has a quota, the page of its nominations; else that of booking for colleagues.
    """
    found = (
        TrainingClass.objects.visible_to(user)
        .upcoming(now)
        .filter(
            Q(towns__isnull=True) | Q(towns=town),
            booking_opens_at__lte=now,
            booking_closes_at__gt=now,
            groups_only=False,
        )
        .distinct()
        .prefetch_related("pools")[:LOOKED_AT]
    )
    classes = {item.pk: item for item in found}
    taught: dict[int, set[int]] = defaultdict(set)
    for key, track in (
        Lesson.objects.filter(
            training_class__in=classes, course_version__course__track__in=[t.pk for t in tracks]
        )
        .order_by()
        .values_list("training_class", "course_version__course__track")
        .distinct()
    ):
        taught[track].add(key)
    waiting = towns_that_wait(classes.values(), now)
    return [
        NextStep(
            track,
            [
                _next_class(user, town, item, waiting.get(key, ()), village)
                for key, item in classes.items()
                if key in taught[track.pk]
            ],
        )
        for track in tracks
    ]


def _next_class(user, town: Town, item: TrainingClass, waiting, village) -> NextClass:
    pools = list(item.pools.all())
    query = {"village": village.code} if village else {}
    if own_quota(town.pk, pools) and user.has_perm("trainees.nominate"):
        page, query = "trainees:nominations", {"town": town.code, **query}
    else:
        page = "trainees:colleagues"
    address = reverse(page, args=[item.code])
    url = f"{address}?{urlencode(query)}" if query else address
    return NextClass(item, usable_seats(town.pk, pools, waiting), url)
