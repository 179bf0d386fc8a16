"""The catalogue as a workbook that can be imported again: a sheet per track, each row coming back
as "as before".
"""

from collections.abc import Iterable
from itertools import groupby

from django.utils import translation

from academy.spreadsheets.writing import Book

from .importers import CourseImporter
from .imports.cells import values_of
from .models import Course

SHEET_NAME_LENGTH = 31  # Excel has no longer ones
NO_SHEET_NAME = str.maketrans("[]:*?/\\'", "        ")
TITLE = "宝山区社区治理学院课程目录"


def export_courses(courses: Iterable[Course]) -> bytes:
    """The courses, which come from `whole_courses`; Chinese whatever language the screen has."""
    book = Book()
    with translation.override("zh-hans"):
        by_track = groupby(
            sorted(
                courses, key=lambda course: (course.track.sort_order, course.track_id, course.code)
            ),
            key=lambda course: course.track,
        )
        empty = True
        for track, group in by_track:
            _sheet(
                book,
                f"{track.prefix} {track.name}".translate(NO_SHEET_NAME)[:SHEET_NAME_LENGTH].strip(),
                group,
            )
            empty = False
        if empty:
            _sheet(book, "课程目录", ())
    return book.done()


def _sheet(book: Book, name: str, courses: Iterable[Course]) -> None:
    columns = CourseImporter.columns
    sheet = book.sheet(name, [column.width for column in columns], heading_row=1, frozen_columns=2)
    sheet.merge_range(0, 0, 0, len(columns) - 1, f"{TITLE}（{name}）", book.title)
    book.headings(sheet, 1, [column.heading for column in columns])
    for row, course in enumerate(courses, start=2):
        values = values_of(course) | {
            "code": course.code,
            "department_name": course.department.name if course.department else "",
        }
        book.row(sheet, row, [_cell(column.name, values, course) for column in columns])


def _cell(name: str, values: dict, course: Course):
    if name == "hours":
        return course.hours
    value = values[name]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value)
    return "" if value is None else value
