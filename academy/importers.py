"""The network as tables: towns, villages, departments, campuses and venues.

Only administrators load them. Source: docs/rules.md R11.
"""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .access import is_administrator
from .imports.by_code import BETWEEN_KEYS, FieldColumn, TableByCode
from .imports.cells import Beside, Code, Day, Link, OneOf, Telephone, Text, Whole, YesNo
from .models import (
    Campus,
    CampusKind,
    Department,
    ImportRow,
    Motif,
    Town,
    TownBorder,
    TownKind,
    Venue,
    Village,
    VillageKind,
)

UNTIL = gettext_lazy("Empty while it is in use; a day such as 2027-03-01 ends it.")
CODE = gettext_lazy("Capital letters, digits and hyphens. It never changes.")
SEARCHED = ("village", "campus", "room", "department", "page")
MOST_PERSONS = 99_999


class NetworkTable(TableByCode):
    """A table of the network."""

    searched_as = SEARCHED
    retired = "ended_on"
    needed = ("code", "name")

    @classmethod
    def may_use(cls, user) -> bool:
        return is_administrator(user)


def ended(name: str = "ended_on", heading: str = "停用日期") -> FieldColumn:
    """Return the column that says until when a row is in use."""
    return FieldColumn(name, heading, f"停用 撤并日期 {name}", 12, UNTIL, cell=Day())


class TownImporter(NetworkTable):
    """街镇: one row per street-town."""

    kind, model = "towns", Town
    sample = "network/towns.csv"
    title = gettext_lazy("Towns")
    about = gettext_lazy("Street-towns and industrial parks, one row each, matched by code.")
    columns = (
        FieldColumn("code", "街镇代码", "代码 编码 编号 区划代码 code", 12, CODE, cell=Code()),
        FieldColumn(
            "name", "街镇名称", "街镇 名称 街道名称 镇名 name", 20, cell=Text(required=True)
        ),
        FieldColumn(
            "kind",
            "类型",
            "类别 性质 kind",
            12,
            gettext_lazy("街道, 镇 or 工业园区"),
            cell=OneOf(
                required=True,
                words=(
                    (TownKind.SUBDISTRICT.value, "街道 街道办事处"),
                    (TownKind.TOWN.value, "镇 乡镇 乡"),
                    (TownKind.INDUSTRIAL_PARK.value, "工业园区 园区 industrial_park"),
                ),
            ),
        ),
        FieldColumn(
            "map_order",
            "网络图次序",
            "次序 顺序 map_order",
            10,
            gettext_lazy("Clockwise from the north-west; may stay empty."),
            cell=Whole(most=999),
        ),
        ended(),
    )


class TownBorderImporter(TableByCode):
    """相邻街镇: one row for two street-towns, whichever of them is named first."""

    kind, model, keys = "town-borders", TownBorder, ("town", "neighbour")
    needed, related = ("town", "neighbour"), ("town", "neighbour")
    sample = "network/town_borders.csv"
    title = gettext_lazy("Town borders")
    about = gettext_lazy("Which street-towns border each other; one row serves both ways.")
    columns = (
        FieldColumn(
            "town",
            "街镇",
            "街镇名称 街道 town",
            20,
            gettext_lazy("The name of a street-town."),
            cell=Link(required=True, to=Town, by="name"),
        ),
        FieldColumn(
            "neighbour",
            "相邻街镇",
            "接壤街镇 毗邻街镇 邻近街镇 neighbour",
            20,
            gettext_lazy("One that it borders."),
            cell=Link(required=True, to=Town, by="name"),
        ),
        FieldColumn(
            "source",
            "依据",
            "来源 地图 source",
            40,
            gettext_lazy("The map or document that says so."),
            cell=Text(required=True),
        ),
    )

    @classmethod
    def may_use(cls, user) -> bool:
        return is_administrator(user)

    def key_in(self, values: dict) -> str:
        return BETWEEN_KEYS.join(sorted((values.pop("town"), values.pop("neighbour"))))

    def key_of(self, item: TownBorder) -> str:
        return BETWEEN_KEYS.join(sorted((item.town.name, item.neighbour.name)))

    def matching(self, keys: list[str]) -> Q:
        found = Q(pk__in=())
        for one, other in (key.split(BETWEEN_KEYS) for key in keys):
            found |= Q(town__name=one, neighbour__name=other)
            found |= Q(town__name=other, neighbour__name=one)
        return found

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        one, other = row.key.split(BETWEEN_KEYS)
        if one == other:
            return [_("Choose two different street-towns.")]
        return super().refusals(row, stored, keys)

    def title_of(self, row: ImportRow) -> str:
        return row.key.replace(BETWEEN_KEYS, " — ") or str(row.cells.get("town", ""))


