"""Booking and cancelling for colleagues, and passing a seat on."""

from collections import Counter
from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.models import Village
from academy.search.index import MAX_QUERY_LENGTH
from courses.models import ClassStatus, TrainingClass

from ..errors import AlreadyEnrolled, BookingError, NotEligible, RepeatTraining
from ..forms.colleagues import ColleaguesForm, PassOnByPhoneForm, PassOnForm
from ..models import OPEN, Enrolment, EnrolmentStatus, Trainee
from ..on_behalf.colleagues import (
    MOST_AT_ONCE,
    Outcome,
    TooMany,
    book_colleagues,
    cancel_for_colleagues,
    found_among,
    people_of,
)
from ..on_behalf.passing_on import colleague_by_phone, pass_on
from .booking import require_trainee

BADGES = {
    "booked": "ok",
    "waitlisted": "wait",
    "offered": "wait",
    "withdrawn": "idle",
    "same": "note",
    "refused": "bad",
}
PER_PAGE = 50  # people of a village; fewer than one form takes, so that a page can be ticked whole
MOST_DIGITS = 18  # of a key


def _class_to_book(request: HttpRequest, code: str) -> TrainingClass:
    return get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus"), code=code
    )


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None


# --- For colleagues -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request: HttpRequest, code: str) -> HttpResponse:
    """The people of one village with a tick box each; booking and cancelling answer with a line for
    each person ticked.

    A large village is searched and shown by page. Its buttons send the form too, so that whoever is
    ticked stays so.
    """
    require(
        request.user,
        "trainees.book_for_colleagues",
        who=_("Village coordinators book for their village, street-towns for their villages."),
    )
    training_class = _class_to_book(request, code)
    mine = people_of(request.user)
    village, villages = _chosen_village(request, mine)
    people = mine.filter(village=village).order_by("stroke_key", "pk") if village else mine.none()
    sent, acts = request.POST, "book" in request.POST or "cancel" in request.POST
    ticked = list(people.filter(pk__in=_keys(sent.getlist("people"))))
    form = ColleaguesForm(
        sent if acts else None,
        ticked=ticked,
        initial={name: sent[name] for name in ("manner", "repeat_reason") if name in sent},
    )
    outcomes: list[Outcome] = []
    if form.is_valid():
        try:
            outcomes = _carry_out(request, form, training_class)
            # with the seats and the queue as they are now
            training_class = _class_to_book(request, code)
        except TooMany as error:
            form.add_error("people", str(error))
    # what somebody has to do something about comes first
    outcomes.sort(key=lambda outcome: outcome.kind != "refused")
    if acts and not form.errors:
        ticked = [outcome.trainee for outcome in outcomes if outcome.refusal]
    query, page = _page_of_people(request, people)
    enrolments = _live_enrolments(training_class, [*page, *ticked])
    if "all" in request.GET or "all" in sent:
        ticked += [
            person for person in page if person.pk not in enrolments and person not in ticked
        ]
    return render(
        request,
        "trainees/colleagues.html",
        {
            "training_class": training_class,
            "village": village,
            "villages": villages,
            "form": form,
            "most": MOST_AT_ONCE,
            "query": query,
            "page": page,
            "is_large": bool(query) or page.has_other_pages(),
            "rows": [(person, enrolments.get(person.pk), person in ticked) for person in page],
            "elsewhere": [
                (person, enrolments.get(person.pk), True)
                for person in ticked
                if person not in page.object_list
            ],
            "outcomes": [(outcome, BADGES.get(outcome.kind, "note")) for outcome in outcomes],
            "counts": Counter(outcome.kind for outcome in outcomes),
            "is_open": training_class.booking_is_open(timezone.now()),
        },
    )


def _keys(texts: Iterable[str]) -> set[int]:
    """The keys among what a form sends; anything else is nobody's."""
    return {
        int(text)
        for text in texts
        if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS
    }


def _page_of_people(request: HttpRequest, people):
    """What is searched for, and the page of those whom it finds; a new search begins at the
    first.
    """
    asked = request.POST if request.method == "POST" else request.GET
    query = asked.get("q", "").strip()[:MAX_QUERY_LENGTH]
    number = 1 if "find" in asked else asked.get("to_page") or asked.get("page")
    return query, Paginator(found_among(people, query) if query else people, PER_PAGE).get_page(
        number
    )


def _chosen_village(request: HttpRequest, people) -> tuple[Village | None, list[Village]]:
    """The village shown, and those to choose from; a coordinator has one, a street-town many."""
    inhabited = Exists(people.order_by().filter(village=OuterRef("pk")))
    villages = list(Village.objects.filter(inhabited).select_related("town").order_by("code"))
    wanted = request.POST.get("village") or request.GET.get("village")
    chosen = next((village for village in villages if village.code == wanted), None)
    return (
        chosen or (villages[0] if villages and (not wanted or len(villages) == 1) else None),
        villages,
    )


