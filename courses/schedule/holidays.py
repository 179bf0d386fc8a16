"""Public holidays and swapped workdays of the mainland, as far as they have been announced.

The State Council announces a year's days late in the year before; PyPI `chinesecalendar` carries
them. For a year it does not know only weekends are certain, and every page that marks days says so.
Source: docs/rules.md R28.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import chinese_calendar
from chinese_calendar.constants import Holiday, holidays, workdays
from django.utils.translation import get_language
from django.utils.translation import gettext as _

SATURDAY = 5
LAST_KNOWN_YEAR = max(*holidays, *workdays).year
FIRST_KNOWN_YEAR = min(*holidays, *workdays).year


@dataclass(frozen=True)
class DayMark:
    """What is special about a day: `is_off` when offices are closed, `words` only where it is more
    than a weekend.
    """

    day: date
    is_off: bool
    words: str = ""


def is_announced(year: int) -> bool:
    """Return whether the public holidays of the year are known."""
    return FIRST_KNOWN_YEAR <= year <= LAST_KNOWN_YEAR


def mark_of(day: date) -> DayMark:
    """How a day stands; an unannounced year knows weekends only."""
    is_weekend = day.weekday() >= SATURDAY
    if not is_announced(day.year):
        return DayMark(day, is_weekend)
    is_off, name = chinese_calendar.get_holiday_detail(day)
    if is_off and name:
        return DayMark(day, True, _holiday_name(name))
    if not is_off and is_weekend:
        return DayMark(day, False, _("Swapped workday"))
    return DayMark(day, is_off)


def _holiday_name(name: str) -> str:
    """春节, or Spring Festival on the English pages."""
    if (get_language() or "").startswith("en"):
        return name
    return next((holiday.chinese for holiday in Holiday if holiday.value == name), name)


def is_workday(day: date) -> bool:
    """Return whether offices work on the day."""
    return not mark_of(day).is_off


def warning_for(day: date) -> str:
    """What planning a lesson on the day should make one think of: a public holiday; nothing for a
    weekend.
    """
    mark = mark_of(day)
    return (
        _("Public holiday: %(name)s") % {"name": mark.words} if mark.is_off and mark.words else ""
    )


def not_announced(years: Iterable[int]) -> list[int]:
    """The years among these whose public holidays are not known yet."""
    return sorted({year for year in years if not is_announced(year)})
