"""Pages that are drawn once for all visitors: whoever is not logged in sees what everybody sees."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from .context_processors import LARGE_PRINT_COOKIE

# somebody's page, or something that waits to be said
OF_ONE_PERSON = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}


def is_plain_visit(request: HttpRequest) -> bool:
    """Nobody known looks at a whole page."""
    return not request.htmx and not OF_ONE_PERSON & request.COOKIES.keys()


def drawn_once(
    request: HttpRequest, key: str, seconds: int, draw: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer to a plain visit, kept so long.

    `key` says all that it depends on, but for the choices of the frame: language and print.
    """
    large = request.COOKIES.get(LARGE_PRINT_COOKIE) == "1"
    return cache.get_or_set(
        f"drawn:{get_language()}:{'large' if large else 'plain'}:{key}", draw, seconds
    )