class VillageImporter(NetworkTable):
    """居村: one row per neighbourhood or village."""

    kind, model, retired = "villages", Village, "valid_to"
    sample = "network/villages.csv"
    related = ("town",)
    title = gettext_lazy("Neighbourhoods and villages")
    about = gettext_lazy("Neighbourhoods and villages, one row each, matched by code.")
    columns = (
        FieldColumn("code", "居村代码", "代码 编码 区划代码 code", 15, CODE, cell=Code()),
        FieldColumn(
            "name",
            "居村名称",
            "居村 名称 单位名称 居委会 村委会 village name",
            26,
            cell=Text(required=True),
        ),
        FieldColumn(
            "town",
            "街镇代码",
            "所属街镇代码 town_code",
            12,
            gettext_lazy("The code or the name of the street-town."),
            cell=Link(required=True, to=Town, beside="town_name"),
        ),
        FieldColumn(
            "town_name", "街镇", "所属街镇 街镇名称 街道 town", 16, cell=Beside(path="town.name")
        ),
        FieldColumn(
            "kind",
            "类型",
            "类别 性质 kind",
            12,
            gettext_lazy("居委会 or 村委会"),
            cell=OneOf(
                required=True,
                words=(
                    (VillageKind.NEIGHBOURHOOD.value, "居委会 居委 居民区 居民委员会"),
                    (VillageKind.VILLAGE.value, "村委会 村 村民委员会"),
                ),
            ),
        ),
        ended("valid_to", "撤并日期"),
    )


class DepartmentImporter(NetworkTable):
    """委办局: one row per department."""

    kind, model = "departments", Department
    sample = "network/departments.csv"
    title = gettext_lazy("Departments")
    about = gettext_lazy("District departments, one row each, matched by code.")
    columns = (
        FieldColumn("code", "部门代码", "代码 编码 编号 code", 12, CODE, cell=Code()),
        FieldColumn(
            "name", "部门名称", "部门 名称 单位名称 全称 name", 30, cell=Text(required=True)
        ),
        FieldColumn("short_name", "简称", "部门简称 short_name", 14, cell=Text(required=True)),
        ended(),
    )


