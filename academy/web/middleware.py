"""What happens to every request before and after its view."""

import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from ..waiting import forget_counts
from . import views

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

# A database column refuses the first, UTF-8 the others; no person types either.
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
NO_DEVICES = "camera=(), geolocation=(), microphone=()"
UNREADABLE = (SuspiciousOperation, MultiPartParserError, UnreadablePostError)


class ChosenLanguageMiddleware:
    """Chinese unless the person chose English; what the browser prefers is not asked, so that a
    page is one page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PersonalPagesMiddleware:
    """Keeps what concerns one person out of every store: shared computers, proxies, caches of
    browsers.

    Pages behind the log-in are not stored at all. A public page with somebody's name in its head
    may be kept by the person's own browser, so that "back" leads to the same list; it is asked for
    again when it is opened anew.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        match = request.resolver_match
        if match is not None and getattr(match.func, "login_required", True):
            patch_cache_control(response, private=True, no_store=True)
        elif settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_cache_control(response, private=True, no_cache=True)
        return response


class PermissionsPolicyMiddleware:
    """No page uses camera, microphone or place, but for those that say so themselves."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", NO_DEVICES)
        return response


class PlainInputMiddleware:
    """Answers 400 to text that no database could store and to bodies that cannot be read, so that
    views need not care.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            plain = not any(UNWRITABLE.search(text) for text in self._texts(request))
        except (RequestDataTooBig, TooManyFilesSent) as error:
            return views.bad_request(
                request,
                error,
                _("What was sent is too large. Send a smaller file, or fewer at once."),
            )
        except UNREADABLE as error:
            return views.bad_request(request, error)
        except OSError as error:
            logger.error("An upload cannot be received: %s", error.strerror)
            sentence = _(
                "The file could not be received: the server's disk is full. Try again later, or"
                " call the academy office."
            )
            return views.bad_request(request, error, sentence, HTTPStatus.INSUFFICIENT_STORAGE)
        if not plain:
            return views.bad_request(
                request,
                None,
                _("The text holds characters that cannot be stored. Remove them and try again."),
            )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A key of thirty digits: PostgreSQL finds no such row, SQLite cannot even look for it."""
        return (
            views.bad_request(request, exception) if isinstance(exception, OverflowError) else None
        )

    @staticmethod
    def _texts(request: HttpRequest):
        yield request.path_info
        yield unquote(request.META.get("QUERY_STRING", ""))
        if request.method == "POST":
            for name, values in request.POST.lists():
                yield name
                yield from values
            for file in request.FILES.values():
                yield file.name or ""


class StaleCountsMiddleware:
    """Once something was sent, the figures of what waits for the person are counted anew. Costs no
    statement: it looks at nobody whom the view has not looked at.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        known = hasattr(request, "_cached_user") and request.user.is_authenticated
        if known and request.method == "POST":
            forget_counts(request.user)
        return response


class FriendlyNotFoundMiddleware:
    """Shows our own pages for a missing page or a bad request while developing, too, in place of
    Django's technical ones.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.DEBUG and response.status_code == 404 and request.resolver_match is None:
            return views.page_not_found(request, Http404())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not settings.DEBUG:
            return None  # Django calls our handlers
        if isinstance(exception, Http404):
            return views.page_not_found(request, exception)
        if isinstance(exception, (BadRequest, *UNREADABLE)):
            return views.bad_request(request, exception)
        return None
