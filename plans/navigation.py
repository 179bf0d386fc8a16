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
        covers=("plans:overlaps",),
    ),
    Place(
        "plans:overlaps",
        pgettext_lazy("navigation", "Overlapping trainings"),
        "plans.list_plans",
        names="重复培训 多头培训 重复提示 撞车 合办",
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
]
