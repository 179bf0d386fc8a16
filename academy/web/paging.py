"""Cutting a long list into pages that can be shared as a link."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


def page_of(request: HttpRequest, rows, per_page: int) -> Page:
    """The page named by ?page=: a number too high gives the last page, anything else that is wrong
    the first.
    """
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


class OneAfterTheOther:
    """Querysets that follow each other as one list: of each is read only what stands on the
    page.
    """

    def __init__(self, *parts: QuerySet) -> None:
        self.parts = parts

    @cached_property
    def counts(self) -> list[int]:
        return [part.count() for part in self.parts]

    def __len__(self) -> int:
        return sum(self.counts)

    def __getitem__(self, page: slice) -> list:
        rows, begin, end = [], page.start, page.stop
        for part, count in zip(self.parts, self.counts, strict=True):
            rows += part[min(begin, count) : min(end, count)]
            begin, end = max(begin - count, 0), max(end - count, 0)
        return rows
