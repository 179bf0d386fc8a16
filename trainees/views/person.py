"""The page of one person: posts, stage, roles, classes, hours, and who changed what."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from academy.access import is_office
from academy.models import PersonChange, PersonChangeKind, User
from academy.person_parts import parts_of
from academy.web.context_processors import address
from academy.web.paging import page_of

from ..merging.rows import unparted
from ..models import Enrolment, EnrolmentStatus, Trainee
from ..people.as_seen import as_seen
from ..people.duplicates import like
from ..people.finding import people_seen_by, status_of
from ..people.phones import reveal
from ..record.hours import progress
from .people import require_people

CLASSES_SHOWN, CHANGES_PER_PAGE = 10, 10
LARGEST_KEY = 2**62
BADGES = {
    EnrolmentStatus.BOOKED: "ok",
    EnrolmentStatus.COMPLETED: "ok",
    EnrolmentStatus.WAITLISTED: "wait",
    EnrolmentStatus.OFFERED: "wait",
}


def person_seen_by(user, pk: int) -> User:
    """Whoever stands in the list of the person who asks; anybody else is 404."""
    require_people(user)
    pk = min(pk, LARGEST_KEY)
    found = User.objects.filter(pk=pk, phone__startswith="1", merged_into__isnull=True)
    if not is_office(user):
        found = found.filter(pk__in=people_seen_by(user).values("user"))
    person = found.first()
    if person is None:
        raise Http404
    return person


@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    joined = User.objects.filter(pk=min(pk, LARGEST_KEY), merged_into__isnull=False).first()
    if joined is not None:  # the address of an entry that was joined leads to the one that stays
        return redirect("trainees:person", person_seen_by(request.user, joined.stays_as.pk).pk)
    return render_person(request, person_seen_by(request.user, pk))


@require_POST
def person_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with the whole number; the history says who looked."""
    found = person_seen_by(request.user, pk)
    return render_person(
        request, found, phone=reveal(person=found, by=request.user, now=timezone.now())
    )


def render_person(request: HttpRequest, person: User, phone: str = "") -> HttpResponse:
    now, viewer = timezone.now(), request.user
    trainee = (
        Trainee.objects.filter(user=person)
        .select_related("village__town", "position", "stage", "learner_group")
        .first()
    )
    joined = list(unparted(person).select_related("away"))
    changes = page_of(
        request,
        PersonChange.objects.filter(person__in=[person.pk, *(item.away_id for item in joined)])
        .exclude(kind=PersonChangeKind.REVEALED)
        .exclude(person__in=[item.away_id for item in joined], kind=PersonChangeKind.MERGED)
        .select_related("by"),
        CHANGES_PER_PAGE,
    )
    roles_url, explain_url = address("roles:role_list"), address("roles:can_do")
    return render(
        request,
        "trainees/people/person.html",
        {
            "person": person,
            "trainee": trainee,
            "phone": phone,
            "status": status_of(person, trainee),
            "postings": _postings(trainee),
            "stage_since": person.changes.filter(kind=PersonChangeKind.STAGE).first(),
            "grants": person.grants.select_related(
                "village__town", "campus", "town", "department", "granted_by"
            ).order_by("-valid_from", "-pk"),
            "today": timezone.localdate(now),
            "explain_url": (
                f"{explain_url}?person={person.pk}"
                if explain_url and viewer.has_perm("academy.explain_access")
                else ""
            ),
            "roles_url": f"{roles_url}?person={person.pk}" if roles_url else "",
            "parts": list(parts_of(person, viewer, now)),
            "changes": changes,
            "as_seen": as_seen(person),
            "alike": like(person, viewer) if viewer.has_perm("trainees.join_entries") else [],
            "joined": joined,
            "may": {
                "join": viewer.has_perm("trainees.join_entries", person),
                "change": viewer.has_perm("trainees.change_person", person),
                "path": trainee is not None
                and not trainee.is_light
                and not trainee.left_on
                and viewer.has_perm("trainees.decide_stage", trainee),
                # of practicums, which stands above: asked by name, and of the person
                "teaching": person.has_perm("practicums.prove_teaching"),
                "close": viewer.has_perm("trainees.close_account", person),
                "number": viewer.has_perm("trainees.change_number", person),
                "roles": bool(roles_url) and is_office(viewer),
            },
            **_record(request, trainee, now),
        },
    )


def _postings(trainee: Trainee | None) -> list:
    if trainee is None:
        return []
    return list(
        trainee.postings.select_related("village__town", "position").order_by(
            "is_extra", "-valid_from", "-pk"
        )
    )


def _record(request: HttpRequest, trainee: Trainee | None, now) -> dict:
    """Classes and hours; all classes with ?classes=all."""
    if trainee is None:
        return {}
    bookings = (
        Enrolment.objects.filter(trainee=trainee)
        .select_related("training_class", "village")
        .order_by("-training_class__starts_at", "-pk")
    )
    shows_all = request.GET.get("classes") == "all"
    shown = list(bookings if shows_all else bookings[: CLASSES_SHOWN + 1])
    return {
        "bookings": [
            (item, BADGES.get(item.status, "idle"))
            for item in (shown if shows_all else shown[:CLASSES_SHOWN])
        ],
        "has_more": not shows_all and len(shown) > CLASSES_SHOWN,
        "progress": progress(trainee, timezone.localdate(now).year, now),
    }


def who_closes() -> str:
    return _(
        "The academy office closes and opens accounts; those of the office itself an administrator"
        " does."
    )
