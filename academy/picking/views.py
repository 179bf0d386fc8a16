"""What a list that is typed into asks the server."""

from dataclasses import asdict

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ..search.index import MAX_QUERY_LENGTH
from .kinds import MOST, Ask, kinds


@require_GET
def pick(request: HttpRequest, kind: str) -> JsonResponse:
    """The choices that fit what was typed, and whether there are more."""
    wanted = kinds().get(kind)
    if wanted is None:
        raise Http404
    if not wanted.may_ask(request.user):
        raise PermissionDenied(_("This list is for staff who choose from it."))
    query = request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH]
    found = wanted.choices(request.user, Ask(query, request.GET))
    return JsonResponse(
        {"rows": [asdict(choice) for choice in found[:MOST]], "more": len(found) > MOST}
    )
