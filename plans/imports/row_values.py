"""What the cells of one row of a plan say: text, numbers for the year or for one run, a planned
time, whom to ask.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import (
    EMPTY_WORDS,
    WIDE_SIGNS,
    Rejected,
    clean,
    number_in,
    spelled,
)
from academy.text.names import names_in
from academy.text.phones import LONGEST_TELEPHONE, telephone_in

from ..models import PlanItem, TrainingCategory
from ..timing import first_quarter, impossible_month, months_in, years_named
from .quantities import Quantity, quantity_in

TEXTS = (
    "organiser",
    "co_organiser",
    "purpose",
    "audience",
    "place",
    "content",
    "formats",
    "funding",
    "remark",
)
MOST = {"people": 1_000_000, "runs": 1_000, "days": 999, "hours": 9_999, "budget": 1_000_000_000}
UNITS = {
    "people": ("", "人次", "人", "名", "位"),
    "runs": ("", "期", "次", "班", "场", "批"),
    "days": ("", "天", "日"),
    "hours": ("", "学时", "课时", "小时"),
    "budget": ("", "元", "块"),
}
ONLY_ABOUT = re.compile("约|左右|上下|不超过|不少于|不低于|以[上下内]|余")
UNDECIDED = "待定"
RUNS_OF_A_YEAR = {"quarter": 4, "month": 12, "half year": 2}
FIRST_SERIAL, LAST_SERIAL = 36_526, 73_050  # what Excel counts for days from 2000 to 2099
CATEGORIES = {
    "一": TrainingCategory.FIRST,
    "二": TrainingCategory.SECOND,
    "三": TrainingCategory.THIRD,
    "1": TrainingCategory.FIRST,
    "2": TrainingCategory.SECOND,
    "3": TrainingCategory.THIRD,
}
TICKS = ("√", "✓", "✔", "☑", "■", "●", "◆", "★", "○", "是", "有", "v", "V", "Y", "y", "1")
HOURS, DAYS = re.compile("[^天日]*(?:学时|课时|小时)"), re.compile("[天日]")
YES_WORDS = ("是", "有", "涉及", "√", "✓", "y", "Y", "True")


def label(name: str) -> str:
    """Return what the screen calls a column of a plan."""
    return str(PlanItem._meta.get_field(name).verbose_name)


# --- Text -----------------------------------------------------------------------------------------


def text_of(name: str, value) -> str:
    """One line of text. Raises Rejected when it is longer than the column."""
    text = clean(value)
    if text.startswith("="):
        raise Rejected(
            _("“%(column)s” begins with = like a formula. Write the text without it.")
            % {"column": label(name)}
        )
    longest = PlanItem._meta.get_field(name).max_length
    if len(text) > longest:
        raise Rejected(
            _("“%(column)s” is longer than %(length)d characters.")
            % {
                "column": label(name),
                "length": longest,
            }
        )
    return text


def name_of(value) -> str:
    """Return the name of the training. Raises Rejected when there is none."""
    name = text_of("name", value)
    if name in EMPTY_WORDS:
        raise Rejected(_("The name of the training is missing."))
    return name


def number_of_row(value) -> int | None:
    """Return the number in front of a row, or None."""
    text = spelled(clean(value))
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) and int(text) else None


def category_of(value, remarks: list[str]) -> str:
    """Return the training category, or nothing with a remark when it is none."""
    text = spelled(clean(value)).removeprefix("第").removesuffix("培训").removesuffix("类")
    if text in EMPTY_WORDS:
        return ""
    if text not in CATEGORIES:
        remarks.append(
            _("“%(value)s” is no training category; it was left empty.") % {"value": text[:20]}
        )
    return CATEGORIES.get(text, "")


def is_yes(value) -> bool:
    """Return whether a cell says yes."""
    return value is True or clean(value).startswith(YES_WORDS)


def months_of(value, remarks: list[str], year: int | None = None) -> str:
    """The planned time as text.

    Raises Rejected for a month that no year has, and for a time of another year.
    """
    text = _time_in(value, remarks)
    if month := impossible_month(text):
        raise Rejected(
            _("The planned time “%(text)s” names “%(month)s”, which is no month.")
            % {
                "text": text,
                "month": month,
            }
        )
    if year and (years := years_named(text)) and year not in years:
        raise Rejected(
            _("The planned time “%(text)s” is not in %(year)s.") % {"text": text, "year": year}
        )
    if text and first_quarter(text) is None:
        remarks.append(
            _("The planned time “%(text)s” names no month or quarter, so the item stands in none.")
            % {"text": text}
        )
    return text


def planned_time(cells: dict, remarks: list[str], year: int):
    """What the cells say about when: in one column, from and to, or with a tick below a quarter or
    month.

    Raises Rejected.
    """
    begin, end = cells.get("months"), cells.get("end")
    begin = begin if clean(begin) else cells.get("start")
    if clean(begin) and clean(end):
        return _period(months_of(begin, remarks, year), months_of(end, remarks, year), remarks)
    if clean(begin) or clean(end):
        return begin if clean(begin) else end
    spans = {
        **{f"quarter_{number}": f"第{word}季度" for number, word in enumerate("一二三四", start=1)},
        **{f"month_{number}": f"{number}月" for number in range(1, 13)},
    }
    said = {span: clean(cells[name]) for name, span in spans.items() if clean(cells.get(name))}
    if other := [span for span, text in said.items() if text not in TICKS]:
        remarks.append(
            _("What stands below %(spans)s is no tick, so it was not taken for the planned time.")
            % {"spans": "、".join(other)}
        )
    return "、".join(span for span, text in said.items() if text in TICKS)


def _period(begin: str, end: str, remarks: list[str]) -> str:
    """4月至6月 for a begin in April and an end in June.

    Raises Rejected when it ends before it begins.
    """
    first, last = months_in(begin), months_in(end)
    if not first or not last:
        return "至".join(filter(None, (begin, end)))
    if max(last) < min(first):
        raise Rejected(
            _("It ends (%(end)s) before it begins (%(begin)s).") % {"begin": begin, "end": end}
        )
    text = f"{min(first)}月" if min(first) == max(last) else f"{min(first)}月至{max(last)}月"
    remarks.append(
        _("The planned time is read from its begin and end: %(months)s.") % {"months": text}
    )
    return text


def _time_in(value, remarks: list[str]) -> str:
    if (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and FIRST_SERIAL <= value <= LAST_SERIAL
    ):
        # a date whose cell is formatted as a number
        value = date(1899, 12, 30) + timedelta(days=int(value))
    if isinstance(value, date):  # Excel turns 2月 and 3-5 into dates of its own accord
        remarks.append(
            _("The planned time is stored as the date %(day)s; it is read as %(month)d月.")
            % {
                "day": f"{value:%Y-%m-%d}",
                "month": value.month,
            }
        )
        return f"{value.month}月"
    if isinstance(value, float) and re.fullmatch(r"20[0-9]{2}\.1", repr(value)):
        raise Rejected(
            _(
                "The planned time is the number %(number)s, which may be January or October. Write"
                " it as text."
            )
            % {"number": repr(value)}
        )
    text = text_of("months", value)
    return f"{int(text)}月" if re.fullmatch(r"0?[1-9]|1[0-2]", text) else text


def at_least_one(number: int, name: str) -> int:
    """The number of people or runs. Raises Rejected when it is 0."""
    if number == 0:
        raise Rejected(_("“%(column)s” must be at least 1.") % {"column": label(name)})
    return number


def days_and_hours_of(value, heading: str) -> tuple[str, str]:
    """2天/16学时 apart; without units in the order of the heading. Raises Rejected."""
    text = re.sub("(天|日|学时|课时)(?=[0-9])", r"\1/", clean(value).translate(WIDE_SIGNS))
    parts = [part for part in re.split(r"[/、,;()（） ]+", text) if part]
    if isinstance(value, date) or len(parts) != 2:
        raise Rejected(
            _("“%(value)s” does not tell days and hours apart. Write them such as 2天/16学时.")
            % {"value": text[:20]}
        )
    hours_first = bool(HOURS.search(parts[0]) or DAYS.search(parts[1]))
    if not any(HOURS.search(part) or DAYS.search(part) for part in parts):
        hours_first = bool(HOURS.match(heading))
    days, hours = reversed(parts) if hours_first else parts
    return days, hours


# --- Numbers --------------------------------------------------------------------------------------


@dataclass
class Numbers:
    """The numbers of one row: people and runs of the year, days and hours of one run, money of the
    year.
    """

    cells: dict
    remarks: list[str]
    factor: int = 1  # what one stands for in the column of the budget
    # columns whose heading says that they are for one run or person
    rates: dict[str, str] = field(default_factory=dict)

    def whole(self, name: str) -> int | None:
        number = self.read(name)
        if number is not None and number != number.to_integral_value():
            raise Rejected(_("“%(column)s” is not a whole number.") % {"column": label(name)})
        return None if number is None else at_least_one(int(number), name)

    def read(self, name: str) -> Decimal | None:
        """The number in the cell, None when there is none. Raises Rejected with what is wrong."""
        value = self.cells.get(name)
        if not isinstance(value, str):
            number = number_in(
                value, label(name), most=MOST[name], factor=self.factor if name == "budget" else 1
            )
            return (
                number
                if number is None or name not in self.rates
                else self._of_the_year(name, Quantity(number, per=self.rates[name]))
            )
        if (
            clean(value).startswith(("-", "－"))
            and len(clean(value)) > 1
            and clean(value)[1].isdigit()
        ):
            raise Rejected(_("“%(column)s” must not be below 0.") % {"column": label(name)})
        if clean(value) == UNDECIDED:
            raise Rejected(
                _("“%(column)s” is not decided yet. Write the planned number.")
                % {"column": label(name)}
            )
        try:
            found = quantity_in(value)
        except ValueError as error:
            raise self._wrong(name) from error
        if found is None:
            return None
        if found.unit not in UNITS[name] and not (
            found.unit in UNITS["people"] + UNITS["runs"] and found.is_total and name == "budget"
        ):
            raise self._wrong(name)
        if name == "budget" and not found.has_scale and not found.unit:
            found = Quantity(
                found.number * self.factor,
                found.per,
                found.unit,
                found.is_total,
                note=found.note,
                each=found.each and found.each * self.factor,
            )
        if not found.per and name in self.rates and not found.is_total:
            found = Quantity(found.number, self.rates[name], found.unit, note=found.note)
        if found.note and not found.per:
            self.remarks.append(
                _("“%(value)s” in “%(column)s” is read as %(number)s.")
                % {
                    "value": clean(value)[:30],
                    "column": label(name),
                    "number": f"{found.number:,f}",
                }
            )
        number = self._of_the_year(name, found)
        return number_in(f"{number:f}", label(name), most=MOST[name])

    def _of_the_year(self, name: str, found: Quantity) -> Decimal:
        """The number for what the column counts."""
        if name in ("days", "hours") and found.per == "run":
            return found.number
        if name in ("days", "hours") and found.is_total and self._needed("runs", name) != 1:
            raise Rejected(
                _("“%(column)s” is for one run; “%(value)s” speaks of all. Write that of one run.")
                % {"column": label(name), "value": clean(self.cells.get(name))[:20]}
            )
        if found.each is not None and found.each * self._needed("runs", name) != found.number:
            raise Rejected(
                _("“%(value)s” in “%(column)s” does not fit the number of runs.")
                % {
                    "value": clean(self.cells.get(name))[:30],
                    "column": label(name),
                }
            )
        if not found.per:
            return found.number
        if name == "runs" and found.per in RUNS_OF_A_YEAR:
            times = Decimal(RUNS_OF_A_YEAR[found.per])
        elif name in ("people", "budget") and found.per == "run":
            times = self._needed("runs", name)
        elif name == "budget" and found.per == "person":
            times = self._needed("people", name)
        elif name == "budget" and found.per == "person and day":
            times = self._needed("people", name) * self._needed("days", name)
        elif found.per == "other":
            raise Rejected(
                _(
                    "The heading of “%(column)s” tells what each of several parts has. Write the"
                    " number of the year."
                )
                % {"column": label(name)}
            )
        elif name == "hours" and found.per == "day":
            times = self._needed("days", name)
        else:
            raise self._wrong(name)
        number = found.number * times
        self.remarks.append(
            _("“%(value)s” in “%(column)s” is for one of %(times)s: taken as %(number)s.")
            % {
                "value": clean(self.cells.get(name))[:30],
                "column": label(name),
                "times": f"{times.normalize():f}",
                "number": f"{number.normalize():,f}",
            }
        )
        return number

    def _needed(self, other: str, name: str) -> Decimal:
        """Another number of the row that this one is for each of."""
        quiet = Numbers(self.cells, [], self.factor, self.rates)
        number = quiet.read(other)
        if not number:
            raise Rejected(
                _("“%(column)s” needs “%(other)s” to be understood, and that is missing.")
                % {
                    "column": label(name),
                    "other": label(other),
                }
            )
        return number

    def _wrong(self, name: str) -> Rejected:
        if ONLY_ABOUT.search(clean(self.cells.get(name))):
            return Rejected(
                _("“%(value)s” in “%(column)s” says only about how many. Write the planned number.")
                % {"value": clean(self.cells.get(name))[:20], "column": label(name)}
            )
        return Rejected(
            _("“%(value)s” in “%(column)s” is not a number.")
            % {
                "value": clean(self.cells.get(name))[:20],
                "column": label(name),
            }
        )


# --- Whom to ask ----------------------------------------------------------------------------------


def contact_of(cells: dict, default: tuple[str, str], remarks: list[str]) -> tuple[str, str]:
    """Who to call. What stands in the other's column is put right, and said."""
    name, phone = clean(cells.get("contact_name")), clean(cells.get("contact_phone"))
    together = clean(cells.get("contact"))
    if together and not name:
        name, phone = _apart(together)
    elif telephone_in(name) and not telephone_in(phone):
        if left := _apart(name)[0] or phone:
            remarks.append(
                _(
                    "Contact person and telephone did not stand in their own columns; they were put"
                    " right."
                )
            )
        name, phone = left, name
    if not name and not phone:
        return default
    if len(name) > PlanItem._meta.get_field("contact_name").max_length:
        raise Rejected(
            _("“%(column)s” is longer than %(length)d characters.")
            % {
                "column": label("contact_name"),
                "length": 40,
            }
        )
    return _contact_name(name, remarks), phone_of(phone, remarks)


