"""The season (赋能季): a quarter of a year and its months, as runs of whole days."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import ClassStatus, TrainingClass

FIRST_YEAR, LAST_YEAR = 2020, 2100
QUARTERS, MONTHS_OF_A_QUARTER, DAYS_OF_A_WEEK = 4, 3, 7


class Days:
    """A run of whole days that the board shows: a season or one of its months."""

    first_day: date
    last_day: date

    @property
    def first_monday(self) -> date:
        """The Monday of the week that it begins in."""
        return monday_of(self.first_day)

    @property
    def begins_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first_day, time.min))

    @property
    def ends_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.last_day + timedelta(days=1), time.min))


@dataclass(frozen=True)
class Month(Days):
    """A month of a season, from its first day to its last."""

    first_day: date

    @property
    def number(self) -> int:
        return self.first_day.month

    @property
    def last_day(self) -> date:
        return self.first_day.replace(day=monthrange(self.first_day.year, self.number)[1])

    @property
    def months(self) -> list["Month"]:
        return [self]


@dataclass(frozen=True, order=True)
class Season(Days):
    """A quarter of a year; its code, such as 2027Q1, stands in addresses and on classes."""

    year: int
    quarter: int

    @classmethod
    def parse(cls, code: str) -> "Season | None":
        """The season of a code, or nothing for what is none or lies out of reach."""
        found = re.fullmatch(r"([0-9]{4})Q([1-4])", code)
        season = cls(int(found[1]), int(found[2])) if found else None
        return season if season and FIRST_YEAR <= season.year <= LAST_YEAR else None

    @classmethod
    def of(cls, day: date) -> "Season":
        return cls(day.year, (day.month + 2) // MONTHS_OF_A_QUARTER)

    def __str__(self) -> str:
        return f"{self.year}Q{self.quarter}"

    def moved(self, quarters: int) -> "Season":
        count = self.year * QUARTERS + self.quarter - 1 + quarters
        return Season(count // QUARTERS, count % QUARTERS + 1)

    @property
    def is_in_reach(self) -> bool:
        return FIRST_YEAR <= self.year <= LAST_YEAR

    @property
    def first_day(self) -> date:
        return date(self.year, (self.quarter - 1) * MONTHS_OF_A_QUARTER + 1, 1)

    @property
    def last_day(self) -> date:
        return self.moved(1).first_day - timedelta(days=1)

    @property
    def months(self) -> list[Month]:
        return [
            Month(self.first_day.replace(month=self.first_day.month + n))
            for n in range(MONTHS_OF_A_QUARTER)
        ]

    @property
    def in_words(self) -> str:
        """2027 年第一季."""
        names = {
            1: _("first quarter of %(year)s"),
            2: _("second quarter of %(year)s"),
            3: _("third quarter of %(year)s"),
            4: _("fourth quarter of %(year)s"),
        }
        return names[self.quarter] % {"year": self.year}

    def weeks_to(self, other: "Season") -> int:
        """By how many weeks a plan of this season moves to stand in the other."""
        return (other.first_monday - self.first_monday).days // DAYS_OF_A_WEEK


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def drafts_in(classes: QuerySet[TrainingClass], season: Season) -> QuerySet[TrainingClass]:
    """The drafts that begin in the season: what is opened together."""
    return classes.filter(
        status=ClassStatus.DRAFT, starts_at__gte=season.begins_at, starts_at__lt=season.ends_at
    )
