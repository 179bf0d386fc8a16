"""The preview of a round as a matrix: a row for each site, a column for each week."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from ..schedule.holidays import mark_of, not_announced


@dataclass
class Week:
    """A column: the number of the week, its first day, and the holidays that lie in it."""

    number: int
    first_day: date | None = None
    holidays: list[str] = field(default_factory=list)


@dataclass
class Site:
    """A row: the site and its classes, one for each week."""

    name: str
    cells: list = field(default_factory=list)


@dataclass(frozen=True)
class Matrix:
    """What the preview draws; `conflicts` are the rows that cannot be held as they are."""

    weeks: list[Week]
    sites: list[Site]
    conflicts: list
    free: int
    on_holidays: int
    taken_out: int
    unannounced: list[int]


def matrix_of(rows: Sequence) -> Matrix:
    """Order the rows of the preview by site and week."""
    weeks: dict[int, Week] = {}
    sites: dict[str, Site] = {}
    for row in rows:
        number, day = row.number, row.day
        week = weeks.setdefault(number, Week(number))
        if day:
            week.first_day = min(filter(None, (week.first_day, day)))
        site = sites.setdefault(row.form.campus_name, Site(row.form.campus_name))
        site.cells.append(row)
    for week in weeks.values():
        week.holidays = holidays_in(week.first_day) if week.first_day else []
    order = sorted(weeks)
    for site in sites.values():
        by_number = {row.number: row for row in site.cells}
        site.cells = [by_number.get(number) for number in order]
    return Matrix(
        weeks=[weeks[number] for number in order],
        sites=list(sites.values()),
        conflicts=[row for row in rows if row.is_wrong],
        free=sum(bool(row.judged and not row.is_wrong) for row in rows),
        on_holidays=sum(bool(row.holiday) for row in rows),
        taken_out=sum(not row.judged and not row.is_wrong for row in rows),
        unannounced=not_announced(row.day.year for row in rows if row.day),
    )


def holidays_in(day: date) -> list[str]:
    """The public holidays in the week of a day, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    marks = [mark_of(monday + timedelta(days=n)) for n in range(7)]
    return list(dict.fromkeys(mark.words for mark in marks if mark.is_off and mark.words))


def day_of(form) -> date | None:
    """The day that a row of the preview asks for, where it is one."""
    try:
        return form.fields["day"].to_python(form["day"].value())
    except ValidationError:
        return None
