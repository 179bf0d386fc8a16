"""Moving somebody to another unit, ending a post, adding one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.errors import PortalError

from ..forms.people import AddPostForm, EndPostForm
from ..models import Trainee
from ..on_behalf.postings import add_post, end_post, move, try_move
from ..on_behalf.seats_ahead import keys_of, seats_ahead
from ..people.as_seen import as_seen
from ..people.posts import open_postings
from .people import who_changes
from .person import LARGEST_KEY, person_seen_by


def _changed(request: HttpRequest, pk: int):
    """The person, if whoever asks may change them, and their training profile."""
    person = person_seen_by(request.user, pk)
    require(request.user, "trainees.change_person", person, who=who_changes())
    trainee = (
        Trainee.objects.filter(user=person)
        .select_related("village__town", "position", "learner_group")
        .first()
    )
    return person, trainee


@require_http_methods(["GET", "HEAD", "POST"])
def person_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, then what becomes of the seats ahead, then the move."""
    person, trainee = _changed(request, pk)
    if trainee is None or trainee.is_light or trainee.left_on:
        messages.info(request, _("There is no post to move; add one instead."))
        return redirect("trainees:person_add_post", pk)
    form = AddPostForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        initial={"village": trainee.village.code, "position": trainee.position_id},
    )
    moved, seen = None, as_seen(person)
    if request.method == "POST" and "again" not in request.POST and form.is_valid():
        where = form.cleaned_data | {
            "person": person,
            "based_on": request.POST.get("as_seen", ""),
            "by": request.user,
            "now": timezone.now(),
        }
        try:
            if "confirmed" in request.POST:
                move(expected=request.POST.get("expected", ""), **where)
                return _after_the_move(request, person)
            moved = try_move(**where)
        except PortalError as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        "trainees/people/move.html",
        {
            "person": person,
            "trainee": trainee,
            "form": form,
            "moved": moved,
            "expected": keys_of(moved.fates) if moved else "",
            "grants": person.grants.current(timezone.localdate()).select_related(
                "village", "campus", "town", "department"
            ),
            "as_seen": seen,
        },
    )


def _after_the_move(request: HttpRequest, person) -> HttpResponse:
    """Whoever moved somebody out of their own street-town does not see the person any more."""
    messages.success(
        request, _("%(name)s has been moved and has been told.") % {"name": person.name}
    )
    try:
        person_seen_by(request.user, person.pk)
    except Http404:
        return redirect("trainees:people")
    return redirect("trainees:person", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def person_add_post(request: HttpRequest, pk: int) -> HttpResponse:
    person, trainee = _changed(request, pk)
    form = AddPostForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            add_post(
                person=person,
                **form.cleaned_data,
                based_on=request.POST.get("as_seen", ""),
                by=request.user,
                now=timezone.now(),
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("The post is on file, and %(name)s has been told.") % {"name": person.name},
            )
            return redirect("trainees:person", pk)
    return render(
        request,
        "trainees/people/add_post.html",
        {
            "person": person,
            "trainee": trainee,
            "holds_one": trainee is not None and not trainee.is_light and not trainee.left_on,
            "form": form,
            "as_seen": as_seen(person),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def person_end_post(request: HttpRequest, pk: int, posting: int) -> HttpResponse:
    """The last day of a post; where it is the last one, what becomes of the seats ahead."""
    person, trainee = _changed(request, pk)
    held = open_postings(trainee) if trainee else []
    found = next((item for item in held if item.pk == min(posting, LARGEST_KEY)), None)
    if found is None:
        messages.info(request, _("This post has ended already; nothing was changed."))
        return redirect("trainees:person", pk)
    now = timezone.now()
    ahead = list(seats_ahead(trainee, now)) if len(held) == 1 else []
    form = EndPostForm(
        request.POST if request.method == "POST" else None, asks_about_seats=bool(ahead)
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            ended = end_post(
                person=person,
                posting=found,
                on=typed["on"],
                reason=typed["reason"],
                gives_seats_up=typed.get("seats") == "give_up",
                based_on=request.POST.get("as_seen", ""),
                by=request.user,
                now=now,
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _ended_in_words(person.name, len(ended)))
            return redirect("trainees:person", pk)
    return render(
        request,
        "trainees/people/end_post.html",
        {
            "person": person,
            "posting": found,
            "is_last": len(held) == 1,
            "ahead": ahead,
            "form": form,
            "as_seen": as_seen(person),
        },
    )


def _ended_in_words(name: str, count: int) -> str:
    said = _("The post of %(name)s has ended, and they have been told.") % {"name": name}
    if count:
        said += ngettext(
            " %(count)d booking ended with it.", " %(count)d bookings ended with it.", count
        ) % {"count": count}
    return said
