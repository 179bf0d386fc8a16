"""Several numbers in one cell or under one heading: 2期×60人 · 每期48人，共2期，合计96人 ·
3天/24学时 · 每期2天共4期.

A cell is taken apart only where each part names its unit, or where the heading says in which order
they stand.
"""

import re
from contextlib import suppress
from datetime import date

from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import WIDE_SIGNS, Rejected, clean

from .numbers import days_and_hours_of
from .quantities import RUN_UNITS, Quantity, quantity_in
from .row_values import label
from .text_beside import BESIDE, pair_beside

NUMBERS = ("people", "runs", "days", "hours")
PAIRS = {
    "people_and_runs": {"people", "runs"},
    "runs_and_days": {"runs", "days"},
    "days_and_hours": {"days", "hours"},
    **{name: beside.names for name, beside in BESIDE.items()},
}
UNITS = {
    **dict.fromkeys(("人", "人次", "名", "位"), "people"),
    **dict.fromkeys(RUN_UNITS, "runs"),
    **dict.fromkeys(("天", "日"), "days"),
    **dict.fromkeys(("学时", "课时", "小时"), "hours"),
}
KINDS = re.compile(
    "(?P<hours>学时|课时)|(?P<people>人数|人次|规模|人(?![员群均]))|(?P<runs>期数|期次|班次|班数|批次|场次|次数|(?<![周学任日])期(?![间限]))|(?P<days>天数|学制|时长|天|日(?![期程]))"
)
IN_BRACKETS = re.compile("[(（]([^)）]*)")
OPEN_KIND = re.compile("(?:时长|学制|期限|周期)(?=[(（])")  # which one it is stands in the brackets
UNIT_OF_A_RUN = re.compile("(?:人次?|名|天|日|学时|课时)/[期班次场批]")
RUNS_OF_A_YEAR = re.compile("(?:期|班次?|场次?|批次?)/年度?")
CLOCK_HOURS = re.compile("[(（](?:小时|时|分钟)[^)）]*[)）]$")  # a length that is no number of days
EACH_RUN = re.compile("(?:每一?|各|单|当|(?<!第)一)[期班次场批]|/[期班次场批](?![数次])")
RATE = re.compile(
    r"([^,;、/×xX*()]*[0-9半一二两三四五六七八九十][^,;、/×xX*()]*)/([期班次场批])(?![0-9])"
)
TIMES = re.compile("[×xX*✕]")
APART = re.compile(
    "[,;、/×xX*✕()+]|(?<=[人次名位期班场批天日时])(?<!每[期班次场批人天日])(?=[0-9每各约共合总计两一二三四五六七八九十])"
)


def kinds_in(heading: str) -> list[str]:
    """Which numbers a heading names, in its order or in that of its brackets, as in 规模（期×人）;
    每期人数 are people and no runs.
    """
    bare = OPEN_KIND.sub("", EACH_RUN.sub("", heading))
    for part in (*IN_BRACKETS.findall(bare), bare):
        kinds = list(dict.fromkeys(match.lastgroup for match in KINDS.finditer(part)))
        if len(kinds) > 1:
            break
    return kinds


def kind_by_unit(heading: str) -> str:
    """The number that 时长（学时/期） or the lowest heading 天/期 or 期/年 counts, else ""."""
    lowest = heading.rsplit(" ", maxsplit=1)[-1]
    if RUNS_OF_A_YEAR.fullmatch(lowest):
        return "runs"
    if not OPEN_KIND.search(lowest) and not UNIT_OF_A_RUN.fullmatch(lowest):
        return ""
    kinds = kinds_in(lowest)
    return kinds[0] if len(kinds) == 1 else ""


def pair_named_by(heading: str) -> str:
    """The column for two numbers that the heading names, "" when it names only one; a third may
    stand beside them.
    """
    if beside := pair_beside(heading):
        return beside
    kinds = set(kinds_in(heading))
    best = max(PAIRS, key=lambda name: (len(PAIRS[name] & kinds), PAIRS[name] == kinds))
    return best if len(PAIRS[best] & kinds) > 1 else ""


def parts_of(value, order: list[str] | tuple = ()) -> dict[str, str]:
    """Column → what the cell says of it, where it speaks of several: {"runs": "2期", "people":
    "每期60人"} for 2期×60人.

    `order` are the columns the heading names, for a cell without units. Raises ValueError for what
    cannot be told apart.
    """
    text = RATE.sub(
        r"每\2\1",
        clean(value).translate(WIDE_SIGNS).replace("（", "(").replace("）", ")").replace(" ", ""),
    )
    parts = [part for part in APART.split(text.rstrip("。;")) if part]
    if len(parts) < 2:
        raise ValueError(text)
    read = [(part, quantity_in(part)) for part in parts]
    if any(found is None for _part, found in read):
        raise ValueError(text)
    if not any(found.unit or found.per for _part, found in read) and len(order) == len(parts):
        return _by_order(dict(zip(order, parts, strict=True)), text)
    said: dict[str, list[tuple[str, Quantity]]] = {}
    for part, found in read:
        if found.unit not in UNITS:
            raise ValueError(text)
        said.setdefault(UNITS[found.unit], []).append((part, found))
    if len(said) < 2:
        raise ValueError(text)
    if TIMES.search(text):
        return _of_a_product(said, text)
    return {name: _one_of(name, of_name) for name, of_name in said.items()}


