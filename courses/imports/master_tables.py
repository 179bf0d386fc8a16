"""Teaching formats, service items and experts as tables. The office loads them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from academy.access import is_office
from academy.imports.by_code import FieldColumn, TableByCode
from academy.imports.cells import Beside, Code, Link, Mobile, Text, Whole, YesNo
from academy.models import Department, ImportRow, Village
from academy.text.names import name_in

from ..models import Expert, ServiceItem, TeachingFormat

CODE = gettext_lazy("Capital letters, digits and hyphens. It never changes.")
MANY = gettext_lazy("One or more, separated by 、")
MOST_YEARS, MOST_APPRENTICES = 99, 999


class CatalogueTable(TableByCode):
    """A table of the catalogue."""

    needed = ("code", "name")

    @classmethod
    def may_use(cls, user) -> bool:
        return is_office(user)


class TeachingFormatImporter(CatalogueTable):
    """教学形式: one row per way of teaching."""

    kind, model, unique = "teaching-formats", TeachingFormat, ("name",)
    sample = "catalogue/teaching_formats.csv"
    searched_as = ("course",)
    title = gettext_lazy("Teaching formats")
    about = gettext_lazy("Ways of teaching, one row each, matched by code.")
    columns = (
        FieldColumn("code", "形式代码", "代码 编码 编号 code", 10, CODE, cell=Code()),
        FieldColumn("name", "教学形式", "形式 名称 形式名称 name", 20, cell=Text(required=True)),
        FieldColumn("description", "说明", "简介 描述 description", 50, cell=Text()),
        FieldColumn(
            "suggested_group_size",
            "建议人数",
            "人数 建议规模 suggested_group_size",
            14,
            cell=Text(),
        ),
    )

    def finish(self, item: TeachingFormat, row: ImportRow) -> None:
        """New ones stand behind those that are there."""
        if item.pk is None:
            item.sort_order = TeachingFormat.objects.count() + row.row


class ServiceItemImporter(CatalogueTable):
    """服务事项: one row per item."""

    kind, model = "service-items", ServiceItem
    sample = "catalogue/service_items.csv"
    searched_as, related = ("course", "service"), ("department",)
    title = gettext_lazy("Service items")
    about = gettext_lazy("Service items of the departments, one row each, matched by code.")
    columns = (
        FieldColumn("code", "事项代码", "代码 编码 编号 事项编号 code", 10, CODE, cell=Code()),
        FieldColumn("name", "事项名称", "名称 服务事项 事项 name", 30, cell=Text(required=True)),
        FieldColumn(
            "department",
            "部门代码",
            "责任部门代码 department_code",
            10,
            gettext_lazy("The code or the name of the department."),
            cell=Link(required=True, to=Department, beside="department_name"),
        ),
        FieldColumn(
            "department_name",
            "责任部门",
            "部门 部门名称 主管部门 department",
            26,
            cell=Beside(path="department.name"),
        ),
        FieldColumn(
            "question",
            "常见问法",
            "问法 问题 居民怎么问 question",
            36,
            gettext_lazy("As a cadre would ask it over the phone."),
            cell=Text(),
        ),
        FieldColumn("keywords", "关键词", "搜索词 keywords", 30, MANY, cell=Text()),
    )


class ExpertImporter(CatalogueTable):
    """师资: one row per expert. Numbers are hidden in what is given out, and stay as they are."""

    kind, model = "experts", Expert
    sample, sample_rows = "catalogue/experts.csv", 8
    searched_as, related = ("class", "expert"), ("village__town",)
    title = gettext_lazy("Experts")
    about = gettext_lazy("Outstanding secretaries and other experts, one row each, by code.")
    columns = (
        FieldColumn(
            "code", "师资编号", "编号 代码 编码 专家编号 expert_code", 10, CODE, cell=Code()
        ),
        FieldColumn(
            "name", "姓名", "名字 专家姓名 name", 12, cell=Text(required=True, check=name_in)
        ),
        FieldColumn("category", "类别", "师资类别 类型 category", 14, cell=Text(required=True)),
        FieldColumn("gender", "性别", "gender", 6, cell=Text()),
        FieldColumn(
            "village",
            "居村代码",
            "所在居村代码 village_code",
            15,
            gettext_lazy("The code or the name, of secretaries only."),
            cell=Link(to=Village, beside="village_name"),
        ),
        FieldColumn(
            "village_name",
            "居村",
            "所在居村 居村名称 village_name",
            24,
            cell=Beside(path="village.name"),
        ),
        FieldColumn("organisation", "单位", "工作单位 organisation", 26, cell=Text()),
        FieldColumn("title", "职务", "职称 职务职称 title", 18, cell=Text()),
        FieldColumn(
            "years_in_post",
            "任职年限",
            "年限 任职年数 years_in_post",
            8,
            cell=Whole(most=MOST_YEARS, empty=None, units=("年",)),
        ),
        FieldColumn("specialities", "擅长", "专长 擅长领域 specialities", 30, MANY, cell=Text()),
        FieldColumn(
            "signature_practice", "代表做法", "工作法 特色做法 signature_practice", 30, cell=Text()
        ),
        FieldColumn(
            "phone",
            "手机号",
            "手机 电话 联系电话 手机号码 phone",
            14,
            gettext_lazy("138****5678 leaves the number as it is."),
            cell=Mobile(),
        ),
        FieldColumn(
            "apprentices",
            "带教人数",
            "徒弟数 结对人数 apprentices",
            8,
            cell=Whole(most=MOST_APPRENTICES, units=("人",)),
        ),
        FieldColumn(
            "accepts_field_visits",
            "接待参访",
            "可参访 接受参访 accepts_field_visits",
            8,
            gettext_lazy("是 or 否"),
            cell=YesNo(),
        ),
        FieldColumn(
            "published",
            "公开姓名",
            "是否公开 published",
            8,
            gettext_lazy("是 shows the name to everybody; otherwise only staff see it."),
            cell=YesNo(),
        ),
    )

    def page(self) -> str:
        return reverse("courses:manage_experts")
