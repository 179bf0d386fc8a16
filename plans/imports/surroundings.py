"""What stands around the table of a plan: whose it is, of which year, whom to ask, and in what the
money is written.
"""

import re
from collections.abc import Iterable

from academy.models import Campus, Department, Town
from academy.text.characters import simplified

from ..models import Owner
from ..timing import year_in_digits
from .contacts import phone_of

TITLES = (
    "上海市|宝山区|区委区政府|中共|人民政府|政府|街道办事处|办事处"
    "|党工委|党委|委员会|区(?!民|域|块)"
)
LIKE_A_UNIT = re.compile(
    "(?:镇|乡|街道|园区|局|委|委员会|分校|会客厅|学院|总工会|妇联|团区委|公司|集团)$"
)
# of what a department is called when its name is shortened
ENDINGS = ("局", "委", "部", "办", "会", "队", "联")
# What a heading says its numbers are for: 单期人数 · 人数/期 · 人均经费 · 元/人·天
RATES = (
    (
        "run",
        re.compile(
            "每一?[期班次场批轮]|(?:[单各当]|(?<!第)一)[期班次场批]|[期班]均|/[期班次场批](?![数次])"
        ),
    ),
    ("person and day", re.compile("人[·.*/×]?每?[天日]|人均每[天日]|[天日]/人")),
    ("person", re.compile("人均|每人|单人|/人(?![数次员])")),
    ("other", re.compile("[每各]个?(?:居|村|镇|街|单位|小区|社区|科室|部门|组|户|季|月)")),
)
BRACKETED = re.compile(r"[(（][^)）]*[)）]?")
WHOLE = re.compile("总|全年|年度|累计|全部")
OF_THE_YEAR = re.compile("全年|年度|累计|合计")
EACH = re.compile("[每单均/]")
CLAUSE = re.compile("[,，;；:：。]")
SUM_OF_RUNS = re.compile("(?:合计|共计)[天日学课]")
MONEY = (("万", 10_000), ("千元", 1_000), ("百元", 100), ("元", 1))


def contact_in(text: str) -> tuple[str, str] | None:
    """(name, telephone) in 联系人：贾洁 联系电话：19900000123."""
    found = re.search(
        r"(?:联系人|责任人)[:：] ?([^\s:：]{2,20})[^0-9]{0,20}(?:电话|手机)[:：]? ?([0-9+(（][0-9"
        r" ()（）+-]{5,40})",
        text[:300],
    )
    return (found.group(1), phone_of(found.group(2), [])) if found else None


def unit_in(text: str) -> str:
    """大场镇人民政府 in 填报单位（盖章）：大场镇人民政府."""
    found = re.search(
        r"(?:填报|申报|报送|填表)单位(?:[（(][^）)]{0,10}[）)])? ?[:：] ?([^\s:：]{2,40})",
        text[:300],
    )
    return found.group(1) if found else ""


def host_in(text: str) -> str:
    """杨行镇人民政府 in 主办单位：杨行镇人民政府."""
    found = re.match(r"主办(?:单位|部门)? ?[:：] ?([^\s:：]{2,40})", text[:300])
    return found.group(1) if found else ""


def source_in(texts: Iterable[str]) -> str:
    """部门预算 in 经费来源均为部门预算; "" where nothing or two things are said."""
    said = {
        source
        for text in texts
        for source in re.findall(
            "(?:经费|资金)(?:来源|渠道|列支渠道)(?:均|都|全部|统一|一律)*(?:为|是|系|[:：]) ?"
            r"([^\s，,。；;：:（）()]{2,30})",
            text[:300],
        )
    }
    return said.pop() if len(said) == 1 else ""


def years_in(text: str) -> set[int]:
    """The years a title speaks of, also 二〇二七年 and both of 2027—2028年; a date such as
    2026年11月20日 is none.
    """
    return {
        int(year)
        for years in re.findall(
            r"(?<![0-9])(?:(20[0-9]{2})年?[-—–~至到]+)?(20[0-9]{2}) ?年"
            r"(?! ?[0-9一二三四五六七八九十]{1,3} ?月)",
            year_in_digits(text[:300]),
        )
        for year in years
        if year
    }


def years_of_sheet(title: str) -> set[int]:
    """The years the name of a sheet speaks of, with or without 年."""
    return {
        int(year) for year in re.findall(r"(?<![0-9])(20[0-9]{2})(?![0-9])", year_in_digits(title))
    }


