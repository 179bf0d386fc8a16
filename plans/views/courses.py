"""Which courses of the catalogue the items of a plan mean: all of them on one page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.errors import PortalError

from ..course_forms import CourseChoicesForm
from ..drafting.course_choices import choose_courses
from ..drafting.course_matching import match_courses, matched
from ..filing import refuse_unless_editable
from .items import plan_to_edit


@require_http_methods(["GET", "HEAD", "POST"])
def plan_courses(request: HttpRequest, pk: int) -> HttpResponse:
    """Items that may mean several courses with a choice, those that have one, and the others."""
    plan = plan_to_edit(request, pk)
    try:
        refuse_unless_editable(plan)
        if "match" in request.POST:
            _say_matched(request, match_courses(plan))
            return redirect("plans:plan_courses", plan.pk)
        found = matched(plan.items.select_related("course"))
        form = CourseChoicesForm(
            request.POST if request.method == "POST" else None, asked=found.asked
        )
        if request.method == "POST" and form.is_valid():
            return _answered(request, plan, form)
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(plan)
    return render(
        request,
        "plans/plan_courses.html",
        {"plan": plan, "form": form, "found": found},
        status=422 if request.method == "POST" else 200,
    )


def _answered(request: HttpRequest, plan, form: CourseChoicesForm) -> HttpResponse:
    if not form.chosen:
        messages.error(request, _("Nothing is chosen yet. Choose a course or “None of these”."))
        return redirect("plans:plan_courses", plan.pk)
    count = choose_courses(plan=plan, chosen=form.chosen, overwrite=form.cleaned_data["by_course"])
    messages.success(
        request,
        ngettext("%(count)d training answered.", "%(count)d trainings answered.", count)
        % {"count": count},
    )
    return redirect("plans:plan_courses", plan.pk)


def _say_matched(request: HttpRequest, count: int) -> None:
    messages.success(
        request,
        ngettext(
            "%(count)d training has another course now.",
            "%(count)d trainings have another course now.",
            count,
        )
        % {"count": count}
        if count
        else _("Nothing has changed: the courses are as they were."),
    )
