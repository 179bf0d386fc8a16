"""The case library as a table. What was written in the portal is changed there."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.access import is_office
from academy.imports.by_code import FieldColumn, TableByCode
from academy.imports.cells import Code, Links, Text
from academy.models import ImportRow
from courses.models import Course

from .models import CaseStatus, PracticeCase


class CaseImporter(TableByCode):
    """案例: one row per case; new ones are published. Source: docs/rules.md R11."""

    kind, model, titled_by = "cases", PracticeCase, "title"
    needed, fewest, searched_as = ("code", "title"), 3, ("case",)
    also_written = ("updated_at",)
    title = gettext_lazy("Practice cases")
    about = gettext_lazy("Practice cases, one row each, matched by code; new ones are published.")
    columns = (
        FieldColumn(
            "code",
            "案例编号",
            "编号 代码 案例代码 case_code",
            10,
            gettext_lazy("Capital letters, digits and hyphens. It never changes."),
            cell=Code(),
        ),
        FieldColumn(
            "title", "案例标题", "标题 案例名称 案例 名称 title", 30, cell=Text(required=True)
        ),
        FieldColumn("theme", "主题", "类别 theme", 14, cell=Text(required=True)),
        FieldColumn(
            "place",
            "地点",
            "居村 village_name",
            16,
            gettext_lazy("Some neighbourhood, such as 某居民区; never its name."),
            cell=Text(),
        ),
        FieldColumn("problem", "问题", "背景 problem", 50, cell=Text(required=True)),
        FieldColumn("approach", "做法", "主要做法 approach", 50, cell=Text(required=True)),
        FieldColumn("result", "成效", "结果 result", 50, cell=Text(required=True)),
        FieldColumn("lessons_learned", "经验启示", "启示 经验 lessons_learned", 40, cell=Text()),
        FieldColumn(
            "courses",
            "关联课程",
            "课程 课程编号 course_codes",
            18,
            gettext_lazy("Codes of courses, separated by 、"),
            cell=Links(to=Course),
        ),
        FieldColumn("remark", "备注", "说明 note", 26, cell=Text()),
    )

    @classmethod
    def may_use(cls, user) -> bool:
        return is_office(user)

    def consequence(self) -> str:
        return _("New cases are published at once; names of people and villages must not stand in.")

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        case = self.present.get(row.key)
        if (
            case
            and case.author_id
            and any(self.differs(name, stored[name], value) for name, value in row.values.items())
        ):
            return [_("This case was written in the portal. Change it on its page.")]
        return super().refusals(row, stored, keys)

    def finish(self, item: PracticeCase, row: ImportRow) -> None:
        item.updated_at = self.now
        if item.pk is None:
            item.status, item.published_at = CaseStatus.PUBLISHED, self.now

    def page(self) -> str:
        return reverse("practicums:manage_cases")
