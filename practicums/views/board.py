"""The list of all secondments."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.lists.pages import list_page

from ..office_lists import SecondmentList


@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    require(
        request.user,
        "practicums.see_board",
        who=_(
            "The board of secondments is for mentors, host departments, towns and the academy"
            " office. Your own secondment is under “My pages”."
        ),
    )
    return list_page(request, SecondmentList(request))
