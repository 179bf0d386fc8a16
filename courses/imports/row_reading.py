"""Reading a row of the table of courses."""

import re
from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.imports.errors import RowRejected
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

from ..forms.courses import CODE
from ..models import Course
from .cells import LONG_TEXTS, LONGEST_TEXT, MOST_HOURS, MOST_MOVES, NO, TERMS, YES, cell_parts


class ReadsCourses:
    """What each cell of a course says; raises RowRejected with every reason."""

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
            return sorted(set(cell_parts(cells[name], capitals=True)))
        if name in TERMS:
            order = list(self.terms[name])
            return sorted(
                set(cell_parts(cells[name], order)),
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
        codes = sorted(set(cell_parts(cells[name], capitals=True)))
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
