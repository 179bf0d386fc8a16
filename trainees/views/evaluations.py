"""The lists of evaluations, and the trends by season."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.lists.pages import list_page

from ..office_lists import EvaluationList, ImprovementList, TrendList


def _require_one_who_sees(request: HttpRequest) -> None:
    require(
        request.user,
        "trainees.see_evaluation",
        who=_(
            "Whoever runs a class or lectures in it sees its evaluation. The academy office sees"
            " all."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def evaluations(request: HttpRequest) -> HttpResponse:
    _require_one_who_sees(request)
    return list_page(request, EvaluationList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_trends(request: HttpRequest) -> HttpResponse:
    _require_one_who_sees(request)
    return list_page(request, TrendList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def improvements(request: HttpRequest) -> HttpResponse:
    _require_one_who_sees(request)
    return list_page(request, ImprovementList(request))
