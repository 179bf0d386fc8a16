"""Rosters: sending a file, how complete each street-town is, and telling the people it brought."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.imports import runs
from academy.imports.lists import STATUS_BADGES
from academy.imports.progress import told
from academy.imports.registry import runs_visible_to
from academy.lists.pages import is_step, list_page
from academy.models import ImportStatus, Town
from academy.spreadsheets.fields import SheetField, SheetForm
from academy.spreadsheets.opening import FileRefused
from academy.web.paging import page_of

from ..importers import RosterImporter
from ..models import Trainee
from ..office_lists import RosterList
from ..rosters import welcome
from ..rosters.places import with_gaps

PER_PAGE = 50
LAST_IMPORTS = 5
GAPS = {"stage": {"stage__isnull": True}, "posting": {"has_posting": False}}


class RosterForm(SheetForm):
    """The file."""

    file = SheetField()


def _require_rosters(user) -> None:
    require(
        user,
        "trainees.import_rosters",
        who=_("Street-towns send the roster of their own people; the academy office any."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@told
def rosters(request: HttpRequest) -> HttpResponse:
    _require_rosters(request.user)
    the_list = RosterList(request)
    if is_step(request):
        return list_page(request, the_list)
    now = timezone.now()
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(
                runs.preview(
                    kind=RosterImporter.kind,
                    content=file.content,
                    name=file.name,
                    by=request.user,
                    now=now,
                )
            )
        except FileRefused as refused:
            form.add_error("file", str(refused))
    town = _chosen_town(request, the_list.towns)
    return list_page(
        request,
        the_list,
        {
            "form": form,
            "importer": RosterImporter,
            "town": town,
            "runs": [
                (run, STATUS_BADGES[run.status])
                for run in runs_visible_to(request.user)
                .filter(kind=RosterImporter.kind)
                .exclude(status=ImportStatus.DISCARDED)
                .only("kind", "file_name", "status", "previewed_at", "imported_at", "user__name")
                .select_related("user")
                .order_by("-pk")[:LAST_IMPORTS]
            ],
            **(_people_of(request, town) if town else {}),
        },
    )


def _chosen_town(request: HttpRequest, towns: list[Town]) -> Town | None:
    """The town of the link; somebody's only town where it names none."""
    code = request.GET.get("town", "")
    if not code and len(towns) == 1:
        return towns[0]
    return next((town for town in towns if town.code == code), None)


def _people_of(request: HttpRequest, town: Town) -> dict:
    """The cadres of a town in the order of its villages; `lacks` keeps those with a gap."""
    lacks = request.GET.get("lacks", "")
    people = with_gaps(Trainee.objects.cadres().visible_to(request.user).filter(village__town=town))
    if lacks:
        people = people.filter(**GAPS[lacks]) if lacks in GAPS else people.none()
    page = page_of(
        request,
        people.select_related("user", "village", "position", "stage")
        .prefetch_related("postings__position")
        .order_by("village__code", "stroke_key", "pk"),
        PER_PAGE,
    )
    return {"people_page": page, "lacks": lacks, "people": [_line(person) for person in page]}


def _line(person: Trainee) -> dict:
    present = [posting for posting in person.postings.all() if posting.valid_to is None]
    return {
        "person": person,
        "since": next((post.valid_from for post in present if not post.is_extra), None),
        "extra": [post.position.name for post in present if post.is_extra],
    }


@require_POST
def tell_new_people(request: HttpRequest, pk: int) -> HttpResponse:
    _require_rosters(request.user)
    run = get_object_or_404(
        runs_visible_to(request.user).filter(
            kind=RosterImporter.kind, status=ImportStatus.IMPORTED
        ),
        pk=pk,
    )
    told = welcome.tell_new_people(run=run, now=timezone.now())
    if told:
        messages.success(
            request,
            ngettext(
                "%(count)d person is told how to log in.",
                "%(count)d people are told how to log in.",
                told,
            )
            % {"count": told},
        )
    else:
        messages.info(request, _("Everybody new has been told already."))
    return redirect(run)
