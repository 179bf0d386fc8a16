"""The desk, and the office side of roles and of what visitors write."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.places import Place, Section

PLACES = [
    Place(
        "portal:manage",
        pgettext_lazy("navigation", "To do"),
        "portal.open_manage",
        Section.DESK,
        names="待办 工作台",
        icon="inbox",
    ),
    Place(
        "roles:role_list",
        pgettext_lazy("navigation", "Granting"),
        "academy.view_rolegrant",
        Section.OFFICE,
        20,
        names="角色 权限 授权 联络员 管理员 收回 延期",
    ),
    Place(
        "roles:can_do",
        _("What can somebody do?"),
        "academy.explain_access",
        names="谁能做什么 为什么打不开 权限查询",
    ),
    Place(
        "portal:feedback_inbox",
        pgettext_lazy("navigation", "Complaints and ideas"),
        "portal.read_feedback",
        Section.OFFICE,
        40,
        names="投诉 建议 投诉处理",
    ),
    Place(
        "portal:unanswered",
        _("Looked for and not found"),
        "portal.read_unanswered",
        names="搜不到的词 搜索 未答 主题词",
    ),
    Place(
        "monitor:board",
        pgettext_lazy("navigation", "Monitor"),
        "portal.see_monitor",
        Section.PLANS,
        60,
        names="监测 一多三不 重复多 不解渴 不方便 支撑不持续 指标 统计",
    ),
    Place(
        "monitor:owners",
        _("Who answers for which indicator"),
        "portal.run_monitor",
        names="指标 责任单位",
    ),
    Place(
        "portal:start",
        _("Start list"),
        "portal.see_start",
        names="启用清单 启用",
    ),
    Place(
        "coverage:towns",
        pgettext_lazy("navigation", "Coverage of villages"),
        "portal.see_coverage",
        Section.PLANS,
        60,
        names="居村覆盖 尚未覆盖 送课上门 覆盖 名额试算 没来过",
    ),
    Place(
        "coverage:quotas",
        _("Try other quotas"),
        "portal.see_coverage",
        names="名额试算 名额倾斜",
    ),
]
