"""Many times the data of the demonstration, for measuring: people, classes, bookings, marks, hours.

The rows go in by bulk inserts and keep every rule that `audit_invariants` checks. Each person has
ten bookings, each class fifty. Of a hundred classes one is still to come, the others are closed;
every tenth of those to come is full and has a queue.
"""

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import islice

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from academy import search
from academy.models import Position, User, Venue, Village
from courses.models import ClassStatus, CourseVersion, Lesson, SeatPool, TrainingClass
from courses.scheduling import season_of
from trainees.hours import RULE
from trainees.models import (
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentEvent,
    EnrolmentEventKind,
    EnrolmentStatus,
    HourEntry,
    HourKind,
    Posting,
    Trainee,
)
from trainees.names import stroke_key

from .demo import DemoRefused

PEOPLE_PER_CLASS = 50
BOOKINGS_PER_PERSON = 10
SEATS = 60
QUEUE = 3  # people who wait for a full class
YEARS_BACK = 40  # 500 classes a year at 100,000 people
FIRST_PHONE = 19910000000  # beside the numbers of the demonstration
LESSON_STARTS = (time(9, 0), time(13, 30), time(18, 30))  # the lessons of a class are on one day
LESSON_LENGTH = timedelta(minutes=135)
LESSON_HOURS = Decimal(3)
ROWS_AT_ONCE = 5_000
CLASSES_AT_ONCE = 100
CODE = "GM-"  # of the classes, followed by a number
SHARE_ABSENT = 0.05
SHARE_OVER = 0.99  # of the classes; the others are to come


