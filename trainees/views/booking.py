"""The class page and what a trainee does there: book, wait, cancel; and 我的班, the list of own
bookings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import FilteredRelation, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from academy.access import require
from academy.prepared import Prepared
from academy.web.paging import page_of
from courses.models import HELD, ClassStatus, Course, CourseStatus, Lesson, SeatPool, TrainingClass
from courses.schedule.class_index import season_in_words
from courses.schedule.places import load_places

from ..booking.approvals import approval_in_words, approval_of, refusal_of
from ..booking.enrolling import book, may_cancel_seat, withdraw
from ..classes.change_notices import alternatives_to
from ..eligibility.interest import is_interested
from ..eligibility.reasons import reasons_for
from ..eligibility.repeats import next_level
from ..eligibility.requirements import requirements_of
from ..errors import AlreadyEnrolled, BookingError, Reason
from ..me.answers import questions_to
from ..models import LIVE, Enrolment, EnrolmentStatus, Trainee
from ..on_behalf.requests import ask_to_withdraw
from ..rules import books_for_colleagues
from ..seats.chances import chances_of
from ..seats.counting import Outlook, Place, fold_due, outlook, own_quota, places_of

PAST_PER_PAGE = 20
# asks nothing of the person
PUBLISHED = Prepared(
    lambda code: TrainingClass.objects.published().filter(code=code), texts=["code"]
)
# states in which another class of the kind helps
WITHOUT_A_SEAT = ("cancelled", "refused", "full", "wait", "booking_closed", "waitlisted")
LESSONS = Prefetch(
    "lessons",
    Lesson.objects.select_related(
        "course_version__course__track", "venue__campus", "expert"
    ).order_by("starts_at", "number"),
)
AT_THE_CLASS = Prepared(
    lambda user, training_class: (
        Trainee.objects.filter(user=user)
        .with_profile()
        .annotate(
            here=FilteredRelation(
                "enrolments",
                condition=Q(enrolments__training_class=training_class, enrolments__status__in=LIVE),
            )
        )
        .select_related("here__approval")
    )
)


def trainee_of(user) -> Trainee | None:
    return Trainee.objects.of(user)


def require_trainee(user) -> Trainee:
    """The person's profile; 403 with a sentence for whoever has none."""
    trainee = trainee_of(user)  # first: the predicate then finds the profile at hand
    require(
        user,
        "trainees.book",
        who=_(
            "Only trainees can book. If you should be one, ask your street-town or the academy"
            " office."
        ),
    )
    return trainee


def _at_the_class(user, training_class: TrainingClass) -> tuple[Trainee | None, Enrolment | None]:
    """The person's profile and what they have booked here, with its approval; one query for
    both.
    """
    trainee = (
        next(iter(AT_THE_CLASS(user=user.pk, training_class=training_class.pk)), None)
        if user.is_authenticated
        else None
    )
    if trainee is not None:
        trainee.user = user
    return trainee, getattr(trainee, "here", None)  # without a booking the attribute is missing


# --- The class page -------------------------------------------------------------------------------


