"""A room or a teacher can be in one place at a time."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from academy.models import User, Venue
from academy.templatetags.portal_tags import full_day, span

from ..models import Expert, Lesson, TrainingClass
from .class_plans import LessonPlan, Problem, SchedulingRefused
from .teachers import keys_of, taught_by


def refuse_double_booking(
    training_class: TrainingClass, lessons: Sequence[LessonPlan], present: Mapping[int, Lesson]
) -> None:
    """A room or a teacher can be in one place at a time. Rooms and teachers are locked first, in
    the order of their keys, so that of two people who plan at once the second sees the first one's
    lesson.
    """
    lock_rooms_and_teachers(lessons)
    problems = []
    for place, plan in enumerate(lessons):
        if _is_unmoved(plan, present.get(plan.pk)):
            continue
        others = Lesson.objects.overlapping(plan.starts_at, plan.ends_at).exclude(
            training_class=training_class
        )
        wanted_twice = Q(venue=plan.venue)
        if plan.teachers:
            wanted_twice |= taught_by(plan.teacher_keys)
        for other in (
            others.filter(wanted_twice)
            .select_related("training_class")
            .prefetch_related("teachers")
            .order_by("starts_at", "pk")[:2]
        ):
            problems.append(taken(plan, other, place))
    if problems:
        raise SchedulingRefused(*problems)


def lock_rooms_and_teachers(lessons: Iterable[LessonPlan]) -> None:
    """Keep others from planning with the same rooms and teachers until the transaction ends: rooms,
    then experts, then people, by key.
    """
    lessons = list(lessons)
    list(
        Venue.objects.select_for_update(no_key=True)
        .filter(pk__in={plan.venue.pk for plan in lessons})
        .order_by("pk")
    )
    keys = {key for plan in lessons for key in plan.teacher_keys}
    for kind, model in (("expert", Expert), ("person", User)):
        if wanted := {pk for of_kind, pk in keys if of_kind == kind}:
            list(model.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))


def taken(plan: LessonPlan, other: Lesson, place: int) -> Problem:
    """The room or a teacher of the plan is in another lesson at the time, which is named."""
    in_room = other.venue_id == plan.venue.pk
    busy = [] if in_room else keys_of(other)
    sentence = _(
        "%(name)s is taken on %(day)s %(span)s by “%(title)s” (%(code)s). Choose another time or"
        " another one."
    ) % {
        "name": (
            plan.venue.name
            if in_room
            else next(item.name for item in plan.teachers if item.key in busy)
        ),
        "day": full_day(other.starts_at),
        "span": span(other),
        "title": other.training_class.title,
        "code": other.training_class.code,
    }
    return Problem(sentence, "venue" if in_room else "teachers", place)


def _is_unmoved(plan: LessonPlan, lesson: Lesson | None) -> bool:
    return lesson is not None and (
        lesson.venue_id,
        keys_of(lesson),
        lesson.starts_at,
        lesson.ends_at,
    ) == (plan.venue.pk, plan.teacher_keys, plan.starts_at, plan.ends_at)
