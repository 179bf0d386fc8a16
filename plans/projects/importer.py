"""The register of projects as a table, as offices keep it.

A row is matched by the code of the project. One without a code is matched by its village and name;
where there is none of them, it is entered and gets the next code.
"""

import re
from functools import cached_property

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.db.models.lookups import In
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.access import is_office, towns_of
from academy.imports.by_code import BETWEEN_KEYS, FieldColumn, TableByCode
from academy.imports.cells import Beside, Links, Text, YesNo
from academy.imports.errors import RowRejected
from academy.models import ImportRow, Town, Village
from academy.spreadsheets.cell_text import spelled
from academy.spreadsheets.table import TableRow, TableRows
from courses.models import Course
from practicums.models import PracticeCase
from trainees.rosters.units import Units

from ..models import Project, ProjectLevel, ProjectState, ProjectTopic
from .cells import (
    LEVELS,
    STATES,
    YEAR_IN_TEXT,
    CodeIfAny,
    RoughDay,
    Said,
    TopicName,
    VillageName,
    Year,
)
from .register import PUBLIC_TEXTS, details_in, next_code

LEVEL_IN_TEXT = re.compile(r"(市|区)级")
WORD_OF_LEVEL = {"市": ProjectLevel.CITY, "区": ProjectLevel.DISTRICT}


