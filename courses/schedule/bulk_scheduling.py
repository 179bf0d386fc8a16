"""Many classes at once: a course in several salons week by week, or the classes of one season moved
into the next.

Planning is pure: it turns wishes and the lessons that stand into class plans and says what is
against each. Only `create_drafts` writes, all or nothing, after it has looked again with the rooms
and teachers locked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.errors import PortalError
from academy.models import Campus, Department, Position, Venue

from ..models import Course, Expert, Lesson, TrainingClass
from .class_plans import ClassPlan, LessonPlan, Problem, SchedulingRefused, wrong_in
from .double_booking import lock_rooms_and_teachers, taken
from .free_times import Span, busy_lessons
from .holidays import warning_for
from .lesson_hours import question_about_hours
from .lessons import retired_now
from .scheduling import create_class
from .season_board import campus_label
from .teachers import Key, Teacher, keys_of, teachers_of

MOST_CLASSES = 160  # at once: 17 sites × 9 weeks, about 1,000 form fields
MOST_WEEKS = 14
CLOSING_HOUR = time(17, 0)  # of the day on which booking closes


# --- A course in several salons, week by week -----------------------------------------------------


@dataclass(frozen=True)
class Round:
    """What is common to the classes of a round."""

    course: Course
    starts: time
    ends: time
    capacity: int
    booking_opens_at: datetime
    closes_days_before: int
    title: str = ""
    experts: Sequence[Expert] = ()
    audiences: Sequence[Position] = ()
    department: Department | None = None
    has_waiting_list: bool = True


@dataclass(frozen=True)
class Sitting:
    """One class of a round: where and when, and who teaches."""

    campus: Campus
    day: date
    number: int  # of the campus' classes in this round
    venue: Venue | None = None
    expert: Expert | None = None


def weekly_days(first: date, weeks: int) -> list[date]:
    """Return the same weekday in so many weeks."""
    return [first + timedelta(weeks=n) for n in range(weeks)]


def propose_sittings(
    wanted: Round,
    *,
    campuses: Sequence[Campus],
    days: Sequence[date],
    rooms: Mapping[int, Sequence[Venue]],
    busy: Iterable[Lesson],
) -> list[Sitting]:
    """A sitting for each campus and day, with the smallest room that is free and large enough and
    the expert who has had the fewest so far. What does not fit is proposed all the same, so that
    the preview can say what is against it; pure.
    """
    room_taken: dict[int, list[Span]] = {}
    teacher_taken: dict[Key, list[Span]] = {}
    for lesson in busy:
        room_taken.setdefault(lesson.venue_id, []).append((lesson.starts_at, lesson.ends_at))
        for key in keys_of(lesson):
            teacher_taken.setdefault(key, []).append((lesson.starts_at, lesson.ends_at))
    turns = {expert.pk: 0 for expert in wanted.experts}
    sittings = []
    for number, day in enumerate(days, start=1):
        span = (_moment(day, wanted.starts), _moment(day, wanted.ends))
        for campus in campuses:
            venue = _pick_room(rooms.get(campus.pk, ()), span, room_taken, wanted)
            free = [
                expert
                for expert in wanted.experts
                if _is_free(teacher_taken.get(Teacher(expert).key, ()), span)
            ]
            expert = min(free, key=lambda person: (turns[person.pk], person.code), default=None)
            if expert:
                turns[expert.pk] += 1
                teacher_taken.setdefault(Teacher(expert).key, []).append(span)
            sittings.append(Sitting(campus, day, number, venue, expert))
    return sittings


def _pick_room(
    rooms: Sequence[Venue], span: Span, taken_times: Mapping[int, list[Span]], wanted: Round
) -> Venue | None:
    """A practice classroom of the course's topic before others, a free room before a taken one,
    then the tightest fit.
    """

    def rank(venue: Venue) -> tuple:
        fits_topic = (
            bool(wanted.course.immersive_topic)
            and venue.immersive_topic == wanted.course.immersive_topic
        )
        large_enough = venue.capacity >= wanted.capacity
        return (
            not large_enough,
            not _is_free(taken_times.get(venue.pk, ()), span),
            not fits_topic,
            venue.capacity if large_enough else -venue.capacity,
            venue.code,
        )

    return min(rooms, key=rank, default=None)


def _is_free(busy: Iterable[Span], span: Span) -> bool:
    return not any(begins < span[1] and ends > span[0] for begins, ends in busy)


def _moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def plan_of(wanted: Round, sitting: Sitting) -> ClassPlan:
    """The class plan of a sitting; a sitting without a room has a plan without a lesson, which is
    refused.
    """
    title = _("%(title)s (%(campus)s, no. %(number)d)") % {
        "title": (wanted.title or wanted.course.title)[:60],
        "campus": campus_label(sitting.campus)[:10],
        "number": sitting.number,
    }
    lesson = (
        LessonPlan(
            wanted.course,
            sitting.venue,
            _moment(sitting.day, wanted.starts),
            _moment(sitting.day, wanted.ends),
            teachers=(Teacher(sitting.expert),) if sitting.expert else (),
        )
        if sitting.venue
        else None
    )
    return ClassPlan(
        title=title[:80],
        campus=sitting.campus,
        capacity=wanted.capacity,
        booking_opens_at=wanted.booking_opens_at,
        booking_closes_at=_moment(
            sitting.day - timedelta(days=wanted.closes_days_before), CLOSING_HOUR
        ),
        department=wanted.department,
        has_waiting_list=wanted.has_waiting_list,
        audiences=wanted.audiences,
        lessons=[lesson] if lesson else [],
    )


# --- The classes of one season in the next --------------------------------------------------------


def moved_plan(training_class: TrainingClass, *, days: int) -> ClassPlan:
    """The plan of a class with everything so many days later; lessons, pools and audiences are
    loaded by the caller.

    Rooms, teachers, quotas, seats, the newest version of each course and the rules of booking are
    taken over; people are not.
    """
    shift = timedelta(days=days)
    lessons = [
        LessonPlan(
            lesson.course_version.course,
            lesson.venue,
            lesson.starts_at + shift,
            lesson.ends_at + shift,
            lesson.hours,
            teachers_of(lesson),
            slot_group=lesson.slot_group,
            slot_seats=lesson.slot_seats,
        )
        for lesson in training_class.lessons.all()
    ]
    return ClassPlan(
        title=training_class.title,
        campus=training_class.campus,
        capacity=training_class.capacity,
        programme=training_class.programme,
        department=training_class.department,
        has_waiting_list=training_class.has_waiting_list,
        bring=training_class.bring,
        audiences=list(training_class.audiences.all()),
        booking_opens_at=training_class.booking_opens_at + shift,
        booking_closes_at=training_class.booking_closes_at + shift,
        cancel_until=training_class.cancel_until and training_class.cancel_until + shift,
        town_seats={
            pool.town: promised
            for pool in training_class.pools.all()
            if pool.town_id and (promised := pool.seats + pool.released_seats)
        },
        lessons=lessons,
        like=training_class,
    )


# --- What is against each -------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """A plan, what forbids it, and what should make one think."""

    plan: ClassPlan
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_fine(self) -> bool:
        return not self.problems


class PlansRefused(PortalError):
    """Some of the classes cannot be held like this, so none was written.

    `judged` says which and why.
    """

    def __init__(self, judged: Sequence[Judged]) -> None:
        self.judged = list(judged)
        wrong = sum(not item.is_fine for item in judged)
        super().__init__(
            ngettext(
                "Nothing was written: %(count)d class cannot be held like this. Change it or take"
                " it out.",
                "Nothing was written: %(count)d classes cannot be held like this. Change them or"
                " take them out.",
                wrong,
            )
            % {"count": wrong}
        )


def judge(plans: Sequence[ClassPlan]) -> list[Judged]:
    """What is against each plan, among themselves and beside what stands; two queries, whatever
    their number.
    """
    lessons = [lesson for plan in plans for lesson in plan.lessons]
    busy = []
    if lessons:
        busy = busy_lessons(
            min(lesson.starts_at for lesson in lessons),
            max(lesson.ends_at for lesson in lessons),
            venues={lesson.venue.pk for lesson in lessons},
            teachers={key for lesson in lessons for key in lesson.teacher_keys},
        )
    judged, earlier = [], []
    for plan in plans:
        problems = wrong_in(plan)
        if not plan.lessons:
            problems.append(Problem(_("This site has no room."), "venue"))
        for place, lesson in enumerate(plan.lessons):
            problems += [
                taken(lesson, other, place)
                for other in busy
                if _collide(lesson, other.starts_at, other.ends_at, other.venue_id, keys_of(other))
            ][:2]
            problems += [
                _taken_in_this_round(lesson, other, title, place)
                for title, other in earlier
                if _collide(
                    lesson,
                    other.starts_at,
                    other.ends_at,
                    other.venue.pk,
                    other.teacher_keys,
                )
            ][:1]
        judged.append(Judged(plan, tuple(problems), tuple(dict.fromkeys(_warnings(plan)))))
        earlier += [(plan.title, lesson) for lesson in plan.lessons]
    return judged


def _warnings(plan: ClassPlan) -> Iterator[str]:
    """Holidays, and hours that hardly fit the clock time."""
    for lesson in plan.lessons:
        if warning := warning_for(timezone.localdate(lesson.starts_at)):
            yield warning
        hours = lesson.course.hours if lesson.hours is None else lesson.hours
        if question := question_about_hours(hours, lesson.ends_at - lesson.starts_at):
            yield question


def _collide(
    lesson: LessonPlan, starts_at: datetime, ends_at: datetime, venue: int, teachers: set[Key]
) -> bool:
    same = lesson.venue.pk == venue or bool(lesson.teacher_keys & teachers)
    return same and starts_at < lesson.ends_at and ends_at > lesson.starts_at


def _taken_in_this_round(lesson: LessonPlan, other: LessonPlan, title: str, place: int) -> Problem:
    in_room = lesson.venue.pk == other.venue.pk
    name = (
        lesson.venue.name
        if in_room
        else next(item.name for item in lesson.teachers if item.key in other.teacher_keys)
    )
    return Problem(
        _("%(name)s is wanted by “%(title)s” of this plan at the same time.")
        % {
            "name": name,
            "title": title,
        },
        "venue" if in_room else "teachers",
        place,
    )


# --- Writing --------------------------------------------------------------------------------------


@transaction.atomic
def create_drafts(*, plans: Sequence[ClassPlan], by, now: datetime) -> list[TrainingClass]:
    """Write every plan as a draft, or none: rooms and teachers are locked, then everything is
    looked at again.

    Raises PlansRefused with what is against each.
    """
    lessons = [lesson for plan in plans for lesson in plan.lessons]
    lock_rooms_and_teachers(lessons)
    # locks all courses in one order; each class would lock its own, in the order of the plans
    retired_now({lesson.course.pk for lesson in lessons})
    judged = judge(plans)
    if not all(item.is_fine for item in judged):
        raise PlansRefused(judged)
    created = []
    for place, plan in enumerate(plans):
        try:
            created.append(create_class(plan=plan, by=by, now=now))
        except SchedulingRefused as refused:
            judged[place] = replace(judged[place], problems=refused.problems)
            raise PlansRefused(judged) from refused
    return created
