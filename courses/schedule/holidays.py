"""Public holidays and swapped workdays of the mainland, as far as they have been announced.

The State Council announces a year's days late in the year before; PyPI `chinesecalendar` carries
them. For a year that it does not know yet the office may type them; without them weekends and the
days that the law names are certain, and every page that marks days says so. Source: docs/rules.md
R28.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import chinese_calendar
from chinese_calendar.constants import Holiday, holidays, workdays
from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from academy.models import SpecialDay

from .statutory_days import statutory_days

SATURDAY = 5
TYPED = ("day", "is_off", "name")
CACHE_KEY, CACHE_SECONDS = "special-days", 3600
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


def is_in_the_library(year: int) -> bool:
    """Return whether the library knows the public holidays of the year."""
    return FIRST_KNOWN_YEAR <= year <= LAST_KNOWN_YEAR


def is_announced(year: int) -> bool:
    """Return whether the public holidays of the year are known."""
    return is_in_the_library(year) or bool(_typed(year))


def _typed(year: int) -> dict[date, tuple[bool, str]]:
    """Day → whether offices are closed, and its name: what the office typed for the year."""
    days = cache.get(f"{CACHE_KEY}:{year}")
    if days is None:
        rows = SpecialDay.objects.filter(day__year=year)
        days = {day: (is_off, name) for day, is_off, name in rows.values_list(*TYPED)}
        cache.set(f"{CACHE_KEY}:{year}", days, CACHE_SECONDS)
    return days


def mark_of(day: date) -> DayMark:
    """How a day stands; an unannounced year knows weekends and the days that the law names."""
    is_weekend = day.weekday() >= SATURDAY
    if not is_in_the_library(day.year):
        typed = _typed(day.year)
        if not typed and (holiday := statutory_days(day.year).get(day)):
            return DayMark(day, True, _holiday_name(holiday))
        is_off, name = typed.get(day, (is_weekend, ""))
        return DayMark(day, is_off, name or ("" if is_off == is_weekend else _special(is_off)))
    is_off, name = chinese_calendar.get_holiday_detail(day)
    if is_off and name:
        return DayMark(day, True, _holiday_name(name))
    if not is_off and is_weekend:
        return DayMark(day, False, _special(is_off))
    return DayMark(day, is_off)


def _special(is_off: bool) -> str:
    return _("Public holiday") if is_off else _("Swapped workday")


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
