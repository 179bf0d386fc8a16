"""The staff's pages of the calendar."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page

from ..forms.classes import ClassForms
from ..models import TrainingClass
from ..office_lists import ClassList
from ..schedule.class_plans import SchedulingRefused
from ..schedule.scheduling import create_class, open_class


def _require_scheduler(user, permission: str) -> None:
    require(
        user, permission, who=_("Campuses, departments and the academy office schedule classes.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def manage_classes(request: HttpRequest) -> HttpResponse:
    _require_scheduler(request.user, "courses.view_schedule")
    return list_page(request, ClassList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def class_create(request: HttpRequest) -> HttpResponse:
    """A new class; it stays a draft unless it is opened at once, and is written whole or not at
    all.
    """
    _require_scheduler(request.user, "courses.add_trainingclass")
    forms = ClassForms(
        user=request.user,
        data=request.POST if request.method == "POST" else None,
        wished=request.GET,
    )
    if request.method == "POST" and not forms.adding and forms.is_valid():
        try:
            created = _create(forms, request)
        except SchedulingRefused as refused:
            forms.show(refused)
        except PortalError as refused:
            forms.form.add_error(None, str(refused))
        else:
            messages.success(request, class_saved(created))
            return redirect(
                "trainees:class_edit" if created.status == "draft" else "trainees:class_overview",
                created.code,
            )
    return render(
        request, "courses/class_form.html", {"forms": forms, "frame": "courses/new_class.html"}
    )


@transaction.atomic
def _create(forms: ClassForms, request: HttpRequest) -> TrainingClass:
    now = timezone.now()
    created = create_class(plan=forms.plan, by=request.user, now=now)
    forms.keep_answers(created, by=request.user, now=now)
    if request.POST.get("save") == "open":
        created = open_class(training_class=created, by=request.user, now=now)
    return created


def class_saved(training_class: TrainingClass) -> str:
    """What has become of a class that was saved."""
    if training_class.status == "draft":
        return _("Saved as a draft; only staff see it.")
    return _("Saved. “%(title)s” stands on the class list.") % {"title": training_class.title}
