"""A class held once more: a new first day, the lessons as they would lie, one button that writes
the draft.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import require
from courses.forms.copying import CopyForm
from courses.models import TrainingClass
from courses.schedule.bulk_scheduling import PlansRefused, create_drafts, judge
from courses.schedule.copying import Copy, copy_of
from courses.schedule.holidays import not_announced
from courses.schedule.teachers import with_teachers

from ..workspace.frame import OVERVIEW
from .attendance import class_run_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def class_copy(request: HttpRequest, code: str) -> HttpResponse:
    """With `?first=` the lessons as they would lie; a POST writes what was shown."""
    training_class = class_run_by(request.user, code)
    require(
        request.user,
        "courses.add_trainingclass",
        None,
        who=_("Campuses, departments and the academy office schedule classes."),
    )
    if not training_class.lessons.exists():
        messages.error(request, _("The class has no lessons yet, so there is nothing to copy."))
        return redirect("trainees:class_overview", code)
    asked = request.POST if request.method == "POST" else request.GET
    form = CopyForm(asked if "first" in asked else None)
    context = {"form": form}
    if form.is_valid():
        copy = copy_of(_loaded(training_class), **form.cleaned_data)
        judged = None
        if request.method == "POST" and request.POST.get("shown") == copy.fingerprint:
            try:
                return _write(request, copy)
            except PlansRefused as refused:
                messages.error(request, str(refused))
                judged = refused.judged
        elif request.method == "POST":
            messages.info(request, _("The class has changed since; see its lessons again."))
        context |= _shown(copy, (judged or judge([copy.plan]))[0])
    return render_tab(request, training_class, OVERVIEW, "trainees/class_copy.html", context)


def _loaded(training_class: TrainingClass) -> TrainingClass:
    """The class with what its copy takes over."""
    return (
        TrainingClass.objects.select_related("campus", "department", "programme")
        .prefetch_related(
            "lessons__course_version__course",
            "lessons__venue__campus",
            with_teachers("lessons__teachers"),
            "pools__town",
            "audiences",
        )
        .get(pk=training_class.pk)
    )


def _shown(copy: Copy, judged) -> dict:
    years = {timezone.localdate(item.plan.starts_at).year for item in copy.lessons}
    by_lesson = {}
    for problem in judged.problems:
        by_lesson.setdefault(problem.lesson, []).append(problem.sentence)
    return {
        "copy": copy,
        "judged": judged,
        "rows": [(item, by_lesson.get(place, [])) for place, item in enumerate(copy.lessons)],
        "problems": by_lesson.get(None, []),
        "not_announced": not_announced(years),
        "quotas": sum(copy.plan.town_seats.values()),
    }


def _write(request: HttpRequest, copy: Copy) -> HttpResponse:
    created = create_drafts(plans=[copy.plan], by=request.user, now=timezone.now())[0]
    messages.success(
        request,
        _("“%(title)s” is a draft now, with the rules and quotas of the class it was copied from.")
        % {"title": created.title},
    )
    return redirect("trainees:class_overview", created.code)
