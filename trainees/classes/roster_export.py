"""The roster of a class as a workbook with the columns somebody chose; a choice can be kept under a
name.

Text stays text: no cell ever becomes a formula. Mobile numbers are masked, as everywhere. Source:
docs/rules.md R39.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.errors import PortalError
from academy.spreadsheets.writing import Book
from courses.models import TrainingClass

from ..booking.approval_state import state_of
from ..models import (
    Attendance,
    Enrolment,
    ExportTemplate,
    choices_in,
    mark_in_words,
    mark_labels,
)

MOST_TEMPLATES = 20  # of one person
UNMARKED = "—"
ANOTHER_SLOT = "／"  # of parallel slots one that the person has not chosen


class TemplateRefused(PortalError):
    """The choice of columns cannot be kept like this."""


@dataclass(frozen=True)
class Column:
    """A column of the roster: what it is called, how wide it is, and what stands in it for a
    booking.
    """

    heading: str
    width: float
    value: Callable[[Enrolment], str | datetime]


COLUMNS: dict[str, Column] = {
    "name": Column(pgettext_lazy("of a person", "Name"), 12, lambda row: row.trainee.user.name),
    "town": Column(gettext_lazy("Street-town"), 14, lambda row: row.village.town.name),
    "village": Column(pgettext_lazy("unit", "Village"), 22, lambda row: row.village.name),
    "post": Column(pgettext_lazy("of a person", "Post"), 14, lambda row: row.post),
    "phone": Column(gettext_lazy("Phone"), 14, lambda row: row.trainee.user.masked_phone),
    "status": Column(pgettext_lazy("of a booking", "State"), 12, lambda row: row.state_in_words),
    "approval": Column(gettext_lazy("Approval"), 18, state_of),
    "channel": Column(
        pgettext_lazy("of a booking", "How booked"), 14, lambda row: row.get_channel_display()
    ),
    "booked_at": Column(pgettext_lazy("of a booking", "Since"), 18, lambda row: row.created_at),
}
LESSONS, SIGNATURE = "lessons", "signature"  # several columns with the marks, one to sign in
USUAL = ("name", "town", "village", "post", "phone", SIGNATURE)


def choices() -> list[tuple[str, str]]:
    """(name, words) of everything that can be chosen, in the order of the workbook."""
    return [
        *((name, str(column.heading)) for name, column in COLUMNS.items()),
        (LESSONS, _("Attendance of each lesson")),
        (SIGNATURE, _("A place to sign")),
    ]


def known(columns: Iterable[str]) -> list[str]:
    """The chosen columns that there are, in the order of the workbook, each once."""
    wanted = set(columns)
    return [name for name, _words in choices() if name in wanted]


def roster_workbook(
    *, training_class: TrainingClass, people: Sequence[Enrolment], columns: Iterable[str]
) -> bytes:
    """The people of a class, one to a row; `people` come with person, village and town.

    Unknown columns are left out.
    """
    columns = known(columns)
    lessons = list(training_class.lessons.order_by("starts_at")) if LESSONS in columns else []
    marks = _marks(training_class) if lessons else {}
    chosen = choices_in(lessons)
    headings, widths = [_("No.")], [6.0]
    for name in columns:
        if name in COLUMNS:
            headings.append(str(COLUMNS[name].heading))
            widths.append(COLUMNS[name].width)
        elif name == LESSONS:
            headings += [lesson.starts_at for lesson in lessons]
            widths += [17.0] * len(lessons)
        else:
            headings.append(_("Signature"))
            widths.append(16.0)
    book = Book()
    sheet = book.sheet(_("Roster"), widths, heading_row=1, frozen_columns=2)
    sheet.merge_range(
        0,
        0,
        0,
        max(1, len(headings) - 1),
        f"{training_class.title}（{training_class.code}）",
        book.title,
    )
    book.headings(sheet, 1, headings)
    for number, person in enumerate(people, start=1):
        cells: list = [number]
        for name in columns:
            if name in COLUMNS:
                cells.append(COLUMNS[name].value(person))
            elif name == LESSONS:
                cells += [
                    marks.get((person.pk, lesson.pk), UNMARKED)
                    if chosen.attends(person.pk, lesson)
                    else ANOTHER_SLOT
                    for lesson in lessons
                ]
            else:
                cells.append("")
        book.row(sheet, number + 1, cells)
    return book.done()


def _marks(training_class: TrainingClass) -> dict[tuple[int, int], str]:
    """(booking, lesson) → its mark in words."""
    rows = Attendance.objects.filter(lesson__training_class=training_class).values_list(
        "enrolment_id", "lesson_id", "status", "reason__name"
    )
    labels = mark_labels()
    return {
        (enrolment, lesson): mark_in_words(status, reason or "", labels)
        for enrolment, lesson, status, reason in rows
    }


# --- Kept choices ---------------------------------------------------------------------------------


@transaction.atomic
def keep(*, owner, name: str, columns: Iterable[str]) -> ExportTemplate:
    """Keep a choice under a name; the same name keeps the newer one. Raises TemplateRefused."""
    name, columns = " ".join(name.split()), known(columns)
    if not name or len(name) > 30:
        raise TemplateRefused(_("Give the template a name of up to 30 characters."))
    if not columns:
        raise TemplateRefused(_("Tick at least one column first."))
    if (
        not owner.export_templates.filter(name=name).exists()
        and owner.export_templates.count() >= MOST_TEMPLATES
    ):
        raise TemplateRefused(
            _("You have %(count)d templates. Delete one of them first.") % {"count": MOST_TEMPLATES}
        )
    return ExportTemplate.objects.update_or_create(
        owner=owner, name=name, defaults={"columns": columns}
    )[0]
