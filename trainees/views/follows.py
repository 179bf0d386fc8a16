"""What I follow: the buttons on courses, tracks and campuses, and the list where follows end."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from academy.errors import PortalError
from academy.web.paging import page_of
from academy.web.safe_next import path_of_ours
from courses.models import CourseStatus

from ..me.follows import TARGETS, follow, unfollow
from ..models import Follow, Trainee
from .booking import require_trainee

PER_PAGE = 20


@require_GET
def my_follows(request: HttpRequest) -> HttpResponse:
    trainee = Trainee.objects.of(request.user)
    follows = Follow.objects.filter(trainee=trainee).select_related("course", "track", "campus")
    return render(
        request,
        "trainees/my_follows.html",
        {"trainee": trainee, "page": page_of(request, follows, PER_PAGE)},
    )


@require_POST
def change_follow(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Follow, or with `end` stop following; then back to the page where the button stood."""
    trainee = require_trainee(request.user)
    target = _target(kind, code)
    try:
        if "end" in request.POST:
            unfollow(trainee=trainee, target=target)
            messages.success(request, _("You no longer follow “%(target)s”.") % {"target": target})
        else:
            follow(trainee=trainee, target=target, now=timezone.now())
            messages.success(
                request,
                _("You follow “%(target)s”. When a class opens you get one notice.")
                % {"target": target},
            )
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(path_of_ours(request, request.POST.get("next", "")) or "trainees:my_follows")


def _target(kind: str, code: str):
    """The thing of the address; a course that is not published cannot be followed."""
    if kind not in TARGETS:
        raise Http404
    model, name = TARGETS[kind]
    found = (
        model.objects.filter(status=CourseStatus.PUBLISHED)
        if kind == "course"
        else model.objects.all()
    )
    return get_object_or_404(found, **{name: code})
