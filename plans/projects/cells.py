"""What the cells of an office's list of projects say: places, levels, states, years, days."""

import difflib
import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from academy.imports.cells import LIST_SEPARATOR, Cell, Code, Day, Link, OneOf
from academy.spreadsheets.cell_text import EMPTY_WORDS, Rejected, clean, spelled
from trainees.rosters.units import Units

from ..models import FIRST_YEAR, LAST_YEAR, ProjectLevel, ProjectState

MOST_NEAR = 3  # names offered for one that nobody knows
NEAR = 0.5  # of 1, how like a name must be (difflib)
NOISE = re.compile(
    r"(?:先锋行动|美好社区|重点|示范|培育|试点|类|级别)|(?:项目|工程)$|[中了的]$|^[✓√■☑●]"
)
YEAR = re.compile(r"(?:20)?(\d\d)(?:年度?)?")
YEAR_IN_TEXT = re.compile(r"(20\d\d)\s*(?:年|[-—/.])")
MONTH = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})月?")
CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")

LEVELS = (
    (ProjectLevel.CITY.value, "市级 市 上海市 全市 市一级 市里 市社会工作党委"),
    (ProjectLevel.DISTRICT.value, "区级 区 宝山区 全区 区一级 区里 本区"),
)
STATES = (
    (
        ProjectState.PREPARED.value,
        "筹备 筹备中 筹划 策划 策划中 计划 计划中 拟实施 待实施 未实施 未开始 未启动 待启动 立项"
        " 已立项 申报 申报中 方案设计 征询中",
    ),
    (
        ProjectState.RUNNING.value,
        "推进中 推进 正在推进 实施 实施中 正在实施 进行 进行中 正在进行 在建 建设 建设中 施工"
        " 施工中 启动 已启动 开工 已开工 持续推进 在推进",
    ),
    (
        ProjectState.COMPLETED.value,
        "已完成 完成 完成率100% 100% 完工 已完工 竣工 已竣工 建成 已建成 结项 已结项 完结 已完结"
        " 验收 已验收 通过验收 结束 已结束 交付 已交付",
    ),
    (
        ProjectState.STOPPED.value,
        "已停止 停止 终止 已终止 中止 已中止 取消 已取消 暂停 停工 撤销 已撤销 不再实施",
    ),
)


@dataclass(frozen=True)
class CodeIfAny(Code):
    """The code of a project; a new one may come without."""

    required: bool = False

    def read(self, table, column, value) -> str:
        return "" if clean(value) in EMPTY_WORDS else super().read(table, column, value)


@dataclass(frozen=True)
class Said(OneOf):
    """One of a few words, whatever offices put around it: 市级项目, 正在实施中."""

    def read(self, table, column, value) -> str:
        text = spelled(clean(value))
        for said in (text, NOISE.sub("", text)):
            for key, words in self.words:
                if said and said in (key, *map(spelled, words.split())):
                    return key
        return super().read(table, column, value)


@dataclass(frozen=True)
class Year(Cell):
    """2027, 2027年, 2027年度, 二〇二七年, or a day of the year."""

    def read(self, table, column, value) -> int:
        if isinstance(value, (date, datetime)):
            year = value.year
        else:
            text = spelled(clean(value)).removesuffix(".0").translate(CHINESE_DIGITS)
            found = YEAR.fullmatch(text)
            day = MONTH.match(text)
            year = int(found[1]) + 2000 if found else int(day[1]) if day else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Rejected(
                _("“%(value)s” in “%(column)s” is no year such as 2027.")
                % {"value": clean(value)[:20], "column": column.heading}
            )
        return year


@dataclass(frozen=True)
class RoughDay(Day):
    """A day; a month alone counts from its first."""

    def read(self, table, column, value) -> str | None:
        if not isinstance(value, date):
            text = spelled(clean(value))
            if re.fullmatch(r"\d{8}", text):
                value = f"{text[:4]}-{text[4:6]}-{text[6:]}"
            elif month := MONTH.fullmatch(text):
                value = f"{month[1]}-{month[2]}-1"
        return super().read(table, column, value)


@dataclass(frozen=True)
class VillageName(Link):
    """A village by its code or by any name that offices use, with or without its street-town; an
    unknown one is refused with the nearest names.
    """

    def value(self, table, column, cells):
        text, town = clean(cells.get(column.name)), clean(cells.get("town"))
        if text in EMPTY_WORDS:
            raise Rejected(_("“%(column)s” is missing.") % {"column": column.heading})
        keys = table.keys_of(self)
        if text.upper() in keys:
            return text.upper()
        units: Units = table.units
        own = None
        if town not in EMPTY_WORDS:
            own = frozenset({units.town(town).pk})
        try:
            return units.find(text, own).village.code
        except Rejected as rejected:
            near = self._near(table, text, own)
            if not near:
                raise
            raise Rejected(
                _("%(reason)s Names like it: %(names)s.")
                % {"reason": rejected, "names": LIST_SEPARATOR.join(near)}
            ) from rejected

    @staticmethod
    def _near(table, text: str, towns: frozenset[int] | None) -> list[str]:
        """The likest names, of the town that the row names; else of all, with their street-town."""
        names = {
            village.name: f"{village.town.name}{village.name}"
            for village in table.villages
            if towns is None or village.town_id in towns
        }
        said = spelled(text)
        for town in table.towns:
            said = said.removeprefix(spelled(town.name))
        likest = difflib.get_close_matches(said, names, n=MOST_NEAR, cutoff=NEAR)
        return [names[name] for name in likest if spelled(name) != said]


@dataclass(frozen=True)
class TopicName(Link):
    """A topic of the office's list by its name; another word is refused with the list."""

    def found(self, table, column, text: str) -> str:
        hits = table.by_name(self).get(spelled(text)) or table.by_name(self).get(
            NOISE.sub("", spelled(text)), set()
        )
        if hits:
            return next(iter(hits))
        topics = LIST_SEPARATOR.join(table.keys_of(self))
        if not topics:
            raise Rejected(
                _("No topic of projects is kept yet. The office adds them under Settings.")
            )
        raise Rejected(
            _("“%(word)s” in “%(column)s” is not known. Write one of: %(words)s.")
            % {"word": text[:20], "column": column.heading, "words": topics}
        )
