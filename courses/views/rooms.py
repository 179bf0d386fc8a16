"""Which room is free at a time; one tap from there into the form of a class."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from academy.lists.pages import list_page

from ..office_lists import RoomList
from .season import require_schedule


@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request: HttpRequest) -> HttpResponse:
    require_schedule(request.user)
    return list_page(request, RoomList(request))
