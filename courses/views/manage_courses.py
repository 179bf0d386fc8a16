"""The staff's table of courses, and one step with many of them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.lists.pages import list_page

from ..catalogue import publishing
from ..models import Course
from ..office_lists import CourseList

MOST_AT_ONCE = 100  # courses of one step with many


def require_editor(user, course: Course | None = None) -> None:
    require(
        user,
        "courses.change_course",
        course,
        who=_(
            "Departments write their own courses; the academy office reviews and publishes all of"
            " them."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def manage_courses(request: HttpRequest) -> HttpResponse:
    require_editor(request.user)
    return list_page(request, CourseList(request))


@require_POST
def course_bulk(request: HttpRequest) -> HttpResponse:
    """Hand in, publish or retire the ticked courses; the page then says of each what became of
    it.
    """
    require_editor(request.user)
    action = request.POST.get("action", "")
    if action != "submit":
        require(
            request.user,
            "courses.publish_course",
            who=_("The academy office publishes and retires courses."),
        )
    courses, outcomes = CourseList(request).ticked()
    courses, over = courses[:MOST_AT_ONCE], courses[MOST_AT_ONCE:]
    step, arguments, done = _bulk_step(action, request)
    if step is None:
        messages.error(request, _("Choose what to do with the courses."))
    elif not courses and not outcomes.changed and not outcomes.gone:
        messages.error(request, _("Tick at least one course first."))
    else:
        for outcome in publishing.decide_on_many(
            step, courses, by=request.user, now=timezone.now(), **arguments
        ):
            name = f"{outcome.course.code} {outcome.course.title}"
            if outcome.refused:
                outcomes.refused.append((outcome.course.code, outcome.refused))
            else:
                outcomes.done.append(name)
        outcomes.report(request, done)
        if over:
            messages.warning(
                request,
                _("At most %(most)d courses at once; the other %(count)d were left as they are.")
                % {"most": MOST_AT_ONCE, "count": len(over)},
            )
    filters = request.GET.urlencode()  # of the list the form stood in
    return redirect(reverse("courses:manage_courses") + (f"?{filters}" if filters else ""))


def _bulk_step(
    action: str, request: HttpRequest
) -> tuple[Callable | None, dict, Callable[[int], str]]:
    return {
        "submit": (
            publishing.submit,
            {},
            lambda count: ngettext(
                "%(count)d course handed in: ", "%(count)d courses handed in: ", count
            ),
        ),
        "publish": (
            publishing.approve,
            {},
            lambda count: ngettext(
                "%(count)d course published: ", "%(count)d courses published: ", count
            ),
        ),
        "retire": (
            publishing.retire,
            {"reason": request.POST.get("reason", "")},
            lambda count: ngettext(
                "%(count)d course retired: ", "%(count)d courses retired: ", count
            ),
        ),
    }.get(action, (None, {}, str))
