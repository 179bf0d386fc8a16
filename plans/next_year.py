"""A planned time of one year as it falls in the next: months stay, days keep their weekday and
move on where offices are closed. Source: docs/rules.md R28.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import full_day
from courses.schedule.holidays import SATURDAY, is_workday, mark_of

from .timing import year_in_digits

WEEKS_OF_A_YEAR = timedelta(weeks=52)  # keeps the weekday
WEEKDAYS = "一二三四五六日"
TIME = re.compile(
    r"""
    (?P<dotted_year>20[0-9]{2})(?P<sign>[./-])(?P<dotted_month>[0-9]{1,2})(?P=sign)
        (?P<dotted_day>[0-9]{1,2})(?![0-9])
    | (?:(?P<year>20[0-9]{2})年)?(?<![0-9])(?P<month>1[0-2]|0?[1-9])月
        (?P<day>3[01]|[12][0-9]|0?[1-9])
        (?:[日号]?(?P<to>[至到—–~-]+)(?P<last>3[01]|[12][0-9]|0?[1-9]))?[日号]
        (?P<open>[(（]?)(?:(?P<week>周|星期|礼拜)[一二三四五六日天])?(?P<close>[)）]?)
    | (?P<bare_year>20[0-9]{2})(?=年|[./-][0-9])
    """,
    re.VERBOSE,
)


@dataclass
class NextYear:
    """The time in the new year, and what was moved out of the way of a day on which offices are
    closed.
    """

    words: str
    remarks: list[str]


def a_year_later(text: str, *, year: int) -> NextYear:
    """The planned time of `year` in the words of the year after."""
    remarks: list[str] = []
    words = TIME.sub(lambda found: _later(found, year, remarks), year_in_digits(text))
    return NextYear(words, remarks)


def _later(found: re.Match, year: int, remarks: list[str]) -> str:
    if found["bare_year"]:
        return str(int(found["bare_year"]) + 1)
    if found["dotted_year"]:
        parts = found["dotted_year"], found["dotted_month"], found["dotted_day"]
        day = _moved(*parts, remarks)
        if day is None:
            return found[0]
        wide = all(len(part) > 1 for part in parts)
        month_and_day = (f"{day.month:02}", f"{day.day:02}") if wide else (day.month, day.day)
        return found["sign"].join(map(str, (day.year, *month_and_day)))
    first = _moved(found["year"] or year, found["month"], found["day"], remarks)
    if first is None:
        return found[0]
    words = f"{first.year}年" if found["year"] else ""
    words += f"{first.month}月{first.day}"
    if found["last"]:
        last = first + timedelta(days=max(int(found["last"]) - int(found["day"]), 0))
        words += found["to"] if last.month == first.month else f"日{found['to']}{last.month}月"
        words += str(last.day)
    words += "日"
    if found["week"]:
        return words + found["open"] + found["week"] + WEEKDAYS[first.weekday()] + found["close"]
    return words + found["open"] + found["close"]


def _moved(year: str | int, month: str, day: str, remarks: list[str]) -> date | None:
    """The day of the year after with the same weekday, on a day on which offices work; a training
    of a weekend stays on weekends, and out of the holidays. None for a day that never was.
    """
    try:
        before = date(int(year), int(month), int(day))
    except ValueError:
        return None
    after = before + WEEKS_OF_A_YEAR
    if after.year == before.year:
        after += timedelta(weeks=1)
    is_of_a_weekend = before.weekday() >= SATURDAY
    planned, step = after, timedelta(days=7 if is_of_a_weekend else 1)
    while _is_taken(after, is_of_a_weekend=is_of_a_weekend):
        after += step
    if after != planned:
        remarks.append(
            _("%(day)s is no working day (%(name)s): now on %(other)s.")
            % {
                "day": full_day(planned),
                "name": mark_of(planned).words or _("weekend"),
                "other": full_day(after),
            }
        )
    return after


def _is_taken(day: date, *, is_of_a_weekend: bool) -> bool:
    mark = mark_of(day)
    return bool(mark.is_off and mark.words) if is_of_a_weekend else not is_workday(day)
