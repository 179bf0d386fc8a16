"""The roster of a class as a workbook: choosing columns, keeping the choice, downloading."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.errors import PortalError
from academy.web.downloads import download

from ..classes import roster_export
from ..classes.roster import people_of
from ..workspace.frame import PEOPLE
from .attendance import class_run_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def export_roster(request: HttpRequest, code: str) -> HttpResponse:
    """Choose columns, download, keep a choice or delete a kept one. Who may is asked each time.

    A kept choice is a link with `download`; the form is sent by POST, so that its token stands in
    no address.
    """
    training_class = class_run_by(request.user, code)
    sent = request.POST if request.method == "POST" else request.GET
    asked = roster_export.known(sent.getlist("columns"))
    if "download" in sent and asked:
        content = roster_export.roster_workbook(
            training_class=training_class, people=list(people_of(training_class)), columns=asked
        )
        return download(
            content, f"学员名单-{training_class.title}-{timezone.localdate().isoformat()}.xlsx"
        )
    if "download" in sent:
        messages.error(request, _("Tick at least one column first."))
    elif request.method == "POST":
        return _change_templates(request, code)
    chosen = asked or list(roster_export.USUAL)
    return render_tab(
        request,
        training_class,
        PEOPLE,
        "trainees/roster_export.html",
        {
            "columns": [(name, words, name in chosen) for name, words in roster_export.choices()],
            "templates": [
                (item, urlencode([("columns", name) for name in item.columns]))
                for item in request.user.export_templates.all()
            ],
        },
    )


def _change_templates(request: HttpRequest, code: str) -> HttpResponse:
    here, columns = reverse("trainees:export_roster", args=[code]), request.POST.getlist("columns")
    if name := request.POST.get("delete", ""):
        request.user.export_templates.filter(name=name).delete()
        messages.success(request, _("The template is deleted."))
        return redirect(here)
    try:
        kept = roster_export.keep(
            owner=request.user, name=request.POST.get("name", ""), columns=columns
        )
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Kept as “%(name)s”.") % {"name": kept.name})
    return redirect(
        f"{here}?{urlencode([('columns', column) for column in roster_export.known(columns)])}"
    )
