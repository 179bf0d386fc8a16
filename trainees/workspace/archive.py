"""The file of a class (一期一档): notice, roster, sign-in, timetable, materials and evaluation in
one zip, written piece by piece, so that no class is too large for the memory.

Source: docs/rules.md R80.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.spreadsheets.writing import Book
from academy.templatetags.portal_tags import full_day, span
from courses.models import TrainingClass
from courses.schedule.teachers import in_words, teachers_of, with_teachers

from ..classes.discussions import sheets_of
from ..classes.roster import on_the_roll_of, people_of
from ..classes.roster_export import LESSONS, USUAL, roster_workbook
from ..evaluation.results import Results, results_of
from ..models import DiscussionSheet, LessonMaterial, RemarkKind

PIECE = 64 * 1024  # bytes read of a material at a time
UNSAFE = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))


class _Pieces(io.RawIOBase):
    """Takes what the zip writes and gives it away."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def taken(self) -> Iterator[bytes]:
        parts, self.parts = self.parts, []
        yield from parts


def archive_name(training_class: TrainingClass) -> str:
    """一期一档-PX-2027Q1-01-示例班.zip."""
    return f"一期一档-{training_class.code}-{_safe(training_class.title)}.zip"


def archive_of(training_class: TrainingClass, now: datetime) -> Iterator[bytes]:
    """The bytes of the zip, as they come; a material that is gone from the disk is left out and
    named in the list of materials.
    """
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _papers(training_class, now):
            packed.writestr(name, content)
            yield from pieces.taken()
        for name, item in _materials(training_class):
            try:
                source = item.file.open("rb")
            except FileNotFoundError:
                continue
            with source, packed.open(name, "w") as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield from pieces.taken()
    yield from pieces.taken()


def _papers(training_class: TrainingClass, now: datetime) -> Iterator[tuple[str, bytes]]:
    lessons = list(
        training_class.lessons.select_related("course_version", "venue__campus")
        .prefetch_related(with_teachers())
        .order_by("starts_at", "pk")
    )
    facts = {
        "training_class": training_class,
        "lessons": lessons,
        "people": on_the_roll_of(training_class).count(),
        "now": now,
    }
    notice = render_to_string("trainees/class_notice.txt", facts)
    yield _("1 notice.txt"), notice.replace("\n", "\r\n").encode("utf-8-sig")
    people = list(people_of(training_class))
    for name, columns in (
        (_("2 roster.xlsx"), USUAL),
        (_("3 sign-in.xlsx"), ("name", "village", "post", LESSONS)),
    ):
        yield (
            name,
            roster_workbook(training_class=training_class, people=people, columns=columns),
        )
    yield _("4 timetable.xlsx"), _timetable(training_class, lessons)
    yield _("5 materials.xlsx"), _list_of_materials(training_class)
    if results := results_of(training_class):
        yield _("6 evaluation.xlsx"), _evaluation(results)
    if sheets := list(sheets_of(training_class)):
        yield _("7 structured discussion.xlsx"), _discussion(sheets)


def _table(title: str, headings: list[str], widths: list[float], rows) -> bytes:
    book = Book()
    sheet = book.sheet(title[:31], widths, heading_row=0, frozen_columns=1)
    book.headings(sheet, 0, headings)
    for number, cells in enumerate(rows, start=1):
        book.row(sheet, number, cells)
    return book.done()


def _timetable(training_class: TrainingClass, lessons) -> bytes:
    return _table(
        pgettext("part of a class's file", "Timetable"),
        [
            pgettext("of a lesson", "Day"),
            pgettext("column", "When"),
            _("Course"),
            pgettext("of a lesson", "Teachers"),
            pgettext("of a lesson", "Room"),
            _("Study hours"),
        ],
        [16, 16, 34, 24, 30, 10],
        (
            [
                full_day(lesson.starts_at),
                span(lesson),
                lesson.title,
                in_words(teachers_of(lesson)),
                f"{lesson.venue.campus.name} {lesson.venue.name}",
                lesson.hours,
            ]
            for lesson in lessons
        ),
    )


def _evaluation(results: Results) -> bytes:
    """How often each grade was given, then what people wrote; five answers or more."""
    grades = results.aspects[0].counts
    rows = [
        [str(result.aspect.label), *(count for _grade, count in result.counts)]
        for result in results.aspects
    ]
    for kind, texts in (
        (RemarkKind.USEFUL, results.useful),
        (RemarkKind.IMPROVE, results.improve),
    ):
        rows += [[str(kind.label), text] for text in texts]
    headings = [
        ngettext("%(count)d answer", "%(count)d answers", results.n) % {"count": results.n},
        *(str(grade.label) for grade, _count in grades),
    ]
    return _table(pgettext("part of a class's file", "Evaluation"), headings, [24] * 6, rows)


def _discussion(sheets: list[DiscussionSheet]) -> bytes:
    """The question, then a row for each group."""
    return _table(
        _("Structured discussion"),
        [
            pgettext("of a class", "Group"),
            pgettext("of a sheet", "Problem"),
            pgettext("of a sheet", "Causes"),
            pgettext("of a sheet", "Measures"),
            pgettext("of a sheet", "Comment"),
            _("Commented by"),
        ],
        [24, 40, 40, 40, 40, 14],
        [
            [sheets[0].discussion.question],
            *(
                [
                    _("Group %(number)d") % {"number": sheet.number},
                    sheet.problem,
                    sheet.causes,
                    sheet.measures,
                    sheet.comment,
                    sheet.commented_by.name if sheet.commented_by else "",
                ]
                for sheet in sheets
            ),
        ],
    )


def _of(training_class: TrainingClass):
    return LessonMaterial.objects.filter(
        lesson__training_class=training_class, removed_at__isnull=True
    ).select_related("lesson")


def _list_of_materials(training_class: TrainingClass) -> bytes:
    return _table(
        _("Materials"),
        [
            pgettext("of a lesson", "Day"),
            pgettext("of a material", "Title"),
            _("File"),
            _("In the zip"),
        ],
        [16, 34, 34, 12],
        (
            [
                full_day(item.lesson.starts_at),
                item.title,
                item.original_name,
                _("yes") if item.file.storage.exists(item.file.name) else _("no"),
            ]
            for item in _of(training_class)
        ),
    )


def _materials(training_class: TrainingClass) -> Iterator[tuple[str, LessonMaterial]]:
    folder = _("materials")
    for number, item in enumerate(_of(training_class), start=1):
        day = timezone.localdate(item.lesson.starts_at).isoformat()
        yield f"{folder}/{number:02}-{day}-{_safe(item.original_name)}", item


def _safe(name: str) -> str:
    """The name without what a file system would not take."""
    return name.translate(UNSAFE).strip(". ") or "_"
