"""Where a form or a link comes back to."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def path_of_ours(request: HttpRequest, wanted: str) -> str:
    """The path as it was asked for, or nothing where it leads to another site, or is no path but a
    word.
    """
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and wanted.startswith("/") else ""


def with_next(request: HttpRequest, url: str) -> str:
    """The address, with the page that the address of the request comes back to."""
    back = path_of_ours(request, request.GET.get("next", ""))
    return f"{url}?{urlencode({'next': back})}" if back else url
