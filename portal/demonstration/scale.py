"""Many times the data of the demonstration, for measuring: people, classes, bookings, marks, hours.

The rows go in many at once and keep every rule that `audit_invariants` checks. Each person has
ten bookings, each class fifty. Of a hundred classes one is still to come, the others are closed;
every tenth of those to come is full and has a queue.
"""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.models import PersonKey, Position, User, Venue, Village
from academy.people_keys import keys_of
from academy.search import index
from courses.models import ClassStatus, CourseVersion, Lesson, SeatPool, TrainingClass
from courses.schedule.scheduling import season_of
from trainees.models import (
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentEvent,
    EnrolmentEventKind,
    EnrolmentStatus,
    HourEntry,
    HourKind,
    MarkMethod,
    Posting,
    RollLock,
    Trainee,
)
from trainees.people.stroke_order import stroke_key
from trainees.record.hours import RULE

from .bulk_rows import ROWS_AT_ONCE, references_checked_at_the_end, write_rows
from .year import DemoRefused

PEOPLE_PER_CLASS = 50
BOOKINGS_PER_PERSON = 10
SEATS = 60
QUEUE = 3  # people who wait for a full class
YEARS_BACK = 40  # 500 classes a year at 100,000 people
FIRST_PHONE = 19910000000  # beside the numbers of the demonstration
LESSON_STARTS = (time(9, 0), time(13, 30), time(18, 30))  # the lessons of a class are on one day
LESSON_LENGTH = timedelta(minutes=135)
LESSON_HOURS = Decimal(3)
CLASSES_AT_ONCE = 100
WAITING = EnrolmentStatus.WAITLISTED.value
LARGE_TABLES = (Enrolment, EnrolmentEvent, Attendance, HourEntry)
CODE = "GM-"  # of the classes, followed by a number
SHARE_ABSENT = 0.05
SHARE_OVER = 0.99  # of the classes; the others are to come


class Person(NamedTuple):
    """What a booking needs to know of a trainee: keys."""

    pk: int
    user: int
    village: int
    position: int


class Booked(NamedTuple):
    """A booking that was written."""

    pk: int
    trainee: int
    training_class: int
    status: str
    queued_at: datetime
    booked_by: int


