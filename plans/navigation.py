"""The office side of annual plans."""

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
        covers=("plans:overlaps", "plans:paper_templates"),
    ),
    Place(
        "plans:overlaps",
        pgettext_lazy("navigation", "Overlapping trainings"),
        "plans.list_plans",
        names="重复培训 多头培训 重复提示 撞车 合办",
    ),
    Place(
        "plans:paper_templates",
        pgettext_lazy("navigation", "Templates of papers"),
        "plans.replace_templates",
        names="公文模板 备案函模板 报送函 备案表模板 docx",
    ),
]
