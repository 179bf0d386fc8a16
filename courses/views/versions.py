"""The versions of a course: one as it was taught, for everybody; all of them with what changed, for
colleagues.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from academy.access import require

from ..catalogue.versions import differences, readable
from ..models import PUBLIC_COURSE_STATUSES, Course, CourseVersion


@login_not_required
@require_GET
def course_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What a course said when it was published like that: it was public then and stays so, for
    whoever was taught it.
    """
    published = Course.objects.visible_to(request.user).filter(status__in=PUBLIC_COURSE_STATUSES)
    course = get_object_or_404(published, code=code)
    versions = list(course.versions.all())
    version = next((version for version in versions if version.number == number), None)
    if version is None:
        return _no_such_version(request, course)
    return render(
        request,
        "courses/course_version.html",
        {
            "course": course,
            "version": version,
            "is_newest": version.pk == versions[0].pk,
            "content": readable(version.content),
            "may_compare": (
                len(versions) > 1
                and request.user.is_authenticated
                and request.user.has_perm("courses.view_courseversion")
            ),
        },
    )


def _no_such_version(request: HttpRequest, course: Course) -> HttpResponse:
    return render(
        request, "courses/course_version.html", {"course": course, "version": None}, status=404
    )


@require_GET
def course_versions(request: HttpRequest, code: str) -> HttpResponse:
    """All versions with their notes, and the difference of two: the newest two unless others are
    asked for.
    """
    course = get_object_or_404(Course.objects.visible_to(request.user), code=code)
    require(
        request.user,
        "courses.view_courseversion",
        who=_(
            "Change notes are for those who work with courses and classes. Everybody can read the"
            " course itself."
        ),
    )
    versions = list(course.versions.select_related("published_by"))
    old, new, unknown = _two_of(request, versions)
    return render(
        request,
        "courses/course_versions.html",
        {
            "course": course,
            "versions": versions,
            "old": old,
            "new": new,
            "unknown": unknown,
            "changes": differences(old.content, new.content) if old and new else [],
            "works_on_it": request.user.has_perm("courses.change_course", course),
        },
    )


def _two_of(
    request: HttpRequest, versions: list[CourseVersion]
) -> tuple[CourseVersion | None, CourseVersion | None, bool]:
    """`old` and `new` of the address, in the order of their numbers; whether one was asked for that
    does not exist.
    """
    by_number = {str(version.number): version for version in versions}
    asked = [request.GET.get(name, "") for name in ("old", "new")]
    unknown = any(number and number not in by_number for number in asked)
    if unknown or len(versions) < 2:
        return None, None, unknown
    new = by_number.get(asked[1], versions[0])
    older = [version for version in versions if version.number < new.number]
    old = by_number.get(asked[0], older[0] if older else versions[-1])
    return (old, new, False) if old.number <= new.number else (new, old, False)
