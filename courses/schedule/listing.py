"""Classes as lists show them: one cheap row each, dates taken apart once in Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.nearness import NOWHERE, Near, Nearness
from academy.templatetags.portal_tags import clock, short_day

from ..models import ClassStatus, TrainingClass
from .places import load_places


@dataclass(frozen=True)
class Badge:
    """The one thing about a class that a person should know at once."""

    kind: str
    words: str
    icon: str = ""


@dataclass(frozen=True)
class ClassRow:
    """What one line of a class list says."""

    code: str
    title: str
    url: str
    starts_at: datetime | None
    campus: str
    lesson_count: int
    hours: object
    audiences: str
    capacity: int
    seats_taken: int
    waiting: int
    badge: Badge | None
    takes_bookings: bool = False  # a seat can be had now
    near: Near = Near.ELSEWHERE  # the nearest of its places, seen from the reader's street-town

    @property
    def is_own_town(self) -> bool:
        return self.near is Near.OWN

    @property
    def is_bordering(self) -> bool:
        return self.near is Near.BORDERING

    @property
    def seats_left(self) -> int:
        return max(0, self.capacity - self.seats_taken)


def class_rows(
    classes: QuerySet[TrainingClass] | Iterable[TrainingClass],
    *,
    now: datetime,
    nearness: Nearness = NOWHERE,
) -> list[ClassRow]:
    """Rows of the classes in their order; a queryset costs three queries whatever its length, and
    one more with classes only for groups.
    """
    if isinstance(classes, QuerySet):
        classes = classes.select_related("campus").prefetch_related("audiences", "pools")
    classes = list(classes)
    if for_groups := [item for item in classes if item.groups_only]:
        prefetch_related_objects(for_groups, "open_to_groups")
    load_places(classes)
    return [_row(item, now, nearness) for item in classes]


def _row(item: TrainingClass, now: datetime, nearness: Nearness) -> ClassRow:
    taken = sum(pool.seats_taken for pool in item.pools.all())
    return ClassRow(
        code=item.code,
        title=item.title,
        url=item.get_absolute_url(),
        starts_at=item.starts_at and timezone.localtime(item.starts_at),
        campus=item.place,
        lesson_count=item.lesson_count,
        hours=item.hours,
        audiences="、".join(
            term.name
            for term in (item.open_to_groups if item.groups_only else item.audiences).all()
        ),
        capacity=item.capacity,
        seats_taken=taken,
        waiting=item.waiting_count,
        badge=_badge(item, now, is_full=taken >= item.capacity),
        takes_bookings=taken < item.capacity and item.booking_is_open(now),
        near=nearness.of(campus.town_id for campus in item.places),
    )


def _badge(item: TrainingClass, now: datetime, *, is_full: bool) -> Badge | None:
    if item.status == ClassStatus.CANCELLED:
        return Badge("bad", pgettext("class", "Cancelled"))
    if item.status == ClassStatus.CLOSED:
        return Badge("idle", pgettext("class", "Over"))
    if item.status == ClassStatus.DRAFT:
        return Badge("idle", _("Draft"))
    if item.status == ClassStatus.RUNNING or item.has_started(now):
        return Badge("idle", _("Has started"))
    if now < item.booking_opens_at:
        return Badge(
            "idle", _("opens %(day)s") % {"day": short_day(item.booking_opens_at)}, "clock"
        )
    if now >= item.booking_closes_at:
        return Badge("idle", _("Booking is closed"))
    if is_full:
        return (
            Badge("wait", _("Waiting list"))
            if item.has_waiting_list
            else Badge("idle", pgettext("class", "Full"))
        )
    if timezone.localdate(item.booking_closes_at) == timezone.localdate(now):
        return Badge(
            "wait", _("closes today %(clock)s") % {"clock": clock(item.booking_closes_at)}, "clock"
        )
    return None
