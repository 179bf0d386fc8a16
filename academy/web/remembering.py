"""What a list remembers: how it was left, for the session; its columns, for the browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

KEPT_LISTS = "lists"  # in the session: path of the list → query string
A_YEAR = 365 * 24 * 3600  # seconds
MOST_CHARACTERS = 500  # of a query string that is kept


def remembered(request: HttpRequest, path: str) -> str:
    """The query string that the list was left with, or nothing."""
    return request.session.get(KEPT_LISTS, {}).get(path, "")


def as_left(request: HttpRequest, path: str) -> str:
    """The address of the list at the path as it was left: for the way back to it."""
    kept = remembered(request, path)
    return f"{path}?{kept}" if kept else path


def remember(request: HttpRequest, path: str, query: QueryDict, names: list[str]) -> None:
    """Keep what of the query says how the list stands; written only where it is new."""
    kept = QueryDict(mutable=True)
    for name in names:
        if values := [value for value in query.getlist(name) if value]:
            kept.setlist(name, values)
    text = kept.urlencode()
    if len(text) <= MOST_CHARACTERS and text != remembered(request, path):
        forget(request, path)
        if text:
            request.session[KEPT_LISTS][path] = text


def remember_public(request: HttpRequest, names: list[str]) -> None:
    """Keep how somebody who has logged in left a public list, for the way back to it. A visitor,
    who has no session, comes back by the page they came from (`Shell.list_address`).
    """
    if request.user.is_authenticated:
        remember(request, request.path, request.GET, names)


def forget(request: HttpRequest, path: str) -> None:
    """Let the list stand as at a first visit."""
    request.session.setdefault(KEPT_LISTS, {}).pop(path, None)
    request.session.modified = True


def chosen_columns(request: HttpRequest, slug: str) -> set[str] | None:
    """The names that this browser keeps; None where nobody has chosen."""
    value = request.COOKIES.get(f"columns-{slug}")
    return set(value.split(".")) if value else None


def keep_columns(
    response: HttpResponse, slug: str, names: list[str] | None, *, path: str
) -> HttpResponse:
    """Keep the columns for a year, or take up the usual ones again."""
    if names is None:
        response.delete_cookie(f"columns-{slug}", path=path)
    else:
        response.set_cookie(
            f"columns-{slug}",
            ".".join(names),
            max_age=A_YEAR,
            path=path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
