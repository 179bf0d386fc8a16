"""docs/rules.md R5 on live data: what stands in the ledger of study hours and should not."""

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef

from academy.invariants import Breach
from courses.models import ClassStatus

from ..models import CAME, OF_A_CLASS, Attendance, HourEntry, HourKind
from .hours import RULE, hours_for
from .ledger_guard import GUARD


def ledger_breaches() -> Iterator[Breach]:
    """5: hours of every closed class, as its marks earn them, only of who came, only once; a
    correction takes back what was posted.
    """
    for name in GUARD.missing(connection):
        yield Breach(
            5, "trainees.HourEntry", name, f"the trigger {name} is missing in the database"
        )
    standing = HourEntry.objects.filter(kind=HourKind.LESSON, reversed_by__isnull=True)
    for entry in standing.exclude(enrolment__training_class__status=ClassStatus.CLOSED):
        yield Breach(5, "trainees.HourEntry", entry.pk, "hours of a class that is not closed")
    came = Attendance.objects.filter(status__in=CAME)
    marks = came.filter(enrolment=OuterRef("enrolment"), lesson=OuterRef("lesson"))
    for entry in standing.exclude(Exists(marks)):
        yield Breach(
            5, "trainees.HourEntry", entry.pk, "hours of a lesson the person did not attend"
        )
    marked = standing.filter(Exists(marks), rule__startswith=RULE).annotate(
        mark=marks.values("status")[:1], minutes=marks.values("minutes")[:1]
    )
    for entry in marked.select_related("lesson").order_by("pk").iterator():
        earned = hours_for(Attendance(status=entry.mark, minutes=entry.minutes), entry.lesson)
        if entry.hours != earned:
            yield Breach(
                5, "trainees.HourEntry", entry.pk, f"{entry.hours} hours, the mark earns {earned}"
            )
    posted = standing.filter(enrolment=OuterRef("enrolment"), lesson=OuterRef("lesson"))
    for mark in (
        came.filter(lesson__training_class__status=ClassStatus.CLOSED)
        .exclude(Exists(posted))
        .select_related("lesson")
    ):
        if hours_for(mark, mark.lesson) > 0:
            yield Breach(
                5,
                "trainees.Attendance",
                mark.pk,
                "the class is closed and its hours were not posted",
            )
    twice = (
        HourEntry.objects.filter(kind__in=OF_A_CLASS, reversed_by__isnull=True)
        .order_by()
        .values("enrolment", "lesson")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    for row in twice:
        yield Breach(
            5,
            "trainees.Enrolment",
            row["enrolment"],
            f"hours of lesson {row['lesson']} posted {row['count']} times",
        )
    for entry in HourEntry.objects.filter(kind=HourKind.CORRECTION).exclude(
        hours=Decimal(-1) * F("reverses__hours")
    ):
        yield Breach(
            5, "trainees.HourEntry", entry.pk, "a correction that is not the opposite of its entry"
        )
    with_a_booking = HourEntry.objects.filter(enrolment__isnull=False)
    for entry in with_a_booking.exclude(trainee=F("enrolment__trainee")):
        yield Breach(
            5, "trainees.HourEntry", entry.pk, "hours booked to another person than the enrolment's"
        )