def _by_order(parts: dict[str, str], text: str) -> dict[str, str]:
    """2×60 below 期数×人数: the people are those of one run, 2×8 the hours those of one day."""
    each = {"people": "每期", "hours": "每天"} if TIMES.search(text) else {}
    return {name: each.get(name, "") + part for name, part in parts.items()}


def _of_a_product(said: dict, text: str) -> dict[str, str]:
    """2期×60人: the people are those of one run."""
    if set(said) != {"people", "runs"} or any(len(of_name) > 1 for of_name in said.values()):
        raise ValueError(text)
    (people, found), (runs, _runs) = said["people"][0], said["runs"][0]
    if found.is_total:
        raise ValueError(text)
    return {"people": people if found.per else f"每期{people}", "runs": runs}


def _one_of(name: str, said: list[tuple[str, Quantity]]) -> str:
    """What is said of one number; a total beside that of one run is kept together with it, to be
    compared.
    """
    if len(said) == 1:
        return said[0][0]
    each = [part for part, found in said if found.per == "run"]
    whole = [part for part, found in said if not found.per]
    if name != "people" or len(said) != 2 or len(each) != 1 or len(whole) != 1:
        raise ValueError(name)
    return f"{whole[0]}({each[0]})"


def apart(cells: dict, written: dict[str, str], names: set[str]) -> dict:
    """The cells of a row with every number in its own column. Raises Rejected for numbers that
    cannot be told apart or contradict.

    `written` are the headings by column, `names` the columns that the table has.
    """
    cells = dict(cells)
    for pair in PAIRS.keys() & written.keys():
        if clean(cells.get(pair)):
            cells |= _of_a_pair(cells[pair], pair, written)
    for name in NUMBERS:
        if name in written and isinstance(cells.get(name), str):
            _spread(cells, name, names)
    if _are_only_hours(cells.get("days")) and not clean(cells.get("hours")):
        cells["days"], cells["hours"] = None, cells["days"]  # 时长：3课时
    return cells


def _are_only_hours(value) -> bool:
    """Whether a cell of a length tells study hours and no days."""
    with suppress(ValueError):
        found = quantity_in(value) if isinstance(value, str) else None
        return bool(found) and UNITS.get(found.unit) == "hours"
    return False


def pairs_in_brackets(written: dict[str, str]) -> dict[str, str]:
    """Column → the pair that its heading names in brackets, as in 规模（期×人）, where the other
    number of the pair has no column.
    """
    return {
        name: pair
        for name in NUMBERS
        if TIMES.search(written.get(name, ""))
        and (pair := pair_named_by(written[name])) in PAIRS
        and len(PAIRS[pair] & written.keys()) == 1
    }


def told_beside(lines: list[dict], written: dict[str, str]) -> set[str]:
    """The numbers that stand in every line beside another one, so that they need no column."""
    told: set[str] | None = None
    for cells in lines:
        here = set()
        for name in (*PAIRS, *NUMBERS):
            if name in written:
                with suppress(ValueError):
                    here |= set(parts_of(cells.get(name), kinds_in(written[name])))
        if "days" in written and _are_only_hours(cells.get("days")):
            here.add("hours")
        told = here if told is None else told & here
    return told or set()


def _of_a_pair(value, pair: str, written: dict[str, str]) -> dict[str, str]:
    heading = written[pair]
    if not isinstance(value, date):
        with suppress(ValueError):
            parts = parts_of(value, kinds_in(heading))
            if parts.keys() >= PAIRS[pair] and not parts.keys() & written.keys():
                return parts
    if pair == "days_and_hours":
        return dict(zip(("days", "hours"), days_and_hours_of(value, heading), strict=True))
    columns = "、".join(label(name) for name in NUMBERS if name in PAIRS[pair])
    raise Rejected(
        _("“%(value)s” does not tell %(columns)s apart. Write each in its own column.")
        % {
            "value": clean(value)[:30],
            "columns": columns,
        }
    )


def _spread(cells: dict, name: str, names: set[str]) -> None:
    """What the cell of one number says of others goes to where they belong."""
    try:
        parts = parts_of(cells[name])
    except ValueError:
        return
    others = parts.keys() - {name}
    if name not in parts:
        return
    for other in others:
        if other in names and clean(cells.get(other)) and not _is_same(cells[other], parts[other]):
            raise Rejected(
                _("“%(value)s” in “%(column)s” does not fit “%(other)s”.")
                % {
                    "value": clean(cells[name])[:30],
                    "column": label(name),
                    "other": label(other),
                }
            )
        cells[other] = parts[other]
    cells[name] = parts[name]


def _is_same(one, other) -> bool:
    try:
        first, second = (quantity_in(clean(value)) for value in (one, other))
    except ValueError:
        return False
    return bool(first and second and first.number == second.number)
