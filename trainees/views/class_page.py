"""The class page: what, when, where, for whom, and what the reader can do."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from courses.models import HELD, ClassStatus, Course, CourseStatus, Lesson, SeatPool, TrainingClass
from courses.schedule.class_index import season_in_words
from courses.schedule.teachers import beside_teachers, collapsed, shown_to

from ..booking.approval_state import refusal_of
from ..booking.no_shows import standing_of
from ..booking.questions import may_write
from ..classes.change_notices import alternatives_to
from ..classes.materials import materials_of
from ..eligibility.interest import is_interested
from ..eligibility.reasons import reasons_for
from ..eligibility.repeats import next_level
from ..errors import Reason
from ..me.class_state import Seen, for_everybody
from ..me.class_state_words import class_state
from ..models import SEAT_HOLDING, TAKING_PART, EnrolmentStatus, QueuePriority, Trainee
from ..rules import books_for_colleagues
from ..seats.chances import chances_of
from ..seats.counting import fold_due, own_quota, place_to_come, places_of
from .booking import Kept, When, Where, at_the_class

# states in which another class of the kind helps
WITHOUT_A_SEAT = ("cancelled", "refused", "full", "wait", "booking_closed", "waitlisted")
LESSONS = Prefetch(
    "lessons",
    beside_teachers(
        Lesson.objects.select_related("course_version__course__track", "venue__campus")
    ).order_by("starts_at", "number"),
)


def _names(training_class: TrainingClass, link: str) -> list[str]:
    """What the class is for, in the order of the vocabulary; the row knows whether it says so."""
    if link not in training_class.conditions:
        return []
    return [item.name for item in getattr(training_class, link).order_by("sort_order", "pk")]


@login_not_required
@require_GET
def class_page(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    classes = (
        TrainingClass.objects.visible_to(request.user)
        .select_related("campus", "discussion")
        .prefetch_related(LESSONS, "pools")
    )
    training_class = get_object_or_404(classes, code=code)
    lessons = collapsed(training_class.lessons.all())
    training_class._prefetched_objects_cache["lessons"] = lessons
    pools = list(training_class.pools.all())
    training_class.places = training_class.places_of(lessons)
    for lesson in lessons:
        lesson.taught_by = shown_to(request.user, lesson)
    fold_due(pools, now)
    training_class.seats_taken_total = sum(pool.seats_taken for pool in pools)
    trainee, enrolment = at_the_class(request.user, training_class)
    # shown before booking opens too, so that nobody waits for a class that is not for them
    may_book_some_time = for_everybody(training_class, now) in ("", "not_yet")
    reasons = (
        reasons_for(trainee, training_class, now)
        if trainee and may_book_some_time and enrolment is None
        else []
    )
    next_lesson = next((lesson for lesson in lessons if lesson.ends_at > now), None)
    runs_it = request.user.is_authenticated and request.user.has_perm(
        "trainees.see_roster", training_class
    )
    if runs_it or (enrolment is not None and enrolment.status in SEAT_HOLDING):
        materials = materials_of(training_class)
        for lesson in lessons:
            lesson.shown_materials = materials.get(lesson.pk, [])
    has_discussion = hasattr(training_class, "discussion") and (
        (enrolment is not None and enrolment.status in TAKING_PART)
        or runs_it
        or (
            request.user.is_authenticated
            and request.user.has_perm("trainees.comment_on_sheets", training_class)
        )
    )
    place = places_of([enrolment]).get(enrolment.pk) if enrolment else None
    place_ahead, priority = None, QueuePriority.USUAL
    if trainee and may_book_some_time and enrolment is None and training_class.waiting_count:
        priority = standing_of(trainee, now).priority
        place_ahead = place_to_come(trainee, training_class, priority)
    groups = _names(training_class, "open_to_groups")
    state = class_state(
        Seen(
            training_class,
            now,
            address=request.path,
            user=request.user,
            trainee=trainee,
            enrolment=enrolment,
            pools=pools,
            reasons=reasons,
            next_lesson=next_lesson,
            place=place,
            place_to_come=place_ahead,
            priority_to_come=priority,
            chance=(
                chances_of({training_class.pk: place}, [training_class]).get(training_class.pk)
                if place
                else None
            ),
            is_interested=(
                trainee is not None
                and training_class.gauges_interest
                and is_interested(trainee, training_class)
            ),
            is_for_groups=bool(groups),
        )
    )
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
            "audiences": _names(training_class, "audiences"),
            "groups": groups,
            "state": state,
            "alternatives": (
                alternatives_to(training_class, now, trainee)
                if (enrolment and training_class.sequence) or state.name in WITHOUT_A_SEAT
                else []
            ),
            "not_approved": (
                refusal_of(trainee, training_class)
                if trainee and enrolment is None and training_class.needs_approval
                else None
            ),
            "next_lesson": next_lesson,
            "trainee": trainee,
            "rules": _with_ways_out(reasons),
            "next_level": (
                next_level({lesson.course_version.course_id for lesson in lessons})
                if state.name == "repeat"
                else []
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
            "may_ask_for_leave": (
                enrolment is not None
                and enrolment.status == EnrolmentStatus.BOOKED
                and training_class.status in HELD
                and any(lesson.starts_at > now for lesson in lessons)
            ),
            "may_write": enrolment is not None and may_write(enrolment, training_class, now),
            "enrolment": enrolment,
            # asked of the rule itself: the other ways to a permission cost two queries
            "books_for_colleagues": books_for_colleagues.test(request.user),
            "nominates": (
                request.user.is_authenticated and request.user.has_perm("trainees.nominate")
            ),
            "runs_it": runs_it,
            "has_discussion": has_discussion,
        },
    )


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


def _when(lessons: Sequence[Lesson]) -> When | None:
    if not lessons:
        return None
    days = {timezone.localdate(lesson.starts_at) for lesson in lessons}
    first, last = min(days), max(days)
    spans_a_weekend = any(
        (first + timedelta(days=n)).weekday() >= 5 for n in range(min((last - first).days, 7) + 1)
    )
    return When(first, last, spans_a_weekend and all(day.weekday() < 5 for day in days))


def _where(training_class: TrainingClass, lessons: Sequence[Lesson]) -> Where:
    rooms = [lesson.venue for lesson in lessons]
    floors = {room.floor for room in rooms}
    return Where(
        floors.pop() if len(floors) == len(training_class.places) == 1 else "",
        bool(rooms) and all(room.step_free for room in rooms),
    )


def _kept(pools: Sequence[SeatPool], trainee: Trainee | None) -> Kept | None:
    own = trainee.village.town_id if trainee else None
    kept = [pool for pool in pools if pool.town_id not in (own, None) and pool.seats_left > 0]
    until = min((pool.release_at for pool in kept if pool.release_at), default=None)
    return Kept(sum(pool.seats_left for pool in kept), until) if kept else None
