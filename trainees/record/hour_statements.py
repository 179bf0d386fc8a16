"""A person's year on one paper: every hour that counts, with its day and source, and the sum."""

from dataclasses import dataclass
from datetime import datetime

from ..models import HourEntry, Trainee
from .hours import Progress, progress, standing_entries

FIRST_YEAR = 2020


@dataclass(frozen=True)
class HourStatement:
    """`lines` add up to `progress.done`: what was taken back stands nowhere, its counter entry
    neither. Source: docs/rules.md R5.
    """

    trainee: Trainee
    progress: Progress
    lines: list[HourEntry]
    made_at: datetime

    @property
    def year(self) -> int:
        return self.progress.year


def statement_of(trainee: Trainee, year: int, now: datetime) -> HourStatement:
    """The year of one person, in the order of the days."""
    lines = (
        standing_entries()
        .filter(trainee=trainee, earned_on__year=year)
        .select_related("lesson__course_version", "enrolment__training_class__campus")
        .order_by("earned_on", "pk")
    )
    return HourStatement(trainee, progress(trainee, year, now), list(lines), now)


def year_asked(asked: str, this_year: int) -> int | None:
    """The year that an address names, this one where it names none; None where there is none."""
    if not asked:
        return this_year
    if len(asked) == 4 and asked.isascii() and asked.isdecimal():
        year = int(asked)
        return year if FIRST_YEAR <= year <= this_year + 1 else None
    return None


def years_of(trainee: Trainee, *others: int) -> list[int]:
    """The years with a line in the ledger and those named, the newest first."""
    days = HourEntry.objects.filter(trainee=trainee).dates("earned_on", "year")
    return sorted({day.year for day in days} | set(others), reverse=True)
