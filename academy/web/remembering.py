"""What the office side remembers between two pages: how each list was narrowed, in a cookie of the
browser, and that the counts of waiting things are stale once something was sent.
"""

import json
from collections.abc import Callable
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..places import places
from ..waiting import forget_counts

FILTERS_COOKIE = "lists"
MOST_CHARACTERS = 2_000  # of all lists together: the oldest are forgotten first


def filters_of(request: HttpRequest, user) -> dict[str, str]:
    """URL name of a list → the query it was last narrowed by, the latest last; nothing that another
    person left in this browser.
    """
    try:
        kept = json.loads(unquote(request.COOKIES.get(FILTERS_COOKIE, "")))
        of_whom, filters = kept["of"], kept["lists"]
        known = {str(name): str(query) for name, query in filters.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
    return known if of_whom == getattr(user, "pk", None) else {}


class RememberingMiddleware:
    """Costs no statement: it looks at nobody whom the view has not looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not hasattr(request, "_cached_user"):
            return response
        user = request.user
        if not user.is_authenticated:
            if FILTERS_COOKIE in request.COOKIES:
                response.delete_cookie(FILTERS_COOKIE, samesite="Lax")
        elif request.method == "POST":
            forget_counts(user)
        elif request.method == "GET" and response.status_code == 200:
            self._keep_filters(request, response)
        return response

    @staticmethod
    def _keep_filters(request: HttpRequest, response: HttpResponse) -> None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if not any(place.keeps_filters and place.url_name == name for place in places()):
            return
        kept = filters_of(request, request.user)
        before = dict(kept)
        kept.pop(name, None)
        if query := request.GET.urlencode():
            kept[name] = query
        while kept and len(quote(json.dumps(kept))) > MOST_CHARACTERS:
            kept.pop(next(iter(kept)))
        if kept != before:
            response.set_cookie(
                FILTERS_COOKIE,
                quote(json.dumps({"of": request.user.pk, "lists": kept})),
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
