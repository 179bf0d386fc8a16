"""The public holidays of a year as the office types them: read line by line, stored together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import SpecialDay

from ..models import HELD, ClassStatus, Lesson
from .holidays import CACHE_KEY

# 2028-01-01 休 元旦; 2028年1月29日 班; 1月1日—1月3日 放假 元旦
LINE = re.compile(
    r"(?:(?P<year>[0-9]{4})[-年./])?(?P<month>[0-9]{1,2})[-月./](?P<day>[0-9]{1,2})日?"
    r"(?:\s*[-—–~至到]\s*(?:(?P<month2>[0-9]{1,2})[-月./])?(?P<day2>[0-9]{1,2})日?)?"
    r"\s*(?P<kind>休|放假|班|上班|调休上班)?\s*(?P<name>.{0,20})"
)
WORKDAY = ("班", "上班", "调休上班")
LONGEST = 10  # days of one line


class LineNotRead(PortalError):
    """A line that is no day."""


@dataclass(frozen=True)
class TypedDay:
    """One day of the text."""

    day: date
    is_off: bool
    name: str


def read_days(text: str, year: int) -> list[TypedDay]:
    """The days of the text in their order, the last line about a day holds. Raises LineNotRead."""
    found: dict[date, TypedDay] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            for item in _days_of(line.strip(), year, number):
                found[item.day] = item
    return [found[day] for day in sorted(found)]


def _days_of(line: str, year: int, number: int) -> Iterable[TypedDay]:
    match = LINE.fullmatch(line)
    try:
        first = date(int(match["year"] or year), int(match["month"]), int(match["day"]))
        last = first
        if match["day2"]:
            last = date(first.year, int(match["month2"] or first.month), int(match["day2"]))
    except (TypeError, ValueError):
        raise LineNotRead(
            _("Line %(number)d is no day: “%(line)s”. Write it like 2028-01-01 休 元旦.")
            % {"number": number, "line": line[:30]}
        ) from None
    if first.year != year or not first <= last or (last - first).days >= LONGEST:
        raise LineNotRead(
            _("Line %(number)d does not lie in %(year)s, or is longer than %(days)d days.")
            % {"number": number, "year": year, "days": LONGEST}
        )
    is_off = match["kind"] not in WORKDAY
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield TypedDay(date.fromordinal(ordinal), is_off, match["name"].strip())


def as_text(year: int) -> str:
    """What was typed for the year, a line a day."""
    return "\n".join(
        f"{item.day} {'休' if item.is_off else '班'} {item.name}".strip()
        for item in SpecialDay.objects.filter(day__year=year)
    )


def lessons_on(days: Iterable[TypedDay]) -> list[Lesson]:
    """Planned lessons that would lie on a holiday; one query."""
    off = [item.day for item in days if item.is_off]
    return list(
        Lesson.objects.filter(
            starts_at__date__in=off,
            training_class__status__in=(*HELD, ClassStatus.DRAFT),
        )
        .select_related("training_class", "venue")
        .order_by("starts_at")
    )


@transaction.atomic
def store_days(*, year: int, days: Iterable[TypedDay]) -> None:
    """Make these the special days of the year; saving the same again changes nothing."""
    SpecialDay.objects.filter(day__year=year).delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(day=item.day, is_off=item.is_off, name=item.name) for item in days
    )
    transaction.on_commit(lambda: cache.delete(f"{CACHE_KEY}:{year}"))
