"""The list of people, growth stages for those ticked, and the list as a workbook."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.models import User
from academy.web.downloads import download

from ..forms.people import PeopleFilterForm, StagesForm, column_choices
from ..models import Trainee
from ..office_lists import PeopleList
from ..people.finding import (
    PersonFilters,
    listed_people,
    listed_staff,
    people_seen_by,
)
from ..people.people_export import USUAL, known, people_workbook
from ..people.stages import set_stages
from .colleagues import _keys as keys_in


def require_people(user) -> None:
    require(
        user,
        "trainees.see_people",
        who=_(
            "Village coordinators see the people of their village, street-towns those of their"
            " villages, the academy office everybody."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    require_people(request.user)
    return list_page(request, PeopleList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def people_stages(request: HttpRequest) -> HttpResponse:
    """Put those ticked at a stage: the form of the list leads here, the names are seen, then it is
    saved.
    """
    require_people(request.user)
    require(request.user, "trainees.change_person", who=who_changes())
    back = _list_address(request)
    if request.method != "POST":
        return redirect(back)
    ticked = people_seen_by(request.user).filter(pk__in=keys_in(request.POST.getlist("people")))
    chosen = list(
        ticked.filter(position__isnull=False)
        .select_related("user", "village__town", "position", "stage")
        .order_by("stroke_key", "pk")
    )
    if not chosen:
        messages.error(request, _("Tick at least one person first."))
        return redirect(back)
    form = StagesForm(request.POST if "stage" in request.POST else None)
    if form.is_valid() and "confirmed" in request.POST:
        try:
            changed = set_stages(
                people=Trainee.objects.filter(pk__in=[person.pk for person in chosen]),
                stage=form.cleaned_data["stage"],
                by=request.user,
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
                expected=_expected(request),
            )
        except PortalError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _stages_in_words(len(changed)))
            return redirect(back)
    stage = form.cleaned_data.get("stage") if form.is_bound and form.is_valid() else None
    return render(
        request,
        "trainees/people/stages.html",
        {
            "form": form,
            "people": chosen,
            "stage": stage,
            "to_change": [person for person in chosen if stage and person.stage_id != stage.pk],
            "back": back,
        },
    )


def _expected(request: HttpRequest) -> int:
    """How many the page said would change; a mistyped number fits nobody."""
    sent = request.POST.get("expected", "")
    return int(sent) if sent.isdecimal() and sent.isascii() and len(sent) < 6 else -1


def _stages_in_words(count: int) -> str:
    if not count:
        return _("All of them stood at this stage already; nothing was changed.")
    return ngettext(
        "The stage of %(count)d person is set, and they have been told.",
        "The stages of %(count)d people are set, and they have been told.",
        count,
    ) % {"count": count}


def _list_address(request: HttpRequest) -> str:
    filters = request.GET.urlencode()
    return reverse("trainees:people") + (f"?{filters}" if filters else "")


def who_changes() -> str:
    return _(
        "The street-town of the person and the academy office change what is on file. Tell them"
        " what is wrong."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def people_export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, or those ticked, with the columns chosen; phones stay masked."""
    require_people(request.user)
    sent = request.POST if request.method == "POST" else request.GET
    columns, today = known(sent.getlist("columns")), timezone.localdate()
    form = PeopleFilterForm(request.GET, user=request.user)
    filters = form.filters if form.is_valid() else None
    ticked = keys_in(sent.getlist("people"))
    if ticked:
        found, staff = listed_people(request.user, PersonFilters(), today), User.objects.none()
        found = found.filter(pk__in=ticked)
    elif filters is None:
        found, staff = Trainee.objects.none(), User.objects.none()
    else:
        found = listed_people(request.user, filters, today)
        staff = listed_staff(request.user, filters, today)
    if "download" in sent and columns:
        content = people_workbook(people=found, staff=staff, columns=columns, today=today)
        return download(content, f"人员-{today.isoformat()}.xlsx")
    if "download" in sent:
        messages.error(request, _("Tick at least one column first."))
    chosen = columns or USUAL
    return render(
        request,
        "trainees/people/export.html",
        {
            "columns": [(name, words, name in chosen) for name, words in column_choices()],
            "count": found.count() + staff.count(),
            "ticked": sorted(ticked),
            "back": _list_address(request),
            "query": urlencode(list(request.GET.items())),
        },
    )
