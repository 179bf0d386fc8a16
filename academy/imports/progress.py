"""How far a long import is: written where the page that waits for it can read it.

The import itself is one request and one transaction, so nothing of it can be seen in the database
until it is done. It says in the cache how far it is; the page asks there. Without Redis a page may
ask another process than the one that works: then it finds nothing, and shows the seconds.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import TypeVar

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from ..access import require

KEPT_SECONDS = 300
SECONDS_BETWEEN = 0.5  # a row takes less than the cache does
READING = gettext_lazy("Reading the file")
READ = gettext_lazy("%(done)d of %(total)d rows read")
CHECKING = gettext_lazy("Checking against what is there")
CHECKED = gettext_lazy("%(done)d of %(total)d rows checked")
WRITING = gettext_lazy("Writing")
WRITTEN = gettext_lazy("%(done)d of %(total)d rows written")
Item = TypeVar("Item")


@dataclass
class _Teller:
    """Who waits for the import that runs, and when they were last told."""

    key: str
    told_at: float = field(default=float("-inf"))


_TELLER: ContextVar[_Teller | None] = ContextVar("teller", default=None)


def say(words, done: int = 0, total: int = 0, *, at_once: bool = True) -> None:
    """Tell whoever waits; nothing where nobody does."""
    teller = _TELLER.get()
    if teller is None or (not at_once and time.monotonic() - teller.told_at < SECONDS_BETWEEN):
        return
    teller.told_at = time.monotonic()
    words = str(words) % {"done": done, "total": total} if total else str(words)
    cache.set(teller.key, words, KEPT_SECONDS)


def counted(rows: Sequence[Item], words) -> Iterator[Item]:
    """The rows one by one, each told."""
    for done, row in enumerate(rows):
        say(words, done, len(rows), at_once=False)
        yield row


def told(view: Callable) -> Callable:
    """For a view that imports: a page that sends a `progress` can ask for it meanwhile."""

    @wraps(view)
    def tell(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        key = _key(request.user.pk, request.POST.get("progress", ""))
        if key is None:
            return view(request, *args, **kwargs)
        token = _TELLER.set(_Teller(key))
        try:
            return view(request, *args, **kwargs)
        finally:
            _TELLER.reset(token)
            cache.delete(key)

    return tell


@require_GET
def import_progress(request: HttpRequest) -> HttpResponse:
    """How far one's own import of this name is, in words; empty where that is not known."""
    require(request.user, "academy.view_imports")
    key = _key(request.user.pk, request.GET.get("of", ""))
    return JsonResponse({"words": (key and cache.get(key)) or ""})


def _key(user: int, name: str) -> str | None:
    """Where the progress of a person's import is kept; nobody else finds it there."""
    try:
        return f"import-progress:{user}:{uuid.UUID(name)}"
    except ValueError:
        return None
