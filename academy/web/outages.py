"""What a visitor sees while the database is away: a page that says so, instead of an error."""

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ..office_settings import office_setting

logger = logging.getLogger(__name__)

RETRY_SECONDS = 30  # when a browser or a monitor may ask again
# For the case that the templates cannot be drawn either.
BARE_PAGE = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>系统暂时连不上</title>'
    "<h1>系统暂时连不上</h1><p>请过几分钟再试；急事请打学院办公室电话。</p></html>"
)


def is_outage(error: BaseException | None) -> bool:
    """Whether the database was lost, or did not come to it in time; also behind another error.

    SQLite calls a missing table operational too; that is a fault of ours.
    """
    while error is not None:
        if isinstance(error, InterfaceError):
            return True
        if isinstance(error, OperationalError) and not str(error).startswith("no such"):
            return True
        error = error.__cause__ or error.__context__
    return False


def unavailable() -> HttpResponse:
    """503, without database, session or context processors."""
    try:
        page = render_to_string("503.html", {"office_phone": office_setting("office_phone")})
    except Exception:  # the last line of defence
        page = BARE_PAGE
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


class OutageMiddleware:
    """Answers 503 when the database was lost in a view or in a middleware.

    Stands outside whatever reads the database, and inside what chooses the language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django turns what a middleware raises into an answer 500 before it comes here.
        if response.status_code == 500 and getattr(request, "met_an_outage", False):
            return unavailable()
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_outage(exception):
            return None
        logger.error("The database does not answer (%s).", type(exception).__name__)
        return unavailable()


@receiver(got_request_exception)
def note_outage(sender, request: HttpRequest | None = None, **_more) -> None:
    """Mark a request that failed because the database is away."""
    if request is not None:
        request.met_an_outage = is_outage(sys.exc_info()[1])
