"""Loading courses from a file, with their versions."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from academy.imports.loading import LoadReport, upsert
from academy.models import Department
from academy.spreadsheets.csv_files import Record

from ..catalogue.rows import publish_versions, set_links, whole_courses
from ..models import Course, CourseStatus, CourseVersion, Track
from ..schedule.class_plans import QUARTER_HOUR
from .files import MOST_HOURS, once

COURSE_COLUMNS = (
    "course_code",
    "title",
    "track",
    "department_code",
    "teaching_formats",
    "hours",
    "audiences",
    "level",
    "summary",
    "objectives",
    "prerequisites",
    "service_items",
    "lecturer_type",
    "is_immersive",
    "immersive_topic",
    "source",
    "practice_move",
)


def load_courses(
    file, tracks, formats, items, positions, stages, report: LoadReport, now: datetime
) -> dict[str, Course]:
    """Courses, their links and their versions.

    A row of the file with its links counts once in the report.
    """
    once(file, "course_code")
    departments = {item.code: item for item in Department.objects.all()}
    rows = [_course(record, tracks, departments) for record in file]
    known = {
        course.code: course
        for course in Course.objects.filter(code__in=[row["code"] for row in rows])
    }
    changed = {
        row["code"]
        for row in rows
        if row["code"] in known
        and any(getattr(known[row["code"]], name) != value for name, value in row.items())
    }
    for row in rows:
        if row["code"] not in known:
            # afterwards it is the office that takes back and retires
            row["status"] = CourseStatus.PUBLISHED
    courses = upsert(Course, "code", rows, LoadReport())
    changed |= course_links(file, courses, formats, items, positions, stages) & known.keys()
    Course.objects.filter(code__in=changed).update(updated_at=now)
    report.add(
        LoadReport(new=len(rows) - len(known), changed=len(changed), same=len(known) - len(changed))
    )
    load_versions(courses, changed, now)
    return courses


def load_versions(courses: dict[str, Course], changed: set[str], now: datetime) -> None:
    """A first version for courses that have none, a new one for published courses that changed."""
    has_one = Exists(CourseVersion.objects.filter(course=OuterRef("pk")))
    due = whole_courses().filter(
        Q(code__in=courses) & ~has_one | Q(code__in=changed, status=CourseStatus.PUBLISHED)
    )
    publish_versions(
        due.select_for_update(of=("self",)), by=None, now=now, note=_("Changed by a catalogue file")
    )


def _course(record: Record, tracks: dict[str, Track], departments: dict[str, Department]) -> dict:
    hours = record.decimal("hours")
    if not 0 < hours < MOST_HOURS or hours % QUARTER_HOUR:
        raise record.wrong("hours", _("study hours are more than 0 and go in steps of 0.25"))
    return {
        "code": record.code("course_code", 12),
        "title": record.required("title", 80),
        "track_id": record.one_of("track", tracks).pk,
        "department_id": (
            record.one_of("department_code", departments).pk if record["department_code"] else None
        ),
        "origin": record.text("source", 60),
        "hours": hours,
        "summary": record["summary"],
        "objectives": record["objectives"],
        "lecturer_type": record.text("lecturer_type", 40),
        "is_immersive": record.yes("is_immersive"),
        "immersive_topic": record.text("immersive_topic", 60),
        "practice_move": _practice_move(record),
    }


def _practice_move(record: Record) -> int | None:
    """`2 电梯加装` → 2: the number of the practice move, followed by its name."""
    number = record["practice_move"].partition(" ")[0]
    if not number:
        return None
    if not (number.isascii() and number.isdecimal() and len(number) < 5):
        raise record.wrong(
            "practice_move",
            _("“%(value)s” is not a whole number") % {"value": record["practice_move"][:40]},
        )
    return int(number)


def course_links(file, courses, formats, items, positions, stages) -> set[str]:
    """Set the many-to-many columns; returns the codes of the courses whose links changed."""
    columns = {
        "formats": ("teaching_formats", formats),
        "audiences": ("audiences", positions),
        "stages": ("level", stages),
        "service_items": ("service_items", items),
        "prerequisites": ("prerequisites", courses),
    }
    touched = set_links(
        {
            field: {
                courses[record["course_code"]].pk: {
                    item.pk for item in record.many_of(column, known)
                }
                for record in file
            }
            for field, (column, known) in columns.items()
        }
    )
    return {code for code, course in courses.items() if course.pk in touched}
