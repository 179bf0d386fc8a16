"""我的授课: where an expert begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.access import require
from courses.models import Expert

from ..me.teaching import teaching_of


@require_safe
def teaching(request: HttpRequest) -> HttpResponse:
    require(
        request.user,
        "trainees.teach",
        who=_("This page is for experts who teach. The academy office keeps the register."),
    )
    expert = get_object_or_404(Expert, user=request.user)
    now = timezone.now()
    return render(
        request,
        "trainees/teaching.html",
        {
            "expert": expert,
            "teaching": teaching_of(expert, now),
            "today": timezone.localdate(now),
        },
    )
