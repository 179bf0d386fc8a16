"""An annual plan as a table: whose rows and which year they are, what they say, and what importing
them does.

A row is matched with an item of the plan by its training name (the second of one name with the
second). Items that the file does not name stay, after those it names. What could be wrong without
being seen is asked or refused: a column that is missing, money whose unit is not certain, rows of
another unit.
"""

import re
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from academy.imports.errors import RowRejected
from academy.imports.importer import Column, Importer
from academy.models import ImportRow, RowOutcome
from academy.spreadsheets.cell_text import EMPTY_WORDS, Rejected, clean, spelled
from academy.spreadsheets.opening import FileRefused
from academy.spreadsheets.table import TableRow, TableRows
from academy.text.numbers import plain
from academy.text.phones import masked

from .composites import PAIRS, apart, pair_named_by, told_beside
from .filing import create_plan, lock_editable, record_step
from .imports.contacts import contact_of
from .imports.numbers import Numbers
from .imports.row_values import (
    TEXTS,
    category_of,
    is_yes,
    label,
    months_of,
    name_of,
    number_of_row,
    planned_time,
    text_of,
)
from .imports.surroundings import (
    Units,
    contact_in,
    is_called,
    is_of_all_runs,
    money_unit_above,
    money_unit_of,
    rate_of,
    rated_in,
    unit_in,
    years_in,
    years_of_sheet,
)
from .items import MOST_ITEMS, OUT_OF_THE_WAY
from .models import ITEM_FIELDS, AnnualPlan, Decision, Owner, PlanItem, TrainingCategory, kind_of
from .owners import UnknownOwner, drafts_for, owner_named
from .timing import first_quarter, months_in

# columns that a file may lack; what they say is then asked
ASKED = ("runs", "days", "hours", "budget", "funding")
NEEDED = ("runs", "days", "hours")  # of these the numbers
NUMBERS = ("people", "runs", "days", "hours", "budget")
DECIMALS = ("days", "hours", "budget")
# columns → what they say
OF_ALL_RUNS = {
    "hours_in_the_year": ("hours",),
    "days_and_hours": ("days", "hours"),
    "days": ("days",),
    "hours": ("hours",),
}
EXPLAINS = re.compile("说明|封面|须知|目录")  # sheets of which nobody expects a table
LEAST_MONEY = 100  # yuan: less for a whole training was written in 万元
LEAST_FOR_ONE, MOST_FOR_ONE = 1, 20_000  # yuan for one person in the year


def context_of(owner: Owner, year: int) -> dict:
    """What an import of a plan must know besides the file."""
    return {"kind": kind_of(owner), "code": owner.code, "year": year}


