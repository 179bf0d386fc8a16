"""What the cells of one row of a plan say: text, numbers for the year or for one run, a planned
time, whom to ask.
"""

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import EMPTY_WORDS, Rejected, clean, spelled

from ..models import PlanItem, TrainingCategory
from ..timing import first_quarter, impossible_month, months_in, years_named

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
QUARTER = "(?:[1-4一二三四ⅠⅡⅢⅣ]|I{1,3}V?)"
BARE_QUARTERS = re.compile(f"{QUARTER}(?:[、,，/和及至~-]{QUARTER})*")
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
RUNS_OF_A_MONTH = re.compile("(?P<runs>[1-9])(?:期|次|场|班|批)?")  # below a month or quarter
YES_WORDS = ("是", "有", "涉及", "√", "✓", "y", "Y", "True")


def label(name: str) -> str:
    """Return what the screen calls a column of a plan."""
    return str(PlanItem._meta.get_field(name).verbose_name)


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


def in_quarters(value, heading: str):
    """第二、三季度 for 二、三 below 季度; what is not only numbers stays."""
    text = clean(value)
    if "季" in heading and "月" not in heading and BARE_QUARTERS.fullmatch(text):
        return f"第{text}季度"
    return value


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
    said = below_spans(cells)
    if other := [span for span, text in said.items() if not _runs_below(text)]:
        remarks.append(
            _("What stands below %(spans)s is no tick, so it was not taken for the planned time.")
            % {"spans": "、".join(other)}
        )
    return "、".join(span for span, text in said.items() if _runs_below(text))


def below_spans(cells: dict) -> dict[str, str]:
    """第二季度 or 4月 → what stands below it, in a table with a column for each."""
    spans = {
        **{f"quarter_{number}": f"第{word}季度" for number, word in enumerate("一二三四", start=1)},
        **{f"month_{number}": f"{number}月" for number in range(1, 13)},
    }
    return {span: clean(cells[name]) for name, span in spans.items() if clean(cells.get(name))}


def _runs_below(text: str) -> int:
    """How many runs a cell below a month means: one for a tick, 0 for what is none."""
    if text in TICKS:
        return 1
    written = RUNS_OF_A_MONTH.fullmatch(text)
    return int(written["runs"]) if written else 0


def runs_ticked(cells: dict) -> dict[int, str]:
    """The number of runs that ticks and numbers below months tell, with the months."""
    said = {span: runs for span, text in below_spans(cells).items() if (runs := _runs_below(text))}
    return {sum(said.values()): "、".join(said)} if said else {}


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
