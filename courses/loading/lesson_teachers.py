"""Who teaches, as a cell of a file says it: 张三（主讲）、李四（点评）、王五（班主任）.

Each is a code or a name of the register of experts; a class teacher may be one of the staff.
Whoever stands without a role lectures.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property

from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import User
from academy.spreadsheets.cell_text import spelled

from ..models import Expert, TeachingRole
from ..schedule.teachers import Teacher, class_teachers

ROLES = {
    TeachingRole.LECTURER: "主讲 主讲人 主讲教师 讲师 授课 lecturer",
    TeachingRole.COMMENTATOR: "点评 点评人 点评专家 点评教师 commentator",
    TeachingRole.CLASS_TEACHER: "班主任 class_teacher",
}
ROLE_OF = {word: role for role, words in ROLES.items() for word in words.split()}
BETWEEN = re.compile(r"[、，,；;\n]+")
NAME_AND_ROLE = re.compile(r"(?P<who>[^()]+?)\s*(?:\((?P<role>[^()]*)\))?")


class UnknownTeacher(PortalError):
    """The cell names somebody who is not there, or whom it does not tell from another."""


class TeacherCells:
    """Reads the cells of a file; the people are looked up once."""

    def __init__(self, experts: Mapping[str, Expert]) -> None:
        self._experts = experts

    @cached_property
    def _by_name(self) -> dict[str, list[Expert]]:
        return _grouped(self._experts.values())

    @cached_property
    def _staff(self) -> dict[str, list[User]]:
        return _grouped(class_teachers())

    def read(self, text: str) -> tuple[Teacher, ...]:
        """Raises UnknownTeacher with the sentence that says what is wrong."""
        found: dict[tuple, Teacher] = {}
        for part in filter(
            None, (part.strip() for part in BETWEEN.split(unicodedata.normalize("NFKC", text)))
        ):
            teacher = self._read(part)
            if teacher.key in found:
                raise UnknownTeacher(_("%(name)s stands there twice") % {"name": teacher.name})
            found[teacher.key] = teacher
        return tuple(found.values())

    def _read(self, part: str) -> Teacher:
        match = NAME_AND_ROLE.fullmatch(part)
        role = ROLE_OF.get((match["role"] or "主讲").strip()) if match else None
        if role is None:
            raise UnknownTeacher(
                _("“%(value)s” is not a name with a role such as 主讲, 点评 or 班主任")
                % {"value": part[:40]}
            )
        who = match["who"]
        if expert := self._experts.get(who.upper()):
            return Teacher(expert, role)
        people = [Teacher(expert, role) for expert in self._by_name.get(spelled(who), ())]
        if role == TeachingRole.CLASS_TEACHER and not people:
            people = [Teacher(None, role, person) for person in self._staff.get(spelled(who), ())]
        if len(people) == 1:
            return people[0]
        raise UnknownTeacher(
            _("there are %(count)d people called “%(value)s”: write the code of the expert")
            % {"count": len(people), "value": who[:40]}
            if people
            else _("“%(value)s” is not in the register of experts") % {"value": who[:40]}
        )


def _grouped(people) -> dict[str, list]:
    found: dict[str, list] = {}
    for item in people:
        found.setdefault(spelled(item.name), []).append(item)
    return found