class PlanImporter(Importer):
    """年度培训方案: one row per training, for one owner and one year."""

    kind = "plan"
    title = gettext_lazy("Annual plan")
    about = gettext_lazy(
        "One row per training, matched by its name. Items that the file does not name stay as they"
        " are."
    )
    upload_page = "plans:import_upload"
    needed = ("name",)
    fewest = 4
    asks_about_strange_tables = True
    truths = ("other_system_cadres",)
    other_endings = (
        "标准 师资 教师 讲师 授课人 主讲人 主持人 意见 要求 成效 单价 类别 类型 层次 级别 签字"
    )
    shows_key = False
    headline = ("people", "runs", "months", "budget")
    columns = (
        Column("number", "序号", "编号 项目序号 项目编号 no no.", 6, gettext_lazy("1, 2, 3 …")),
        Column(
            "name",
            "培训班名称",
            "培训名称 培训班次名称 班次名称 培训班次 培训项目名称 培训项目 项目名称"
            " 培训班 班名 名称",
            28,
            gettext_lazy("At most 80 characters."),
            guesses="培训主题 培训课题 培训活动 办班名称 班级名称 项目 班次",
            endings="培训名称 班级名称 项目名称 活动名称 课题名称 班名 培训班 班别",
        ),
        Column(
            "organiser",
            "主办单位",
            "主办部门 主办 举办单位 牵头单位 牵头部门 责任单位 责任部门",
            18,
            gettext_lazy("Empty: the unit of the plan."),
            endings="主办方 主办科室 主办处室 责任科室 责任处室 牵头科室"
            " 负责部门 负责科室 组织部门 组织单位",
        ),
        Column(
            "co_organiser",
            "承办单位",
            "承办单位/协办 承办/协办单位 承办、协办单位 承办单位/协办单位"
            " 承办/协办 承办部门 承办 协办单位",
            18,
            gettext_lazy("May stay empty."),
            guesses="配合单位 实施单位",
            endings="承办方 承办科室 承办处室 实施部门 协办方 协办部门 合作单位 委托单位",
        ),
        Column(
            "purpose",
            "培训目的",
            "培训目标 目的",
            20,
            gettext_lazy("May stay empty."),
            endings="目的 目标 意义",
        ),
        Column(
            "audience",
            "培训对象",
            "参训对象 参训人员 参加对象 参加人员 培训人员 对象",
            24,
            gettext_lazy("As exactly as you can: the review compares it with the plans of others."),
            guesses="面向对象 培训范围 培训群体 参训范围",
            endings="对象 人员 人群 群体 范围 学员 参加者",
        ),
        Column(
            "people",
            "人数",
            "参训人数 培训人数 全年人数 总人数 计划人数 预计人数 年度人数"
            " 培训规模 每期人数 每班人数",
            8,
            gettext_lazy("All runs of the year together."),
            guesses="规模 培训人次 人次 参加人数 预计参训 拟训人数 班额 招生人数",
            endings="人数 人次 人 名额 规模 员数",
        ),
        Column(
            "runs",
            "期数",
            "全年期数 办班期数 培训期数 举办期数 班次数 期次 计划期数",
            6,
            gettext_lazy("How often the class is held in the year."),
            guesses="办班次数 举办次数 办班批次 批次 班次 班数 培训班数 办班数 次数 场次",
            endings="期数 班数 班次数 次数 场次 场数 批次 批数 期次 频次 轮次 班次 几期 几次 期",
        ),
        Column(
            "months",
            "拟办时间",
            "培训时间 计划时间 举办时间 办班时间 拟办月份 开班时间 时间 月份 季度",
            14,
            gettext_lazy("A month or a quarter, such as 4月、8月 or 第二季度."),
            guesses=(
                "举办日期 时间安排 培训日期 办班月份 计划月份 实施时间 开班月份 时间节点 时间进度"
                " 进度安排 开展时间 组织时间 开课时间 培训月份 预计时间 举办月份"
            ),
            endings="时间 月份 日期 季度 时段 时限 月度 何时 时候 时节 进度",
        ),
        Column(
            "days",
            "天数",
            "每期天数 每班天数 培训天数",
            6,
            gettext_lazy("Half a day is 0.5."),
            guesses="时长 每期时长 培训时长 期限 培训期限",
            endings="天数 天 日数 时长 期限 历时 学制",
        ),
        Column(
            "hours",
            "学时",
            "每期学时 每班学时 每期课时 学时数 培训学时 课时 课时数",
            6,
            gettext_lazy("Of one run, in steps of 0.25."),
            guesses="时 课时合计 总课时 学时合计 总学时 课时总数",
            endings="学时 课时 学时数 课时数 学时量 课时量 课时合计 学时合计",
        ),
        Column(
            "place",
            "地点",
            "培训地点 办班地点 举办地点 拟办地点 地点/校区 校区 场地 培训场地",
            18,
            gettext_lazy("May stay empty."),
            guesses="培训场所 场所 办班场所",
            endings="地点 场所 场地 地址 教室 会场",
        ),
        Column(
            "content",
            "培训内容",
            "主要内容 培训课程 主要课程 课程内容 课程 内容",
            34,
            gettext_lazy("The main topics, separated by 、"),
            guesses="课程设置 课程安排 主题 教学内容",
            endings="内容 课程 要点 摘要 概要 提要 提纲 大纲 课题 主题 专题 模块 课目 重点 议题",
        ),
        Column(
            "formats",
            "培训方式",
            "培训形式 教学形式 教学方式 授课方式 授课形式 方式 形式",
            16,
            gettext_lazy("May stay empty."),
            guesses="组织形式 办班形式",
            endings="方式 形式 方法 手段",
        ),
        Column(
            "budget",
            "经费预算（元）",
            "经费预算 预算经费 培训经费 所需经费 经费概算 预算金额 预算 经费 金额 每期经费 每期预算"
            " 每班经费 人均经费 人均经费标准 人均预算",
            13,
            gettext_lazy("All runs together, in yuan; 0 when it costs nothing."),
            guesses="费用 预计费用 经费额度 所需费用 经费总额 培训费 资金预算",
            endings="经费 费用 预算 金额 概算 资金 投入 支出 额度 总额"
            " 开支 花费 测算 估算 预算数 培训费 钱 元",
        ),
        Column(
            "funding",
            "经费来源",
            "列支渠道 经费列支渠道 资金来源 经费来源/列支渠道 经费渠道",
            14,
            gettext_lazy("May stay empty."),
            guesses="列支科目 支出渠道 经费列支 经费出处 预算科目 资金渠道 列支",
            endings="来源 渠道 科目 出处 列支 列支项目 支出项目",
        ),
        Column(
            "category",
            "培训类别",
            "类别 培训班类别",
            8,
            gettext_lazy("一类, 二类 or 三类; may stay empty."),
        ),
        Column(
            "other_system_cadres",
            "是否涉及本系统以外干部",
            "涉及本系统以外干部 是否涉及系统外干部 涉及系统外干部",
            10,
            gettext_lazy("是 or 否"),
        ),
        Column(
            "contact_name",
            "联系人",
            "责任人 负责人 责任人/联系人 经办人",
            10,
            gettext_lazy("May stay empty."),
            endings="联系人 负责人 责任人 经办人 联络员 联络人 班主任",
        ),
        Column(
            "contact_phone",
            "联系电话",
            "电话 联系方式 手机 手机号 联系人电话 电话号码",
            14,
            gettext_lazy("May stay empty."),
            endings="电话 号码 手机 联系方式",
        ),
        Column(
            "remark",
            "备注",
            "说明",
            24,
            gettext_lazy("May stay empty."),
            endings="备注 说明 附注 事项",
        ),
        Column(
            "contact",
            "联系人及电话",
            "责任人/联系人、电话 联系人及联系电话 责任人及电话 联系人、电话 联系人/电话",
            in_template=False,
        ),
        Column(
            "unit",
            "单位",
            "所属单位 申报单位 填报单位 报送单位 报备单位 街镇 镇街 所属街镇 报送街镇",
            in_template=False,
        ),
        Column("filing_number", "备案编号", in_template=False),
        Column(
            "hours_in_the_year",
            "全年学时",
            "全年总学时 全年课时 全年总课时 年度学时 年度总学时",
            in_template=False,
        ),
        Column(
            "days_and_hours",
            "天数/学时",
            "天数/课时 天数(学时) 天数(课时) 天数及学时 天数和学时 天数、学时 天数学时 学时/天数"
            " 课时/天数 学时(天数) 学时及天数",
            guesses="培训时长(天/学时) 时长(天/学时)",
            in_template=False,
            is_choice=True,
        ),
        Column(
            "people_and_runs",
            "人数/期数",
            "人数、期数 期数/人数 期数、人数 期数及人数 人数及期数 期数×人数",
            in_template=False,
            is_choice=True,
        ),
        Column(
            "runs_and_days",
            "期数/天数",
            "期数、天数 期数及天数 天数/期数 期数×天数",
            in_template=False,
            is_choice=True,
        ),
        Column(
            "start",
            "开始时间",
            "开始日期 开始月份 起始时间 起始日期 起始月份 开班日期 开始 起始 起 自",
            in_template=False,
            is_choice=True,
        ),
        Column(
            "end",
            "结束时间",
            "结束日期 结束月份 结班时间 结班日期 截止时间 截止日期 截止月份 终止时间 终止日期"
            " 完成时间 结束 截止 终止 止 至",
            in_template=False,
            is_choice=True,
        ),
        *(
            Column(
                f"quarter_{number}",
                f"{word}季度",
                f"第{word}季度 {number}季度 第{number}季度",
                in_template=False,
            )
            for number, word in enumerate("一二三四", start=1)
        ),
        *(
            Column(f"month_{number}", f"{number}月", f"{number}月份", in_template=False)
            for number in range(1, 13)
        ),
    )

    def guesses(self, found: TableRows) -> dict[str, str]:
        """A heading that names two numbers, such as 时长（天/学时） or 期数、人数, is that of both
        and never of one of them.
        """
        guesses = super().guesses(found)
        names = {name for sheet in found.headings for name in self._names(found, sheet)}
        for text in (text for texts in found.unknown.values() for text in texts):
            pair = pair_named_by(text)
            if (
                pair
                and spelled(text) not in self.decided_headings
                and not {pair, *PAIRS[pair]} & names
            ):
                guesses[text] = pair
                names |= {pair, *PAIRS[pair]}
        return guesses

    # -- who and what for --

    @classmethod
    def may_use(cls, user) -> bool:
        return user.has_perm("plans.list_plans")

    @classmethod
    def may_use_for(cls, user, context: dict) -> bool:
        return drafts_for(user, owner_named(context["code"]))

    @cached_property
    def owner(self) -> Owner:
        return owner_named(self.context["code"])

    @property
    def year(self) -> int:
        return self.context["year"]

    def _plan(self) -> AnnualPlan | None:
        return AnnualPlan.objects.of_owner(self.owner).of_year(self.year).first()

    def subject(self) -> str:
        return _("%(owner)s, training plan for %(year)s") % {
            "owner": self.owner.name,
            "year": self.year,
        }

    def page(self) -> str:
        plan = self._plan()
        return plan.get_absolute_url() if plan else ""

    def in_the_way(self) -> str:
        plan = self._plan()
        return (
            _("The plan is in review or filed, so it cannot take the file now.")
            if plan and not plan.is_editable
            else ""
        )

    def scope(self) -> str:
        return f"{self.context['kind']}-{self.context['code']}"

    @classmethod
    def scope_name(cls, scope: str) -> str:
        code = scope.partition("-")[2]
        try:
            return owner_named(code).name if scope else ""
        except UnknownOwner:
            return code  # a row of the table must not keep the others from being shown

    # -- the file as a whole --

    def begin(self, found: TableRows) -> None:
        self.remarks: list[tuple[str, str]] = []  # sheet and sentence
        self.doubts: list[str] = []  # why this may be the wrong file
        self._leave_out_other_years(found)
        self._leave_out_other_units(found)
        self._join_lines_of_one_item(found)
        self._refuse_shared_numbers(found)
        # a heading that nobody knows may be that of the people: the preview asks what it is
        may_be_unknown = self._is_hidden(found, "people") or any(found.unknown.values())
        if not may_be_unknown and not any(
            "people" in self._names(found, sheet) for sheet in found.headings
        ):
            raise FileRefused(_("The table has no column 人数."))
        if len(found.rows) > MOST_ITEMS:
            raise FileRefused(_("A plan holds at most %(most)d items.") % {"most": MOST_ITEMS})
        self.tables = {table: _Surroundings(self, found, table) for table in found.tables}
        for name in ASKED:
            if name == "budget" and self._is_hidden(found, name):
                continue  # it is left out, and each row says so
            if any(name not in around.names for around in self.tables.values()):
                self.questions.append(
                    {
                        "ask": "column",
                        "column": name,
                        "required": True,
                        "hidden": self._is_hidden(found, name),
                    }
                )
                if name not in NEEDED and not self.answer(name):
                    self.remarks.append(
                        (
                            "",
                            _("The file has no column “%(column)s”. Say what stands in every item.")
                            % {"column": label(name)},
                        )
                    )
        if of_all_runs := {
            text: text for around in self.tables.values() for text in around.of_all_runs.values()
        }:
            self.questions.append(
                {"ask": "hours_for", "required": True, "headings": "、".join(of_all_runs)}
            )
        for (sheet, _table), around in self.tables.items():
            if {"months", "start", "end"} & around.names in ({"start"}, {"end"}):
                self.remarks.append(
                    (
                        sheet,
                        _(
                            "Of begin and end only one has a column that is read; that one is taken"
                            " for the planned time."
                        ),
                    )
                )
        if self.answer("budget_unit"):
            self._ask_for_the_unit()
        self._look_around(found)

    def _names(self, found: TableRows, sheet: str) -> set[str]:
        """The columns of the first table of the sheet."""
        return _names_in({name for name, _text, _sure in found.headings[sheet].values()})

    def _is_hidden(self, found: TableRows, name: str) -> bool:
        """Whether the column is there and only hidden."""
        return any(hidden["name"] == name for hidden in found.hidden)

    def _leave_out_other_years(self, found: TableRows) -> None:
        """The sheets of another year, where there is one of this year or of none."""
        other = set()
        for sheet in found.headings:
            years = years_of_sheet(sheet) or {
                year for text in found.preamble.get(sheet, ()) for year in years_in(text)
            }
            if years and self.year not in years:
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

    def _leave_out_other_units(self, found: TableRows) -> None:
        """Rows whose column 单位 names another unit."""
        if not any("unit" in self._names(found, sheet) for sheet in found.headings):
            return
        units, other = Units(self.owner), Counter()
        own = []
        for row in found.rows:
            text = clean(row.cells.get("unit"))
            if units.is_another(text):
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

    def _join_lines_of_one_item(self, found: TableRows) -> None:
        """A name merged over several rows is one item; the lines of its other columns belong
        together.
        """
        rows: list[TableRow] = []
        for line in found.rows:
            own_numbers = [
                name
                for name in ("people", "budget")
                if name not in line.merged and clean(line.cells.get(name))
            ]
            if "name" not in line.merged or own_numbers or not rows or rows[-1].sheet != line.sheet:
                rows.append(line)
                continue
            first = rows[-1]
            for name, value in line.cells.items():
                text = clean(value)
                if name in line.merged or not text or name == "number":
                    continue
                before = clean(first.cells.get(name))
                if name in NUMBERS and before and before != text:
                    first.reasons.append(
                        _(
                            "“%(column)s” says different things in the rows of one item (row"
                            " %(row)d)."
                        )
                        % {"column": label(name), "row": line.row}
                    )
                elif name in NUMBERS and before:
                    first.reasons.append(
                        _(
                            "“%(column)s” stands in several rows of one item (row %(row)d). Write"
                            " it once, for the whole item."
                        )
                        % {"column": label(name), "row": line.row}
                    )
                elif text not in before.split("\n"):
                    first.cells[name] = f"{first.cells[name]}\n{value}" if before else value
            first.remarks += line.remarks
            first.reasons += line.reasons
        found.rows = rows

    def _refuse_shared_numbers(self, found: TableRows) -> None:
        """A number merged over several items belongs to no single one of them."""
        above: dict[str, TableRow] = {}
        for line in found.rows:
            for name in ("people", "runs", "budget"):
                if name not in line.merged or (name in above and above[name].sheet != line.sheet):
                    above[name] = line
                elif name in above:
                    reason = _shared(name)
                    above[name].reasons += [reason] if reason not in above[name].reasons else []
                    line.reasons.append(reason)

    def _look_around(self, found: TableRows) -> None:
        """Signs that the file is another unit's or another year's, and in what the money is
        written.
        """
        for sheet, texts in ((sheet, found.preamble.get(sheet, [])) for sheet in found.headings):
            unit = next((unit for text in texts if (unit := unit_in(text))), "") or Units(
                self.owner
            ).other_in(texts)
            if unit and not is_called(self.owner, unit):
                self.doubts.append(
                    _("The file names %(unit)s, the plan is for %(owner)s.")
                    % {
                        "unit": unit[:40],
                        "owner": self.owner.name,
                    }
                )
                self.remarks.append(
                    (
                        sheet,
                        _(
                            "The file names %(unit)s as its unit, the plan is for %(owner)s. Is it"
                            " the right file?"
                        )
                        % {"unit": unit[:40], "owner": self.owner.name},
                    )
                )
            years = {number for text in texts for number in years_in(text)} or years_of_sheet(sheet)
            if years and self.year not in years:
                self.doubts.append(
                    _("The file is of %(found)s, the plan is for %(year)s.")
                    % {
                        "found": "、".join(map(str, sorted(years))),
                        "year": self.year,
                    }
                )
                self.remarks.append(
                    (
                        sheet,
                        _(
                            "The title or the name of the sheet speaks of %(found)s, the plan is"
                            " for %(year)s. Is it the right file?"
                        )
                        % {"found": "、".join(map(str, sorted(years))), "year": self.year},
                    )
                )
        if self.doubts:
            self.questions.append({"ask": "right_file", "required": True})
        factors = {around.factor for around in self.tables.values()}
        if 10_000 in factors:
            self.remarks.append(("", _("The budget is written in 万元; it is taken over in yuan.")))
        if 1_000 in factors or 100 in factors:
            self.remarks.append(
                ("", _("The budget is written in 千元 or 百元; it is taken over in yuan."))
            )

    def question_words(self, question: dict) -> tuple[str, list[tuple[str, str]]]:
        if question["ask"] == "budget_unit":
            return _("In what is the money of this file written?"), [
                ("", _("not said")),
                ("1", pgettext("unit of money", "yuan")),
                ("10000", pgettext("unit of money", "万元")),
            ]
        if question["ask"] == "right_file":
            return _(
                "The file seems to be of another unit or year. Import it for %(subject)s all the"
                " same?"
            ) % {"subject": self.subject()}, [("", _("no")), ("yes", _("yes"))]
        if question["ask"] == "hours_for":
            return _("Of what are the numbers below “%(headings)s”?") % {
                "headings": question.get("headings", "")
            }, [
                ("", _("not said")),
                ("year", _("of all runs together: divide them by the runs")),
                ("run", _("of one run: take them as they are")),
            ]
        column = self.heading_of(question["column"])
        if question["hidden"]:
            return (
                _(
                    "“%(column)s” is hidden in the file. Take the hidden ones in, or say what holds"
                    " for every item:"
                )
                % {"column": column},
                [],
            )
        if question["column"] in NUMBERS:
            return (
                _("The file has no column “%(column)s”. What holds for every item?")
                % {"column": column},
                [],
            )
        return (
            _(
                "The file has no column “%(column)s”. What should stand in every item? Write 无 for"
                " nothing."
            )
            % {"column": column},
            [],
        )

    # -- one row --

    def read(self, line: TableRow) -> tuple[str, dict, list[str]]:
        if self.doubts and not self.answer("right_file"):
            raise RowRejected(list(dict.fromkeys(self.doubts)))
        remarks: list[str] = []
        values: dict = {
            "number": None if "number" in line.merged else number_of_row(line.cells.get("number"))
        }
        reasons: list[str] = []
        for step in (self._read_texts, self._read_numbers):
            try:
                step(line, values, remarks)
            except RowRejected as rejected:
                reasons += rejected.reasons
        if reasons:
            raise RowRejected(reasons)
        if "name" in line.merged:
            remarks.append(
                _(
                    "The name is one merged cell for several rows; each row with its own number of"
                    " people is an item."
                )
            )
        for name, words in (
            ("audience", pgettext("what an item lacks", "for whom")),
            ("months", pgettext("what an item lacks", "when")),
            ("content", pgettext("what an item lacks", "what")),
        ):
            if not values[name]:
                remarks.append(
                    _("It does not say %(what)s; that is needed before the plan is handed in.")
                    % {"what": words}
                )
        return values["name"], values, remarks

    def _read_texts(self, line: TableRow, values: dict, remarks: list[str]) -> None:
        cells, around = dict(line.cells), self.tables[line.sheet, line.table]
        self._each({"months": lambda: planned_time(cells, remarks, self.year)}, cells)
        if not clean(cells.get("months")) and months_in(line.sheet):
            cells["months"] = line.sheet
            remarks.append(
                _("No planned time: taken from the name of the sheet, %(sheet)s.")
                % {"sheet": line.sheet}
            )
        readers = {
            "name": lambda: name_of(cells.get("name")),
            **{name: lambda name=name: text_of(name, cells.get(name)) for name in TEXTS},
            "months": lambda: months_of(cells.get("months"), remarks, self.year),
            "funding": lambda: self._funding(cells, around),
            "category": lambda: str(category_of(cells.get("category"), remarks)),
            "other_system_cadres": lambda: is_yes(cells.get("other_system_cadres")),
            "contact": lambda: contact_of(cells, around.contact, remarks),
        }
        self._each(readers, values)
        values["organiser"] = values["organiser"] or self.owner.name
        values["contact_name"], values["contact_phone"] = values.pop("contact")

    def _funding(self, cells: dict, around: "_Surroundings") -> str:
        if "funding" in around.names:
            return text_of("funding", cells.get("funding"))
        return (
            ""
            if self.answer("funding") in EMPTY_WORDS
            else text_of("funding", self.answer("funding"))
        )

    def _each(self, readers: dict, values: dict) -> None:
        """Call every reader, so that all reasons are told together."""
        reasons = []
        for name, read in readers.items():
            try:
                values[name] = read()
            except Rejected as rejected:
                reasons.append(str(rejected))
        if reasons:
            raise RowRejected(reasons)

    def _read_numbers(self, line: TableRow, values: dict, remarks: list[str]) -> None:
        around = self.tables[line.sheet, line.table]
        try:
            cells = apart(line.cells, around.written, around.names)
        except Rejected as rejected:
            raise RowRejected([str(rejected)]) from rejected
        if around.has_hours_in_the_year:
            cells["hours"] = cells["hours_in_the_year"]
        for name in (*NEEDED, "budget"):
            if name not in around.names and not clean(cells.get(name)):
                cells[name] = self.answer(name)
        numbers = Numbers(cells, remarks, around.factor, around.rates)
        self._each(
            {name: lambda name=name: self._number(name, numbers, line, around) for name in NUMBERS},
            values,
        )
        for name, heading in around.of_all_runs.items():
            if values["runs"] > 1 and values[name] and not rate_of(clean(cells.get(name))):
                values[name] = self._of_one_run(values[name], values["runs"], heading, remarks)
        self._refuse_doubtful_money(values, cells, around, remarks)
        for name in DECIMALS:
            values[name] = plain(values[name])

    def _of_one_run(self, number: Decimal, runs: int, heading: str, remarks: list[str]) -> Decimal:
        if not self.answer("hours_for"):
            raise RowRejected(
                [
                    _("“%(heading)s” may be of one run or of all %(runs)d. Say above which it is.")
                    % {"heading": heading[:20], "runs": runs}
                ]
            )
        if self.answer("hours_for") == "run":
            return number
        each, shown = (
            number / runs,
            {"heading": heading[:20], "number": f"{number.normalize():f}", "runs": runs},
        )
        if each != each.quantize(Decimal("0.01")):
            raise RowRejected(
                [_("“%(heading)s”: %(number)s cannot be divided by %(runs)d runs.") % shown]
            )
        remarks.append(
            _("“%(heading)s”: %(number)s in %(runs)d runs, taken as %(each)s of one run.")
            % {
                **shown,
                "each": f"{each.normalize():f}",
            }
        )
        return each

    def _number(self, name: str, numbers: Numbers, line: TableRow, around: "_Surroundings"):
        if name in NEEDED and name not in around.names and not clean(numbers.cells.get(name)):
            raise Rejected(around.why_missing(name))
        if name in ("people", "runs"):
            number = numbers.whole(name)
            if number is None and name == "people":
                raise Rejected(
                    around.why_missing(name)
                    if name not in around.names
                    else _("The number of people is missing.")
                )
            if number is None:
                numbers.remarks.append(_("No number of runs: taken as 1."))
            return 1 if number is None else number
        number = numbers.read(name)
        if number is None and name == "budget":
            if clean(numbers.cells.get(name)) == "":
                numbers.remarks.append(around.no_budget())
        elif number is None:
            numbers.remarks.append(
                _("“%(column)s” is empty: taken as 0.") % {"column": label(name)}
            )
        return number or Decimal(0)

    def _refuse_doubtful_money(
        self, values: dict, cells: dict, around: "_Surroundings", remarks: list[str]
    ) -> None:
        """A sum that can hardly be meant is asked about: it may be wrong by ten thousand."""
        budget, people = values["budget"], values["people"]
        if not budget:
            return
        shown = {"budget": f"{budget.normalize():,f}", "people": people}
        doubtful = budget < LEAST_MONEY or not LEAST_FOR_ONE <= budget / people <= MOST_FOR_ONE
        if self.answer("budget_unit"):
            if doubtful:
                remarks.append(_("%(budget)s yuan for %(people)s people.") % shown)
        elif around.units_differ and not isinstance(cells.get("budget"), str):
            self._ask_for_the_unit()
            raise RowRejected(
                [
                    _(
                        "The heading and the line above the table name different units of money."
                        " Say which one holds."
                    )
                ]
            )
        elif doubtful:
            self._ask_for_the_unit()
            raise RowRejected(
                [
                    _(
                        "The budget of %(budget)s yuan for %(people)s people can hardly be right."
                        " Say whether the file is in yuan or in 万元, or mend the row."
                    )
                    % shown
                ]
            )

    def _ask_for_the_unit(self) -> None:
        if not any(question["ask"] == "budget_unit" for question in self.questions):
            self.questions.append({"ask": "budget_unit", "required": True})

    # -- the rows together --

    def conclude(self, rows: list[ImportRow], found: TableRows) -> None:
        self._leave_out_repeated(rows)
        self._give_numbers(rows)
        seen: Counter = Counter()
        for row in rows:
            if row.values:
                row.key = _key(row.values["name"], seen)
        found.warnings = [
            warning
            for warning in found.warnings
            if warning not in found.expected
            and (
                warning["sheet"] in found.headings
                or not warning["sheet"]
                or not EXPLAINS.search(warning["sheet"])
            )
        ]
        found.warnings += self._wrong_totals(rows, found)
        sheets = list(dict.fromkeys(row.sheet for row in rows))
        if len(sheets) > 1:
            self.remarks.append(
                (
                    "",
                    _("%(count)d sheets were read: %(sheets)s.")
                    % {
                        "count": len(sheets),
                        "sheets": "、".join(sheets),
                    },
                )
            )
        self.stored(rows)
        if self.staying:
            self.remarks.append(
                (
                    "",
                    ngettext(
                        "%(count)d item of the plan is not in the file; it stays.",
                        "%(count)d items of the plan are not in the file; they stay.",
                        len(self.staying),
                    )
                    % {"count": len(self.staying)},
                )
            )
        found.warnings[:0] = [
            {"sheet": sheet, "row": 0, "reason": reason} for sheet, reason in self.remarks
        ]

    def _leave_out_repeated(self, rows: list[ImportRow]) -> None:
        """A row that stands in another sheet word for word, as where a sheet sums the others up."""
        first: dict[tuple, ImportRow] = {}
        repeated: dict[str, list[ImportRow]] = defaultdict(list)
        for row in rows:
            if row.values:
                said = tuple((name, row.values[name]) for name in ITEM_FIELDS if name != "number")
                if first.setdefault(said, row).sheet != row.sheet:
                    repeated[row.sheet].append(row)
        for sheet, again in repeated.items():
            for row in again:
                rows.remove(row)
            self.remarks.append(
                (
                    sheet,
                    _("Rows %(rows)s stand in another sheet already; they were left out.")
                    % {"rows": "、".join(str(row.row) for row in again)},
                )
            )

    def _give_numbers(self, rows: list[ImportRow]) -> None:
        """The numbers of the file where they are sound; the rest follow on.

        Sheets that each begin with 1 are counted through.
        """
        readable = [row for row in rows if row.values]
        several = len({row.sheet for row in readable}) > 1
        written = [row.values["number"] for row in readable if row.values["number"]]
        if several and len(written) != len(set(written)):
            for number, row in enumerate(readable, start=1):
                row.values["number"] = number
            return
        taken: set[int] = set()
        highest = max(written, default=0)
        for row in readable:
            number = row.values["number"]
            if number is None or number in taken:
                highest += 1
                if number is not None:
                    row.remarks.append(
                        _("The number %(number)d stands twice; this item becomes %(new)d.")
                        % {
                            "number": number,
                            "new": highest,
                        }
                    )
                row.values["number"] = number = highest
            taken.add(number)

    def _wrong_totals(self, rows: list[ImportRow], found: TableRows) -> list[dict]:
        """Whether written totals and subtotals are those of the rows above them."""
        wrong, begun = [], defaultdict(int)
        for total in found.totals:
            above = [row for row in rows if row.sheet == total.sheet and row.row < total.row]
            is_part = any("小计" in spelled(clean(value)) for value in total.cells.values())
            part = [row for row in above if row.row > begun[total.sheet]]
            if is_part:
                begun[total.sheet] = total.row
            if any(not row.values for row in rows):
                continue
            for name, words in (
                ("people", pgettext("a total", "people")),
                ("budget", pgettext("a total", "budget")),
            ):
                try:
                    written = Numbers(
                        total.cells, [], self.tables[total.sheet, total.table].factor
                    ).read(name)
                except Rejected:
                    continue
                sums = {
                    sum((Decimal(row.values[name]) for row in group), Decimal(0))
                    for group in ((part,) if is_part else (above, rows))
                }
                if written and all(abs(written - expected) > Decimal("0.005") for expected in sums):
                    wrong.append(
                        {
                            "sheet": total.sheet,
                            "row": total.row,
                            "reason": (
                                _(
                                    "The total of %(what)s is written as %(written)s; the rows add"
                                    " up to %(total)s."
                                )
                                % {
                                    "what": words,
                                    "written": f"{written.normalize():,f}",
                                    "total": f"{min(sums).normalize():,f}",
                                }
                            ),
                        }
                    )
        return wrong

    # -- comparing --

    def stored(self, rows: list[ImportRow]) -> dict[str, dict]:
        plan, seen = self._plan(), Counter()
        self.items = {
            _key(item.name, seen): item for item in (plan.items.order_by("number") if plan else ())
        }
        self.rows = [row for row in rows if row.values]
        named = {row.key for row in self.rows}
        self.staying = [item for key, item in self.items.items() if key not in named]
        return {key: values_of(item) for key, item in self.items.items()}

    def title_of(self, row: ImportRow) -> str:
        return row.values.get("name") or row.cells.get("name", "")

    def shown(self, name: str, value) -> str:
        if name == "contact_phone":
            return masked(value)
        if name == "category":
            return str(TrainingCategory(value).label) if value else ""
        return f"{Decimal(value):,f}" if name == "budget" and value else super().shown(name, value)

    # -- writing --

    def lock(self, keys: list[str]) -> None:
        """Lock the plan of the owner and year, made if there is none.

        Raises PlanNotEditable and what `create_plan` raises.
        """
        self.plan = lock_editable(
            self._plan() or create_plan(owner=self.owner, year=self.year, by=self.by, now=self.now)
        )

    def write(self, rows: list[ImportRow]) -> None:
        items = []
        for row in self.rows:
            item = self.items.get(row.key) or PlanItem(plan=self.plan)
            for name in ITEM_FIELDS:
                setattr(
                    item, name, Decimal(row.values[name]) if name in DECIMALS else row.values[name]
                )
            item.quarter = first_quarter(item.months)
            items.append(item)
        last = max((item.number for item in items), default=0)
        for number, item in enumerate(self.staying, start=last + 1):
            item.number = number
        items += self.staying
        if len(items) > MOST_ITEMS:
            raise FileRefused(_("A plan holds at most %(most)d items.") % {"most": MOST_ITEMS})
        self.make_way(rows)
        PlanItem.objects.bulk_update([item for item in items if item.pk], [*ITEM_FIELDS, "quarter"])
        PlanItem.objects.bulk_create([item for item in items if not item.pk])

    def imported(self, rows: list[ImportRow], file_name: str) -> None:
        outcomes = Counter(row.outcome for row in rows)
        with translation.override(settings.LANGUAGE_CODE):  # it is kept
            words = _("%(file)s: %(new)d new, %(changed)d changed, %(same)d as before") % {
                "file": file_name[:80],
                "new": outcomes[RowOutcome.NEW],
                "changed": outcomes[RowOutcome.CHANGED],
                "same": outcomes[RowOutcome.SAME],
            }
        record_step(self.plan, Decision.IMPORTED, self.by, self.now, words)

    def make_way(self, rows: list[ImportRow]) -> None:
        self.plan.items.update(number=F("number") + OUT_OF_THE_WAY)

    def undone(self, file_name: str, by) -> None:
        record_step(self.plan, Decision.IMPORT_UNDONE, by, self.now, file_name[:80])

    def footprint(self, rows: list[ImportRow]) -> list:
        return [PlanItem.objects.filter(plan=self._plan())]

    def settle(self) -> None:
        self.plan.save(update_fields=["updated_at"])


