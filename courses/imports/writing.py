"""Writing the courses of a table."""

from decimal import Decimal

from django.utils.translation import gettext as _

from academy.models import ImportRow, RowOutcome
from academy.search import index

from ..catalogue import rows as course_rows
from ..models import Course, CourseStatus, CourseStep, CourseVersion
from .cells import TERMS, WRITTEN_FIELDS, cell_marks, cell_words, values_of


class WritesCourses:
    """Lock, compare, write, and say which rows an undo puts back."""

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
                model(name=word, sort_order=order, **cell_marks(model, order, row))
                for order, (word, row) in enumerate(words.items())
            ]
            self.terms[name] = {term.name: term.pk for term in model.objects.bulk_create(terms)}

    def footprint(self, rows: list[ImportRow]) -> list:
        codes = [row.key for row in rows]
        courses = Course.objects.filter(code__in=codes)
        return [
            *(
                model.objects.filter(name__in=cell_words(rows, name))
                for name, model in TERMS.items()
            ),
            courses,
            CourseVersion.objects.filter(course__code__in=codes),
            CourseStep.objects.filter(course__code__in=codes),
            *(course_rows.link_rows(field, courses) for field in course_rows.LINKS),
        ]

    def settle(self) -> None:
        index.rebuild(["course", "service"])
