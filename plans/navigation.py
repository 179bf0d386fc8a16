"""The office side of annual plans."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.places import Place, Section

PLACES = [
    Place(
        "plans:plan_list",
        pgettext_lazy("navigation", "Annual plans"),
        "plans.list_plans",
        Section.PLANS,
        10,
        names="年度方案 年度计划 方案 备案 送审 经费预算",
        covers=("plans:overlaps", "plans:unit_list", "plans:paper_templates"),
    ),
    Place(
        "plans:overlaps",
        pgettext_lazy("navigation", "Overlapping trainings"),
        "plans.list_plans",
        names="重复培训 多头培训 重复提示 撞车 合办",
    ),
    Place(
        "plans:fee_lists",
        pgettext_lazy("navigation", "Lecture fees"),
        "plans.list_plans",
        Section.PLANS,
        14,
        names="讲课费 课酬 师资费 发放表 签领表 劳务费",
        covers=("plans:fee_list_begin", "plans:fee_list", "plans:fee_list_paper"),
    ),
    Place(
        "plans:fee_list_begin",
        _("Begin a list of lecture fees"),
        "plans.list_plans",
        names="新建讲课费发放表 发讲课费",
    ),
    Place(
        "plans:manage_projects",
        pgettext_lazy("navigation", "Projects of 先锋行动"),
        "plans.keep_projects",
        Section.PLANS,
        30,
        names="先锋行动 先锋项目 美好社区 微更新 社区微更新 市级项目 区级项目",
    ),
    Place(
        "plans:project_create",
        _("Add a project"),
        "plans.keep_projects",
        names="新增先锋项目 登记项目",
    ),
    Place(
        "plans:actual",
        pgettext_lazy("navigation", "Plans against actual"),
        "plans.list_plans",
        Section.PLANS,
        12,
        names="方案执行 计划完成 对照 计划外 执行情况 实际",
        covers=("plans:actual_items", "plans:actual_classes", "plans:actual_people"),
    ),
    Place(
        "plans:unfiled_classes",
        pgettext_lazy("navigation", "Classes without a plan item"),
        "courses.view_schedule",
        names="未挂方案 班次 方案项目 临时班次 计划外",
        covers=("plans:hang_classes",),
    ),
    Place(
        "plans:unit_list",
        pgettext_lazy("navigation", "Plans not handed in"),
        "plans.review_plans",
        names="催报 未报送 未报 谁没报 进度",
    ),
    Place(
        "plans:paper_templates",
        pgettext_lazy("navigation", "Templates of papers"),
        "plans.replace_templates",
        names="公文模板 备案函模板 报送函 备案表模板 docx",
    ),
]