class _Surroundings:
    """What holds for every row of one table."""

    def __init__(self, importer: PlanImporter, found: TableRows, table: tuple[str, int]) -> None:
        headings, texts = found.tables[table]
        self.written = written = {name: text for name, text, _sure in headings.values()}
        lines = [line.cells for line in found.rows if (line.sheet, line.table) == table]
        self.names = _names_in(set(written)) | told_beside(lines, written)
        self.has_hours_in_the_year = "hours_in_the_year" in written and "hours" not in written
        # days and hours that may be of all runs together → what is written above them
        self.of_all_runs = {
            name: written[column]
            for column, names in OF_ALL_RUNS.items()
            for name in names
            if is_of_all_runs(written.get(column, "")) and (column == name or name not in written)
        }
        self.hidden = {name for name in (*NUMBERS, *ASKED) if importer._is_hidden(found, name)}
        of_heading, above = money_unit_of(written.get("budget", "")), money_unit_above(texts)
        self.units_differ = of_heading is not None and above is not None and of_heading != above
        self.factor = int(importer.answer("budget_unit") or of_heading or above or 1)
        self.rates = {
            name: rate for name in ("people", "budget") if (rate := rate_of(written.get(name, "")))
        }
        for name in rated_in(texts):
            if not re.search("全年|总", written.get(name, "")):
                self.rates.setdefault(name, "run")
        self.contact = next((found for text in texts if (found := contact_in(text))), ("", ""))

    def why_missing(self, name: str) -> str:
        if name in self.hidden:
            return _(
                "The column “%(column)s” is hidden, so it was left out. Take the hidden ones in, or"
                " say what it holds."
            ) % {"column": label(name)}
        return _("The table has no column “%(column)s”. Say what it holds.") % {
            "column": label(name)
        }

    def no_budget(self) -> str:
        if "budget" in self.hidden:
            return _("The budget is hidden in the file, so it was left out: taken as 0 yuan.")
        return _("No budget: taken as 0 yuan.")


def _names_in(names: set[str]) -> set[str]:
    """The columns with what is read from others in their place."""
    pairs = {name for pair in PAIRS.keys() & names for name in PAIRS[pair]}
    return names | pairs | ({"hours"} if "hours_in_the_year" in names else set())


def _shared(name: str) -> str:
    return _("“%(column)s” is one merged cell for several rows. Write the number of each row.") % {
        "column": label(name)
    }


def values_of(item: PlanItem) -> dict:
    """An item in the shape of a row."""
    return {
        name: plain(getattr(item, name)) if name in DECIMALS else getattr(item, name)
        for name in ITEM_FIELDS
    }


def _key(name: str, seen: Counter) -> str:
    """The name, and which of that name it is."""
    base = spelled(name)[:100]
    seen[base] += 1
    return base if seen[base] == 1 else f"{base} {seen[base]}"


IMPORTERS = [PlanImporter]