class ProjectImporter(TableByCode):
    """先锋行动项目: one row per project. Source: docs/rules.md R65, R66."""

    kind, model, titled_by = "projects", Project, "title"
    needed, fewest, searched_as = ("title", "village"), 3, ("project",)
    also_written = ("updated_at", "updated_by")
    related = ("village__town", "topic")
    sample = "samples/projects.csv"
    offers_leaving_out = True
    shows_key = False
    headline = ("village", "level", "state")
    unasked = ("序号", "负责人", "联系人", "联系电话", "联系方式", "签字", "盖章")
    title = gettext_lazy("Projects of 先锋行动")
    about = gettext_lazy(
        "Projects of villages, one row each, matched by code, or by village and name; new ones get"
        " a code."
    )
    columns = (
        FieldColumn(
            "code",
            "项目编号",
            "编号 项目代码 代码 登记号 code",
            10,
            gettext_lazy("Empty for a new project: it gets the next code."),
            cell=CodeIfAny(),
        ),
        FieldColumn(
            "title",
            "项目名称",
            "项目 名称 先锋项目 先锋行动项目 先锋项目名称 项目名 项目标题 title",
            30,
            cell=Text(required=True),
        ),
        FieldColumn(
            "level",
            "级别",
            "项目级别 层级 项目层级 等级 认定级别 项目类型 市级/区级 level",
            8,
            gettext_lazy("市级 or 区级"),
            cell=Said(required=True, words=LEVELS),
        ),
        FieldColumn(
            "topic",
            "主题",
            "类别 项目类别 治理主题 项目主题 领域 方向 topic",
            14,
            gettext_lazy("One of the topics that the office keeps; may stay empty."),
            cell=TopicName(to=ProjectTopic, by="name"),
        ),
        FieldColumn(
            "town",
            "街镇",
            "所属街镇 街道 街道镇 街道（镇） 镇 所在街镇 town",
            14,
            gettext_lazy("Tells villages of one name apart."),
            cell=Beside(path="village.town.name"),
        ),
        FieldColumn(
            "village",
            "居村",
            "居村名称 实施居村 所在居村 村居 村居名称 居民区 社区 居委会 居委 实施单位 申报单位"
            " 所在居民区 项目单位 项目所在地 village",
            20,
            gettext_lazy("Its name or its code."),
            cell=VillageName(required=True, to=Village),
        ),
        FieldColumn(
            "year",
            "年度",
            "年份 项目年度 立项年度 立项年份 实施年度 year",
            8,
            gettext_lazy("Such as 2027."),
            cell=Year(required=True),
        ),
        FieldColumn(
            "state",
            "状态",
            "进展 项目状态 项目进展 进展情况 实施进度 进度 目前进展 实施状态 state",
            10,
            gettext_lazy("筹备, 推进中, 已完成 or 已停止"),
            cell=Said(required=True, words=STATES),
        ),
        FieldColumn(
            "started_on",
            "开始日期",
            "启动时间 开始时间 启动日期 开工时间 开工日期 立项时间 立项日期 started_on",
            12,
            cell=RoughDay(),
        ),
        FieldColumn(
            "completed_on",
            "完成日期",
            "完成时间 竣工时间 竣工日期 完工时间 完工日期 结项时间 结项日期 验收时间 completed_on",
            12,
            gettext_lazy("Only of completed projects."),
            cell=RoughDay(),
        ),
        FieldColumn(
            "summary",
            "主要内容",
            "项目内容 项目简介 简介 内容 做法 主要做法 建设内容 summary",
            40,
            cell=Text(),
        ),
        FieldColumn(
            "results",
            "成效",
            "项目成效 成果 取得成效 实施成效 效果 主要成效 results",
            40,
            cell=Text(),
        ),
        FieldColumn(
            "courses",
            "关联课程",
            "课程 课程编号 相关课程 courses",
            16,
            gettext_lazy("Codes of courses, separated by 、"),
            cell=Links(to=Course),
        ),
        FieldColumn(
            "cases",
            "关联案例",
            "案例 案例编号 相关案例 cases",
            16,
            gettext_lazy("Codes of cases, separated by 、"),
            cell=Links(to=PracticeCase),
        ),
        FieldColumn(
            "is_public",
            "对外公开",
            "是否公开 公开 is_public",
            8,
            gettext_lazy("是 or 否; only these are shown to everybody."),
            cell=YesNo(),
        ),
        FieldColumn("remark", "备注", "说明 remark", 24, cell=Text()),
    )

    # -- who --

    @classmethod
    def may_use(cls, user) -> bool:
        return user.has_perm("plans.keep_projects")

    @cached_property
    def own_towns(self) -> frozenset[int] | None:
        """The towns whose projects may be written; None for all."""
        if self.by is None or is_office(self.by):
            return None
        return frozenset(towns_of(self.by))

    def scope(self) -> str:
        codes = (town.code for town in self.towns if town.pk in (self.own_towns or ()))
        return "、".join(sorted(codes))[:40]

    @classmethod
    def scope_name(cls, scope: str) -> str:
        return "、".join(
            Town.objects.filter(code__in=scope.split("、")).values_list("name", flat=True)
        )

    def consequence(self) -> str:
        return _(
            "New projects are shown to nobody outside until they are ticked as public; names of"
            " residents must not stand in."
        )

    # -- what there is --

    @cached_property
    def towns(self) -> list[Town]:
        return list(Town.objects.all())

    @cached_property
    def villages(self) -> list[Village]:
        found = Village.objects.current(timezone.localdate(self.now)).select_related("town")
        return list(found.order_by("code"))

    @cached_property
    def village_of(self) -> dict[str, Village]:
        """Code → village, those of the past as well."""
        return {village.code: village for village in Village.objects.select_related("town")}

    @cached_property
    def units(self) -> Units:
        return Units(self.villages, self.towns)

    @cached_property
    def standing(self) -> dict[tuple[str, str], str]:
        """(village, spelling of the name) → code of the project that stands in the register."""
        rows = Project.objects.kept().values_list("village__code", "title", "code")
        return {(village, spelled(title)): code for village, title, code in rows}

    def exported_rows(self) -> QuerySet[Project]:
        """What the person keeps; what was taken out is in no file."""
        found = self.rows().filter(removed_on__isnull=True)
        return found if self.own_towns is None else found.filter(village__town__in=self.own_towns)

    # -- reading --

    def begin(self, found: TableRows) -> None:
        """What the texts above the table say of all its rows."""
        self.above = {sheet: [sheet, *found.preamble.get(sheet, ())] for sheet in found.headings}

    def read(self, line: TableRow) -> tuple[str, dict, list[str]]:
        key, values, remarks = super().read(line)
        place = (values["village"], spelled(values["title"]))
        if BETWEEN_KEYS in key and place in self.standing:
            key = self.standing[place]
        if BETWEEN_KEYS in key:
            remarks += self._fill(values, self.above.get(line.sheet, [line.sheet]))
        return key, values, remarks

    def _fill(self, values: dict, above: list[str]) -> list[str]:
        """Fill what a new row lacks with what stands above the table, or in the row itself; return
        what was assumed. Raises RowRejected.
        """
        remarks = []
        if "level" not in values:
            levels = {word for text in above for word in LEVEL_IN_TEXT.findall(text)}
            if len(levels) == 1:
                values["level"] = WORD_OF_LEVEL[levels.pop()].value
                remarks.append(_("The level was taken from the text above the table."))
        if "year" not in values:
            years = {year for text in above for year in YEAR_IN_TEXT.findall(text)}
            day = values.get("started_on") or values.get("completed_on")
            if len(years) == 1 or day:
                values["year"] = int(years.pop() if len(years) == 1 else day[:4])
                remarks.append(_("The year was read as %(year)d.") % {"year": values["year"]})
        if "state" not in values:
            is_done = bool(values.get("completed_on"))
            state = ProjectState.COMPLETED if is_done else ProjectState.PREPARED
            values["state"] = state.value
            remarks.append(_("The state was taken for “%(state)s”.") % {"state": state.label})
        return remarks

    def key_in(self, values: dict) -> str:
        if code := values.pop("code", ""):
            return code
        if "village" not in values or "title" not in values:
            raise RowRejected([_("A row without a code needs the village and the name.")])
        return f"{values['village']}{BETWEEN_KEYS}{values['title']}"

    def conclude(self, rows: list[ImportRow], found: TableRows) -> None:
        """One village has one project of a name, whatever codes the file gives."""
        first: dict[tuple[str, str], ImportRow] = {}
        for row in rows:
            if not row.values:
                continue
            place = (row.values["village"], spelled(row.values["title"]))
            other = first.setdefault(place, row)
            if other.key != row.key:
                row.values = {}
                row.reasons = [
                    _("This project of this village stands in row %(row)d already.")
                    % {"row": other.row}
                ]

    # -- comparing --

    def matching(self, keys: list[str]) -> Q:
        place = Concat(
            F("village__code"), Value(BETWEEN_KEYS), F("title"), output_field=CharField()
        )
        return Q(code__in=keys) | Q(In(place, keys), removed_on__isnull=True)

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        there = self.present.get(row.key)
        if there and self._is_foreign(there.village):
            return [_("This project is another street-town's. Leave its row out.")]
        if there and there.is_removed:
            return [
                _("This project was taken out: %(reason)s. Put it back on its page first.")
                % {"reason": there.removed_reason}
            ]
        reasons = super().refusals(row, stored, keys)
        village = self.village_of[row.values["village"]]
        if self._is_foreign(village):
            reasons.append(
                _(
                    "“%(village)s” belongs to %(town)s. A street-town enters projects of its own"
                    " villages only."
                )
                % {"village": village.name, "town": village.town.name}
            )
        return reasons + self._contradictions(row, (stored or {}) | row.values)

    def _is_foreign(self, village: Village) -> bool:
        return self.own_towns is not None and village.town_id not in self.own_towns

    def _contradictions(self, row: ImportRow, whole: dict) -> list[str]:
        """What the row, with what is stored, says against itself or against other rows."""
        reasons = []
        begun, done = whole.get("started_on"), whole.get("completed_on")
        if done and whole.get("state") != ProjectState.COMPLETED:
            reasons.append(_("Only a completed project has a day on which it was completed."))
        if begun and done and done < begun:
            reasons.append(_("A project is not completed before it begins."))
        holder = self.standing.get((whole["village"], spelled(whole["title"])))
        if holder and holder != row.key:
            reasons.append(
                _("This village has a project of this name already: %(code)s.") % {"code": holder}
            )
        if whole.get("is_public"):
            held = details_in(str(whole.get(name) or "") for name in PUBLIC_TEXTS)
            if held:
                reasons.append(
                    _("A public project names no resident; the text holds %(what)s.")
                    % {"what": "、".join(held)}
                )
        return reasons

    # -- writing --

    def new_item(self, row: ImportRow) -> Project:
        code = next_code(self._codes) if BETWEEN_KEYS in row.key else row.key
        self._codes.add(code)
        return Project(code=code)

    @cached_property
    def _codes(self) -> set[str]:
        """Codes that new rows of the file were given, or bring along."""
        return {key for key in self.present if BETWEEN_KEYS not in key}

    def finish(self, item: Project, row: ImportRow) -> None:
        item.updated_at, item.updated_by = self.now, self.by

    def title_of(self, row: ImportRow) -> str:
        village = self.village_of.get(row.values.get("village", ""))
        name = super().title_of(row).rpartition(BETWEEN_KEYS)[2]
        return f"{name}（{village.name}）" if village else name

    def shown(self, name: str, value) -> str:
        if name == "village" and value in self.village_of:
            village = self.village_of[value]
            return f"{village.town.name}{village.name}"
        return super().shown(name, value)

    def page(self) -> str:
        return reverse("plans:manage_projects")
