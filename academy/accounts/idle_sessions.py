"""How long somebody stays logged in.

A village cadre's phone stays logged in for 14 days (`SESSION_COOKIE_AGE`). Staff see the data of
others: their session ends with the browser, and when nothing was done for `STAFF_IDLE_MINUTES`.
Somebody with several roles counts as staff. When the last request was is kept in the session, to
the minute, so that not every page writes it.

A form that comes too late is not lost: what was typed waits in the browser's session until the
same person is back, and is sent again with one button.
"""

import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..access import handles_data_of_others
from ..office_settings import office_setting
from ..web.safe_next import path_of_ours

SEEN_AT = "seen_at"  # seconds since 1970
SEEN_SECONDS = 60  # so exact that is; a request within them writes nothing
BY_ITSELF = "X-By-Itself"  # a page that looks anew by itself says so: nobody did anything
UNSENT = "unsent"
UNSENT_SECONDS = 30 * 60  # how long a late form waits for its person
NOT_KEPT = ("csrfmiddlewaretoken", "password")  # fields whose names hold one of these


@receiver(user_logged_in)
def begin(sender, request: HttpRequest, user, **_more) -> None:
    """A log-in: from now on the time counts; the browser forgets staff when it is closed."""
    request.session[SEEN_AT] = int(time.time())
    request.session.set_expiry(0 if handles_data_of_others(user) else None)


class IdleSessionMiddleware:
    """Logs staff out who did nothing for a while. Stands after the check of form tokens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, *_arguments
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not handles_data_of_others(request.user):
            return None
        now = int(time.time())
        idle = now - request.session.setdefault(SEEN_AT, now)
        if idle >= office_setting("staff_idle_minutes") * 60:
            return _end(request, is_public=not getattr(view, "login_required", True))
        if idle >= SEEN_SECONDS and BY_ITSELF not in request.headers:
            request.session[SEEN_AT] = now
        return None


def _end(request: HttpRequest, *, is_public: bool) -> HttpResponse | None:
    """Log out; a public page goes on without the person, any other asks to log in again."""
    if request.htmx and not is_public:
        # A part of a page cannot show the log-in: the page loads itself, or sends its form, anew.
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Refresh": "true"})
    unsent = _unsent(request) if request.method == "POST" and not is_public else None
    logout(request)
    if is_public:
        messages.info(request, _ended())
        return None
    if unsent is None:
        messages.info(request, _ended() + _("Log in again, and you come back to the page."))
        return redirect_to_login(request.get_full_path())
    messages.info(
        request, _ended() + _("What you typed is kept: log in again, and send it once more.")
    )
    request.session[UNSENT] = unsent
    request.session.set_expiry(UNSENT_SECONDS)
    return redirect_to_login(reverse("account_unsent"))


def _ended() -> str:
    return ngettext(
        "You did nothing for %(count)d minute, so you were logged out.",
        "You did nothing for %(count)d minutes, so you were logged out.",
        office_setting("staff_idle_minutes"),
    ) % {"count": office_setting("staff_idle_minutes")}


def _unsent(request: HttpRequest) -> dict:
    """What was typed, and by whom. Files are not kept."""
    return {
        "person": request.user.pk,
        "address": request.get_full_path(),
        "page": path_of_ours(request, request.headers.get("Referer", "")),
        "fields": [
            [name, value]
            for name, values in request.POST.lists()
            if not any(part in name for part in NOT_KEPT)
            for value in values
        ],
        "had_files": bool(request.FILES),
    }


def unsent_of(request: HttpRequest) -> dict | None:
    """What the person typed before the session ended. What another one typed is deleted."""
    unsent = request.session.get(UNSENT)
    if unsent is not None and unsent["person"] != request.user.pk:
        del request.session[UNSENT]
        return None
    return unsent
