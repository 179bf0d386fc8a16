"""What counts as a study hour, whose balance is what, and what the year asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Sum

from academy.imports.loading import LoadReport
from academy.models import CampusKind, Position
from academy.spreadsheets.csv_files import read_csv
from courses.models import ClassStatus, Lesson, Track
from courses.schedule.hour_conversion import Conversions

from ..models import (
    CAME,
    PARTLY_THERE,
    Attendance,
    Enrolment,
    EnrolmentStatus,
    HourEntry,
    HourKind,
    HourTarget,
    Trainee,
    attended_by,
)

STEP = Decimal("0.25")  # the ledger's smallest part of an hour; docs/rules.md R27
RULE = "lesson-2026: hours of the lesson; partly there by minutes, down to 0.25"


def hours_for(attendance: Attendance, lesson: Lesson) -> Decimal:
    """Hours that a mark earns: all when present, by minutes when partly there (rounded down to
    0.25), else none.

    Source: docs/rules.md R27.
    """
    if attendance.status not in CAME:
        return Decimal(0)
    if attendance.status not in PARTLY_THERE or attendance.minutes is None:
        return lesson.hours
    share = Decimal(min(attendance.minutes, lesson.duration_minutes)) / Decimal(
        lesson.duration_minutes
    )
    return (lesson.hours * share / STEP).to_integral_value(ROUND_DOWN) * STEP


def rule_of(lesson: Lesson, conversions: Conversions) -> str:
    """The name of the rule that the hours of a lesson come from, as a line of the ledger keeps it.

    Where they are what the timetable proposes, the rule of the table stands behind.
    """
    proposal = conversions.for_lesson(lesson)
    if proposal is None or proposal.hours != lesson.hours:
        return RULE
    return f"{RULE}; {proposal.rule.name}"


def replay(entries: Iterable[HourEntry]) -> dict[tuple[int, int], Decimal]:
    """(trainee key, year) → hours, rebuilt line by line: what `balance` must say of each.

    Source: docs/rules.md R5.
    """
    balances: dict[tuple[int, int], Decimal] = {}
    for entry in entries:
        key = entry.trainee_id, entry.earned_on.year
        balances[key] = balances.get(key, Decimal(0)) + entry.hours
    return balances


def post(
    *,
    trainee: Trainee,
    kind: HourKind,
    hours: Decimal,
    earned_on: date,
    rule: str,
    by,
    now: datetime,
    enrolment: Enrolment | None = None,
    lesson: Lesson | None = None,
    closing: int | None = None,
    reason: str = "",
) -> HourEntry:
    """Add one line to the ledger and return it. `rule` names the rule the hours come from.

    Hours of a class need the booking, the lesson and the number of the closing that posts them; a
    second line of the same four is refused. Raises IntegrityError. Source: docs/rules.md R5, R81.
    """
    return HourEntry.objects.create(
        trainee=trainee,
        kind=kind,
        hours=hours,
        earned_on=earned_on,
        rule=rule,
        enrolment=enrolment,
        lesson=lesson,
        closing=closing,
        reason=reason[:200],
        posted_at=now,
        posted_by=by,
    )


def take_back(entries: Iterable[HourEntry], *, reason: str, by, now: datetime) -> list[HourEntry]:
    """Write a counter entry against each of the lines; returns the new lines.

    A line is taken back once. Raises IntegrityError. Source: docs/rules.md R5.
    """
    return HourEntry.objects.bulk_create(
        HourEntry(
            trainee_id=entry.trainee_id,
            kind=HourKind.CORRECTION,
            hours=-entry.hours,
            earned_on=entry.earned_on,
            enrolment_id=entry.enrolment_id,
            lesson_id=entry.lesson_id,
            closing=entry.closing,
            rule=entry.rule,
            reverses=entry,
            reason=reason[:200],
            posted_at=now,
            posted_by=by,
        )
        for entry in entries
    )


def standing_entries() -> QuerySet[HourEntry]:
    """The lines of the ledger that no counter entry has taken back."""
    return HourEntry.objects.exclude(kind=HourKind.CORRECTION).filter(reversed_by__isnull=True)


def balance(trainee: Trainee, year: int) -> Decimal:
    """The hours of a year: nothing but the sum of the ledger's rows."""
    return HourEntry.objects.filter(trainee=trainee, earned_on__year=year).aggregate(
        total=Sum("hours")
    )["total"] or Decimal(0)