def _apart(together: str) -> tuple[str, str]:
    """(苏晓岚, 19900000123) from 苏晓岚 19900000123."""
    digits = re.search(r"[0-9+(][0-9 ()+-]{5,}.*", together)
    return (together[: digits.start()] if digits else together).strip(" ：:,，、/(（"), (
        digits.group() if digits else ""
    )


def _contact_name(name: str, remarks: list[str]) -> str:
    """Who is named, several of them apart by 、. What is no name is left out, and said."""
    if name in EMPTY_WORDS:
        return ""
    try:
        return names_in(name)
    except ValidationError as error:
        remarks.append(
            _("The contact person was left empty: %(reason)s")
            % {"reason": " ".join(error.messages)}
        )
        return ""


def phone_of(phone: str, remarks: list[str]) -> str:
    """Return the telephone number, or nothing with a remark when it cannot be read."""
    if not phone or phone in EMPTY_WORDS:
        return ""
    found = telephone_in(phone)
    if found is None or len(found.text) > LONGEST_TELEPHONE:
        remarks.append(_("The telephone number cannot be read; it was left empty."))
        return ""
    if not found.is_mobile:
        remarks.append(
            _(
                "The telephone number is no mobile number of 11 digits; it was kept as it is"
                " written."
            )
        )
    return found.text
