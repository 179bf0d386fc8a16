"""What the number format of a cell says: date, share of a hundred, unit, digits that are shown.

A workbook of any year writes formats in the same words (ECMA-376, 18.8.31).
"""

import re
from datetime import datetime, time, timedelta
from typing import NamedTuple

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel

from .sheet import Displayed, Rescaled

SHOWN_IN_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?,])")  # a comma behind the last digit
DIGITS_SHOWN = re.compile(r"[#,]*0(?:\.(0+))?(E\+0+)?", re.IGNORECASE)  # 0.00, 0.00E+00
POINT_OF_WORDS = re.compile(r'[0#?](?:[!\\]\.|"\.")([0#?]+)')  # 0!.0, shows 12000 as 1.2
LARGE_UNIT = re.compile(r'"?([十百千万亿]+元?)')
# a format that says what its number is for: 0"人/期", "每期"0"人"
RATE_SHOWN = re.compile(
    r"(?P<before>每?[期班次场批人天]?)[#,]*0(?:\.0+)?(?P<behind>[^0-9#?/.,]{0,4}(?:/[期班次场批人天])?)"
)
QUOTES = re.compile(r'"|\\|_.|\*.')  # around words of a format
CHINESE_DATE_FORMATS = frozenset(
    [*range(27, 37), *range(50, 59)]
)  # ECMA-376 18.8.30: built in where the system is Chinese


class XfKind(NamedTuple):
    """What the format of a cell says of its value."""

    shows: str = ""  # "date", "duration", "percent" or "" for anything else
    struck: bool = False
    divisor: int = 1  # what the number is divided by before it is shown
    unit: str = ""  # a unit of thousands or more behind the number
    before: str = ""  # 每期 in front of the number
    behind: str = ""  # 人/期 behind it
    digits: str = ""  # how Python writes the digits that are shown: .2f, .2E


def kind_of_format(number: int, code: str | None, *, is_struck: bool) -> XfKind:
    """What a format says, by its number and its code; None where the file has no code for it."""
    return XfKind(_shows(number, code), is_struck, *scale_of(code), *rate_of(code), digits_of(code))


def _shows(number: int, code: str | None) -> str:
    if number in CHINESE_DATE_FORMATS:
        return "date"
    if is_timedelta_format(code):
        return "duration"
    if is_date_format(code):
        return "date"
    return "percent" if code and code.split(";")[0].rstrip().endswith("%") else ""


def as_shown(number: int | float, kind: XfKind, epoch: datetime):
    """The number as its format makes a person read it: a moment, 30%, 1.2万, or the number."""
    if kind.shows == "percent":
        return f"{number * 100:.12g}%"
    scaled = f"{number / kind.divisor:.12g}"
    before, behind = kind.before, kind.behind or kind.unit
    if before or behind:
        return f"{before}{scaled}{behind}"
    if kind.divisor > 1:
        return Rescaled(number, scaled)
    if not kind.shows or number <= 0:
        return _with_its_digits(number, kind.digits)
    try:
        moment = from_excel(number, epoch, timedelta=kind.shows == "duration")
    except (OverflowError, ValueError):
        return number
    if isinstance(moment, time):
        return f"{moment.hour}:{moment.minute:02}"
    if isinstance(moment, timedelta):
        return f"{moment // timedelta(hours=1)}:{moment // timedelta(minutes=1) % 60:02}"
    return moment


def _with_its_digits(number: int | float, digits: str) -> int | float:
    if digits.endswith("E") or (digits and isinstance(number, float)):
        return Displayed(number, format(number, digits))
    return number


def scale_of(code: str | None) -> tuple[int, str]:
    """By what a number format divides, and the unit that it writes behind the number."""
    section = re.sub(r"\[[^\]]*\]", "", (code or "").split(";")[0])
    thousands, point = SHOWN_IN_THOUSANDS.search(section), POINT_OF_WORDS.search(section)
    divisor = 1000 ** len(thousands.group(1)) if thousands else 1
    if point:
        divisor *= 10 ** len(point.group(1))
    unit = LARGE_UNIT.search(section)
    return divisor, unit.group(1) if unit else ""


def rate_of(code: str | None) -> tuple[str, str]:
    """What a number format writes before and behind a number that is one for each: 每期, 人/期."""
    section = re.sub(r"\[[^\]]*\]", "", (code or "").split(";")[0])
    found = RATE_SHOWN.fullmatch(QUOTES.sub("", section))
    is_rate = found and (found["before"].startswith("每") or "/" in found["behind"])
    return (found["before"], found["behind"]) if is_rate else ("", "")


def digits_of(code: str | None) -> str:
    """How Python writes a number with as many digits as the format shows; "" for other formats."""
    shown = DIGITS_SHOWN.fullmatch((code or "").split(";")[0].rstrip("_ )"))
    if not shown:
        return ""
    return f".{len(shown[1] or '')}{'E' if shown[2] else 'f'}"
