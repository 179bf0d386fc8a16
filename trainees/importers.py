"""The roster (花名册) that an office sends: what its columns say, how they compare with the people
there are, and what importing it does. Source: docs/rules.md R10, R46.
"""

from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.access import is_office, towns_of
from academy.imports.importer import Column, Importer
from academy.models import GrowthStage, ImportRow, Position, RowOutcome, Town, Village
from academy.spreadsheets.cell_text import spelled
from academy.spreadsheets.table import TableRows

from .hour_claim_imports import OutsideHoursImporter
from .hour_target_imports import HourTargetImporter
from .models import Gender
from .rosters.comparing import ComparesPeople
from .rosters.missing import MOST_SHOWN, missing_from
from .rosters.months import filing_month
from .rosters.row_reading import ReadsPeople
from .rosters.units import Units
from .rosters.welcome import people_to_tell
from .rosters.writing import WritesPeople


class RosterImporter(ReadsPeople, ComparesPeople, WritesPeople, Importer):
    """花名册: one row per person, matched by the mobile number.

    Rows that cannot be taken over are left out; the others are written together.
    """

    kind = "roster"
    sample = "samples/roster.csv"
    title = pgettext_lazy("of people", "Roster")
    about = gettext_lazy(
        "One row per person, matched by the mobile number. Nobody's post is ended because a file"
        " does not name them."
    )
    upload_page = "trainees:rosters"
    page_part = "trainees/_roster_run.html"
    unasked = (
        *(
            "序号",
            "编号",
            "政治面貌",
            "学历",
            "文化程度",
            "学位",
            "民族",
            "籍贯",
            "年龄",
            "备注",
            "说明",
        ),
        *(
            "身份证号",
            "身份证号码",
            "身份证",
            "毕业院校",
            "专业",
            "职称",
            "邮箱",
            "微信",
            "住址",
            "地址",
        ),
    )
    needed = ("name", "phone", "village", "post")
    fewest = 4
    shows_key = False
    leaves_out_rejected = True
    offers_hidden = False
    undone_by_row = True
    headline = ("village", "post", "extra_posts", "appointed")
    columns = (
        Column(
            "name",
            "姓名",
            "名字 人员姓名 干部姓名 骨干姓名 学员姓名 成员姓名 name",
            12,
            gettext_lazy("As on the identity card; rare characters stay as they are."),
            guesses="人员 学员 干部 骨干",
        ),
        Column(
            "phone",
            "手机号",
            "手机 手机号码 电话 电话号码 联系电话 联系手机 移动电话 联系方式 联系号码 本人手机"
            " 手机电话 手机联系方式 phone mobile tel",
            14,
            gettext_lazy("11 digits. The person logs in with it."),
            guesses="号码 联络方式 联络电话 通讯方式",
        ),
        Column(
            "town",
            "街镇",
            "所属街镇 所在街镇 街镇名称 街道 街道镇 街道(镇) 街道、镇 乡镇 镇街 街道乡镇 镇 town",
            14,
            gettext_lazy("May stay empty where the name of the unit is unique."),
        ),
        Column(
            "village",
            "居村",
            "所在居村 所属居村 居村名称 居村委 居村委会 居(村)委会 居(村)委 居(村) 村居 村(居)"
            " 村居名称 所在村居 所属村居 村居委 居委会 居委 村居委会 村(居)委会 所在居委 所属居委"
            " 居民区 所在居民区 所属居民区 任职单位 所在单位 所属单位 工作单位 单位名称 单位 社区"
            " 所在社区 village unit",
            28,
            gettext_lazy("The neighbourhood or village committee, by its full name."),
            guesses="所在地 部门 任职居村 服务居村",
        ),
        Column(
            "post",
            "岗位",
            "岗位名称 岗位类别 现任岗位 任职岗位 职务 现任职务 担任职务 现职务 任职职务 职位 身份"
            " 人员类别 post position",
            16,
            gettext_lazy("One of the posts; a second one behind 兼: 居民区书记兼居委主任."),
            guesses="类别 担任工作 工作岗位",
        ),
        Column("extra_posts", "兼任", in_template=False, width=16),
        Column(
            "appointed",
            "任职时间",
            "任职日期 任职年月 任现职时间 任现职年月 任现职日期 现职时间 到岗时间 到任时间 上岗时间"
            " 上任时间 任职起始时间 任职起始年月 任职起 起任时间 appointed",
            12,
            gettext_lazy("The month, such as 2024-06."),
        ),
        Column("gender", "性别", "gender sex", 6, gettext_lazy("男 or 女")),
        Column(
            "born",
            "出生年月",
            "出生日期 出生时间 出生年月日 生日 出生 birth born",
            12,
            gettext_lazy("The month, such as 1981-05."),
        ),
        Column(
            "stage",
            "成长阶段",
            "层级 阶段 培养层级 培养阶段 骨干层级 成长层级 stage level",
            12,
            gettext_lazy("One of the growth stages."),
        ),
    )

    # -- who --

    @classmethod
    def may_use(cls, user) -> bool:
        return user.has_perm("trainees.import_rosters")

    def scope(self) -> str:
        """Words of headings are remembered for everybody: posts are called the same all over."""
        return ""

    def subject(self) -> str:
        return self._town_of_context.name if self._town_of_context else ""

    def consequence(self) -> str:
        return _(
            "People who are new get an account without a password. They are told nothing until you"
            " say so. Whoever stands in another unit now moves."
        )

    @cached_property
    def _town_of_context(self) -> Town | None:
        code = self.context.get("town")
        return Town.objects.filter(code=code).first() if code else None

    @cached_property
    def towns(self) -> frozenset[int] | None:
        """Keys of the towns whose people may be written, None for all."""
        own = None if self.by is None or is_office(self.by) else frozenset(towns_of(self.by))
        if self._town_of_context:
            named = frozenset({self._town_of_context.pk})
            return named if own is None else own & named
        return own

    # -- what there is --

    @cached_property
    def today(self):
        return timezone.localdate(self.now)

    @cached_property
    def units(self) -> Units:
        return Units(Village.objects.current(self.today).select_related("town"), Town.objects.all())

    @cached_property
    def villages(self) -> dict[str, Village]:
        """Every village by its code, ended ones too."""
        return {item.code: item for item in Village.objects.select_related("town")}

    @cached_property
    def posts(self) -> dict[str, str]:
        return {
            spelled(name): name
            for name in Position.objects.filter(active=True).values_list("name", flat=True)
        }

    @cached_property
    def positions(self) -> dict[str, int]:
        return dict(Position.objects.values_list("name", "pk"))

    @cached_property
    def post_names(self) -> dict[int, str]:
        return {key: name for name, key in self.positions.items()}

    @cached_property
    def village_codes(self) -> dict[int, str]:
        return {village.pk: code for code, village in self.villages.items()}

    @cached_property
    def stages(self) -> dict[str, int]:
        return dict(GrowthStage.objects.filter(active=True).values_list("name", "pk"))

    @cached_property
    def stage_names(self) -> dict[int, str]:
        return dict(GrowthStage.objects.values_list("pk", "name"))

    # -- the file as a whole --

    def begin(self, found: TableRows) -> None:
        texts = [
            text
            for around in (found.preamble, found.postscript)
            for said in around.values()
            for text in said
        ]
        this_month = f"{self.today:%Y-%m}"
        self.filed = filing_month(texts) or this_month

    # -- the page of a run --

    def shown(self, name: str, value) -> str:
        if name == "village" and value in self.villages:
            village = self.villages[value]
            return f"{village.town.name} {village.name}"
        if name == "gender" and value:
            return str(Gender(value).label)
        if name == "post" and value.startswith("group:"):
            return _("%(group)s (light account)") % {"group": value.removeprefix("group:")}
        if name == "post" and value.startswith("left:"):
            return _("%(post)s (left)") % {"post": value.removeprefix("left:")}
        return super().shown(name, value)

    def title_of(self, row: ImportRow) -> str:
        return str(row.values.get("name") or row.cells.get("name") or "")

    def page_context(self) -> dict:
        missing = missing_from(self.run, self.by)
        people = people_to_tell(self.run)
        return {
            "missing": missing[:MOST_SHOWN],
            "missing_count": missing.count(),
            "untold": people.count(),
            "has_new": self.run.rows.filter(outcome=RowOutcome.NEW).exists(),
        }


IMPORTERS = [RosterImporter, HourTargetImporter, OutsideHoursImporter]
