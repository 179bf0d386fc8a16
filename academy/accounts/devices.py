"""Devices where somebody has logged in before: a signed cookie says whose they are.

Nothing is stored on the server. The cookie opens nothing; it only keeps the wrong passwords of
strangers from slowing down the owner at the own computer or phone.
"""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..models import User

COOKIE = "device"
SALT = "academy.accounts.devices"
KEPT_SECONDS = 180 * 24 * 60 * 60
PEOPLE_KEPT = 5  # of a computer that several share


def known_device(request: HttpRequest, phone: str) -> str:
    """The number of this device if the owner of the phone has logged in here, else nothing."""
    device, people = _read(request)
    if device and User.objects.filter(phone=phone, pk__in=people).exists():
        return device
    return ""


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """To be known at the next log-in."""
    device, people = _read(request)
    people = [user.pk, *(key for key in people if key != user.pk)][:PEOPLE_KEPT]
    number = device or secrets.token_hex(8)
    response.set_signed_cookie(
        COOKIE,
        f"{number}:{'.'.join(map(str, people))}",
        salt=SALT,
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[int]]:
    text = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT_SECONDS)
    device, _colon, people = text.partition(":")
    return device, [int(key) for key in people.split(".") if key]
