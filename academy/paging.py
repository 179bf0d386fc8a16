"""Cutting a long list into pages that can be shared as a link."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def page_of(request: HttpRequest, rows, per_page: int) -> Page:
    """The page named by ?page=: a number too high gives the last page, anything else that is wrong the first."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
