"""Where a form or a link comes back to."""

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
