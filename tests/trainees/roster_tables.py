"""Rosters as tests need them: the posts and places they name, workbooks with one thing changed.

Their phones begin with 138: those of the factories begin with 199.
"""

from academy.imports import runs
from academy.models import GrowthStage, ImportRun, Position, RowOutcome
from tests.factories import NOW, TownFactory, VillageFactory
from tests.plans.sheets import workbook

POSTS = (
    *("居民区书记", "村书记", "居委主任", "村主任", "条线委员", "社区工作者", "楼组长"),
    *("业委会成员", "物业负责人", "新就业群体", "志愿者/社区达人"),
)
ROW = {
    "姓名": "于少明",
    "手机号": "13800000100",
    "居村": "富丽居委会",
    "岗位": "社区工作者",
    "任职时间": "2024-06",
    "性别": "男",
    "出生年月": "1980-02",
}
HEADINGS = list(ROW)


def make_places():
    """The posts, a stage, and two towns with a village of each kind and one name in both."""
    for name in POSTS:
        Position.objects.create(name=name)
    GrowthStage.objects.create(name="骨干")
    luodian, zhangmiao = TownFactory(name="罗店镇"), TownFactory(name="张庙街道")
    for name in ("富丽居委会", "富辰居委会", "新桥居委会", "罗店镇一居委会", "美罗第二居委会"):
        VillageFactory(name=name, town=luodian)
    VillageFactory(name="金星村村委会", town=luodian, kind="village")
    VillageFactory(name="金星居委会", town=luodian)
    for name in ("新桥居委会", "通河七村二居委会", "虎林居委会"):
        VillageFactory(name=name, town=zhangmiao)
    return luodian, zhangmiao


def row(**changes) -> list:
    return list((ROW | changes).values())


def table(*rows: list, headings=HEADINGS, **options) -> bytes:
    return workbook(list(rows), headings=headings, above=(["花名册（2027年3月）"],), **options)


def previewed(content: bytes, name="roster.xlsx", by=None, **context) -> ImportRun:
    return runs.preview(kind="roster", content=content, name=name, by=by, now=NOW, context=context)


def imported(content: bytes, by=None) -> ImportRun:
    return runs.confirm(run=previewed(content, by=by), now=NOW)


def only(content: bytes, name="roster.xlsx", **context):
    """The one row of a file, as the preview has it."""
    return previewed(content, name, **context).rows.get()


def outcomes(run: ImportRun) -> list[RowOutcome]:
    return [item.outcome for item in run.rows.all()]