@login_not_required
@require_GET
def class_page(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    classes = (
        TrainingClass.objects.visible_to(request.user)
        .select_related("campus")
        .prefetch_related(LESSONS, "pools")
    )
    training_class = get_object_or_404(classes, code=code)
    lessons, pools = list(training_class.lessons.all()), list(training_class.pools.all())
    training_class.places = training_class.places_of(lessons)
    fold_due(pools, now)
    training_class.seats_taken_total = sum(pool.seats_taken for pool in pools)
    requirements = requirements_of([training_class.pk])[training_class.pk]
    trainee, enrolment = _at_the_class(request.user, training_class)
    # whoever comes back when booking opens shall not come in vain
    may_book_some_time = _state(training_class, now) in ("", "not_yet")
    reasons = (
        reasons_for(trainee, training_class, now, requirements)
        if trainee and may_book_some_time and enrolment is None
        else []
    )
    state = (
        _enrolled_state(enrolment)
        or _state(training_class, now)
        or _own_state(request.user, trainee, training_class, pools, reasons, now)
    )
    place = places_of([enrolment]).get(enrolment.pk) if enrolment else None
    return render(
        request,
        "trainees/class_page.html",
        {
            "training_class": training_class,
            "season": season_in_words(training_class.season),
            "lessons": lessons,
            "published": CourseStatus.PUBLISHED,
            "retired": CourseStatus.RETIRED,
            "when": _when(lessons),
            "where": _where(training_class, lessons),
            "audiences": list(requirements.positions.values()),
            "groups": list(requirements.groups.values()),
            "state": state,
            "interested": (
                trainee is not None
                and training_class.gauges_interest
                and is_interested(trainee, training_class)
            ),
            "alternatives": (
                alternatives_to(training_class, now, trainee)
                if (enrolment and training_class.sequence) or state in WITHOUT_A_SEAT
                else []
            ),
            "enrolment": enrolment,
            "approval": approval_in_words(approval_of(enrolment)),
            "not_approved": (
                refusal_of(trainee, training_class)
                if trainee and enrolment is None and training_class.needs_approval
                else None
            ),
            "place": place,
            "next_place": training_class.waiting_count + 1,
            "next_lesson": next((lesson for lesson in lessons if lesson.ends_at > now), None),
            "may_cancel": (
                enrolment is not None
                and (enrolment.is_waiting or may_cancel_seat(training_class, now))
            ),
            "trainee": trainee,
            "reasons": reasons,
            "rules": _with_ways_out(reasons),
            "next_level": (
                next_level({lesson.course_version.course_id for lesson in lessons})
                if state == "repeat"
                else []
            ),
            "chance": (
                chances_of({training_class.pk: place}, [training_class]).get(training_class.pk)
                if place
                else None
            ),
            "quota": own_quota(trainee.village.town_id, pools) if trainee else None,
            "kept": _kept(pools, trainee),
            "may_pass_on": (
                enrolment is not None
                and not trainee.is_light
                and enrolment.status == EnrolmentStatus.BOOKED
                and training_class.status == ClassStatus.OPEN
                and not training_class.has_started(now)
            ),
            # asked of the rule itself: the other ways to a permission cost two queries
            "books_for_colleagues": books_for_colleagues.test(request.user),
            "nominates": (
                request.user.is_authenticated and request.user.has_perm("trainees.nominate")
            ),
            "runs_it": (
                request.user.is_authenticated
                and request.user.has_perm("trainees.see_roster", training_class)
            ),
        },
    )


def _enrolled_state(enrolment: Enrolment | None) -> str:
    return "" if enrolment is None else str(enrolment.status)


def _state(training_class: TrainingClass, now: datetime) -> str:
    """What holds for everybody, in one word for the template; nothing while booking is open."""
    if training_class.gauges_interest:
        return "gauging"
    if training_class.status == ClassStatus.OPEN and not training_class.has_started(now):
        if now < training_class.booking_opens_at:
            return "not_yet"
        return "booking_closed" if now >= training_class.booking_closes_at else ""
    return "running" if training_class.status == ClassStatus.OPEN else str(training_class.status)


def _own_state(
    user,
    trainee: Trainee | None,
    training_class: TrainingClass,
    pools: Sequence[SeatPool],
    reasons: Sequence[Reason],
    now: datetime,
) -> str:
    """What this person can do while booking is open."""
    if trainee is None:
        if training_class.is_full and not training_class.has_waiting_list:
            return "full"
        if user.is_authenticated:
            return "no_profile"
        return "log_in_to_wait" if training_class.is_full else "log_in"
    failing = [reason for reason in reasons if not reason.ok]
    chance = outlook(trainee.village.town_id, training_class, pools, now)
    if failing and all(reason.rule == "repeat" for reason in failing):
        return "repeat"
    if failing:
        return "full" if chance == Outlook.FULL and len(failing) == 1 else "refused"
    return "book" if chance == Outlook.SEAT else "wait"


def _with_ways_out(reasons: Sequence[Reason]) -> list[tuple[Reason, list[Course | TrainingClass]]]:
    """Each reason with what its way out leads to; no query where nothing does."""
    courses, classes = (
        {key for reason in reasons for key in getattr(reason, name)}
        for name in ("courses", "classes")
    )
    found_courses = Course.objects.published().in_bulk(courses) if courses else {}
    found_classes = TrainingClass.objects.in_bulk(classes) if classes else {}
    return [
        (
            reason,
            [
                found[key]
                for keys, found in (
                    (reason.courses, found_courses),
                    (reason.classes, found_classes),
                )
                for key in keys
                if key in found
            ],
        )
        for reason in reasons
    ]


@dataclass(frozen=True)
class When:
    """First and last day of a class."""

    first: date
    last: date
    spares_weekends: bool


def _when(lessons: Sequence[Lesson]) -> When | None:
    if not lessons:
        return None
    days = {timezone.localdate(lesson.starts_at) for lesson in lessons}
    first, last = min(days), max(days)
    spans_a_weekend = any(
        (first + timedelta(days=n)).weekday() >= 5 for n in range(min((last - first).days, 7) + 1)
    )
    return When(first, last, spans_a_weekend and all(day.weekday() < 5 for day in days))


@dataclass(frozen=True)
class Where:
    """What all lessons share: the floor, and whether there is a way without steps."""

    floor: str
    step_free: bool


def _where(training_class: TrainingClass, lessons: Sequence[Lesson]) -> Where:
    rooms = [lesson.venue for lesson in lessons]
    floors = {room.floor for room in rooms}
    return Where(
        floors.pop() if len(floors) == len(training_class.places) == 1 else "",
        bool(rooms) and all(room.step_free for room in rooms),
    )


@dataclass(frozen=True)
class Kept:
    """Free seats that are kept for towns (other than the reader's) and when they are open to
    all.
    """

    seats: int
    until: datetime | None


def _kept(pools: Sequence[SeatPool], trainee: Trainee | None) -> Kept | None:
    own = trainee.village.town_id if trainee else None
    kept = [pool for pool in pools if pool.town_id not in (own, None) and pool.seats_left > 0]
    until = min((pool.release_at for pool in kept if pool.release_at), default=None)
    return Kept(sum(pool.seats_left for pool in kept), until) if kept else None


# --- Booking and cancelling -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def book_class(request: HttpRequest, code: str) -> HttpResponse:
    """A GET is somebody who had to log in again after the tap: back to the class, where the button
    is.
    """
    training_class = next(iter(PUBLISHED(code=code)), None) or get_object_or_404(
        TrainingClass.objects.visible_to(request.user), code=code
    )
    if request.method != "POST":
        return redirect(training_class)
    trainee = require_trainee(request.user)
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
        messages.success(request, _booked_in_words(enrolment, training_class))
        if (
            training_class.needs_approval
            and (approval := approval_of(enrolment))
            and approval.is_pending
        ):
            messages.info(request, approval_in_words(approval))
    return redirect(training_class)


def _booked_in_words(enrolment: Enrolment, training_class: TrainingClass) -> str:
    # none as well where a seat came free within the moment
    if place := places_of([enrolment]).get(enrolment.pk):
        return _(
            "You are on the waiting list: %(place)s. A seat that comes free is kept for you, and"
            " you are told."
        ) % {"place": place_in_words(place)}
    return ngettext(
        "Booked. The lesson is in “My classes”; you are told at once when its time or room"
        " changes.",
        "Booked. The %(count)d lessons are in “My classes”; you are told at once when a time or"
        " room changes.",
        training_class.lesson_count,
    ) % {"count": training_class.lesson_count}


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
    return redirect("trainees:my_bookings")


# --- My classes -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coming:
    """A class in which the person has a seat and that has lessons ahead."""

    training_class: TrainingClass
    lesson: Lesson
    number: int
    days_left: int
    may_cancel: bool
    approval: str = ""  # where it stands, in words


@dataclass(frozen=True)
class Waiting:
    """A class for which the person waits."""

    training_class: TrainingClass
    place: Place
    approval: str = ""


def coming_classes(trainee: Trainee, now: datetime) -> list[Coming]:
    """Classes with a seat and lessons ahead, by their next lesson; two queries."""
    lessons = Prefetch(
        "training_class__lessons",
        Lesson.objects.select_related("venue__campus", "course_version").order_by(
            "starts_at", "number"
        ),
    )
    seats = Enrolment.objects.filter(
        trainee=trainee,
        status=EnrolmentStatus.BOOKED,
        training_class__status__in=HELD,
        training_class__ends_at__gt=now,
    )
    coming = []
    for enrolment in seats.select_related("training_class__campus", "approval").prefetch_related(
        lessons
    ):
        training_class = enrolment.training_class
        ahead = [
            (number, lesson)
            for number, lesson in enumerate(training_class.lessons.all(), start=1)
            if lesson.ends_at > now
        ]
        if ahead:
            number, lesson = ahead[0]
            days_left = (timezone.localdate(lesson.starts_at) - timezone.localdate(now)).days
            coming.append(
                Coming(
                    training_class,
                    lesson,
                    number,
                    days_left,
                    may_cancel_seat(training_class, now),
                    approval_in_words(approval_of(enrolment)),
                )
            )
    return sorted(coming, key=lambda item: item.lesson.starts_at)


def waiting_classes(trainee: Trainee) -> list[Waiting]:
    """Classes waited for, the next one first; three queries."""
    enrolments = list(
        Enrolment.objects.filter(trainee=trainee, status=EnrolmentStatus.WAITLISTED).select_related(
            "training_class__campus", "approval"
        )
    )
    places = places_of(enrolments)
    waiting = [
        Waiting(
            enrolment.training_class,
            places[enrolment.pk],
            approval_in_words(approval_of(enrolment)),
        )
        for enrolment in enrolments
        if enrolment.pk in places
    ]
    return sorted(
        waiting,
        key=lambda item: (
            item.training_class.starts_at is None,
            item.training_class.starts_at,
            item.training_class.code,
        ),
    )


def past_enrolments(trainee: Trainee, now: datetime):
    """What is over: attended, missed, waited for in vain, or cancelled by the academy; own
    cancellations are not kept here.
    """
    over = Q(status__in=(EnrolmentStatus.COMPLETED, EnrolmentStatus.LAPSED)) | Q(
        status=EnrolmentStatus.BOOKED
    ) & (Q(training_class__status=ClassStatus.CLOSED) | Q(training_class__ends_at__lte=now))
    called_off = Q(status=EnrolmentStatus.WITHDRAWN, training_class__status=ClassStatus.CANCELLED)
    return (
        Enrolment.objects.filter(over | called_off, trainee=trainee)
        .select_related("training_class__campus")
        .order_by("-training_class__starts_at", "-pk")
    )


@require_GET
def my_bookings(request: HttpRequest) -> HttpResponse:
    trainee = trainee_of(request.user)
    if trainee is None:
        return render(request, "trainees/my_bookings.html", {"trainee": None})
    now = timezone.now()
    coming, waiting = coming_classes(trainee, now), waiting_classes(trainee)
    page = page_of(request, past_enrolments(trainee, now), PAST_PER_PAGE)
    load_places(
        [
            *(item.training_class for item in waiting),
            *(enrolment.training_class for enrolment in page),
        ]
    )
    return render(
        request,
        "trainees/my_bookings.html",
        {
            "trainee": trainee,
            "ticket": coming[0] if coming else None,
            "coming": coming[1:],
            "waiting": waiting,
            "questions": questions_to(trainee, now),
            "page": page,
        },
    )
