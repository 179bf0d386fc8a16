"""What was joined: the list, one joining, and undoing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.models import PersonMerge

from ..merging.merges import ended_of, merges_seen_by
from ..merging.parting import part, try_to_part
from ..merging.rows import counted
from ..office_lists import MergeList
from .duplicates import require_joining, who_joins


@require_http_methods(["GET", "HEAD", "POST"])
def merges(request: HttpRequest) -> HttpResponse:
    require_joining(request.user)
    return list_page(request, MergeList(request))


@require_GET
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    return _render(request, _found(request, pk))


def _found(request: HttpRequest, pk: int) -> PersonMerge:
    require_joining(request.user)
    return get_object_or_404(merges_seen_by(request.user), pk=min(pk, 2**62))


def _render(request: HttpRequest, found: PersonMerge, **more) -> HttpResponse:
    user = request.user
    may_undo = found.may_be_undone(timezone.now()) and all(
        user.has_perm("trainees.join_entries", person) for person in (found.survivor, found.away)
    )
    return render(
        request,
        "trainees/people/merge.html",
        {
            "merge": found,
            "moved": counted(found.moved),
            "ended": ended_of(found),
            "may_undo": may_undo,
            **more,
        },
    )


@require_POST
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be different from before; then the two are parted."""
    found, now = _found(request, pk), timezone.now()
    for person in (found.survivor, found.away):
        require(request.user, "trainees.join_entries", person, who=who_joins())
    if found.parted_at is not None:
        messages.info(request, _("This was undone already; nothing was changed."))
        return redirect("trainees:merge", pk)
    try:
        if "confirmed" not in request.POST:
            notes = try_to_part(merge=found, by=request.user, now=now)
            return _render(request, found, is_asked=True, notes=notes)
        part(merge=found, expected=request.POST.getlist("note"), by=request.user, now=now)
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Undone: they are two entries again, and both have been told."))
    return redirect("trainees:merge", pk)
