"""Small parts of pages that depend on the trainee who reads them."""

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import hours, icon

from ..me.queue_words import meaning_of_place, number_in_queue
from ..models import AttendanceStatus, Follow, mark_label
from ..rules import has_profile
from ..workspace.matrix import Cell, Matrix, MatrixRow

register = template.Library()
register.filter(number_in_queue)
register.filter(meaning_of_place)
register.simple_tag(mark_label)


@register.inclusion_tag("trainees/_follow_button.html", takes_context=True)
def follow_button(
    context: template.Context, kind: str, code: str, words: str = ""
) -> dict[str, object]:
    """Follow, or stop following, a course (by code), track (by prefix) or campus (by code); nothing
    for who has no profile.
    """
    request = context["request"]
    if not (request.user.is_authenticated and has_profile(request.user)):
        return {"shown": False}
    lookup = {"track": "track__prefix"}.get(kind, f"{kind}__code")
    follows = Follow.objects.filter(trainee=request.user.trainee, **{lookup: code}).exists()
    return {
        "shown": True,
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "kind": kind,
        "code": code,
        "words": words,
        "follows": follows,
    }


# --- The matrix of a class: thousands of cells, so its rows are written in one go -----------------

MARK_ICONS = {
    AttendanceStatus.PRESENT: "check-lg",
    AttendanceStatus.LATE: "clock",
    AttendanceStatus.LEFT_EARLY: "box-arrow-right",
    AttendanceStatus.EXCUSED: "envelope",
    AttendanceStatus.ABSENT: "x-circle-fill",
}


@register.simple_tag
def matrix_rows(matrix: Matrix) -> SafeString:
    """The body of the matrix; each cell leads to the person on the roll of its lesson."""
    made: dict[tuple, tuple[str, str]] = {}  # cells of one lesson and mark differ by the person
    return mark_safe("\n".join(_row(row, made) for row in matrix.rows))  # noqa: S308 - all escaped


def _row(row: MatrixRow, made: dict[tuple, tuple[str, str]]) -> str:
    cells = []
    for cell in row.cells:
        if not cell.is_expected and cell.mark is None:
            cells.append(_another_slot(cell))
            continue
        key = cell.head.lesson.pk, cell.status, cell.minutes
        if key not in made:
            made[key] = _around_the_person(cell)
        before, after = made[key]
        cells.append(f"{before}{row.enrolment.pk:d}{after}")
    return (
        f'<tr><th scope="row" class="who">{escape(row.enrolment.trainee.user.name)}</th>'
        f'<td class="unit">{escape(row.enrolment.village.name)}</td>{"".join(cells)}'
        f'<td class="r">{row.minutes:d}</td>'
        f'<td class="r"><b>{escape(hours(row.hours))}</b></td></tr>'
    )


def _another_slot(cell: Cell) -> str:
    """The person comes to another one of the parallel slots."""
    return format_html(
        '<td class="lesson mark-none{}"><span class="ink-2">{}</span></td>',
        " here" if cell.head.is_here else "",
        _("another slot"),
    )


def _around_the_person(cell: Cell) -> tuple[str, str]:
    """A cell up to the key of its person, and what comes after it."""
    before = format_html(
        '<td class="lesson mark-{}{}"><a href="{}#p',
        cell.status or "none",
        " here" if cell.head.is_here else "",
        reverse("trainees:attendance", args=[cell.head.lesson.pk]),
    )
    after = format_html(
        '"{}>{}{}</a></td>',
        # what `matrix.js` asks for; a lesson that is still to come takes no marks
        format_html(' data-mark="{}"', cell.status) if cell.head.may_mark else "",
        format_html("{}{}", icon(MARK_ICONS[cell.status]), mark_label(cell.status))
        if cell.status
        else format_html('<span class="ink-2">{}</span>', _("not marked")),
        "" if cell.minutes is None else format_html(" <small>{}</small>", cell.minutes),
    )
    return before, after


@register.simple_tag
def card_name(name: str) -> SafeString:
    """A name that fills the width of its card, however long it is; one character is one square."""
    width = max(4, len(name)) * 100 + 40
    return format_html(
        '<svg class="card-name" viewBox="0 0 {} 130" role="img" aria-label="{}">'
        '<text x="50%" y="100" text-anchor="middle" font-size="100">{}</text></svg>',
        width,
        name,
        name,
    )
