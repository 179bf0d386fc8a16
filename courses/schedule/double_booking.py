"""A room or an expert can be in one place at a time."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from academy.models import Venue
from academy.templatetags.portal_tags import full_day, span

from ..models import Expert, Lesson, TrainingClass
from .class_plans import LessonPlan, Problem, SchedulingRefused


def refuse_double_booking(
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
