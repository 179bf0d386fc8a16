"""Leaving out what is not of this plan: rows of another year, rows of another unit, and trainings
that are called off. Each is named; where nothing would be left, the file is refused or the preview
asks whether it is the right one.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.models import Town
from academy.spreadsheets.cell_text import clean
from academy.spreadsheets.opening import FileRefused
from academy.spreadsheets.table import TableRow, TableRows

from .comparing import called_off
from .surroundings import Units, host_in, is_called, unit_in, years_in, years_of_sheet

NOTE = re.compile("备?注|说明")
LONGEST_TITLE = 60
MOST_NAMED = 8
# a line above rows that says whose they are: 以下班次由区委组织部主办 · 由各部门自行报备
FILED = ("报备", "报送", "备案", "申报", "上报", "填报")
HOSTED_BY = re.compile(
    "由(?P<who>[^由，。,；;：:（）()]{1,30}?)(?:另行|分别|自行|统一|单独|各自|直接|负责|一并|来)*"
    f"(?P<verb>{'|'.join(FILED)}|主办|牵头|举办|调训)"
)
OTHERS = re.compile(
    "(?:区级?|市级?|上级|外|其他|其它|兄弟|有关|相关|条线)(?:各|有关|相关|主管|业务|职能)*"
    "(?:部门|单位|委办局|条线|机关|镇街|街镇)|上级$|^(?:区|市)里$|^(?:中共.*)?(?:区委|市委|区政府|市政府)."
)
OWN = re.compile("[本我](?:单位|镇|街|乡|局|委|部|处|校|中心|分校|区域|地区|级)")
EACH_OF_THEM = re.compile(
    "^(?:各|有关|相关)+(?:主管|业务|职能|责任|区级)*(?:部门|单位|条线|委办局)$"
)
NOT_OF_THIS_PLAN = re.compile(
    "不(?:再)?(?:[列纳计]入|属于?|占用?)(?:本|我)(?:单位|镇|街道|部门|局|委|表|方案|计划|年度)?"
)


def years_above(row: TableRow) -> set[int]:
    """The years of the nearest title above the row, as in 附：2026年已办培训班; a note is none."""
    for texts in ([row.section], row.titles):
        titles = [text for text in texts if len(text) <= LONGEST_TITLE and not NOTE.match(text)]
        if years := {year for text in titles for year in years_in(text)}:
            return years
    return set()


def named(rows: list[TableRow]) -> str:
    """第 5 行“楼组长班”、第 6 行“网格员班”."""
    names = [
        _("row %(row)d “%(name)s”") % {"row": row.row, "name": clean(row.cells.get("name"))[:30]}
        for row in rows[:MOST_NAMED]
    ]
    return "、".join(names) + ("…" if len(rows) > MOST_NAMED else "")


class LeavesOutOthers:
    """The rows of this owner and this year, of trainings that are held."""

    @cached_property
    def units(self) -> Units:
        return Units(self.owner)

    def _without(self, found: TableRows, left_out: list[TableRow], reason: str) -> None:
        """Leave the rows out with one remark for each sheet; `reason` has a place for the rows.

        Totals of these sheets may count them and are not compared any more.
        """
        for sheet in dict.fromkeys(row.sheet for row in left_out):
            here = [row for row in left_out if row.sheet == sheet]
            self.remarks.append((sheet, reason % {"rows": named(here)}))
            found.totals = [total for total in found.totals if total.sheet != sheet]
        gone = set(map(id, left_out))
        found.rows = [row for row in found.rows if id(row) not in gone]

    # -- years --

    def _leave_out_other_years(self, found: TableRows) -> None:
        self._leave_out_sheets_of_other_years(found)
        reason = _("These rows are of another year than %(year)s; they were left out: ") % {
            "year": self.year
        }
        other = [
            row for row in found.rows if (years := years_above(row)) and self.year not in years
        ]
        if len(other) < len(found.rows):  # else the preview asks whether it is the right file
            self._without(found, other, reason + "%(rows)s")
        other, years = self._by_the_column(found)
        if other and len(other) == len(found.rows):
            raise FileRefused(
                _("The column 年度 names %(found)s, none of the rows is of %(year)s.")
                % {"found": "、".join(map(str, sorted(years))), "year": self.year}
            )
        self._without(found, other, reason + "%(rows)s")

    def _by_the_column(self, found: TableRows) -> tuple[list[TableRow], set[int]]:
        """The rows whose column 年度 names another year, or that are below such a row and say
        nothing, and which years these are.
        """
        other, named_years, table, years = [], set(), None, set()
        for row in found.rows:
            if (row.sheet, row.table) != table:
                table, years = (row.sheet, row.table), set()
            years = years_of_sheet(clean(row.cells.get("year"))) or years
            if years and self.year not in years:
                other.append(row)
                named_years |= years
        return other, named_years

    def _leave_out_sheets_of_other_years(self, found: TableRows) -> None:
        """The sheets of another year, where there is one of this year or of none."""
        other = set()
        for sheet in found.headings:
            years = years_of_sheet(sheet) or {
                year for text in found.preamble.get(sheet, ()) for year in years_in(text)
            }
            below = {year for row in found.rows if row.sheet == sheet for year in years_above(row)}
            if years and self.year not in years | below:
                other.add(sheet)
        if other and len(other) < len(found.headings):
            for sheet in other:
                found.headings.pop(sheet)
                self.remarks.append(
                    (
                        sheet,
                        _("This sheet is of another year than %(year)s; it was left out.")
                        % {"year": self.year},
                    )
                )
            found.rows = [row for row in found.rows if row.sheet not in other]
            found.totals = [row for row in found.totals if row.sheet not in other]

    # -- units --

    def other_unit_above(self, sheet: str, texts: Iterable[str]) -> str:
        """The unit that the texts above a table, or the name of its sheet, call their own when it
        is not the owner, "" else.
        """
        texts = list(texts)
        if unit := next(filter(None, map(unit_in, texts)), ""):
            return "" if is_called(self.owner, unit) else unit
        if self._names_owner(texts):
            return ""
        host = next(filter(None, map(host_in, texts)), "")
        if host and self.units.is_another(host):
            return host
        of_sheet = self.units.town_in(sheet) if isinstance(self.owner, Town) else ""
        return self.units.other_in(texts) or of_sheet

    def _names_owner(self, texts: Iterable[str]) -> bool:
        return any(is_called(self.owner, text) for text in texts)

    def _leave_out_tables_of_others(self, found: TableRows) -> None:
        """Tables below the title of another unit, where another table names the owner; else the
        preview asks whether it is the right file.
        """
        places = {(row.sheet, tuple(row.titles)) for row in found.rows}
        units = {place: self.other_unit_above(*place) for place in places}
        own = [place for place, unit in units.items() if not unit]
        if not any(self._names_owner((sheet, *titles)) for sheet, titles in own):
            return
        for unit in dict.fromkeys(filter(None, units.values())):
            other = [row for row in found.rows if units[row.sheet, tuple(row.titles)] == unit]
            reason = _("The title names %(unit)s, the plan is for %(owner)s; left out: ") % {
                "unit": unit[:40],
                "owner": self.owner.name,
            }
            self._without(found, other, reason + "%(rows)s")
        read = {row.sheet for row in found.rows}
        for sheet in {sheet for (sheet, _t), unit in units.items() if unit} - read:
            found.headings.pop(sheet)

    def _leave_out_other_units(self, found: TableRows) -> None:
        """Rows whose column 单位 names another unit."""
        if not any("unit" in self._names(found, sheet) for sheet in found.headings):
            return
        other = Counter()
        own = []
        for row in found.rows:
            text = clean(row.cells.get("unit"))
            if self.units.is_another(text):
                other[text] += 1
            else:
                own.append(row)
        if not other:
            return
        names = "、".join(list(other)[:6])[:120]
        if not own:
            raise FileRefused(
                _(
                    "The column 单位 names other units (%(units)s), none of the rows is of"
                    " %(owner)s."
                )
                % {"units": names, "owner": self.owner.name}
            )
        found.rows, found.totals = own, []
        self.remarks.append(
            (
                "",
                ngettext(
                    "%(count)d row of another unit was left out (%(units)s); only those of"
                    " %(owner)s are taken.",
                    "%(count)d rows of other units were left out (%(units)s); only those of"
                    " %(owner)s are taken.",
                    other.total(),
                )
                % {"count": other.total(), "units": names, "owner": self.owner.name},
            )
        )

    def _leave_out_sections_of_others(self, found: TableRows) -> None:
        """Rows below a line that says whose they are, such as 以下班次由区各部门报备."""
        said = {section: self._host_of(section) for section in {row.section for row in found.rows}}
        others = [row for row in found.rows if said[row.section]]
        if not others:
            return
        if len(others) == len(found.rows):
            self.doubts += [
                _("The file names %(unit)s, the plan is for %(owner)s.")
                % {"unit": unit[:40], "owner": self.owner.name}
                for unit in sorted(set(filter(None, said.values())))
            ]
            return
        for section, host in sorted(said.items()):
            reason = _("The line above (“%(text)s”) names %(unit)s, so left out: ") % {
                "text": section[:40],
                "unit": host[:40],
            }
            self._without(
                found,
                [row for row in others if host and row.section == section],
                reason.replace("%", "%%") + "%(rows)s",
            )

    def _host_of(self, section: str) -> str:
        """Who another is that a line above rows names as their host, "" where it names none."""
        for told in HOSTED_BY.finditer(re.sub(r"\s", "", section)):
            host = told["who"]
            is_filed = told["verb"] in FILED
            if OWN.match(host) or is_called(self.owner, host):
                continue
            if OTHERS.search(host) or (is_filed and EACH_OF_THEM.search(host)):
                return host
            if self.units.is_another(host):
                return host
        if told := NOT_OF_THIS_PLAN.search(section):
            return told.group()
        return ""

    # -- trainings that are off --

    def _leave_out_called_off(self, found: TableRows) -> None:
        """Rows whose name, remark or column beside says that the training is off."""
        off = [(row, words) for row in found.rows if (words := called_off(row))]
        if off and len(off) == len(found.rows):
            raise FileRefused(_("Every row of the file says that the training is off."))
        for words in dict.fromkeys(words for _row, words in off):
            reason = _("Called off (“%(words)s”), so left out: ") % {"words": words[:30]}
            self._without(
                found,
                [row for row, said in off if said == words],
                reason.replace("%", "%%") + "%(rows)s",
            )
