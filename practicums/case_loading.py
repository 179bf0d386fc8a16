"""Loading the case library from a file."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from academy.imports.loading import LoadReport
from academy.search import index
from academy.spreadsheets.csv_files import read_csv
from courses.models import Course

from .models import CaseStatus, PracticeCase

COLUMNS = (
    "case_code",
    "title",
    "theme",
    "village_name",
    "problem",
    "approach",
    "result",
    "lessons_learned",
    "course_codes",
    "note",
)


@transaction.atomic
def load_cases(directory: Path, *, now: datetime) -> LoadReport:
    """Load `practice_cases.csv`; a second run changes nothing, a case whose text was changed in the
    portal stays as it is.

    Raises TableError.
    """
    report = LoadReport()
    courses = {course.code: course for course in Course.objects.all()}
    for record in read_csv(directory / "practice_cases.csv", COLUMNS):
        story = {
            "title": record.required("title", 60),
            "theme": record.required("theme", 20),
            "place": record.text("village_name", 40),
            "problem": record.required("problem", 3000),
            "approach": record.required("approach", 3000),
            "result": record.required("result", 3000),
            "lessons_learned": record.text("lessons_learned", 3000),
            "remark": record.text("note", 60),
        }
        linked = record.many_of("course_codes", courses)
        case, is_new = PracticeCase.objects.get_or_create(
            code=record.code("case_code", 12),
            defaults={
                **story,
                "status": CaseStatus.PUBLISHED,
                "published_at": now,
                "updated_at": now,
            },
        )
        differs = [name for name, value in story.items() if getattr(case, name) != value]
        if is_new:
            case.courses.set(linked)
            report.new += 1
        elif case.author_id is None and (differs or set(case.courses.all()) != set(linked)):
            for name in differs:
                setattr(case, name, story[name])
            case.updated_at = now
            case.save()
            case.courses.set(linked)
            report.changed += 1
        else:
            report.same += 1
    index.rebuild(["case"])
    return report
