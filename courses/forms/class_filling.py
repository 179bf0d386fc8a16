"""Filling many rows of a class's form at once: a lesson again and again, each street-town alike.

Rows are what the page sends, name → text; nothing is checked here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from ..schedule.holidays import is_workday
from .fields import MOST_LESSONS, MOST_SEATS

Row = Mapping[str, str]
WEEKLY, WORKDAYS = "week", "workday"


def number_in(text: str, most: int) -> int:
    """The number that was typed, at most `most`; 0 where it is none."""
    text = text.strip()
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


def with_repeats(rows: Sequence[Row], *, times: str, every: str) -> list[Row]:
    """The rows with the last lesson so many times more, a week or a workday apart.

    A lesson on a workday is put off where it would fall on a day off. Rows without a day stay as
    they are: there is nothing to count from.
    """
    filled = [row for row in rows if row.get("day")]
    day = _day_in(filled[-1]["day"]) if filled else None
    if day is None:
        return list(rows)
    step = timedelta(days=1 if every == WORKDAYS else 7)
    skips = every == WORKDAYS or is_workday(day)
    repeats: list[Row] = []
    wish = day
    for _number in range(number_in(times, MOST_LESSONS - len(filled))):
        wish += step
        day = wish
        while skips and not is_workday(day):
            day += timedelta(days=1)
        if day - wish >= step:  # it has reached the next one's day
            wish = day
        repeats.append({**filled[-1], "pk": "", "day": day.isoformat()})
    return [*(row for row in rows if any(row.values())), *repeats]


def for_each_town(codes: Iterable[str], seats: str) -> list[Row]:
    """A row for each street-town with the same number of seats."""
    number = str(number_in(seats, MOST_SEATS))
    return [{"town": code, "seats": number} for code in codes]


def _day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
