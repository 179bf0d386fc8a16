"""Materials of lessons: kept by whoever runs the class, read by those who have a seat in it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.errors import PortalError
from academy.uploads.keeping import attachment
from courses.models import TrainingClass

from ..classes.materials import add_material, may_read, put_back, take_away
from ..forms.materials import MaterialForm
from ..models import LessonMaterial
from ..workspace.frame import RECORDS
from .attendance import class_run_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def class_materials(request: HttpRequest, code: str) -> HttpResponse:
    """What is there for each lesson, and a form for one file more."""
    training_class = class_run_by(request.user, code)
    form = MaterialForm(request.POST or None, request.FILES or None, training_class=training_class)
    if request.method == "POST" and form.is_valid():
        try:
            material = add_material(
                lesson=form.cleaned_data["lesson"],
                title=form.cleaned_data["title"],
                file=form.checked,
                by=request.user,
                now=timezone.now(),
            )
        except PortalError as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(
                request,
                _("“%(title)s” stands beside the lesson now; those who have a seat can read it.")
                % {"title": material.title},
            )
            return redirect("trainees:class_materials", code=code)
    materials = LessonMaterial.objects.filter(lesson__training_class=training_class)
    return render_tab(
        request,
        training_class,
        RECORDS,
        "trainees/class_materials.html",
        {
            "form": form,
            "materials": materials.select_related("lesson", "added_by"),
        },
    )


@require_POST
def change_material(request: HttpRequest, key) -> HttpResponse:
    """Take a file away, or put it back."""
    material = get_object_or_404(
        LessonMaterial.objects.select_related("lesson__training_class"), key=key
    )
    code = material.lesson.training_class.code
    class_run_by(request.user, code)
    if request.POST.get("action") == "back":
        put_back(material=material)
        messages.success(request, _("It can be read again."))
    else:
        take_away(material=material, now=timezone.now())
        messages.success(request, _("It can no longer be read. You can put it back below."))
    return redirect("trainees:class_materials", code=code)


@require_safe
def material(request: HttpRequest, key) -> HttpResponse:
    """The file, for those who may read it; for all others it does not exist."""
    found = get_object_or_404(
        LessonMaterial.objects.select_related("lesson__training_class"), key=key
    )
    training_class: TrainingClass = found.lesson.training_class
    if found.removed_at or not may_read(request.user, training_class):
        raise Http404
    return attachment(found.file, name=found.original_name, content_type=found.content_type)
