"""The pages that belong to no app: health, the preferences kept in a cookie, and what is shown
when something is wrong.
"""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..access import is_office
from ..office_settings import office_setting
from .client_address import is_local
from .context_processors import FOLDED_COOKIE, LARGE_PRINT_COOKIE
from .redis_cache import redis_answers
from .safe_next import path_of_ours

PREFERENCE_SECONDS = 365 * 24 * 3600  # how long a browser remembers large print and language
INTERRUPTED = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>这一页现在打不开</title>'
    "<h1>这一页现在打不开</h1><p>请过几分钟再试；急事请打学院办公室电话。</p></html>"
)


# --- Health ---------------------------------------------------------------------------------------


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseTrouble:
        return False
    return True


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness, and that the database answers. Public, so it says nothing else."""
    if _database_answers():
        return HttpResponse("ok", content_type="text/plain")
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return HttpResponse("The database does not answer.", status=status, content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether all parts answer. Which one does not, only this machine and the office read."""
    parts = {"database": _database_answers(), "redis": redis_answers()}
    ready = all(parts.values())
    lines = ["ready" if ready else "not ready"]
    if is_local(request) or (parts["database"] and is_office(request.user)):
        lines += [f"{name}: {'ok' if answers else 'away'}" for name, answers in parts.items()]
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return HttpResponse("\n".join(lines), status=status, content_type="text/plain")


# --- Preferences ----------------------------------------------------------------------------------
# Plain links, so that they work without JavaScript and no public page needs a form token. They
# change nothing but a cookie.


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the link was on, never to another site."""
    return redirect(path_of_ours(request, request.GET.get("next", "")) or "portal:home")


def _set_preference(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=PREFERENCE_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


@login_not_required
@never_cache
@require_safe
def large_print(request: HttpRequest, wish: str) -> HttpResponse:
    """Turn large print on or off in this browser."""
    return _switched(request, LARGE_PRINT_COOKIE, on=wish == "on")


@never_cache
@require_safe
def fold_navigation(request: HttpRequest, wish: str) -> HttpResponse:
    """Fold the side navigation of the office side or open it, in this browser."""
    return _switched(request, FOLDED_COOKIE, on=wish == "on")


def _switched(request: HttpRequest, cookie: str, *, on: bool) -> HttpResponse:
    response = _back(request)
    if on:
        _set_preference(response, cookie, "1")
    else:
        response.delete_cookie(cookie, samesite="Lax")
    return response


@login_not_required
@never_cache
@require_safe
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Show the portal in another language in this browser."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    response = _back(request)
    _set_preference(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


# --- When something is wrong ----------------------------------------------------------------------


def bad_request(
    request: HttpRequest,
    exception: Exception | None = None,
    sentence: str = "",
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
) -> HttpResponse:
    """400. Drawn without asking who is there: the request itself may be what is broken."""
    return HttpResponse(render_to_string("400.html", {"sentence": sentence}), status=status)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the sentence of the rule that refused: who can do it, or whom to ask."""
    return render(request, "403.html", {"sentence": str(exception)}, status=HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what exists but is not shown to this person."""
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without database, session or context processors; without templates if they are what
    broke.
    """
    try:
        page = render_to_string("500.html", {"office_phone": office_setting("office_phone")})
    except Exception:  # the last line of defence
        page = INTERRUPTED
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: usually a page that stood open too long, or a browser
    without cookies.
    """
    return render(request, "403_csrf.html", {"reload": request.path}, status=HTTPStatus.FORBIDDEN)
