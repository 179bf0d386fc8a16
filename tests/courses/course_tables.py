"""Course tables as tests need them, and what all touched tables hold, row for row."""

from django.apps import apps

from courses.importers import CourseImporter
from tests.plans.sheets import workbook

HEADINGS = [column.heading for column in CourseImporter.columns]
TOUCHED = (
    "academy.Position",
    "academy.GrowthStage",
    *(
        model._meta.label
        for model in apps.get_app_config("courses").get_models(include_auto_created=True)
    ),
)
ROW = {
    "课程编号": "SW-001",
    "课程名称": "老旧小区加装电梯群众工作",
    "板块": "实务实训",
    "牵头部门代码": None,
    "牵头部门": None,
    "教学形式": "课堂教学、现场教学",
    "学时": 4,
    "适用岗位": "居民区书记",
    "成长阶段": "骨干",
    "课程简介": "讲清流程，练习协商。",
    "教学目标": "• 会算账\n• 会协商",
    "课程大纲": None,
    "先修课程": None,
    "关联服务事项": None,
    "主讲类型": "七师二员",
    "沉浸式": "否",
    "沉浸式主题": None,
    "课程来源": "学院自主开发",
    "实训赋能12招": None,
}


def row(**changes) -> list:
    return [(ROW | changes)[heading] for heading in HEADINGS]


def table(*rows: list, headings=HEADINGS, **options) -> bytes:
    return workbook(list(rows), headings=headings, above=(["课程目录"],), **options)


def dump() -> dict[str, list[dict]]:
    """Every row of every table that an import of courses may touch."""
    return {label: list(apps.get_model(label).objects.order_by("pk").values()) for label in TOUCHED}
