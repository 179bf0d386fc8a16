"""What was held of plan items: for the execution report, the reminders and the monitor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from courses.models import PUBLIC_CLASS_STATUSES, ClassStatus, Lesson

from ..models import ClassFiling, PlanItem
from .ledger import Posted, posted_by_class

ON_THE_CALENDAR = tuple(set(PUBLIC_CLASS_STATUSES) - {ClassStatus.CANCELLED})


@dataclass(frozen=True)
class Held:
    """What was held of one item, by the ledger: classes with hours, how often people came to one
    (a person in two classes counts twice), their hours together, from when to when, and where.
    """

    classes: int = 0
    people: int = 0
    hours: Decimal = Decimal(0)
    first_day: date | None = None
    last_day: date | None = None
    places: tuple[str, ...] = ()


def held_of_items(items: Iterable[PlanItem], *, as_of: date | None = None) -> dict[int, Held]:
    """Key of each item → Held; an item of which nothing was held has zeros. Three statements.

    With a day, what the ledger said at its end. Source: docs/rules.md R60.
    """
    keys = [item.pk for item in items]
    posted = posted_by_class({"plan_filing__item__in": keys}, as_of=as_of)
    of_item: dict[int, dict[int, Posted]] = {key: {} for key in keys}
    links = ClassFiling.objects.filter(training_class__in=posted, item__in=keys)
    for item, training_class in links.values_list("item", "training_class"):
        of_item[item][training_class] = posted[training_class]
    places = _places(posted)
    return {item: _together(classes, places) for item, classes in of_item.items()}


def scheduled_of_items(items: Iterable[PlanItem]) -> dict[int, int]:
    """Key of each item → how many of its classes stand on the calendar or were held; cancelled ones
    and drafts do not count. One statement.
    """
    keys = [item.pk for item in items]
    counted = (
        ClassFiling.objects.filter(item__in=keys, training_class__status__in=ON_THE_CALENDAR)
        .order_by()
        .values_list("item")
        .annotate(classes=Count("pk"))
    )
    return dict.fromkeys(keys, 0) | dict(counted)


def _places(classes: Iterable[int]) -> dict[int, list[str]]:
    """Key of a class → the names of the campuses of its lessons, by code."""
    found: dict[int, list[str]] = {}
    lessons = Lesson.objects.filter(training_class__in=classes).order_by("venue__campus__code")
    for key, name in lessons.values_list("training_class", "venue__campus__name").distinct():
        found.setdefault(key, []).append(name)
    return found


def _together(classes: dict[int, Posted], places: dict[int, list[str]]) -> Held:
    if not classes:
        return Held()
    posted = classes.values()
    return Held(
        classes=len(classes),
        people=sum(one.people for one in posted),
        hours=sum((one.hours for one in posted), Decimal(0)),
        first_day=min(one.first_day for one in posted),
        last_day=max(one.last_day for one in posted),
        places=tuple(dict.fromkeys(name for key in classes for name in places.get(key, ()))),
    )
