"""What a trainee does at a class: book, wait, cancel."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.db.models import FilteredRelation, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.web.qr import qr_picture
from courses.models import ClassStatus, TrainingClass

from ..booking.approval_state import approval_in_words, approval_of
from ..booking.enrolling import book
from ..booking.questions import may_write
from ..booking.slots import slot_groups_for
from ..booking.withdrawing import may_cancel_seat, withdraw
from ..errors import AlreadyEnrolled, BookingError
from ..me.queue_words import words_of_first_timers
from ..me.ticket import ticket_of
from ..models import LIVE, Enrolment, EnrolmentStatus, Trainee
from ..petitions.requests import ask_to_withdraw
from ..seats.counting import Place, places_of
from ..statements import class_to_book, person_to_book


def trainee_of(user) -> Trainee | None:
    return Trainee.objects.of(user)


def require_trainee(user, read: Callable[..., Trainee | None] = trainee_of) -> Trainee:
    """The person's profile; 403 with a sentence for whoever has none."""
    trainee = read(user)  # first: the predicate then finds the profile at hand
    require(
        user,
        "trainees.book",
        who=_(
            "Only trainees can book. If you should be one, ask your street-town or the academy"
            " office."
        ),
    )
    return trainee


def at_the_class(user, training_class: TrainingClass) -> tuple[Trainee | None, Enrolment | None]:
    """The person's profile and what they have booked here, with its approval; one query for
    both.
    """
    if not user.is_authenticated:
        return None, None
    live_here = Q(enrolments__training_class=training_class, enrolments__status__in=LIVE)
    trainee = (
        Trainee.objects.filter(user=user)
        .with_profile()
        .annotate(here=FilteredRelation("enrolments", condition=live_here))
        .select_related("here__approval")
        .first()
    )
    if trainee is not None:
        trainee.user = user
    return trainee, getattr(trainee, "here", None)  # without a booking the attribute is missing


@dataclass(frozen=True)
class When:
    """First and last day of a class."""

    first: date
    last: date
    spares_weekends: bool


@dataclass(frozen=True)
class Where:
    """What all lessons share: the floor, and whether there is a way without steps."""

    floor: str
    step_free: bool


@dataclass(frozen=True)
class Kept:
    """Free seats that are kept for towns (other than the reader's) and when they are open to
    all.
    """

    seats: int
    until: datetime | None


@require_http_methods(["GET", "HEAD", "POST"])
def book_class(request: HttpRequest, code: str) -> HttpResponse:
    """A GET is somebody who had to log in again after the tap: back to the class, where the button
    is.
    """
    training_class = class_to_book(code) or get_object_or_404(
        TrainingClass.objects.visible_to(request.user), code=code
    )
    if request.method != "POST":
        return redirect(training_class)
    trainee = require_trainee(request.user, person_to_book)
    try:
        enrolment = book(
            trainee=trainee,
            training_class=training_class,
            by=request.user,
            now=timezone.now(),
            repeat_reason=request.POST.get("repeat_reason", ""),
        )
    except AlreadyEnrolled as error:  # tapped twice: not a fault
        messages.info(request, str(error))
    except BookingError as error:
        messages.error(request, str(error))
    else:
        done, *more = _booked_in_words(enrolment, training_class)
        messages.success(request, done)
        for words in more:
            messages.info(request, words)
        if (
            training_class.needs_approval
            and (approval := approval_of(enrolment))
            and approval.is_pending
        ):
            messages.info(request, approval_in_words(approval))
        if enrolment.holds_a_seat and not enrolment.is_offered:
            return redirect("trainees:booked", training_class.code)
    return redirect(training_class)


@require_http_methods(["GET", "HEAD"])
def booked(request: HttpRequest, code: str) -> HttpResponse:
    """What one needs to know after booking: when, where, what to bring, what follows, whom to
    call. Whoever has no seat is led to the class.
    """
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus__town"), code=code
    )
    trainee = require_trainee(request.user)
    seat = Enrolment.objects.filter(
        trainee=trainee, training_class=training_class, status=EnrolmentStatus.BOOKED
    ).first()
    ticket = seat and ticket_of(seat, training_class, timezone.now())
    if ticket is None:
        return redirect(training_class)
    return render(
        request,
        "trainees/booked.html",
        {
            "training_class": training_class,
            "ticket": ticket,
            "code": qr_picture(ticket.code),
            "enrolment": seat,
            "may_write": may_write(seat, training_class, timezone.now()),
            "slot_groups": slot_groups_for(seat, training_class, timezone.now()),
        },
    )


def _booked_in_words(enrolment: Enrolment, training_class: TrainingClass) -> list[str]:
    # none as well where a seat came free within the moment
    if place := places_of([enrolment]).get(enrolment.pk):
        waits = _(
            "You are on the waiting list: %(place)s. A seat that comes free is kept for you, and"
            " you are told."
        ) % {"place": place_in_words(place)}
        rule = words_of_first_timers(training_class, place, enrolment.priority)
        return [waits, rule] if rule else [waits]
    booked = ngettext(
        "Booked. The lesson is in “My classes”; you are told at once when its time or room"
        " changes.",
        "Booked. The %(count)d lessons are in “My classes”; you are told at once when a time or"
        " room changes.",
        training_class.lesson_count,
    )
    return [booked % {"count": training_class.lesson_count}]


def place_in_words(place: Place) -> str:
    """第 2 位, or 大场镇名额第 1 位，全区第 4 位 where the two differ."""
    if place.town and place.number != place.overall:
        return _("place %(number)d for the seats of %(town)s, place %(overall)d in all") % {
            "number": place.number,
            "town": place.town,
            "overall": place.overall,
        }
    return _("place %(number)d") % {"number": place.number}


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_booking(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks once, POST does it; both work without JavaScript."""
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus"), code=code
    )
    trainee = require_trainee(request.user)
    enrolment = (
        Enrolment.objects.live().filter(trainee=trainee, training_class=training_class).first()
    )
    if enrolment is None:
        messages.info(
            request, _("You have no booking in this class, so there is nothing to cancel.")
        )
        return redirect(training_class)
    now = timezone.now()
    may_cancel = (
        not enrolment.holds_a_seat or enrolment.is_offered or may_cancel_seat(training_class, now)
    )
    if request.method != "POST":
        return render(
            request,
            "trainees/cancel_booking.html",
            {
                "training_class": training_class,
                "enrolment": enrolment,
                "may_cancel": may_cancel,
                "may_ask": (
                    not may_cancel
                    and training_class.status == ClassStatus.OPEN
                    and not training_class.has_started(now)
                ),
                "asked": None if may_cancel else enrolment.late_withdrawals.order_by("-pk").first(),
            },
        )
    try:
        if not may_cancel and "reason" in request.POST:
            ask_to_withdraw(
                enrolment=enrolment, reason=request.POST["reason"], by=request.user, now=now
            )
            messages.success(
                request,
                _(
                    "Asked. The coordinator answers, and you are told; until then the seat is"
                    " yours."
                ),
            )
            return redirect(training_class)
        withdraw(enrolment=enrolment, by=request.user, now=now)
    except BookingError as error:
        messages.error(request, str(error))
        return (
            redirect("trainees:cancel", code)
            if "reason" in request.POST
            else redirect(training_class)
        )
    messages.success(
        request,
        (
            _("Cancelled. You may book again any time while booking is open.")
            if enrolment.status == EnrolmentStatus.BOOKED
            else _("You have left the waiting list.")
        ),
    )
    return redirect("portal:me")
