"""授课与带教证明 on the screen and as a PDF: one's own, that of a person or of an expert."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.access import require
from academy.web.downloads import download
from courses.models import Expert
from trainees.certificates.pdf import PdfNotMade, table_pdf_of
from trainees.views.hours import year_of
from trainees.views.person import person_seen_by

from ..teaching_paper import paper_of
from ..teaching_statements import (
    Teacher,
    statement_of,
    teacher_named,
    teacher_of,
    years_of,
)


@require_safe
def my_teaching_statement(request: HttpRequest) -> HttpResponse:
    return _answer(request, teacher_of(request.user), "practicums/my_teaching_statement.html")


@require_safe
def person_teaching(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a person, for whoever may open the page of that person."""
    person = person_seen_by(request.user, pk)
    back = reverse("trainees:person", args=[person.pk])
    return _answer(request, teacher_of(person), "practicums/teaching_statement.html", back=back)


@require_safe
def expert_teaching(request: HttpRequest, code: str) -> HttpResponse:
    """Of an entry of the register, with or without an account."""
    expert = get_object_or_404(
        Expert.objects.visible_to(request.user).select_related("user", "village__town"), code=code
    )
    require(
        request.user,
        "practicums.see_teaching",
        expert,
        who=_(
            "The academy office prints this statement, and whoever runs a class that the teacher"
            " taught in."
        ),
    )
    teacher = teacher_named(expert)
    return _answer(
        request, teacher, "practicums/teaching_statement.html", back=expert.get_absolute_url()
    )


def _answer(
    request: HttpRequest, teacher: Teacher, template: str, *, back: str = ""
) -> HttpResponse:
    """The page, or with `?pdf` the file; where none can be made the page says so."""
    year, now = year_of(request), timezone.now()
    statement = statement_of(teacher, year, viewer=request.user, now=now)
    paper = paper_of(statement)
    if "pdf" in request.GET:
        try:
            return download(table_pdf_of(paper), f"授课与带教证明-{year}.pdf")
        except PdfNotMade as refused:
            messages.error(request, str(refused))
            return redirect(f"{request.path}?year={year}")
    this_year = timezone.localdate(now).year
    return render(
        request,
        template,
        {
            "teacher": teacher,
            "statement": statement,
            "paper": paper,
            "back": back,
            "years": years_of(teacher, request.user, this_year, year),
        },
    )
