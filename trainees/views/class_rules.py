"""The rules of a class on one form."""

import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.access import require
from courses.models import TrainingClass
from courses.scheduling import EDITABLE, SchedulingRefused

from ..class_rules import change_rules
from ..forms import ClassRulesForm


@require_http_methods(["GET", "HEAD", "POST"])
def class_rules(request: HttpRequest, code: str) -> HttpResponse:
    training_class = get_object_or_404(TrainingClass.objects.visible_to(request.user).select_related("campus"), code=code)
    require(request.user, "courses.change_trainingclass", training_class, who=_(
        "The coordinator of the campus, the department that runs the class, and the academy office do this."
    ))  # fmt: skip
    if training_class.status not in EDITABLE:
        messages.error(request, _("This class is closed or cancelled, so it stays as it is."))
        return redirect("trainees:class_roster", code)
    form = ClassRulesForm(request.POST if request.method == "POST" else None, instance=copy.copy(training_class))
    if request.method == "POST" and form.is_valid():
        try:
            promoted = change_rules(training_class=training_class, rules=form.rules, by=request.user, now=timezone.now())
        except SchedulingRefused as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        else:
            messages.success(request, _("The rules are saved. Whoever has a seat keeps it."))
            if promoted:
                messages.success(request, ngettext(
                    "%(count)d person who waited has a seat now and was told.", "%(count)d people who waited have a seat now and were told.", len(promoted),
                ) % {"count": len(promoted)})  # fmt: skip
            return redirect("trainees:class_roster", code)
    return render(request, "trainees/class_rules.html", {"training_class": training_class, "form": form})
