"""Putting classes on the calendar: a class with its lessons, seats and quotas is written whole or
not at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import Campus, Department, Position, Town, Venue
from academy.search import index as search
from academy.templatetags.portal_tags import full_day, span
from academy.text.codes import check_code, next_in_series

from ..models import (
    HELD,
    ClassStatus,
    Course,
    CourseStatus,
    CourseVersion,
    Expert,
    Lesson,
    Programme,
    RemovedLesson,
    TrainingClass,
)
from .quotas import QuotasExceedCapacity, SeatsTaken, default_release, share_out

QUARTER_HOUR = Decimal("0.25")
EDITABLE = (ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING)
OUT_OF_THE_WAY = 1000  # added to lesson numbers while they are given out anew
# at a free class code: each attempt that fails means that one other person got a class
ATTEMPTS = 40


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the sentence, and the field or the lesson (its place in the plan) it
    stands beside.
    """

    sentence: str
    field: str = ""
    lesson: int | None = None


class SchedulingRefused(PortalError):
    """The class cannot be held like this. `problems` says where."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class LessonPlan:
    """A lesson as it is wanted; `pk` names the lesson that it changes, `hours` empty leaves them to
    the course.
    """

    course: Course
    venue: Venue
    starts_at: datetime
    ends_at: datetime
    hours: Decimal | None = None
    expert: Expert | None = None
    pk: int | None = None


@dataclass(frozen=True)
class ClassPlan:
    """A class as it is wanted."""

    title: str
    campus: Campus
    capacity: int
    booking_opens_at: datetime
    booking_closes_at: datetime
    cancel_until: datetime | None = None
    programme: Programme | None = None
    department: Department | None = None
    has_waiting_list: bool = True
    audiences: Sequence[Position] = ()
    town_seats: Mapping[Town, int] = field(default_factory=dict)
    lessons: Sequence[LessonPlan] = ()
    code: str = ""
    gauges_interest: bool = False  # only a draft
    like: TrainingClass | None = None  # whose rules of booking a new class takes over

    @property
    def fields(self) -> dict:
        names = (
            "title",
            "campus",
            "booking_opens_at",
            "booking_closes_at",
            "cancel_until",
            "programme",
            "department",
            "has_waiting_list",
            "gauges_interest",
        )
        return {name: getattr(self, name) for name in names}


def season_of(moment: datetime) -> str:
    """2027Q1: the quarter of a day in Shanghai."""
    day = timezone.localtime(moment)
    return f"{day.year}Q{(day.month + 2) // 3}"


def suggested_code(moment: datetime) -> str:
    """The next free PX-<season>-<nn>."""
    begin = f"PX-{season_of(moment)}-"
    codes = TrainingClass.objects.filter(code__startswith=begin).values_list("code", flat=True)
    return next_in_series(begin, codes, digits=2)


# --- Writing --------------------------------------------------------------------------------------


@transaction.atomic
def create_class(*, plan: ClassPlan, by, now: datetime) -> TrainingClass:
    """A new draft with its lessons and seats.

    Raises SchedulingRefused with everything that is wrong.
    """
    _refuse_wrong(plan)
    first = min((lesson.starts_at for lesson in plan.lessons), default=plan.booking_closes_at)
    training_class = _with_free_code(plan, first)
    _write(training_class, plan, now)
    if plan.like:
        _take_over_rules(training_class, plan.like)
    return training_class


RULES = (
    "groups_only",
    "approval",
    "approval_village",
    "approval_town",
    "approval_district",
    "approval_days",
    "clash_rule",
    "guards_repeats",
    "offer_within_hours",
    "offer_hours",
    "queue_ends_hours",
    "minimum_size",
)
RULES_OF_WHOM = ("open_to_groups", "stages", "towns", "prerequisites")


def _take_over_rules(training_class: TrainingClass, like: TrainingClass) -> None:
    """For whom the class is and how its seats move; the day of decision lies as many days ahead as
    it did.
    """
    for name in RULES:
        setattr(training_class, name, getattr(like, name))
    if like.decide_on and like.booking_opens_at:
        training_class.decide_on = like.decide_on + (
            training_class.booking_opens_at - like.booking_opens_at
        )
    training_class.save()
    for name in RULES_OF_WHOM:
        getattr(training_class, name).set(getattr(like, name).all())


def _with_free_code(plan: ClassPlan, first: datetime) -> TrainingClass:
    # what its kind asks for; the page of the rules changes it
    policy = plan.programme.approval_policy if plan.programme else {}
    for _attempt in range(1 if plan.code else ATTEMPTS):
        try:
            with transaction.atomic():
                return TrainingClass.objects.create(
                    code=plan.code or suggested_code(first),
                    capacity=plan.capacity,
                    **plan.fields,
                    **policy,
                )
        except IntegrityError:
            continue  # the code was free a moment ago
    raise SchedulingRefused(
        Problem(_("Another class has this code. Choose another or leave it empty."), "code")
    )


@transaction.atomic
def change_class(
    *, training_class: TrainingClass, plan: ClassPlan, by, now: datetime
) -> TrainingClass:
    """Change a class that is not over. Call with the class locked;
    `trainees.booking.queue.promote` then fills new seats.

    Raises SchedulingRefused.
    """
    refuse_over(training_class)
    _refuse_wrong(plan)
    if training_class.status != ClassStatus.DRAFT and not plan.lessons:
        raise SchedulingRefused(Problem(_("An open class needs at least one lesson."), "lessons"))
    for name, value in plan.fields.items():
        setattr(training_class, name, value)
    training_class.save()
    _write(training_class, plan, now)
    if training_class.status != ClassStatus.DRAFT:
        search.rebuild(["class"])
    return training_class


@transaction.atomic
def open_class(
    *, training_class: TrainingClass, by, now: datetime, index: bool = True
) -> TrainingClass:
    """Show a draft to everybody; from now on it can be booked as its booking window says. Raises
    SchedulingRefused.

    Who opens many leaves the search index alone (`index`) and rebuilds it once.
    """
    training_class = TrainingClass.objects.select_for_update(no_key=True).get(pk=training_class.pk)
    if problem := against_opening(training_class, now):
        raise SchedulingRefused(problem)
    training_class.status = ClassStatus.OPEN
    training_class.gauges_interest = False
    training_class.season = season_of(training_class.starts_at)
    training_class.opened_at = now
    training_class.save(
        update_fields=["status", "gauges_interest", "season", "opened_at", "updated_at"]
    )
    if index:
        search.rebuild(["class"])
    return training_class


def against_opening(training_class: TrainingClass, now: datetime) -> Problem | None:
    """Why a class cannot be shown to everybody, or nothing."""
    if training_class.status != ClassStatus.DRAFT:
        return Problem(_("This class is open already, or over."))
    if training_class.starts_at is None:
        return Problem(
            _("Add a lesson before opening the class: people book days they know."), "lessons"
        )
    if training_class.booking_closes_at <= now:
        return Problem(
            _("Booking would be closed already. Choose a later moment."), "booking_closes_at"
        )
    return None


def refuse_over(training_class: TrainingClass) -> None:
    """Raise SchedulingRefused for a class that is closed or cancelled."""
    if training_class.status not in EDITABLE:
        raise SchedulingRefused(
            Problem(_("This class is closed or cancelled, so it stays as it is."))
        )


def _write(training_class: TrainingClass, plan: ClassPlan, now: datetime) -> None:
    training_class.audiences.set(plan.audiences)
    save_lessons(training_class=training_class, lessons=plan.lessons, now=now)
    try:
        share_out(training_class, capacity=plan.capacity, town_seats=plan.town_seats)
    except QuotasExceedCapacity as error:
        raise SchedulingRefused(Problem(str(error), "quotas")) from error
    except SeatsTaken as error:
        raise SchedulingRefused(Problem(str(error), "capacity")) from error
    training_class.pools.filter(town__isnull=False, released_at__isnull=True).update(
        release_at=default_release(training_class)
    )


def _refuse_wrong(plan: ClassPlan) -> None:
    if problems := wrong_in(plan):
        raise SchedulingRefused(*problems)


def wrong_in(plan: ClassPlan) -> list[Problem]:
    """What can be seen without looking at other classes; all of it at once."""
    problems = []
    if not plan.title.strip():
        problems.append(Problem(_("Give the class a name."), "title"))
    if plan.code:
        try:
            check_code(plan.code)
        except ValidationError as error:
            problems.append(Problem(error.messages[0], "code"))
    if plan.capacity < 1:
        problems.append(Problem(_("A class needs at least one seat."), "capacity"))
    if plan.booking_closes_at <= plan.booking_opens_at:
        problems.append(Problem(_("Booking closes before it opens."), "booking_closes_at"))
    problems += _wrong_lessons(plan.lessons)
    if plan.lessons:
        first = min(lesson.starts_at for lesson in plan.lessons)
        if plan.booking_closes_at > first:
            problems.append(
                Problem(
                    _("Booking must close before the first lesson begins."), "booking_closes_at"
                )
            )
        if plan.cancel_until and plan.cancel_until > first:
            problems.append(
                Problem(_("Cancelling must end before the first lesson begins."), "cancel_until")
            )
        room = min((lesson.venue for lesson in plan.lessons), key=lambda venue: venue.capacity)
        if plan.capacity > room.capacity:
            problems.append(
                Problem(
                    _(
                        "“%(room)s” has only %(seats)d seats. Lower the seats or choose a larger"
                        " room."
                    )
                    % {"room": room.name, "seats": room.capacity},
                    "capacity",
                )
            )
    return problems


def _wrong_lessons(lessons: Sequence[LessonPlan]) -> Iterator[Problem]:
    for place, lesson in enumerate(lessons):
        if lesson.ends_at <= lesson.starts_at:
            yield Problem(_("The lesson ends before it starts."), "ends", place)
        if lesson.hours is not None and (lesson.hours < 0 or lesson.hours % QUARTER_HOUR):
            yield Problem(_("Study hours go in steps of 0.25."), "hours", place)
        for earlier, other in enumerate(lessons[:place]):
            if other.starts_at < lesson.ends_at and lesson.starts_at < other.ends_at:
                yield Problem(
                    _("This lesson overlaps with lesson %(number)d of the same class.")
                    % {"number": earlier + 1},
                    "starts",
                    place,
                )
                break


# --- Lessons --------------------------------------------------------------------------------------


@transaction.atomic
def save_lessons(
    *, training_class: TrainingClass, lessons: Sequence[LessonPlan], now: datetime
) -> None:
    """Make the lessons of a class the ones wanted, numbered by time, and repeat on the class what
    they add up to.

    Call with the class locked. A lesson keeps the version of its course that it was planned with.
    Raises SchedulingRefused when a room or an expert is wanted elsewhere at the time, or a lesson
    with attendance would vanish.
    """
    present = {
        lesson.pk: lesson for lesson in training_class.lessons.select_related("course_version")
    }
    for place, plan in enumerate(lessons):
        if plan.pk is not None and plan.pk not in present:
            raise SchedulingRefused(
                Problem(
                    _("Somebody has taken this lesson out meanwhile. Load the page again."),
                    "course",
                    place,
                )
            )
    _refuse_double_booking(training_class, lessons, present)
    before = times_and_places(present.values())
    _remove(training_class, present, keep={plan.pk for plan in lessons}, now=now)
    rows = _rows(lessons, present)
    split_hours(rows)
    training_class.lessons.update(number=F("number") + OUT_OF_THE_WAY)
    for number, row in enumerate(sorted(rows, key=lambda row: row["starts_at"]), start=1):
        lesson = present.get(row.pop("pk")) or Lesson(training_class=training_class)
        for name, value in (row | {"number": number}).items():
            setattr(lesson, name, value)
        lesson.save()
    training_class.starts_at = min((row["starts_at"] for row in rows), default=None)
    training_class.ends_at = max((row["ends_at"] for row in rows), default=None)
    training_class.lesson_count = len(rows)
    training_class.hours = sum((row["hours"] for row in rows), Decimal(0))
    training_class.sequence += before != times_and_places(training_class.lessons.all())
    training_class.save(
        update_fields=["starts_at", "ends_at", "lesson_count", "hours", "sequence", "updated_at"]
    )


def times_and_places(lessons: Iterable[Lesson]) -> set[tuple]:
    """What a calendar shows of lessons: when it differs, the class has changed its sequence."""
    return {(lesson.pk, lesson.starts_at, lesson.ends_at, lesson.venue_id) for lesson in lessons}


def _remove(
    training_class: TrainingClass,
    present: Mapping[int, Lesson],
    *,
    keep: set[int | None],
    now: datetime,
) -> None:
    for lesson in present.values():
        if lesson.pk in keep:
            continue
        # also marks that were taken back: their log stays
        if lesson.attendances.exists() or lesson.attendance_changes.exists():
            sentence = _("Lesson %(number)d has attendance and cannot be taken out.") % {
                "number": lesson.number
            }
            raise SchedulingRefused(Problem(sentence, "lessons"))
        if training_class.status in HELD:
            RemovedLesson.objects.create(
                training_class=training_class,
                lesson_key=lesson.pk,
                course_version=lesson.course_version,
                venue_id=lesson.venue_id,
                starts_at=lesson.starts_at,
                ends_at=lesson.ends_at,
                removed_at=now,
            )
        lesson.delete()


def _rows(lessons: Sequence[LessonPlan], present: Mapping[int, Lesson]) -> list[dict]:
    newest = newest_versions({plan.course.pk for plan in lessons})
    retired = retired_now(plan.course.pk for plan in lessons)
    rows = []
    for place, plan in enumerate(lessons):
        lesson = present.get(plan.pk)
        keeps = lesson is not None and lesson.course_version.course_id == plan.course.pk
        if not keeps and plan.course.pk in retired:
            raise SchedulingRefused(
                Problem(
                    _("“%(title)s” is retired and cannot be planned any more.")
                    % {"title": plan.course.title},
                    "course",
                    place,
                )
            )
        version = lesson.course_version if keeps else newest.get(plan.course.pk)
        if version is None:
            raise SchedulingRefused(
                Problem(
                    _("This course has never been published, so it cannot be taught yet."),
                    "course",
                    place,
                )
            )
        rows.append(
            {
                "pk": plan.pk,
                "course_version": version,
                "venue": plan.venue,
                "starts_at": plan.starts_at,
                "ends_at": plan.ends_at,
                "hours": plan.hours,
                "expert": plan.expert,
                "lecturer_type": lesson.lecturer_type if keeps else plan.course.lecturer_type,
            }
        )
    return rows


def retired_now(courses: Iterable[int]) -> set[int]:
    """Those retired by now.

    The rows are locked, so that a course is not retired between this look and the lesson.
    """
    locked = Course.objects.select_for_update(no_key=True).filter(pk__in=courses).order_by("pk")
    return {
        pk for pk, status in locked.values_list("pk", "status") if status == CourseStatus.RETIRED
    }


def newest_versions(courses: Iterable[int]) -> dict[int, CourseVersion]:
    """Course key → its newest version."""
    newest = (
        CourseVersion.objects.filter(course__in=courses)
        .values("course")
        .annotate(highest=Max("number"))
    )
    wanted = {row["course"]: row["highest"] for row in newest}
    return {
        version.course_id: version
        for version in CourseVersion.objects.filter(course__in=wanted)
        if version.number == wanted[version.course_id]
    }


def split_hours(lessons: Iterable[dict]) -> None:
    """Fill in `hours` where a lesson has none: a course's hours go to its lesson; where it takes
    several, each gets its share of what is left by clock time, in steps of 0.25.
    """
    by_course = defaultdict(list)
    for lesson in lessons:
        by_course[lesson["course_version"].course_id].append(lesson)
    for group in by_course.values():
        given = sum(
            (lesson["hours"] for lesson in group if lesson.get("hours") is not None), Decimal(0)
        )
        empty = [lesson for lesson in group if lesson.get("hours") is None]
        hours = max(Decimal(0), group[0]["course_version"].hours - given)
        minutes = [
            int((lesson["ends_at"] - lesson["starts_at"]).total_seconds() // 60) for lesson in empty
        ]
        left = hours
        for lesson, length in zip(empty[:-1], minutes[:-1], strict=True):
            lesson["hours"] = (
                hours * length / (sum(minutes) or 1) / QUARTER_HOUR
            ).to_integral_value(ROUND_DOWN) * QUARTER_HOUR
            left -= lesson["hours"]
        if empty:
            empty[-1]["hours"] = left


def _refuse_double_booking(
    training_class: TrainingClass, lessons: Sequence[LessonPlan], present: Mapping[int, Lesson]
) -> None:
    """A room or an expert can be in one place at a time. Rooms and experts are locked first, in the
    order of their keys, so that of two people who plan at once the second sees the first one's
    lesson.
    """
    lock_rooms_and_experts(lessons)
    problems = []
    for place, plan in enumerate(lessons):
        if _is_unmoved(plan, present.get(plan.pk)):
            continue
        others = Lesson.objects.overlapping(plan.starts_at, plan.ends_at).exclude(
            training_class=training_class
        )
        wanted_twice = Q(venue=plan.venue) | (
            Q(expert=plan.expert) if plan.expert else Q(pk__in=[])
        )
        for other in (
            others.filter(wanted_twice)
            .select_related("training_class")
            .order_by("starts_at", "pk")[:2]
        ):
            problems.append(taken(plan, other, place))
    if problems:
        raise SchedulingRefused(*problems)


def lock_rooms_and_experts(lessons: Iterable[LessonPlan]) -> None:
    """Keep others from planning with the same rooms and experts until the transaction ends: rooms,
    then experts, by key.
    """
    lessons = list(lessons)
    list(
        Venue.objects.select_for_update(no_key=True)
        .filter(pk__in={plan.venue.pk for plan in lessons})
        .order_by("pk")
    )
    list(
        Expert.objects.select_for_update(no_key=True)
        .filter(pk__in={plan.expert.pk for plan in lessons if plan.expert})
        .order_by("pk")
    )


def taken(plan: LessonPlan, other: Lesson, place: int) -> Problem:
    """The room or the expert of the plan is in another lesson at the time, which is named."""
    in_room = other.venue_id == plan.venue.pk
    sentence = _(
        "%(name)s is taken on %(day)s %(span)s by “%(title)s” (%(code)s). Choose another time or"
        " another one."
    ) % {
        "name": plan.venue.name if in_room else plan.expert.name,
        "day": full_day(other.starts_at),
        "span": span(other),
        "title": other.training_class.title,
        "code": other.training_class.code,
    }
    return Problem(sentence, "venue" if in_room else "expert", place)


def _is_unmoved(plan: LessonPlan, lesson: Lesson | None) -> bool:
    return lesson is not None and (
        lesson.venue_id,
        lesson.expert_id,
        lesson.starts_at,
        lesson.ends_at,
    ) == (
        plan.venue.pk,
        plan.expert.pk if plan.expert else None,
        plan.starts_at,
        plan.ends_at,
    )