@dataclass
class ScaleReport:
    """What was added; counts of rows."""

    people: int = 0
    classes: int = 0
    lessons: int = 0
    bookings: int = 0
    marks: int = 0
    hour_entries: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def make_scale(*, trainees: int, seed: int, now: datetime) -> ScaleReport:
    """Add so many people, and classes and bookings for them; the same seed gives the same rows.

    Raises DemoRefused with DEBUG off, without a network and a catalogue, and when run twice.
    """
    if not settings.DEBUG and not getattr(settings, "DEMO_ALLOWED", False):
        raise DemoRefused(_("Demonstration data cannot be loaded with DEBUG off."))
    if not (Venue.objects.exists() and CourseVersion.objects.exists()):
        raise DemoRefused(
            _("Load the demonstration first: there is no network and no catalogue yet.")
        )
    if User.objects.filter(phone=str(FIRST_PHONE)).exists():
        raise DemoRefused(_("This database has been filled already. Begin with an empty one."))
    chance = random.Random(seed)  # noqa: S311  (the same data every time is the point)
    report = ScaleReport()
    with transaction.atomic():
        people = _people(chance, trainees)
        report.people = len(people)
        classes = _classes(chance, max(trainees * BOOKINGS_PER_PERSON // PEOPLE_PER_CLASS, 1), now)
        report.classes = len(classes)
        report.lessons = sum(item.lesson_count for item in classes)
        lessons: dict[int, list[Lesson]] = {}
        for lesson in Lesson.objects.filter(training_class__code__startswith=CODE):
            lessons.setdefault(lesson.training_class_id, []).append(lesson)
        office = User.objects.order_by("pk").first()
        for begin in range(0, len(classes), CLASSES_AT_ONCE):
            bookings = _bookings(classes[begin : begin + CLASSES_AT_ONCE], people, now)
            marks, entries = _marks_and_hours(chance, bookings, lessons, office)
            report.bookings += len(bookings)
            report.marks += marks
            report.hour_entries += entries
    search.rebuild(["class"])
    return report


def _insert(model: type[models.Model], rows: Iterator[models.Model]) -> int:
    """Write the rows in batches, so that they never stand in memory together; return their number."""
    written = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        written += len(model.objects.bulk_create(batch))
    return written


def _people(chance: random.Random, wanted: int) -> list[Trainee]:
    villages = list(Village.objects.order_by("code"))
    positions = list(Position.objects.order_by("sort_order", "pk"))
    names = [f"示例{number}" for number in range(wanted)]
    _insert(
        User,
        (
            User(phone=str(FIRST_PHONE + number), name=name, is_sample=True)
            for number, name in enumerate(names)
        ),
    )
    users = User.objects.filter(phone__gte=str(FIRST_PHONE)).order_by("phone").iterator()
    key = stroke_key("示例")
    _insert(
        Trainee,
        (
            Trainee(
                user=user,
                village=chance.choice(villages),
                position=chance.choice(positions),
                stroke_key=key,
            )
            for user in users
        ),
    )
    people = list(Trainee.objects.filter(user__phone__gte=str(FIRST_PHONE)).order_by("user__phone"))
    began = timezone.localdate() - timedelta(days=365 * YEARS_BACK)
    _insert(
        Posting,
        (
            Posting(
                trainee=person,
                village_id=person.village_id,
                position_id=person.position_id,
                valid_from=began,
            )
            for person in people
        ),
    )
    return people


def _classes(chance: random.Random, wanted: int, now: datetime) -> list[TrainingClass]:
    """Classes with a pool and one to three lessons; no room is used twice at one time."""
    venues = list(Venue.objects.select_related("campus").order_by("code"))
    versions = list(CourseVersion.objects.order_by("pk"))
    days = -(-wanted // len(venues))  # every room has one class on each day that is used
    today = timezone.localdate(now)
    first = today - timedelta(days=365 * YEARS_BACK)
    step = 365 * YEARS_BACK / max((days - 1) * SHARE_OVER, 1)

    def new(number: int) -> tuple[TrainingClass, list[Lesson]]:
        day = first + timedelta(days=int(number // len(venues) * step))
        if day == today:  # a class in every room on the day of the measurement is no usual day
            day += timedelta(days=1)
        venue = venues[number % len(venues)]
        count = chance.choice((1, 2, 2, 3))
        starts = [timezone.make_aware(datetime.combine(day, at)) for at in LESSON_STARTS[:count]]
        is_over = day < today
        version = chance.choice(versions)
        full = not is_over and number % 10 == 0
        item = TrainingClass(
            code=f"{CODE}{number:06}",
            title=f"示例培训班{number}：{version.title}"[:80],
            campus=venue.campus,
            season=season_of(starts[0]),
            capacity=PEOPLE_PER_CLASS if full else SEATS,
            booking_opens_at=starts[0] - timedelta(days=60),
            booking_closes_at=starts[0] - timedelta(days=2),
            status=ClassStatus.CLOSED if is_over else ClassStatus.OPEN,
            closings=1 if is_over else 0,
            starts_at=starts[0],
            ends_at=starts[-1] + LESSON_LENGTH,
            lesson_count=count,
            hours=LESSON_HOURS * count,
            waiting_count=QUEUE if full else 0,
        )
        lessons = [
            Lesson(
                training_class=item,
                number=place,
                course_version=version,
                venue=venue,
                starts_at=start,
                ends_at=start + LESSON_LENGTH,
                hours=LESSON_HOURS,
            )
            for place, start in enumerate(starts, start=1)
        ]
        return item, lessons

    made = [new(number) for number in range(wanted)]
    classes = [item for item, _lessons in made]
    TrainingClass.objects.bulk_create(classes, batch_size=ROWS_AT_ONCE)
    _insert(Lesson, (lesson for _item, lessons in made for lesson in lessons))
    SeatPool.objects.bulk_create(
        (
            SeatPool(training_class=item, seats=item.capacity, seats_taken=PEOPLE_PER_CLASS)
            for item in classes
        ),
        batch_size=ROWS_AT_ONCE,
    )
    return classes


def _bookings(
    classes: list[TrainingClass], people: list[Trainee], now: datetime
) -> list[Enrolment]:
    """Fifty people in each class, the next fifty in the next, and a queue where it is full."""
    pools = dict(
        SeatPool.objects.filter(training_class__in=classes).values_list("training_class", "pk")
    )
    rows = []
    for item in classes:
        number = int(item.code.removeprefix(CODE))
        taken = EnrolmentStatus.BOOKED
        if item.status == ClassStatus.CLOSED:
            taken = EnrolmentStatus.COMPLETED
        for place in range(PEOPLE_PER_CLASS + item.waiting_count):
            person = people[(number * PEOPLE_PER_CLASS + place) % len(people)]
            has_seat = place < PEOPLE_PER_CLASS
            rows.append(
                Enrolment(
                    trainee=person,
                    training_class=item,
                    status=taken if has_seat else EnrolmentStatus.WAITLISTED,
                    pool_id=pools[item.pk] if has_seat else None,
                    village_id=person.village_id,
                    position_id=person.position_id,
                    queued_at=min(item.booking_opens_at, now) + timedelta(minutes=place),
                    booked_by_id=person.user_id,
                    is_repeat=place % 25 == 0,
                )
            )
    Enrolment.objects.bulk_create(rows)
    EnrolmentEvent.objects.bulk_create(
        EnrolmentEvent(
            enrolment=row,
            by_id=row.booked_by_id,
            at=row.queued_at,
            kind=EnrolmentEventKind.BOOKED if row.pool_id else EnrolmentEventKind.WAITLISTED,
        )
        for row in rows
    )
    return rows


def _marks_and_hours(
    chance: random.Random, bookings: list[Enrolment], lessons: dict[int, list[Lesson]], office: User
) -> tuple[int, int]:
    """A mark for every lesson of a class that is over, and the hours of whoever was there."""
    marks, entries = [], []
    for row in bookings:
        if row.status != EnrolmentStatus.COMPLETED:
            continue
        came = chance.random() > SHARE_ABSENT
        for lesson in lessons[row.training_class_id]:
            marks.append(
                Attendance(
                    enrolment=row,
                    lesson=lesson,
                    marked_by=office,
                    marked_at=lesson.ends_at,
                    status=AttendanceStatus.PRESENT if came else AttendanceStatus.ABSENT,
                )
            )
            if came:
                entries.append(
                    HourEntry(
                        trainee_id=row.trainee_id,
                        kind=HourKind.LESSON,
                        hours=lesson.hours,
                        earned_on=timezone.localdate(lesson.starts_at),
                        enrolment=row,
                        lesson=lesson,
                        closing=1,
                        rule=RULE,
                        posted_at=lesson.ends_at,
                        posted_by=office,
                    )
                )
    Attendance.objects.bulk_create(marks)
    HourEntry.objects.bulk_create(entries)
    return len(marks), len(entries)
