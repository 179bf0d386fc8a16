"""The staff's table of courses, and one step with many of them."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from academy.access import require
from academy.web.paging import page_of

from ..catalogue import publishing
from ..catalogue.filters import ORDERS, ManagedCourseFilter, managed_courses
from ..models import Course, Stage

PER_PAGE = 25
MOST_AT_ONCE = 100  # courses of one step with many
STAGE_BADGES = {
    Stage.DRAFT: "idle",
    Stage.RETURNED: "bad",
    Stage.IN_REVIEW: "wait",
    Stage.PUBLISHED: "ok",
    Stage.CHANGING: "note",
    Stage.CHANGE_RETURNED: "bad",
    Stage.CHANGE_IN_REVIEW: "wait",
    Stage.RETIRED: "idle",
}
COLUMNS = ("title", "department", "hours", "taught", "changed")


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


@require_GET
def manage_courses(request: HttpRequest) -> HttpResponse:
    require_editor(request.user)
    now = timezone.localtime()
    filters = ManagedCourseFilter(request.GET, queryset=managed_courses(request.user, now.year))
    valid = filters.form.is_valid()
    page = page_of(request, _with_preview(filters.qs) if valid else Course.objects.none(), PER_PAGE)
    return render(
        request,
        "courses/manage_courses.html",
        {
            "filters": filters,
            "page": page,
            "unknown": not valid,
            "is_filtered": any(
                request.GET.get(name) for name in filters.form.fields if name != "sort"
            ),
            "rows": [(course, STAGE_BADGES[course.stage]) for course in page],
            "sorting": {name: _sorting(name, request.GET.get("sort", "")) for name in COLUMNS},
            "may_publish": request.user.has_perm("courses.publish_course"),
            "year": now.year,
        },
    )


def _with_preview(courses: QuerySet[Course]) -> QuerySet[Course]:
    return courses.prefetch_related("formats", "audiences", "service_items")


def _sorting(column: str, present: str) -> dict[str, str]:
    """What a heading does when it is pressed, and how the column is sorted now in the words of
    ARIA.
    """
    state = {column: "ascending", f"-{column}": "descending"}.get(present, "")
    return {
        "value": f"-{column}" if state == "ascending" else column,
        "state": state,
        "words": str(ORDERS[column][0]),
    }


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
    codes = request.POST.getlist("course")[:MOST_AT_ONCE]
    courses = list(
        Course.objects.worked_on_by(request.user).filter(code__in=codes).order_by("code")
    )
    step, arguments, done = _bulk_step(action, request)
    if step is None:
        messages.error(request, _("Choose what to do with the courses."))
    elif not courses:
        messages.error(request, _("Tick at least one course first."))
    else:
        outcomes = publishing.decide_on_many(
            step, courses, by=request.user, now=timezone.now(), **arguments
        )
        _tell(request, outcomes, done)
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


def _tell(
    request: HttpRequest, outcomes: list[publishing.Outcome], done: Callable[[int], str]
) -> None:
    """One line for all that went well, one for each that did not, with its code."""
    well = [outcome.course for outcome in outcomes if not outcome.refused]
    if well:
        names = "、".join(f"{course.code} {course.title}" for course in well)
        messages.success(request, done(len(well)) % {"count": len(well)} + names)
    for outcome in outcomes:
        if outcome.refused:
            messages.error(request, f"{outcome.course.code} {outcome.refused}")
