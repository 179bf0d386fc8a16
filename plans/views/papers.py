"""The templates of letters and forms: which counts, what it names, replacing it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.access import require
from academy.errors import PortalError
from academy.web.downloads import download

from ..forms import PaperTemplateForm
from ..models import PaperKind, PaperTemplate
from ..papers.fields import FIELDS
from ..papers.rendering import back_to_default, replace_template, template_of
from ..papers.template_check import LARGEST_FILE, fields_used


def _kind_or_404(kind: str) -> PaperKind:
    if kind not in PaperKind.values:
        raise Http404
    return PaperKind(kind)


def _require_office(user) -> None:
    require(
        user,
        "plans.replace_templates",
        who=_("Templates of letters and forms are replaced by the academy office."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def paper_templates(request: HttpRequest) -> HttpResponse:
    """Every kind of paper with its template; a file that is sent takes the place of one."""
    _require_office(request.user)
    form = PaperTemplateForm()
    if request.method == "POST":
        form = PaperTemplateForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                fields = replace_template(
                    kind=PaperKind(form.cleaned_data["kind"]),
                    content=file.read(LARGEST_FILE + 1),
                    name=file.name,
                    by=request.user,
                    now=timezone.now(),
                )
            except PortalError as error:
                form.add_error("file", str(error))
            else:
                messages.success(
                    request,
                    _("The template counts from now on. Fields in it: %(count)d.")
                    % {"count": len(fields)},
                )
                return redirect("plans:paper_templates")
    kept = {row.kind: row for row in PaperTemplate.objects.select_related("by").defer("content")}
    papers = [
        {
            "kind": kind,
            "kept": kept.get(kind),
            "used": fields_used(template_of(kind), kind),
            "known": [*FIELDS[kind][0].items()],
            "rows": FIELDS[kind][1],
            "of_row": [*FIELDS[kind][2].items()],
        }
        for kind in PaperKind
    ]
    status = 422 if form.errors else 200
    return render(
        request, "plans/paper_templates.html", {"form": form, "papers": papers}, status=status
    )


@require_safe
def paper_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The template that counts, as a file."""
    _require_office(request.user)
    paper = _kind_or_404(kind)
    return download(template_of(paper), f"{paper.label}.docx")


@require_POST
def paper_template_default(request: HttpRequest, kind: str) -> HttpResponse:
    _require_office(request.user)
    back_to_default(_kind_or_404(kind))
    messages.success(request, _("The portal's own template counts again."))
    return redirect("plans:paper_templates")