def _live_enrolments(
    training_class: TrainingClass, people: Iterable[Trainee]
) -> dict[int, Enrolment]:
    return {
        row.trainee_id: row
        for row in Enrolment.objects.live().filter(
            training_class=training_class, trainee__in=people
        )
    }


def _carry_out(
    request: HttpRequest, form: ColleaguesForm, training_class: TrainingClass
) -> list[Outcome]:
    now, chosen = timezone.now(), form.cleaned_data["people"]
    if "cancel" in request.POST:
        open_ones = Enrolment.objects.filter(
            training_class=training_class, trainee__in=chosen, status__in=OPEN
        )
        found = {
            row.trainee_id: row
            for row in open_ones.select_related("trainee__user", "training_class__campus")
        }
        done = cancel_for_colleagues(enrolments=found.values(), by=request.user, now=now)
        return done + [
            Outcome(person, refusal=_("has no booking in this class"))
            for person in chosen
            if person.pk not in found
        ]
    return book_colleagues(
        trainees=chosen,
        training_class=training_class,
        manner=form.cleaned_data["manner"],
        by=request.user,
        now=now,
        repeat_reason=form.cleaned_data["repeat_reason"],
    )


# --- One seat from hand to hand -------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on_own_seat(request: HttpRequest, code: str) -> HttpResponse:
    """The own seat to a colleague whose number one knows: trainees see no list of names."""
    training_class = _class_to_book(request, code)
    trainee = require_trainee(request.user)
    enrolment = Enrolment.objects.filter(
        trainee=trainee, training_class=training_class, status=EnrolmentStatus.BOOKED
    ).first()
    if enrolment is None or not _may_still_pass_on(training_class):
        messages.info(request, _("You have no seat in this class to pass on."))
        return redirect(training_class)
    form = PassOnByPhoneForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            to = colleague_by_phone(enrolment, form.cleaned_data["phone"])
            pass_on(
                enrolment=enrolment,
                to=to,
                by=request.user,
                now=timezone.now(),
                repeat_reason=form.cleaned_data["repeat_reason"],
            )
        except BookingError as error:
            form.add_error("phone", _for_a_colleague(error))
        else:
            messages.success(request, _("Passed on. Your colleague has the seat and was told."))
            return redirect(training_class)
    return render(
        request,
        "trainees/pass_on.html",
        {"training_class": training_class, "form": form, "back": training_class.get_absolute_url()},
    )


def _for_a_colleague(error: BookingError) -> str:
    """A refusal says what stands against the colleague's booking only as far as the colleague would
    want it known.
    """
    if isinstance(error, AlreadyEnrolled):
        return _("Your colleague has a seat in this class already.")
    if isinstance(error, RepeatTraining):
        return _(
            "Your colleague has taken this before. Say below why they take it again, or choose"
            " somebody else."
        )
    if isinstance(error, NotEligible):
        return _(
            "Your colleague cannot take this class: the post, the time or another rule does not"
            " fit. Choose somebody else."
        )
    return str(error)


@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff put a colleague of the same village in somebody's place."""
    require(
        request.user,
        "trainees.book_for_colleagues",
        who=_("Village coordinators book for their village, street-towns for their villages."),
    )
    people = people_of(request.user)
    booked = Enrolment.objects.filter(trainee__in=people).select_related(
        "trainee__user", "trainee__village", "training_class__campus"
    )
    enrolment = get_object_or_404(booked, pk=pk)
    training_class = enrolment.training_class
    back = redirect("trainees:colleagues", training_class.code)
    back["Location"] += f"?village={enrolment.trainee.village.code}"
    if enrolment.status != EnrolmentStatus.BOOKED or not _may_still_pass_on(training_class):
        messages.info(
            request, _("There is no seat to pass on: this booking has ended, or has no seat yet.")
        )
        return back
    seated = (
        Enrolment.objects.live()
        .filter(training_class=training_class)
        .exclude(status=EnrolmentStatus.WAITLISTED)
    )
    candidates = (
        people.filter(village=enrolment.village_id)
        .exclude(Q(pk=enrolment.trainee_id) | Q(pk__in=seated.values("trainee")))
        .order_by("stroke_key", "pk")
    )
    form = PassOnForm(_posted(request), people=candidates)
    if request.method == "POST" and form.is_valid():
        try:
            pass_on(
                enrolment=enrolment,
                to=form.cleaned_data["to"],
                by=request.user,
                now=timezone.now(),
                repeat_reason=form.cleaned_data["repeat_reason"],
            )
        except BookingError as error:
            form.add_error("to", str(error))
        else:
            messages.success(request, _("Swapped. Both have been told."))
            return back
    return render(
        request,
        "trainees/pass_on.html",
        {
            "training_class": training_class,
            "form": form,
            "enrolment": enrolment,
            "back": back["Location"],
            "nobody": not form.known,
        },
    )


def _may_still_pass_on(training_class: TrainingClass) -> bool:
    return training_class.status == ClassStatus.OPEN and not training_class.has_started(
        timezone.now()
    )
