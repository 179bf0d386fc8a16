"""What the remark and the planned time of one row say of its numbers: 分2期举办，每期45人 ·
每季度一期 · 5月、9月各1期.
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import WIDE_SIGNS, clean

from ..timing import months_in
from .quantities import CHINESE, RUNS_OF_A_YEAR, Quantity, quantity_in
from .row_values import label, runs_ticked
from .surroundings import WHOLE

NUMBER = rf"(?:[0-9]{{1,3}}|[{CHINESE}]{{1,3}})"
RUN = "(?:期|批次?|班次?|场次?|轮)"
DONE = "(?:举办|开展|进行|开班|办班|组织|实施|完成|培训|轮训|办)"
CLAUSE = re.compile("[，,。；;、（）()：:\n]")
RUNS = re.compile(
    rf"(?:全年|年度|计划|拟|预计|[先再另]|{DONE})*(?:共计?|分为?(?:上、?下半年)?|合计)?{DONE}?(?P<runs>{NUMBER})个?{RUN}{DONE}*"
)
SECOND_PART = re.compile("[二三四五六七八九十]期")  # of something, rather than so many runs
EACH = re.compile(rf"(?:{DONE}|分|共|{NUMBER}|{RUN})*(?P<each>[每各]{RUN}.*)")
EACH_OF_THE_TIMES = re.compile(rf"各{DONE}?(?P<runs>{NUMBER}){RUN}")
AGAIN = re.compile(
    rf"每个?(?P<span>季|月|半年)度?(?:[初末底]|首月|末月|第[一二三1-3]个?月)?{DONE}?"
    rf"(?P<runs>{NUMBER}){RUN}"
)
IN_BRACKETS = re.compile("[(（]([^()（）]+)[)）]")  # of a name: 楼组长培训班（共3期）
SPANS = {"季": "quarter", "月": "month", "半年": "half year"}


def runs_told(cells: dict) -> tuple[int, str] | None:
    """The number of runs that remark, planned time or name tell, and the words that do; None where
    they tell none, or more than one.
    """
    said = {
        runs: text
        for name in ("months", "remark")
        for text in _clauses(cells.get(name))
        if (runs := _runs_in(text))
    } | _of_the_times(cells)
    if not said:
        said = runs_ticked(cells)
    said |= {
        runs: text
        for text in IN_BRACKETS.findall(clean(cells.get("name")))
        if (runs := _runs_in(text))
    }
    return next(iter(said.items())) if len(said) == 1 else None


def _of_the_times(cells: dict) -> dict[int, str]:
    """5月、9月各一期 and 每季度一期 of the planned time."""
    months, said = clean(cells.get("months")), {}
    if again := AGAIN.search(months):
        times = RUNS_OF_A_YEAR[SPANS[again["span"]]]
        said[times * _number(again["runs"])] = months
    elif (each := EACH_OF_THE_TIMES.search(months)) and not re.search("季|年|至|[-—~]", months):
        said[len(months_in(months)) * _number(each["runs"])] = months
    return said


def _clauses(value) -> list[str]:
    text = re.sub(r"\s", "", clean(value).translate(WIDE_SIGNS))
    return [part for part in CLAUSE.split(text) if part]


def _runs_in(clause: str) -> int:
    found = RUNS.fullmatch(clause)
    if not found or SECOND_PART.match(clause):
        return 0
    return _number(found["runs"])


def _number(text: str) -> int:
    try:
        return int(quantity_in(text).number)
    except ValueError:
        return 0


def each_run_told(cells: dict, name: str) -> tuple[Decimal, str] | None:
    """What the remark says of one run, and its words: 每期45人, 每期1万元."""
    for text in _clauses(cells.get("remark")):
        if (found := EACH.fullmatch(text)) and (said := _quantity(found["each"], name)):
            return said.number, text
    return None


def _quantity(text: str, name: str) -> Quantity | None:
    units = {"people": ("人", "人次", "名"), "budget": ("元",)}[name]
    try:
        said = quantity_in(text)
    except ValueError:
        return None
    exact = said and not said.is_about and said.per == "run" and said.unit in units
    return said if exact else None


def fit_to_each_run(cells: dict, values: dict, written: dict, remarks: list[str]) -> None:
    """People and money that the remark calls those of one run become those of the year; where the
    two do not fit, or the heading (`written`, by column) is of the year, the row says so.
    """
    for name in ("people", "budget"):
        told = each_run_told(cells, name)
        if not told or values["runs"] == 1:
            continue
        each, words = told
        of_the_year = each * values["runs"]
        shown = {
            "words": words[:30],
            "column": label(name),
            "written": f"{Decimal(values[name]).normalize():,f}",
            "number": f"{of_the_year.normalize():,f}",
        }
        if values[name] == each and not WHOLE.search(written.get(name, "")):
            values[name] = type(values[name])(of_the_year)
            remarks.append(
                _("The remark says “%(words)s”: “%(column)s” of the year is %(number)s.") % shown
            )
        elif values[name] and values[name] != of_the_year:
            remarks.append(
                _(
                    "The remark says “%(words)s”, which makes %(number)s; “%(column)s” is"
                    " %(written)s."
                )
                % shown
            )
