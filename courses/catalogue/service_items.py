"""From a service item to a class: what is taught about it, when, by whom, and where the catalogue
has a gap.

Source: docs/rules.md R31.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Prefetch, Window
from django.db.models.functions import DenseRank
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models import Department
from academy.search import index

from ..models import (
    PUBLIC_CLASS_STATUSES,
    Course,
    Expert,
    Lesson,
    LessonTeacher,
    ServiceItem,
    TrainingClass,
)
from ..schedule.listing import ClassRow, class_rows

CLASSES_SHOWN = 4
EXPERTS_SHOWN = 3


class Gap(models.TextChoices):
    """What stands between a person and learning how to handle an item."""

    NO_COURSE = "no_course", _("No course yet")
    NO_CLASS = "no_class", _("No class planned")


@dataclass
class Offer:
    """A service item with what the academy has for it.

    `next_class` is the first with a seat, or else the first of all.
    """

    item: ServiceItem
    courses: list[Course]
    classes: list[ClassRow] = field(default_factory=list)
    next_class: ClassRow | None = None

    @property
    def gap(self) -> str:
        if not self.courses:
            return Gap.NO_COURSE
        return "" if self.classes else Gap.NO_CLASS

    @property
    def gap_words(self) -> str:
        return str(Gap(self.gap).label) if self.gap else ""

    @property
    def request_url(self) -> str:
        """Where a person asks for what is missing; the form comes filled in."""
        return f"{reverse('courses:topic_requests')}?item={self.item.code}"


def offers(items: Iterable[ServiceItem], *, now: datetime, classes_of_each: int = 1) -> list[Offer]:
    """The items in their order with their courses and so many next classes of each course.

    A class with a free seat is always among them. Seven queries, whatever the number of items.
    """
    published = Prefetch(
        "courses", Course.objects.published().select_related("track"), to_attr="published_courses"
    )
    items = list(items)
    models.prefetch_related_objects(items, published)
    found = [Offer(item, item.published_courses) for item in items]
    classes_of = _classes_by_course(
        {course.pk for offer in found for course in offer.courses}, now, classes_of_each
    )
    for offer in found:
        rows = {row.code: row for course in offer.courses for row in classes_of.get(course.pk, [])}
        offer.classes = sorted(rows.values(), key=lambda row: (row.starts_at, row.code))
        offer.next_class = next(
            (row for row in offer.classes if row.takes_bookings), next(iter(offer.classes), None)
        )
    return found


def _classes_by_course(courses: set[int], now: datetime, most: int) -> dict[int, list[ClassRow]]:
    """Course key → its next open classes, so many at most, and the next with a free seat."""
    coming = TrainingClass.objects.upcoming(now).order_by()
    bookable = coming.with_seats().filter(
        booking_opens_at__lte=now, booking_closes_at__gt=now, seats_taken_total__lt=F("capacity")
    )
    pairs = _first_of_each_course(courses, coming, most)
    pairs |= _first_of_each_course(courses, bookable.values("pk"), 1)
    wanted = TrainingClass.objects.filter(code__in={code for _course, code in pairs})
    rows = {row.code: row for row in class_rows(wanted, now=now)} if pairs else {}
    found: dict[int, list[ClassRow]] = {}
    for course, code in pairs:
        found.setdefault(course, []).append(rows[code])
    return found


def _first_of_each_course(courses: set[int], classes, most: int) -> set[tuple[int, str]]:
    """(course, code of a class) of the first so many of the classes that teach each course, by
    their start.
    """
    place = Window(
        DenseRank(),
        partition_by=F("course_version__course"),
        order_by=[F("training_class__starts_at"), F("training_class__code")],
    )
    lessons = Lesson.objects.filter(course_version__course__in=courses, training_class__in=classes)
    first = lessons.order_by().annotate(place=place).filter(place__lte=most)
    return set(first.values_list("course_version__course", "training_class__code"))


def experts_for(offer: Offer) -> list[Expert]:
    """Who can be asked: those who teach its courses, the latest first, then those whose
    specialities name the item's words.
    """
    taught = LessonTeacher.objects.filter(
        lesson__course_version__course__in=[course.pk for course in offer.courses],
        lesson__training_class__status__in=PUBLIC_CLASS_STATUSES,
        expert__published=True,
    )
    people: dict[int, Expert] = {}
    latest = taught.select_related("expert__village").order_by("-lesson__starts_at", "place")
    for row in latest[:20]:
        people.setdefault(row.expert_id, row.expert)
    if len(people) < EXPERTS_SHOWN:
        words = {word for word in offer.item.keywords.split("、") if word}
        for expert in (
            Expert.objects.filter(published=True).select_related("village").order_by("code")
        ):
            if words & set(expert.specialities.split("、")):
                people.setdefault(expert.pk, expert)
    return list(people.values())[:EXPERTS_SHOWN]


@transaction.atomic
def change_item(
    *,
    item: ServiceItem,
    name: str,
    question: str,
    keywords: str,
    department: Department | None = None,
) -> ServiceItem:
    """Reword an item; its code and the courses that teach it stay.

    The index says the new words at once.
    """
    item = ServiceItem.objects.select_for_update().get(pk=item.pk)
    item.name, item.question, item.keywords = name, question, keywords
    if department is not None:
        item.department = department
    item.save()
    index.rebuild(["course", "service"])
    return item
