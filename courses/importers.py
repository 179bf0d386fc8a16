"""The course catalogue as a table: what its columns say, how they compare with the catalogue, and
what importing them does.

The office publishes what it imports; a department's rows become drafts of its own courses. Source:
docs/rules.md R10, R11.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.access import departments_of, is_office
from academy.imports.errors import RowRejected
from academy.imports.importer import Column, Importer
from academy.models import Department, GrowthStage, ImportRow, Position, RowOutcome
from academy.search import index
from academy.spreadsheets.cell_text import (
    EMPTY_WORDS,
    Rejected,
    clean,
    clean_lines,
    number_in,
    spelled,
)
from academy.spreadsheets.table import TableRow
from academy.text.codes import is_code

from .catalogue import rows as course_rows
from .catalogue.versions import content_of
from .forms.courses import CODE, next_code
from .models import (
    Course,
    CourseStatus,
    CourseStep,
    CourseVersion,
    ServiceItem,
    TeachingFormat,
    Track,
)

MOST_HOURS = 999
MOST_MOVES = 99
LIST_SIGN = re.compile(r"[、\n]+")
LIST_SIGNS = re.compile(r"[、,，;；\n]+")
YES, NO = (
    ("yes", "y", "是", "有", "√", "✓", "1", "true"),
    ("no", "n", "否", "无", "×", "0", "false", "-", "—"),
)
LONG_TEXTS = ("summary", "objectives", "outline")
TEXTS = ("title", "origin", "lecturer_type", "immersive_topic", *LONG_TEXTS)
LONGEST_TEXT = 20_000  # characters
TERMS = {"track": Track, "formats": TeachingFormat, "audiences": Position, "stages": GrowthStage}
WRITTEN_FIELDS = (
    "title",
    "origin",
    "hours",
    "summary",
    "objectives",
    "outline",
    "lecturer_type",
    "is_immersive",
    "immersive_topic",
    "practice_move",
)


class CourseImporter(Importer):
    """课程目录: one row per course, matched by its code.

    A column that the file lacks stays as it is.
    """

    kind = "courses"
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

    def read(self, line: TableRow) -> tuple[str, dict, list[str]]:
        cells = line.cells
        values, reasons, remarks = {}, [], []
        readers: dict[str, Callable] = {
            "department": self._department,
            "service_items": self._service_items,
            "practice_move": self._practice_move,
        }
        for name in cells:
            if name == "department_name" and "department" in cells:
                continue
            column = "department" if name == "department_name" else name
            try:
                values[column] = readers.get(column, self._plain)(column, cells, remarks)
            except Rejected as rejected:
                reasons.append(str(rejected))
        if reasons:
            raise RowRejected(reasons)
        if "department" not in values and len(self.own_departments) == 1:
            values["department"] = self._department("department", cells, remarks)
        return values.pop("code"), values, remarks

    def _plain(self, name: str, cells: dict, remarks: list[str]):
        """A column whose cell is read alone."""
        if name == "code":
            return self._code(cells["code"])
        if name == "hours":
            return self._hours(cells["hours"])
        if name == "is_immersive":
            return self._yes(cells["is_immersive"])
        if name == "track":
            return self._track(cells["track"])
        if name == "prerequisites":
            return sorted(set(_parts(cells[name], capitals=True)))
        if name in TERMS:
            order = list(self.terms[name])
            return sorted(
                set(_parts(cells[name], order)),
                key=lambda word: (order.index(word) if word in order else len(order), word),
            )
        if name in LONG_TEXTS:
            return self._text(name, clean_lines(cells[name]))
        if name == "title" and clean(cells[name]) in EMPTY_WORDS:
            raise Rejected(_("The title is missing."))
        return self._text(name, clean(cells[name]))

    def _text(self, name: str, text: str) -> str:
        longest = Course._meta.get_field(name).max_length or LONGEST_TEXT
        if len(text) > longest:
            raise Rejected(
                _("“%(column)s” is longer than %(length)d characters.")
                % {
                    "column": self.heading_of(name),
                    "length": longest,
                }
            )
        return text

    def _code(self, value) -> str:
        code = spelled(clean(value)).upper()
        if code.lower() in EMPTY_WORDS:
            raise Rejected(
                _(
                    "The code is missing. A code is the letters of the track and a number, such as"
                    " SW-031."
                )
            )
        if code not in self.course_keys and not self._is_new_code(code):
            raise Rejected(
                _(
                    "“%(code)s” is no code. A code is the letters of the track and a number, such"
                    " as SW-031."
                )
                % {"code": code[:20]}
            )
        return code

    @staticmethod
    def _is_new_code(code: str) -> bool:
        """Whether a course may get the code; the letters may become the prefix of a new track."""
        longest = Course._meta.get_field("code").max_length
        prefix = code.partition("-")[0]
        return bool(CODE.fullmatch(code)) and len(code) <= longest and is_code(prefix)

    def _track(self, value) -> str:
        """The name of a track, which may be written by its prefix."""
        text = clean(value)
        name = {prefix: name for name, prefix in self.track_prefixes.items()}.get(
            text.upper(), text
        )
        if name in EMPTY_WORDS:
            raise Rejected(_("The track is missing."))
        return name

    def _hours(self, value) -> str:
        hours = number_in(value, self.heading_of("hours"), most=MOST_HOURS, units=("学时", "课时"))
        if not hours or hours % Decimal("0.25"):
            raise Rejected(_("Study hours are more than 0 and go in steps of 0.25."))
        return str(hours)

    def _yes(self, value) -> bool:
        if isinstance(value, bool):
            return value
        text = spelled(clean(value))
        if text and text not in YES + NO:
            raise Rejected(
                _("“%(value)s” in “%(column)s” is neither yes nor no.")
                % {
                    "value": text[:20],
                    "column": self.heading_of("is_immersive"),
                }
            )
        return text in YES

    def _department(self, _name: str, cells: dict, remarks: list[str]) -> str:
        """A code; where it is empty, the department that the name names; a department's own where
        both are empty.
        """
        code = spelled(clean(cells.get("department"))).upper()
        name = clean(cells.get("department_name"))
        if code in EMPTY_WORDS and name not in EMPTY_WORDS:
            code = self.department_codes.get(spelled(name), "")
            # beside an empty code the name says where else a course comes from
            if not code and "department" not in cells:
                raise Rejected(
                    _("There is no department “%(name)s”. Write its code.") % {"name": name[:40]}
                )
        if code in EMPTY_WORDS and len(self.own_departments) == 1:
            (own,) = self.own_departments
            code = next(item.code for item in self.departments.values() if item.pk == own)
            remarks.append(_("No department is named: taken as yours."))
        return "" if code in EMPTY_WORDS else code

    def _service_items(self, name: str, cells: dict, remarks: list[str]) -> list[str]:
        codes = sorted(set(_parts(cells[name], capitals=True)))
        if codes and not self.service_items:
            remarks.append(
                _("There is no service item in the portal yet; %(codes)s was left out.")
                % {"codes": "、".join(codes)[:60]}
            )
            return []
        return codes

    def _practice_move(self, name: str, cells: dict, remarks: list[str]) -> int | None:
        """`2 电梯加装` → 2: the number of the practice move, followed by its name."""
        text = clean(cells[name])
        number = re.match(r"第?([0-9]{1,2})(?![0-9])", text)
        if text in EMPTY_WORDS:
            return None
        if not number or not 0 < int(number.group(1)) <= MOST_MOVES:
            raise Rejected(
                _("“%(value)s” in “%(column)s” does not begin with a number.")
                % {
                    "value": text[:20],
                    "column": self.heading_of(name),
                }
            )
        return int(number.group(1))

    # -- comparing --

    def lock(self, keys: list[str]) -> None:
        list(
            Course.objects.select_for_update(of=("self",))
            .filter(code__in=keys)
            .order_by("pk")
            .values_list("pk")
        )

    def stored(self, rows: list[ImportRow]) -> dict[str, dict]:
        self.courses = {
            course.code: course
            for course in course_rows.whole_courses().filter(code__in={row.key for row in rows})
        }
        return {code: values_of(course) for code, course in self.courses.items()}

    def differs(self, name: str, old, new) -> bool:
        """Spaces and full-width letters that a cell loses on its way are no difference."""
        return (
            (clean_lines(old) if name in LONG_TEXTS else clean(old)) != new
            if name in TEXTS
            else old != new
        )

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        if stored is not None and not any(
            self.differs(name, stored[name], value) for name, value in row.values.items()
        ):
            return []  # nothing would be written
        foreign = self._not_theirs(row, stored)
        if foreign:
            return [foreign]
        return [*self._unfit_for_the_course(row, stored), *self._unknown_words(row, keys)]

    def _not_theirs(self, row: ImportRow, stored: dict | None) -> str:
        """Why the person may not write this row at all."""
        if stored is not None:
            course = self.courses[row.key]
            if (
                self.by is not None
                and not self.publishes
                and course.department_id not in self.own_departments
            ):
                return _("The code belongs to a course of somebody else.")
            if course.status == CourseStatus.RETIRED:
                return _("The course is retired. Bring it back first, then change it.")
            if course.status == CourseStatus.IN_REVIEW:
                return _(
                    "The course is in review. It can be changed when it is sent back or taken back."
                )
            if not self.publishes and course.status != CourseStatus.DRAFT:
                return _(
                    "The course is published; a department changes it on its own page, and the"
                    " academy office publishes the change."
                )
        if not self.publishes:
            wanted = (
                self.departments.get(row.values.get("department", ""))
                if "department" in row.values or stored is None
                else None
            )
            if (wanted is None and (stored is None or "department" in row.values)) or (
                wanted and wanted.pk not in self.own_departments
            ):
                return _(
                    "A department imports its own courses; this row names another one or none."
                )
        return ""

    def _unfit_for_the_course(self, row: ImportRow, stored: dict | None) -> list[str]:
        whole = {**(stored or {}), **row.values}
        reasons = []
        if stored is None:
            missing = [
                self.heading_of(name)
                for name in ("track", "hours", *(["summary"] if self.publishes else []))
                if not whole.get(name)
            ]
            if missing:
                reasons.append(
                    _("A new course also needs: %(columns)s.") % {"columns": "、".join(missing)}
                )
            prefix = self.track_prefixes.get(whole.get("track", ""))
            if prefix and not row.key.startswith(f"{prefix}-"):
                free = next_code(Track(prefix=prefix))
                reasons.append(
                    _(
                        "The codes of this track begin with %(prefix)s-; the next free one is"
                        " %(code)s."
                    )
                    % {"prefix": prefix, "code": free}
                )
        if whole.get("is_immersive") and not whole.get("immersive_topic"):
            reasons.append(_("Say which practice classroom it is."))
        if row.key in whole.get("prerequisites", ()):
            reasons.append(_("A course cannot be its own prerequisite."))
        return reasons

    def _unknown_words(self, row: ImportRow, keys: set[str]) -> list[str]:
        """Words that no vocabulary has.

        Where a vocabulary is empty, as before the first import, the file fills it.
        """
        reasons = []
        for name in (
            "track",
            "formats",
            "audiences",
            "stages",
            "department",
            "service_items",
            "prerequisites",
        ):
            value = row.values.get(name) or []
            words = [value] if isinstance(value, str) else value
            known = self._known(name)
            for word in words:
                if name in TERMS and not known:
                    if len(word) > TERMS[name]._meta.get_field("name").max_length:
                        reasons.append(
                            _("“%(column)s” is longer than %(length)d characters.")
                            % {
                                "column": self.heading_of(name),
                                "length": 40,
                            }
                        )
                elif word not in known and not (name == "prerequisites" and word in keys):
                    reasons.append(self._unknown(name, word, known))
        return reasons

    def _known(self, name: str) -> dict:
        if name in TERMS:
            return self.terms[name]
        return {
            "department": self.departments,
            "service_items": self.service_items,
            "prerequisites": self.course_keys,
        }[name]

    def _unknown(self, name: str, word: str, known: dict) -> str:
        nearest = get_close_matches(word, known, n=1)
        column = self.heading_of(name)
        if nearest:
            return _("“%(word)s” in “%(column)s” is not known. Is it “%(nearest)s”?") % {
                "word": word[:40],
                "column": column,
                "nearest": nearest[0],
            }
        return _("“%(word)s” in “%(column)s” is not known.") % {"word": word[:40], "column": column}

    # -- writing --

    def write(self, rows: list[ImportRow]) -> None:
        self._fill_empty_vocabularies(rows)
        new = [row for row in rows if row.outcome == RowOutcome.NEW]
        changed = [row for row in rows if row.outcome == RowOutcome.CHANGED]
        for row in new:
            self.courses[row.key] = Course(
                code=row.key,
                status=CourseStatus.PUBLISHED if self.publishes else CourseStatus.DRAFT,
            )
        for row in rows:
            self._fill(self.courses[row.key], row.values)
        Course.objects.bulk_create(self.courses[row.key] for row in new)
        Course.objects.bulk_update(
            [self.courses[row.key] for row in changed],
            [*WRITTEN_FIELDS, "track", "department", "updated_at"],
        )
        self._link(rows)
        if self.publishes:
            published = course_rows.whole_courses().filter(
                pk__in=[self.courses[row.key].pk for row in rows], status=CourseStatus.PUBLISHED
            )
            course_rows.publish_versions(
                published, by=self.by, now=self.now, note=_("Changed by a catalogue file")
            )

    def _fill(self, course: Course, values: dict) -> None:
        for name in WRITTEN_FIELDS:
            if name in values:
                setattr(course, name, Decimal(values[name]) if name == "hours" else values[name])
        if "track" in values:
            course.track_id = self.terms["track"][values["track"]]
        if "department" in values:
            course.department = (
                self.departments[values["department"]] if values["department"] else None
            )
        course.updated_at = self.now

    def _link(self, rows: list[ImportRow]) -> None:
        keys = {**self.course_keys, **{code: course.pk for code, course in self.courses.items()}}
        known = {**self.terms, "service_items": self.service_items, "prerequisites": keys}
        course_rows.set_links(
            {
                name: {
                    self.courses[row.key].pk: {known[name][word] for word in row.values[name]}
                    for row in rows
                    if name in row.values
                }
                for name in course_rows.LINKS
            }
        )

    def _fill_empty_vocabularies(self, rows: list[ImportRow]) -> None:
        """The words of the file, where there are none yet."""
        for name, model in TERMS.items():
            if self.terms[name]:
                continue
            words: dict[str, ImportRow] = {}
            for row in rows:
                value = row.values.get(name, [])
                for word in [value] if isinstance(value, str) else value:
                    words.setdefault(word, row)
            terms = [
                model(name=word, sort_order=order, **_marks(model, order, row))
                for order, (word, row) in enumerate(words.items())
            ]
            self.terms[name] = {term.name: term.pk for term in model.objects.bulk_create(terms)}

    def footprint(self, rows: list[ImportRow]) -> list:
        codes = [row.key for row in rows]
        courses = Course.objects.filter(code__in=codes)
        return [
            *(model.objects.filter(name__in=_words(rows, name)) for name, model in TERMS.items()),
            courses,
            CourseVersion.objects.filter(course__code__in=codes),
            CourseStep.objects.filter(course__code__in=codes),
            *(course_rows.link_rows(field, courses) for field in course_rows.LINKS),
        ]

    def settle(self) -> None:
        index.rebuild(["course", "service"])


def values_of(course: Course) -> dict:
    """A course in the shape of a row; the course comes from `whole_courses`."""
    content = content_of(course)
    return content | {
        "department": course.department.code if course.department else "",
        "hours": f"{course.hours:.2f}",
        "practice_move": course.practice_move,
    }


def _parts(value, known: Iterable[str] = (), *, capitals: bool = False) -> list[str]:
    """The words of a list.

    Other signs than 、 separate as well, unless words of the vocabulary have them inside.
    """
    text = clean_lines(value)
    for signs in (LIST_SIGN, LIST_SIGNS):
        words = [clean(part) for part in signs.split(text)]
        words = [word.upper() if capitals else word for word in words if word not in EMPTY_WORDS]
        if known and set(words).issubset(known):
            break
    return words


def _words(rows: list[ImportRow], name: str) -> set[str]:
    found: set[str] = set()
    for row in rows:
        value = row.values.get(name, [])
        found |= {value} if isinstance(value, str) else set(value)
    return found


def _marks(model, order: int, row: ImportRow) -> dict:
    """What a word of a vocabulary has besides its name."""
    if model is Track:
        return {"prefix": row.key.split("-")[0]}
    return {"code": f"F{order + 1:02}"} if model is TeachingFormat else {}


IMPORTERS = [CourseImporter]
