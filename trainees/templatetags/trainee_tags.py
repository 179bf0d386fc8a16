"""Small parts of pages that depend on the trainee who reads them."""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import hours, icon

from ..me.queue_words import meaning_of_place, number_in_queue
from ..models import AttendanceStatus, Follow
from ..rules import has_profile
from ..workspace.matrix import Cell, Matrix, MatrixRow

register = template.Library()
register.filter(number_in_queue)
register.filter(meaning_of_place)


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
    rolls = {
        head.lesson.pk: reverse("trainees:attendance", args=[head.lesson.pk])
        for head in matrix.heads
    }
    marks = {
        status: format_html("{}{}", icon(name), AttendanceStatus(status).label)
        for status, name in MARK_ICONS.items()
    } | {"": format_html('<span class="ink-2">{}</span>', _("not marked"))}
    return format_html_join(
        "\n",
        '<tr><th scope="row" class="who">{}</th><td class="unit">{}</td>{}<td class="r">{}</td>'
        '<td class="r"><b>{}</b></td></tr>',
        (
            (
                row.enrolment.trainee.user.name,
                row.enrolment.village.name,
                _cells(row, rolls, marks),
                row.minutes,
                hours(row.hours),
            )
            for row in matrix.rows
        ),
    )


def _cells(row: MatrixRow, rolls: dict[int, str], marks: dict[str, SafeString]) -> SafeString:
    return format_html_join(
        "",
        '<td class="lesson {}{}"><a href="{}#p{}"{}>{}{}</a></td>',
        (
            (
                f"mark-{cell.status or 'none'}",
                " here" if cell.head.is_here else "",
                rolls[cell.head.lesson.pk],
                row.enrolment.pk,
                # what `matrix.js` asks for; a lesson that is still to come takes no marks
                format_html(' data-mark="{}"', cell.status) if cell.head.may_mark else "",
                marks[cell.status],
                _minutes(cell),
            )
            for cell in row.cells
        ),
    )


def _minutes(cell: Cell) -> SafeString | str:
    return "" if cell.minutes is None else format_html(" <small>{}</small>", cell.minutes)
