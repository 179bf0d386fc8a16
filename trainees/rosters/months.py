"""A month as people write it: 2024-06, 2024.6, 二〇二四年六月, a date, a serial number of Excel.

What can be read in two ways is refused, never guessed. Source: docs/rules.md R46.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _
from openpyxl.utils.datetime import from_excel

from academy.spreadsheets.cell_text import Rejected, clean
from academy.spreadsheets.sheet import Displayed

FIRST_YEAR, LAST_YEAR = 1900, 2100
SIGN = r"\s*[-./年·、,。_~–—]\s*|\s+"
HOUR = r"(?:[ T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?"
WRITTEN = re.compile(
    rf"(?P<year>[0-9]{{4}})(?:{SIGN})(?P<month>[0-9]{{1,2}})月?份?"
    rf"(?:(?:\s*[-./·、,。_]\s*|\s*)(?P<day>(?<=[^0-9])[0-9]{{1,2}})\s*[日号]?)?\s*{HOUR}"
)
WITHOUT_SIGNS = re.compile(r"(?P<year>[12][0-9]{3})(?P<month>[0-9]{2})(?P<day>[0-9]{2})?")
MONTH_FIRST = re.compile(r"(?P<month>[0-9]{1,2})(?:[-./]|月)(?P<year>[0-9]{4})年?")
DAY_AND_MONTH_FIRST = re.compile(rf"([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}})\s*{HOUR}")
SERIAL = re.compile(r"([1-7][0-9]{4})(?:\.[0-9]+)?")
AROUND = re.compile(r"^[自从于]|[-—–~]*(?:至今|起至今|起|开始|以来|任职|任|始)$|[-—–~.。]+$")
SPACED = re.compile(r"\s*([年月日号])\s*")
CHINESE = re.compile(r"[〇○零一二三四五六七八九十]+")
DIGITS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
}
SAID_MONTH = re.compile(r"(20[0-9]{2})\s*[年./-]\s*([0-9]{1,2})(?![0-9])")
SAYS_WHEN = re.compile("填报|填表|报送|上报|制表|日期|截至|截止")


def month_in(value: object, column: str) -> str:
    """`2024-06`, "" for an empty cell. Raises Rejected for what cannot be read with certainty."""
    if isinstance(value, (date, datetime)):
        return _checked(value.year, value.month, value.day) or _refuse(value, column)
    text = value.shown if isinstance(value, Displayed) else clean(value)
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return ""
    return _read(text) or _refuse(text, column)


def is_month_of_a_number(value: object) -> bool:
    """Whether a number such as 2024.1 was typed, which may have been 2024.10."""
    return (
        isinstance(value, float)
        and not isinstance(value, Displayed)
        and bool(re.fullmatch(r"[0-9]{4}\.1", clean(value)))
    )


def months_between(first: str, last: str) -> int:
    """Return how many months lie between two, such as 192 for 16 years."""
    (year, month), (later_year, later_month) = (map(int, text.split("-")) for text in (first, last))
    return (later_year - year) * 12 + later_month - month


def filing_month(texts: Iterable[str]) -> str:
    """The month of which the texts around a table say that it was filled in, "" when none does.

    A text that names the filing goes first; of several others the latest month counts.
    """
    texts = [unicodedata.normalize("NFKC", text) for text in texts]
    for of in ([text for text in texts if SAYS_WHEN.search(text)], texts):
        months = [
            month
            for text in of
            for year, number in SAID_MONTH.findall(text)
            if (month := _checked(int(year), int(number)))
        ]
        if months:
            return max(months)
    return ""


def _read(text: str) -> str:
    text = AROUND.sub("", AROUND.sub("", SPACED.sub(r"\1", text)))
    text = CHINESE.sub(lambda found: _in_digits(found[0]), text)
    if serial := SERIAL.fullmatch(text):
        day = from_excel(int(serial[1]))
        return _checked(day.year, day.month)
    if found := WRITTEN.fullmatch(text) or WITHOUT_SIGNS.fullmatch(text):
        return _checked(int(found["year"]), int(found["month"]), int(found["day"] or 1))
    if found := MONTH_FIRST.fullmatch(text):
        return _checked(int(found["year"]), int(found["month"]))
    if found := DAY_AND_MONTH_FIRST.fullmatch(text):
        first, second, year = map(int, found.groups()[:3])
        if first == second or max(first, second) > 12:
            return _checked(year, min(first, second), max(first, second))
    return ""


def _in_digits(numeral: str) -> str:
    """二〇二四 → 2024, 十一 → 11, 三十 → 30."""
    if "十" not in numeral:
        return "".join(DIGITS[sign] for sign in numeral)
    tens, ones = numeral.split("十", 1)
    return f"{DIGITS.get(tens, '1')}{DIGITS.get(ones, '0')}"


def _checked(year: int, month: int, day: int = 1) -> str:
    try:
        date(year, month, day)
    except ValueError:
        return ""
    return f"{year}-{month:02}" if FIRST_YEAR <= year <= LAST_YEAR else ""


def _refuse(value: object, column: str) -> str:
    raise Rejected(
        _("“%(text)s” in “%(column)s” does not say which month it is. Write it like 2025-09.")
        % {"text": clean(value)[:20], "column": column}
    )
