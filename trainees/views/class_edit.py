"""Changing a class: new seats go to whoever waits, in the same transaction, so this page lives where the queue does."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.access import require
from courses.class_forms import ClassForms
from courses.models import TrainingClass
from courses.scheduling import EDITABLE, SchedulingRefused, change_class, open_class, refuse_over
from courses.views.manage import class_saved

from ..booking import lock, promote


@require_http_methods(["GET", "HEAD", "POST"])
def class_edit(request: HttpRequest, code: str) -> HttpResponse:
    training_class = get_object_or_404(TrainingClass.objects.visible_to(request.user).select_related("campus"), code=code)
    require(request.user, "courses.change_trainingclass", training_class, who=_(
        "The coordinator of the campus, the department that runs the class, and the academy office do this."
    ))  # fmt: skip
    if training_class.status not in EDITABLE:
        messages.error(request, _("This class is closed or cancelled, so it stays as it is."))
        return redirect("trainees:class_roster", code)
    posted = request.method == "POST"
    forms = ClassForms(user=request.user, data=request.POST if posted else None, training_class=training_class)
    if posted and not forms.adding and forms.is_valid():
        try:
            saved, promoted = _save(request, training_class, forms)
        except SchedulingRefused as refused:
            forms.show(refused)
        else:
            messages.success(request, class_saved(saved))
            if promoted:
                messages.success(request, ngettext(
                    "%(count)d person who waited has a seat now and was told.", "%(count)d people who waited have a seat now and were told.", promoted,
                ) % {"count": promoted})  # fmt: skip
            return redirect("trainees:class_edit" if saved.status == "draft" else "trainees:class_roster", code)
    return render(request, "courses/class_form.html", {"forms": forms, "training_class": training_class})


@transaction.atomic
def _save(request: HttpRequest, training_class: TrainingClass, forms: ClassForms) -> tuple[TrainingClass, int]:
    now = timezone.now()
    locked = lock(training_class)
    refuse_over(locked)
    saved = change_class(training_class=locked, plan=forms.plan, by=request.user, now=now)
    if request.POST.get("save") == "open":
        saved = open_class(training_class=saved, by=request.user, now=now)
    return saved, len(promote(training_class=saved, now=now))