def target_for(position: Position | None, year: int) -> HourTarget | None:
    """The target that holds at the end of the year; None means that none is known, which is not 0.

    Light accounts have none.
    """
    if position is None:
        return None
    last_day = date(year, 12, 31)
    return (
        HourTarget.objects.filter(position=position, valid_from__lte=last_day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=last_day))
        .order_by("-valid_from")
        .first()
    )


@dataclass(frozen=True)
class TrackHours:
    """The hours of one track in a year."""

    track: Track
    done: Decimal
    booked: Decimal


@dataclass(frozen=True)
class Progress:
    """One person's year: what is done, what is booked and still to come, what is missing."""

    year: int
    done: Decimal
    booked: Decimal
    target: HourTarget | None
    centralised_done: int
    tracks: list[TrackHours]
    elsewhere: Decimal = Decimal(0)  # of no lesson: outside training, practice, teaching

    @property
    def missing(self) -> Decimal | None:
        """Hours still to earn; None when no target is known."""
        return max(Decimal(0), self.target.hours - self.done) if self.target else None

    @property
    def booked_is_enough(self) -> bool:
        return self.target is not None and self.done + self.booked >= self.target.hours

    @property
    def centralised_missing(self) -> int:
        return (
            max(0, self.target.centralised_sessions - self.centralised_done) if self.target else 0
        )

    @property
    def scale(self) -> Decimal:
        """What the whole bar stands for."""
        return max(
            self.target.hours if self.target else Decimal(0), self.done + self.booked, Decimal(1)
        )


def progress(trainee: Trainee, year: int, now: datetime) -> Progress:
    """The year of one person, from the ledger and the lessons booked."""
    by_track = dict(
        HourEntry.objects.filter(trainee=trainee, earned_on__year=year)
        .order_by()
        .values_list("lesson__course_version__course__track")
        .annotate(total=Sum("hours"))
    )
    coming = dict(
        booked_lessons(trainee, year, now)
        .order_by()
        .values_list("course_version__course__track")
        .annotate(total=Sum("hours"))
    )
    tracks = [
        TrackHours(track, by_track.get(track.pk, Decimal(0)), coming.get(track.pk, Decimal(0)))
        for track in Track.objects.all()
    ]
    return Progress(
        year=year,
        done=sum(by_track.values(), Decimal(0)),
        booked=sum(coming.values(), Decimal(0)),
        target=target_for(trainee.position, year),
        centralised_done=centralised_sessions(trainee, year),
        tracks=tracks,
        elsewhere=by_track.get(None, Decimal(0)),
    )


def booked_lessons(trainee: Trainee, year: int, now: datetime):
    """Lessons still to come that the person attends, of classes they have a seat in."""
    return Lesson.objects.filter(
        attended_by(OuterRef("training_class__enrolments")),
        training_class__enrolments__trainee=trainee,
        training_class__enrolments__status=EnrolmentStatus.BOOKED,
        training_class__status__in=(ClassStatus.OPEN, ClassStatus.RUNNING),
        starts_at__year=year,
        ends_at__gt=now,
    )


def centralised_sessions(trainee: Trainee, year: int) -> int:
    """Closed classes at the main college that the person completed in the year: what the portal
    counts as centralised training.
    """
    return (
        trainee.enrolments.filter(
            status=EnrolmentStatus.COMPLETED,
            training_class__campus__kind=CampusKind.COLLEGE,
            training_class__ends_at__year=year,
        )
        .values("training_class")
        .distinct()
        .count()
    )


def load_hour_targets(path: Path | str) -> LoadReport:
    """Load the yearly targets of positions from a CSV file; a second run changes nothing.

    Raises TableError.
    """
    file = read_csv(
        path, ("position", "hours", "centralised_sessions", "legal_basis", "valid_from", "valid_to")
    )
    report = LoadReport()
    positions = {position.name: position for position in Position.objects.all()}
    with transaction.atomic():
        for record in file:
            values = {
                "hours": record.decimal("hours"),
                "centralised_sessions": record.integer("centralised_sessions"),
                "legal_basis": record.required("legal_basis", 200),
                "valid_to": record.day("valid_to") if record["valid_to"] else None,
            }
            key = {
                "position": record.one_of("position", positions),
                "valid_from": record.day("valid_from"),
            }
            found = HourTarget.objects.filter(**key).first()
            if found is None:
                HourTarget.objects.create(**key, **values)
                report.new += 1
            elif any(getattr(found, name) != value for name, value in values.items()):
                HourTarget.objects.filter(pk=found.pk).update(**values)
                report.changed += 1
            else:
                report.same += 1
    return report
