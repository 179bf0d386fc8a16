"""The course catalogue as a table: what its columns say, how they compare with the catalogue, and
what importing them does.

The office publishes what it imports; a department's rows become drafts of its own courses. Source:
docs/rules.md R10, R11.
"""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.access import departments_of, is_office
from academy.imports.importer import Column, Importer
from academy.models import Department
from academy.spreadsheets.cell_text import spelled

from .imports.cells import TERMS
from .imports.checks import ChecksCourses
from .imports.master_tables import ExpertImporter, ServiceItemImporter, TeachingFormatImporter
from .imports.row_reading import ReadsCourses
from .imports.writing import WritesCourses
from .models import Course, ServiceItem, Track


class CourseImporter(ReadsCourses, ChecksCourses, WritesCourses, Importer):
    """课程目录: one row per course, matched by its code.

    A column that the file lacks stays as it is.
    """

    kind = "courses"
    sample, sample_rows = "catalogue/courses.csv", 8
    title = gettext_lazy("Course catalogue")
    about = gettext_lazy(
        "One row per course, matched by its code; several sheets are read as one. Courses that the"
        " file does not name stay as they are."
    )
    needed = ("code", "title")
    fewest = 3
    truths = ("is_immersive",)
    columns = (
        Column(
            "code",
            "课程编号",
            "课程代码 编号 代码 course_code",
            11,
            gettext_lazy("Letters of the track, a hyphen and a number: SW-031. It never changes."),
        ),
        Column(
            "title",
            "课程名称",
            "课程 名称 课程标题 title",
            30,
            gettext_lazy("At most 80 characters."),
        ),
        Column(
            "track",
            "板块",
            "课程板块 所属板块 类别 track",
            12,
            gettext_lazy("The name of a track."),
        ),
        Column(
            "department",
            "牵头部门代码",
            "部门代码 department_code",
            12,
            gettext_lazy("Such as D08; empty for the academy's own courses."),
        ),
        Column(
            "department_name",
            "牵头部门",
            "部门 主办部门 牵头单位 责任部门 department",
            24,
            gettext_lazy("Read only where the code is empty."),
        ),
        Column(
            "formats",
            "教学形式",
            "教学方式 授课形式 形式 teaching_formats",
            20,
            gettext_lazy("One or more, separated by 、"),
        ),
        Column(
            "hours",
            "学时",
            "学时数 课时 hours",
            7,
            gettext_lazy("In steps of 0.25; one study hour is 45 minutes."),
        ),
        Column(
            "audiences",
            "适用岗位",
            "岗位 适用对象 培训对象 对象 audiences",
            24,
            gettext_lazy("One or more, separated by 、"),
        ),
        Column(
            "stages",
            "成长阶段",
            "适用阶段 阶段 level",
            12,
            gettext_lazy("One or more, separated by 、"),
        ),
        Column(
            "summary",
            "课程简介",
            "简介 课程内容 内容简介 summary",
            50,
            gettext_lazy(
                "Two or three sentences: what people do in class and what they take home."
            ),
        ),
        Column(
            "objectives",
            "教学目标",
            "培训目标 目标 课程目标 objectives",
            40,
            gettext_lazy("One to a line, each something that people can do afterwards."),
        ),
        Column(
            "outline", "课程大纲", "教学大纲 大纲 提纲 outline", 40, gettext_lazy("May stay empty.")
        ),
        Column(
            "prerequisites",
            "先修课程",
            "先修 前置课程 prerequisites",
            16,
            gettext_lazy("Codes of courses, separated by 、"),
        ),
        Column(
            "service_items",
            "关联服务事项",
            "服务事项 关联事项 service_items",
            18,
            gettext_lazy("Codes of service items such as FW-03, separated by 、"),
        ),
        Column(
            "lecturer_type",
            "主讲类型",
            "师资类型 授课教师类型 lecturer_type",
            14,
            gettext_lazy("At most 40 characters."),
        ),
        Column("is_immersive", "沉浸式", "是否沉浸式 is_immersive", 8, gettext_lazy("是 or 否")),
        Column(
            "immersive_topic",
            "沉浸式主题",
            "实训主题 immersive_topic",
            18,
            gettext_lazy("The practice classroom, where the course is taught in one."),
        ),
        Column("origin", "课程来源", "来源 source", 14, gettext_lazy("At most 60 characters.")),
        Column(
            "practice_move",
            "实训赋能12招",
            "实训招数 赋能12招 practice_move",
            14,
            gettext_lazy("A number from 1; its name may follow."),
        ),
    )

    # -- who --

    @classmethod
    def may_use(cls, user) -> bool:
        return user.has_perm("courses.add_course")

    @property
    def publishes(self) -> bool:
        return self.by is None or is_office(self.by)

    @cached_property
    def own_departments(self) -> set[int]:
        return set() if self.publishes else set(departments_of(self.by))

    def scope(self) -> str:
        codes = sorted(
            item.code for item in self.departments.values() if item.pk in self.own_departments
        )
        return "" if self.publishes else "、".join(codes)[:40]

    def consequence(self) -> str:
        if self.publishes:
            return _(
                "New courses are published at once; a published course that changes gets a new"
                " version, and lessons keep the one they were planned with."
            )
        return _("New courses become drafts of your department; the academy office publishes them.")

    # -- what there is --

    @cached_property
    def departments(self) -> dict[str, Department]:
        return {item.code: item for item in Department.objects.all()}

    @cached_property
    def department_codes(self) -> dict[str, str]:
        """Every name of a department → its code."""
        return {
            spelled(name): item.code
            for item in self.departments.values()
            for name in (item.name, item.short_name)
            if name
        }

    @cached_property
    def terms(self) -> dict[str, dict[str, int]]:
        """Column → word of its vocabulary → key, in the order of the vocabulary."""
        return {
            column: dict(model.objects.values_list("name", "pk")) for column, model in TERMS.items()
        }

    @cached_property
    def track_prefixes(self) -> dict[str, str]:
        return dict(Track.objects.values_list("name", "prefix"))

    @cached_property
    def service_items(self) -> dict[str, int]:
        return dict(ServiceItem.objects.values_list("code", "pk"))

    @cached_property
    def course_keys(self) -> dict[str, int]:
        return dict(Course.objects.values_list("code", "pk"))

    # -- reading --

    # -- comparing --

    # -- writing --


IMPORTERS = [
    CourseImporter,
    TeachingFormatImporter,
    ServiceItemImporter,
    ExpertImporter,
]
