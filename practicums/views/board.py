"""The board of all secondments."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.access import require
from academy.web.paging import page_of

from ..filters import ALL, HELP, MINE, BoardFilter
from ..models import Secondment, SecondmentStatus
from ..seven_items.board import board_rows

ROWS_PER_PAGE = 30  # a whole batch on one page


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    require(
        request.user,
        "practicums.see_board",
        who=_(
            "The board of secondments is for mentors, host departments, towns and the academy"
            " office. Your own secondment is under “My pages”."
        ),
    )
    now = timezone.now()
    wanted = request.GET.copy()
    if not wanted.get("status"):
        wanted["status"] = (
            ALL if wanted.get("batch") or wanted.get("department") else SecondmentStatus.RUNNING
        )
    found = BoardFilter(wanted, queryset=Secondment.objects.worked_on_by(request.user))
    rows = board_rows(found.rows, user=request.user, now=now)
    for sentence in found.error_summary:
        messages.warning(request, sentence)
    helped, mine = (
        [row for row in rows if row.helps],
        [
            row
            for row in rows
            if row.for_me
            or (row.ready and request.user.has_perm("practicums.decide", row.secondment))
        ],
    )
    chosen = found.form.cleaned_data if found.is_valid() else {}
    shown = {HELP: helped, MINE: mine}.get(chosen.get("show"), rows)
    return render(
        request,
        "practicums/board.html",
        {
            "form": found.form,
            "batch": chosen.get("batch"),
            "status": wanted["status"],
            "status_words": dict(found.form.fields["status"].choices).get(wanted["status"], ""),
            "show": chosen.get("show", ""),
            "page": page_of(request, shown, ROWS_PER_PAGE),
            "total": len(rows),
            "helped": len(helped),
            "mine": len(mine),
            "kinds": [str(item.short_name) for item in rows[0].items] if rows else [],
        },
    )
