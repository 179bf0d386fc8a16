"""Writing many courses at once, as files bring them: their links, and the versions they are
published as.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from ..models import Course, CourseDecision, CourseStep, CourseVersion
from .versions import content_of

LINKS = ("formats", "audiences", "stages", "service_items", "prerequisites")


def whole_courses():
    """Courses with everything that their content says."""
    return Course.objects.select_related("track", "department").prefetch_related(
        *LINKS, "equivalents"
    )


def link_rows(field: str, courses: Iterable):
    """The rows of a link table that belong to the courses."""
    source, _target = _ends(field)
    return getattr(Course, field).through.objects.filter(**{f"{source}__in": courses})


def set_links(wanted: dict[str, dict[int, set[int]]]) -> set[int]:
    """Field → key of a course → keys of what it is linked with.

    Returns the keys of the courses whose links changed.
    """
    touched: set[int] = set()
    for field, by_course in wanted.items():
        through, (source, target) = getattr(Course, field).through, _ends(field)
        present = defaultdict(dict)
        for key, course, other in link_rows(field, by_course).values_list("pk", source, target):
            present[course][other] = key
        adding, removing = [], []
        for course, others in by_course.items():
            if others != present[course].keys():
                touched.add(course)
                adding += [
                    through(**{source: course, target: other})
                    for other in sorted(others - present[course].keys())
                ]
                removing += [present[course][other] for other in present[course].keys() - others]
        through.objects.filter(pk__in=removing).delete()
        through.objects.bulk_create(adding)
    return touched


def _ends(field: str) -> tuple[str, str]:
    """The columns by which a link table names the course and the other side."""
    if field == "prerequisites":
        return "from_course_id", "to_course_id"
    return "course_id", f"{Course._meta.get_field(field).related_model._meta.model_name}_id"


def publish_versions(courses: Iterable[Course], *, by, now: datetime, note: str = "") -> None:
    """What `versions.publish` does, for many at once: a version of each course that says something
    new, with the step that published it.

    The courses come from `whole_courses`, locked. The first version has no note.
    """
    courses = list(courses)
    newest = {
        version.course_id: version
        for version in CourseVersion.objects.filter(course__in=courses).order_by("number")
    }
    versions = []
    for course in courses:
        content, before = content_of(course), newest.get(course.pk)
        if before is None or before.content != content:
            versions.append(
                CourseVersion(
                    course=course,
                    number=before.number + 1 if before else 1,
                    title=course.title,
                    hours=course.hours,
                    content=content,
                    change_note=note if before else "",
                    published_at=now,
                    published_by=by,
                )
            )
    CourseVersion.objects.bulk_create(versions)
    CourseStep.objects.bulk_create(
        CourseStep(
            course_id=version.course_id,
            decision=CourseDecision.PUBLISHED,
            by=by,
            at=now,
            version=version,
        )
        for version in versions
    )
