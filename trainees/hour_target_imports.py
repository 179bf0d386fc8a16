"""What the year asks of each post, as a table."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.access import is_administrator
from academy.imports.by_code import BETWEEN_KEYS, FieldColumn, TableByCode
from academy.imports.cells import Day, Hours, Link, Text, Whole
from academy.models import ImportRow, Position

from .models import HourTarget


class HourTargetImporter(TableByCode):
    """学时要求: one row per post and first day. Administrators load them; docs/rules.md R27."""

    kind, model, keys, titled_by = (
        "hour-targets",
        HourTarget,
        ("position", "valid_from"),
        "position",
    )
    sample = "hour_targets.csv"
    needed, related = ("position", "hours"), ("position",)
    title = gettext_lazy("Hour targets")
    about = gettext_lazy("What a year asks of a post, one row each, by post and first day.")
    columns = (
        FieldColumn(
            "position",
            "岗位",
            "岗位名称 职务 position",
            18,
            gettext_lazy("The name of a post."),
            cell=Link(required=True, to=Position, by="name"),
        ),
        FieldColumn(
            "hours",
            "年度学时",
            "学时 学时要求 年学时 hours",
            10,
            gettext_lazy("In steps of 0.25; one study hour is 45 minutes."),
            cell=Hours(required=True),
        ),
        FieldColumn(
            "centralised_sessions",
            "集中培训次数",
            "集中培训 次数 centralised_sessions",
            12,
            gettext_lazy("A year; empty where none is asked for."),
            cell=Whole(most=99, units=("次",)),
        ),
        FieldColumn(
            "legal_basis",
            "依据",
            "文件依据 政策依据 legal_basis",
            50,
            gettext_lazy("The document that asks for it."),
            cell=Text(required=True),
        ),
        FieldColumn(
            "valid_from",
            "起始日期",
            "开始日期 生效日期 valid_from",
            12,
            gettext_lazy("The first day, such as 2027-01-01."),
            cell=Day(required=True),
        ),
        FieldColumn(
            "valid_to",
            "截止日期",
            "结束日期 失效日期 valid_to",
            12,
            gettext_lazy("Empty while it holds."),
            cell=Day(),
        ),
    )

    @classmethod
    def may_use(cls, user) -> bool:
        return is_administrator(user)

    def key_in(self, values: dict) -> str:
        if "valid_from" not in values:  # a file without the column cannot say which row it means
            values["valid_from"] = ""
        return super().key_in(values)

    def matching(self, keys: list[str]) -> Q:
        pairs = (key.split(BETWEEN_KEYS) for key in keys)
        return reduce(
            or_,
            (Q(position__name=name, valid_from=day) for name, day in pairs if day),
            Q(pk__in=()),
        )

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        first = row.key.split(BETWEEN_KEYS)[1]
        last = row.values.get("valid_to")
        if not first:
            return [_("“%(column)s” is missing.") % {"column": self.heading_of("valid_from")}]
        if last and last < first:
            return [_("The last day lies before the first day.")]
        return super().refusals(row, stored, keys)

    def title_of(self, row: ImportRow) -> str:
        return row.key.split(BETWEEN_KEYS)[0] or str(row.cells.get("position", ""))