class Held(NamedTuple):
    """A lesson of a class that is over."""

    pk: int
    training_class: int
    ends_at: datetime
    hours: Decimal
    day: date


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
    with transaction.atomic(), references_checked_at_the_end(*LARGE_TABLES):
        people = _people(chance, trainees)
        report.people = len(people)
        classes = _classes(chance, max(trainees * BOOKINGS_PER_PERSON // PEOPLE_PER_CLASS, 1), now)
        report.classes = len(classes)
        report.lessons = sum(item.lesson_count for item in classes)
        lessons = _lessons_held(now)
        office = User.objects.order_by("pk").first()
        for begin in range(0, len(classes), CLASSES_AT_ONCE):
            bookings = _bookings(classes[begin : begin + CLASSES_AT_ONCE], people, now)
            marks, entries = _marks_and_hours(chance, bookings, lessons, office)
            report.bookings += len(bookings)
            report.marks += marks
            report.hour_entries += entries
    index.rebuild(["class"])
    return report


def _people(chance: random.Random, wanted: int) -> list[Person]:
    villages = list(Village.objects.order_by("code").values_list("pk", flat=True))
    positions = list(Position.objects.order_by("sort_order", "pk").values_list("pk", flat=True))
    write_rows(
        User,
        ("phone", "name", "is_sample"),
        ((str(FIRST_PHONE + number), f"示例{number}", True) for number in range(wanted)),
    )
    users = User.objects.filter(phone__gte=str(FIRST_PHONE)).order_by("phone")
    write_rows(
        PersonKey,
        ("person_id", "key"),
        ((person.pk, key) for person in users.iterator() for key in sorted(keys_of(person))),
    )
    key = stroke_key("示例")
    write_rows(
        Trainee,
        ("user_id", "village_id", "position_id", "stroke_key"),
        (
            (user, chance.choice(villages), chance.choice(positions), key)
            for user in users.values_list("pk", flat=True)
        ),
    )
    trainees = Trainee.objects.filter(user__phone__gte=str(FIRST_PHONE)).order_by("user__phone")
    people = [Person(*row) for row in trainees.values_list("pk", "user", "village", "position")]
    began = timezone.localdate() - timedelta(days=365 * YEARS_BACK)
    write_rows(
        Posting,
        ("trainee_id", "village_id", "position_id", "valid_from"),
        ((person.pk, person.village, person.position, began) for person in people),
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
    Lesson.objects.bulk_create(
        (lesson for _item, lessons in made for lesson in lessons), batch_size=ROWS_AT_ONCE
    )
    SeatPool.objects.bulk_create(
        (
            SeatPool(training_class=item, seats=item.capacity, seats_taken=PEOPLE_PER_CLASS)
            for item in classes
        ),
        batch_size=ROWS_AT_ONCE,
    )
    return classes


def _bookings(
    classes: Sequence[TrainingClass], people: list[Person], now: datetime
) -> list[Booked]:
    """Fifty people in each class, the next fifty in the next, and a queue where it is full."""
    pools = dict(
        SeatPool.objects.filter(training_class__in=classes).values_list("training_class", "pk")
    )
    rows = []
    for item in classes:
        number = int(item.code.removeprefix(CODE))
        taken = EnrolmentStatus.BOOKED.value
        if item.status == ClassStatus.CLOSED:
            taken = EnrolmentStatus.COMPLETED.value
        first_queued_at = min(item.booking_opens_at, now)
        for place in range(PEOPLE_PER_CLASS + item.waiting_count):
            person = people[(number * PEOPLE_PER_CLASS + place) % len(people)]
            has_seat = place < PEOPLE_PER_CLASS
            rows.append(
                (
                    person.pk,
                    item.pk,
                    taken if has_seat else WAITING,
                    pools[item.pk] if has_seat else None,
                    person.village,
                    person.position,
                    first_queued_at + timedelta(minutes=place),
                    person.user,
                    place % 25 == 0,
                )
            )
    columns = (
        "trainee_id",
        "training_class_id",
        "status",
        "pool_id",
        "village_id",
        "position_id",
        "queued_at",
        "booked_by_id",
        "is_repeat",
    )
    write_rows(Enrolment, columns, rows)
    written = Enrolment.objects.filter(training_class__in=classes).order_by("pk")
    bookings = [
        Booked(*row)
        for row in written.values_list(
            "pk", "trainee", "training_class", "status", "queued_at", "booked_by"
        )
    ]
    booked, waits = EnrolmentEventKind.BOOKED.value, EnrolmentEventKind.WAITLISTED.value
    write_rows(
        EnrolmentEvent,
        ("enrolment_id", "by_id", "at", "kind"),
        (
            (row.pk, row.booked_by, row.queued_at, waits if row.status == WAITING else booked)
            for row in bookings
        ),
    )
    return bookings


def _lessons_held(now: datetime) -> dict[int, list[Held]]:
    """Key of a class → its lessons; only of the classes that are over."""
    held = Lesson.objects.filter(training_class__code__startswith=CODE, ends_at__lt=now)
    lessons: dict[int, list[Held]] = {}
    for pk, training_class, starts_at, ends_at, hours in held.values_list(
        "pk", "training_class", "starts_at", "ends_at", "hours"
    ):
        day = timezone.localdate(starts_at)
        lessons.setdefault(training_class, []).append(Held(pk, training_class, ends_at, hours, day))
    return lessons


def _marks_and_hours(
    chance: random.Random, bookings: list[Booked], lessons: dict[int, list[Held]], office: User
) -> tuple[int, int]:
    """A mark for every lesson of a class that is over, and the hours of whoever was there."""
    present, absent = AttendanceStatus.PRESENT.value, AttendanceStatus.ABSENT.value
    posted = (HourKind.LESSON.value, 1, RULE, office.pk)
    way = MarkMethod.ROLL.value
    marks, entries = [], []
    for row in bookings:
        if row.status != EnrolmentStatus.COMPLETED:
            continue
        came = chance.random() > SHARE_ABSENT
        for lesson in lessons[row.training_class]:
            mark = present if came else absent
            marks.append((row.pk, lesson.pk, lesson.ends_at, mark, office.pk, way))
            if came:
                entry = (row.trainee, row.pk, lesson.pk, lesson.hours, lesson.day, lesson.ends_at)
                entries.append(entry + posted)
    of_a_mark = ("enrolment_id", "lesson_id", "marked_at", "status", "marked_by_id", "method")
    write_rows(Attendance, of_a_mark, marks)
    columns = ("trainee_id", "enrolment_id", "lesson_id", "hours", "earned_on", "posted_at")
    write_rows(HourEntry, (*columns, "kind", "closing", "rule", "posted_by_id"), entries)
    closed = {row.training_class for row in bookings if row.status == EnrolmentStatus.COMPLETED}
    write_rows(
        RollLock,
        ("lesson_id", "locked_at", "locked_by_id", "with_the_class", "reason"),
        (
            (lesson.pk, lesson.ends_at, office.pk, True, "")
            for training_class in closed
            for lesson in lessons[training_class]
        ),
    )
    return len(marks), len(entries)