class CampusImporter(NetworkTable):
    """教学点: one row per college, branch or salon."""

    kind, model = "campuses", Campus
    sample = "network/campuses.csv"
    related = ("town",)
    title = gettext_lazy("Places of teaching")
    about = gettext_lazy("The college, branches and salons, one row each, matched by code.")
    columns = (
        FieldColumn("code", "教学点代码", "代码 编码 编号 校区代码 code", 12, CODE, cell=Code()),
        FieldColumn(
            "name", "教学点名称", "教学点 名称 校区 校区名称 name", 30, cell=Text(required=True)
        ),
        FieldColumn(
            "kind",
            "类型",
            "类别 层级 kind",
            10,
            gettext_lazy("总校, 分校 or 沙龙"),
            cell=OneOf(
                required=True,
                words=(
                    (CampusKind.COLLEGE.value, "总校 主校区"),
                    (CampusKind.BRANCH.value, "分校 分院"),
                    (CampusKind.SALON.value, "沙龙 治理沙龙 社区治理沙龙"),
                ),
            ),
        ),
        FieldColumn("short_name", "简称", "short_name", 10, cell=Text()),
        FieldColumn("theme", "主题", "特色 theme", 24, cell=Text()),
        FieldColumn(
            "town",
            "街镇代码",
            "所在街镇代码 town_code",
            12,
            gettext_lazy("The code or the name of the street-town."),
            cell=Link(required=True, to=Town, beside="town_name"),
        ),
        FieldColumn(
            "town_name", "街镇", "所在街镇 街镇名称 town", 16, cell=Beside(path="town.name")
        ),
        FieldColumn("host_organisation", "承办单位", "主办单位 依托单位 host_org", 26, cell=Text()),
        FieldColumn("address", "地址", "详细地址 address", 30, cell=Text()),
        FieldColumn("phone", "电话", "联系电话 phone", 16, cell=Telephone()),
        FieldColumn("opening_hours", "开放时间", "opening_hours", 24, cell=Text()),
        FieldColumn(
            "capacity",
            "容纳人数",
            "人数 可容纳人数 capacity",
            10,
            cell=Whole(most=MOST_PERSONS, units=("人",)),
        ),
        FieldColumn(
            "motif",
            "图案",
            "线描图案 motif",
            10,
            gettext_lazy("What the drawing of the place shows; empty takes that of the kind."),
            cell=OneOf(
                words=(
                    (Motif.HALL.value, "厅堂"),
                    (Motif.TABLE.value, "圆桌"),
                    (Motif.TOWERS.value, "高楼"),
                    (Motif.ROWS.value, "新村"),
                    (Motif.LIFT.value, "加梯"),
                    (Motif.BOAT.value, "水岸"),
                    (Motif.WORKS.value, "厂区"),
                    (Motif.VILLAGE.value, "村宅"),
                    (Motif.FIELDS.value, "田野"),
                    (Motif.GARDEN.value, "花园"),
                    (Motif.COURIER.value, "骑手"),
                    (Motif.DOOR.value, "楼门"),
                    (Motif.TALK.value, "对话"),
                    (Motif.DRAWING.value, "图纸"),
                    (Motif.MAST.value, "信号塔"),
                    (Motif.KEY.value, "钥匙"),
                    (Motif.STAR.value, "星星屋"),
                )
            ),
        ),
        ended(),
    )

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        """One college; a town has one salon at most. The database holds the same."""
        whole = {**(stored or {}), **row.values}
        reasons = super().refusals(row, stored, keys)
        place = self._place_of(whole)
        if place:
            holder = self._places.setdefault(place, row.key)
            if holder != row.key:
                reasons.append(
                    _("There is one college, and a town has one salon: “%(code)s” is it already.")
                    % {"code": holder}
                )
        return reasons

    @staticmethod
    def _place_of(values: dict) -> str:
        if values.get("ended_on") or values.get("kind") not in ("college", "salon"):
            return ""
        return "college" if values["kind"] == "college" else str(values.get("town"))

    def stored(self, rows: list[ImportRow]) -> dict[str, dict]:
        found = super().stored(rows)
        named = {row.key for row in rows}
        codes = self.codes_of(Link(to=Town))
        others = Campus.objects.filter(ended_on__isnull=True).exclude(code__in=named)
        self._places = {
            place: item.code
            for item in others
            if (place := self._place_of({"kind": item.kind, "town": codes[item.town_id]}))
        }
        return found


class VenueImporter(NetworkTable):
    """教室: one row per room."""

    kind, model = "venues", Venue
    sample, sample_rows = "network/venues.csv", 8
    related = ("campus",)
    title = gettext_lazy("Rooms")
    about = gettext_lazy("Rooms of the places of teaching, one row each, matched by code.")
    columns = (
        FieldColumn("code", "教室代码", "代码 编码 编号 教室编号 code", 12, CODE, cell=Code()),
        FieldColumn(
            "name", "教室名称", "教室 名称 场地 场地名称 name", 26, cell=Text(required=True)
        ),
        FieldColumn(
            "campus",
            "教学点代码",
            "校区代码 campus_code",
            12,
            gettext_lazy("The code or the name of the place of teaching."),
            cell=Link(required=True, to=Campus, beside="campus_name"),
        ),
        FieldColumn(
            "campus_name",
            "教学点",
            "校区 所属教学点 教学点名称 campus",
            26,
            cell=Beside(path="campus.name"),
        ),
        FieldColumn("kind", "类型", "教室类型 类别 kind", 12, cell=Text()),
        FieldColumn("floor", "楼层", "floor", 10, cell=Text()),
        FieldColumn(
            "capacity",
            "容纳人数",
            "人数 座位数 座位 可容纳人数 capacity",
            10,
            gettext_lazy("Persons; a class cannot be larger than its smallest room."),
            cell=Whole(required=True, most=MOST_PERSONS, units=("人", "座")),
        ),
        FieldColumn(
            "immersive",
            "沉浸式",
            "是否沉浸式 沉浸式实训 immersive",
            8,
            gettext_lazy("是 or 否"),
            cell=YesNo(),
        ),
        FieldColumn("immersive_topic", "沉浸式主题", "实训主题 immersive_topic", 20, cell=Text()),
        FieldColumn("equipment", "设备", "设施 设备设施 equipment", 30, cell=Text()),
        FieldColumn(
            "step_free",
            "无障碍",
            "无台阶 是否无障碍 step_free",
            8,
            gettext_lazy("是 or 否"),
            cell=YesNo(),
        ),
        ended(),
    )


IMPORTERS = [
    TownImporter,
    TownBorderImporter,
    VillageImporter,
    DepartmentImporter,
    CampusImporter,
    VenueImporter,
]
