"""Plan against actual: the figures, and the rows that each opens."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from academy.lists.pages import list_page

from ..actual.behind import ActualClasses, ActualItems, ActualPeople
from ..actual.lists import ActualList
from .plans import require_plan_pages


@require_http_methods(["GET", "HEAD", "POST"])
def actual(request: HttpRequest) -> HttpResponse:
    require_plan_pages(request.user)
    return list_page(request, ActualList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def actual_items(request: HttpRequest) -> HttpResponse:
    require_plan_pages(request.user)
    return list_page(request, ActualItems(request))


@require_http_methods(["GET", "HEAD", "POST"])
def actual_classes(request: HttpRequest) -> HttpResponse:
    require_plan_pages(request.user)
    return list_page(request, ActualClasses(request))


@require_http_methods(["GET", "HEAD", "POST"])
def actual_people(request: HttpRequest) -> HttpResponse:
    require_plan_pages(request.user)
    return list_page(request, ActualPeople(request))
