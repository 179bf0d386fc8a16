"""A day of every year, such as 3月31日: typed by the office, stored as its words."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAP_YEAR = 2028
WRITTEN = re.compile(r"0?([0-9]{1,2})\s*[月.\-/]\s*0?([0-9]{1,2})\s*[日号]?")


class DayOfYearField(forms.CharField):
    """Takes 3月31日, 3-31 and 03.31; gives 3月31日."""

    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=10, **kwargs)

    def clean(self, value) -> str:
        text = super().clean(value)
        found = WRITTEN.fullmatch(text.strip())
        try:
            if found is None:
                raise ValueError(text)
            day = date(LEAP_YEAR, int(found[1]), int(found[2]))
        except ValueError as error:
            raise ValidationError(
                _("“%(text)s” is no day of a year. Write it like 3月31日.") % {"text": text}
            ) from error
        return f"{day.month}月{day.day}日"


def day_in(words: str, year: int) -> date:
    """The day in the year; 29 February is 28 February where the year has none."""
    month, day = map(int, re.findall(r"[0-9]+", words))
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)