def money_unit_above(texts: Iterable[str]) -> int | None:
    """What one stands for in 单位：万元, None when nothing is said."""
    for text in texts:
        found = re.search(
            r"(?:单位|金额|经费)(?:为|是)?[:：( ]*[^:：0-9一二三四五六七八九十百几若]{0,12}?"
            r"(万元?|千元|百元|元)(?![^\s、，,；;）)。/]*[村镇])",
            text[:300],
        )
        if found:
            return _factor(found.group(1))
    return None


def rate_of(heading: str) -> str:
    """What one number below the heading is for, "" where it is for the whole year."""
    outside = BRACKETED.sub("", heading)
    if rate := _rate_in(outside):
        return rate
    if WHOLE.search(outside):
        return ""
    for clause in CLAUSE.split(heading):
        rate = _rate_in(clause)
        if rate or OF_THE_YEAR.search(clause):
            return rate
    return ""


def _rate_in(clause: str) -> str:
    """The rate that the words name; 全年各期合计 is none."""
    if OF_THE_YEAR.search(clause) and not EACH.search(clause):
        return ""
    return next((rate for rate, words in RATES if words.search(clause)), "")


def is_of_all_runs(heading: str) -> bool:
    """Whether days or hours below the heading, 总学时 or 天数（全年）, may be those of all runs.

    课时合计 and the sum 合计 of a group of headings are not meant.
    """
    return bool(WHOLE.search(heading) or SUM_OF_RUNS.match(heading)) and not RATES[0][1].search(
        heading
    )


def money_unit_of(heading: str) -> int | None:
    """What one stands for in 经费预算（万元）, None when the heading says nothing."""
    found = re.search("万元?|千元|百元|元", heading.replace("百万元", ""))
    return _factor(found.group()) if found else None


def _factor(unit: str) -> int:
    return next(factor for word, factor in MONEY if word in unit)


# --- Units ----------------------------------------------------------------------------------------


def short_form(name: str) -> str:
    """The part of a unit's name that tells it from others: 大场 of 上海市宝山区大场镇人民政府."""
    return re.sub(TITLES, "", re.sub(r"\s", "", simplified(name)))


def is_called(unit: Owner, text: str) -> bool:
    """Whether the text means this unit: 区房管局, 房管局 and 宝山区住房保障和房屋管理局 are one."""
    return _likeness(unit, short_form(text)) > 0


def _likeness(unit: Owner, said: str) -> int:
    """How many characters of the unit's name, or of its short one, the text has; more than any text
    has when it is the name.
    """
    full, short = (
        short_form(unit.name),
        short_form(unit.short_name) if isinstance(unit, Department) else "",
    )
    if len(said) < 2:
        return 0
    if said in (full, short):
        return 1_000
    if len(full) > 1 and (full in said or said in full):
        return min(len(full), len(said))
    return len(short) if len(short) > 1 and said.startswith(short) and said.endswith(ENDINGS) else 0


class Units:
    """Every unit that has plans, so that a cell can be asked which of them it names."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.others = [
            unit
            for model in (Town, Department, Campus)
            for unit in model.objects.all()
            if unit != owner
        ]
        self.towns = [unit for unit in self.others if isinstance(unit, Town)]

    def is_another(self, text: str) -> bool:
        """Whether the cell names a unit that is not the owner; an office within the owner, such as
        党建办, is none.
        """
        said = short_form(text)
        own, other = (
            _likeness(self.owner, said),
            max((_likeness(unit, said) for unit in self.others), default=0),
        )
        return other > own or (not own and bool(LIKE_A_UNIT.search(text)))

    def another(self, text: str) -> str:
        """The other town that the text names, where the owner is a town as well, "" else."""
        if not isinstance(self.owner, Town):
            return ""
        said = short_form(text)
        own = _likeness(self.owner, said)
        return next((town.name for town in self.towns if _likeness(town, said) > own), "")

    def town_in(self, text: str) -> str:
        """The other town that the name of a sheet names, "" where it names the owner or none."""
        said = short_form(text)
        if _likeness(self.owner, said):
            return ""
        names = {town.name: short_form(town.name) for town in self.towns}
        return next((name for name, short in names.items() if len(short) > 2 and short in said), "")

    def other_in(self, texts: Iterable[str]) -> str:
        """The unit that a title names, where it names another one and not the owner."""
        if isinstance(self.owner, Campus) or any(
            _likeness(self.owner, short_form(text)) for text in texts
        ):
            return ""
        short = {
            unit: short_form(unit.name) for unit in self.others if not isinstance(unit, Campus)
        }
        return next(
            (
                unit.name
                for unit, name in short.items()
                if len(name) > 2 and any(name in short_form(text) for text in texts)
            ),
            "",
        )
