"""What stands against a row of the table of courses."""

from difflib import get_close_matches

from django.utils.translation import gettext as _

from academy.models import ImportRow
from academy.spreadsheets.cell_text import clean, clean_lines

from ..forms.courses import next_code
from ..models import CourseStatus, Track
from .cells import LONG_TEXTS, TERMS, TEXTS


class ChecksCourses:
    """Compare a row with the catalogue, and say why it may not be written."""

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
        return [
            *self._like_formulas(row, stored),
            *self._unfit_for_the_course(row, stored),
            *self._unknown_words(row, keys),
        ]

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

    def _like_formulas(self, row: ImportRow, stored: dict | None) -> list[str]:
        """A sentence for each new text or word that begins with =."""
        return [
            _("“%(column)s” begins with = like a formula. Write the text without it.")
            % {"column": self.heading_of(name)}
            for name, value in row.values.items()
            if stored is None or self.differs(name, stored[name], value)
            if any(
                str(text).startswith("=")
                for text in (value if isinstance(value, list) else [value])
            )
        ]

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
