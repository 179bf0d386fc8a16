"""People who may be on file twice: the list, two entries side by side, joining them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.models import PersonMerge, User

from ..forms.duplicates import JoinForm
from ..merging.joining import Joined, against, join, try_to_join
from ..merging.side_by_side import lines_of
from ..office_lists import DuplicateList
from ..people.as_seen import as_seen
from ..people.duplicates import different
from ..people.finding import people_seen_by
from .colleagues import _keys as keys_in
from .people import require_people
from .person import LARGEST_KEY, person_seen_by

CHOICE = "clash-"  # before the key of two bookings, in the names of fields


def who_joins() -> str:
    return _(
        "The academy office joins entries; street-towns those of their own cadres without further"
        " roles, an administrator those of the office. Nobody joins their own."
    )


def require_joining(user) -> None:
    require_people(user)
    require(user, "trainees.join_entries", who=who_joins())


@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest) -> HttpResponse:
    require_joining(request.user)
    return list_page(request, DuplicateList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def compare_ticked(request: HttpRequest) -> HttpResponse:
    """The list of people sends two that were ticked."""
    require_joining(request.user)
    sent = request.POST if request.method == "POST" else request.GET
    ticked = people_seen_by(request.user).filter(pk__in=keys_in(sent.getlist("people")))
    keys = list(ticked.order_by("pk").values_list("user", flat=True)[:3])
    if len(keys) != 2:
        messages.error(request, _("Tick exactly two people to compare them."))
        return redirect("trainees:people")
    return redirect("trainees:duplicate_pair", *keys)


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate_pair(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Side by side; then what joining would do; then it is done."""
    if first == second:
        require_joining(request.user)
        messages.error(request, _("This is one entry, not two."))
        return redirect("trainees:duplicates")
    people = _pair(request, first, second)
    if any(person.merged_into_id for person in people):
        return _already(request, people)
    is_sent = request.method == "POST" and "again" not in request.POST
    form = JoinForm(request.POST if request.method == "POST" else None, people=people)
    joined: Joined | None = None
    if is_sent and form.is_valid():
        survivor, away, takes_number = form.chosen
        seen = {str(person.pk): request.POST.get(f"as_seen-{person.pk}", "") for person in people}
        how = {
            "survivor": survivor,
            "away": away,
            "takes_number": takes_number,
            "choices": _choices(request),
            "reason": form.cleaned_data["reason"],
            "based_on": (seen[str(survivor.pk)], seen[str(away.pk)]),
            "by": request.user,
            "now": timezone.now(),
        }
        try:
            if "confirmed" in request.POST:
                merge = join(expected=request.POST.get("expected", ""), **how)
                messages.success(
                    request, _("The two entries of %(name)s are one now.") % {"name": survivor.name}
                )
                return redirect("trainees:merge", merge.pk)
            joined = try_to_join(**how)
        except PortalError as refused:
            form.add_error(None, str(refused))
            people = _pair(request, first, second)
    return render(
        request,
        "trainees/people/pair.html",
        {
            "people": people,
            "lines": lines_of(people, timezone.now()),
            "form": form,
            "joined": joined,
            "as_seen": [(person.pk, as_seen(person)) for person in people],
            "in_the_way": _in_the_way(people, request.user),
        },
    )


def _in_the_way(people: tuple[User, User], by: User) -> list[str]:
    """What stands against joining the two, whichever stays."""
    one, other = people
    first, second = against(one, other, by=by), against(other, one, by=by)
    return [sentence for sentence in first if sentence in second]


def _pair(request: HttpRequest, first: int, second: int) -> tuple[User, User]:
    """The two, if whoever asks may join them; an entry that was joined is there as well."""
    people = tuple(entry_seen_by(request.user, pk) for pk in (first, second))
    for person in people:
        require(request.user, "trainees.join_entries", person, who=who_joins())
    return people


def entry_seen_by(user, pk: int) -> User:
    """An entry whose page the person may open, or that was joined with one they may."""
    require_people(user)
    found = User.objects.filter(pk=min(pk, LARGEST_KEY)).select_related("merged_into").first()
    if found is None:
        raise Http404
    person_seen_by(user, found.stays_as.pk)
    return found


def _choices(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix(CHOICE): value
        for name, value in request.POST.items()
        if name.startswith(CHOICE)
    }


def _already(request: HttpRequest, people: tuple[User, User]) -> HttpResponse:
    """A second click, or a page that is old: what was joined is shown."""
    merge = PersonMerge.objects.filter(
        survivor__in=people, away__in=people, parted_at__isnull=True
    ).first()
    if merge is not None:
        messages.info(request, _("These two entries are one already; nothing was changed."))
        return redirect("trainees:merge", merge.pk)
    joined = next(person for person in people if person.merged_into_id)
    messages.info(
        request, _("%(name)s has been joined with another entry already.") % {"name": joined.name}
    )
    return redirect("trainees:person", joined.stays_as.pk)


@require_POST
def different_people(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Two people: they are not offered again."""
    one, other = _pair(request, first, second)
    try:
        different(first=one, second=other, by=request.user, now=timezone.now())
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("Kept: %(one)s and %(other)s are two people and are not offered again.")
            % {"one": one.name, "other": other.name},
        )
    return redirect("trainees:duplicates")
