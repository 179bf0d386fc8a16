"""Where the office side keeps imports, tables and settings."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .places import Place, Section

PLACES = [
    Place(
        "imports:import_list",
        pgettext_lazy("navigation", "Import and export"),
        "academy.view_imports",
        Section.OFFICE,
        30,
        names="导入 批量导入 模板 导出",
    ),
    Place(
        "tables:index",
        pgettext_lazy("navigation", "Settings"),
        "academy.view_tables",
        Section.OFFICE,
        50,
        names="词表 数据表",
        covers=("office_settings", "courses:holidays", "portal:start"),
    ),
    Place(
        "office_settings",
        _("Settings of the office"),
        "academy.change_settings",
        names="设置 办公室电话 备案编号 自动退出 节假日",
    ),
]
