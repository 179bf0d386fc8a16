"""我带的学员: where a mentor begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.access import require

from ..seven_items.mentoring import mentoring_of


@require_safe
def mentoring(request: HttpRequest) -> HttpResponse:
    require(
        request.user,
        "practicums.mentor",
        who=_("This page is for mentors of secondments. The academy office names them."),
    )
    now = timezone.now()
    return render(
        request,
        "practicums/mentoring.html",
        {"mentoring": mentoring_of(request.user, now), "today": timezone.localdate(now)},
    )
