"""A sheet of a structured discussion becomes a case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.errors import PortalError
from courses.models import TrainingClass
from trainees.classes.discussions import sheets_of

from .. import cases
from ..forms.cases import SheetCaseForm
from ..models import PracticeCase


@require_http_methods(["GET", "HEAD", "POST"])
def case_from_sheet(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Ask for the title and begin the draft; where there is one, lead to it."""
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus", "department"),
        code=code,
    )
    require(
        request.user,
        "trainees.comment_on_sheets",
        training_class,
        who=_("Whoever teaches in the class and whoever runs it make cases of its sheets."),
    )
    sheet = get_object_or_404(
        sheets_of(training_class).exclude(comment=""), number=min(number, 2**15)
    )
    there = PracticeCase.objects.filter(sheet=sheet).select_related("author").first()
    form = SheetCaseForm(
        request.POST if request.method == "POST" else None,
        initial={"title": sheet.discussion.question[:60]},
    )
    if request.method == "POST" and (there or form.is_valid()):
        title = "" if there else form.cleaned_data["title"]
        try:
            begun = cases.begin_from_sheet(
                sheet=sheet, title=title, by=request.user, now=timezone.now()
            )
        except PortalError as refused:
            messages.error(request, str(refused))
            return redirect("trainees:discussion_sheet", code, number)
        if PracticeCase.objects.worked_on_by(request.user).filter(pk=begun.pk).exists():
            messages.success(
                request, _("The draft is yours. Write what came of it, then hand it in.")
            )
            return redirect("practicums:manage_case", begun.code)
        there = begun
    return render(
        request,
        "practicums/case_from_sheet.html",
        {
            "training_class": training_class,
            "sheet": sheet,
            "form": form,
            "case": there,
            "is_own": there is not None
            and PracticeCase.objects.worked_on_by(request.user).filter(pk=there.pk).exists(),
        },
    )
