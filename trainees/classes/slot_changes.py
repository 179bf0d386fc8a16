"""What a changed plan does to the choices of parallel slots: a slot that is taken out or moved
frees them and tells its people. Source: docs/rules.md R90.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Lesson, TrainingClass
from courses.schedule.class_plans import LessonPlan, Problem, SchedulingRefused

from ..booking.slots import taken_of
from ..models import Enrolment, SlotChoice
from ..notices.slots import SLOT_CHANGED, SLOT_ROOM_CHANGED
from .change_notices import LessonChange, Slot, Telling


@dataclass(frozen=True)
class SlotChange:
    """A slot before and after, the bookings that had chosen it, and whether they choose again."""

    change: LessonChange
    people: list[int]
    is_freed: bool


def refuse_slots(training_class: TrainingClass, plans: Sequence[LessonPlan]) -> None:
    """Raise SchedulingRefused where a slot would have fewer seats than people, or a lesson with
    marks would become a slot or cease to be one. Call with the class locked.
    """
    lessons = {lesson.pk: lesson for lesson in training_class.lessons.all()}
    taken = taken_of(lesson for lesson in lessons.values() if lesson.slot_group is not None)
    problems = []
    for place, plan in enumerate(plans):
        lesson = lessons.get(plan.pk)
        if lesson is None:
            continue
        if lesson.slot_group != plan.slot_group and lesson.attendances.exists():
            problems.append(
                Problem(
                    _("This lesson has attendance, so its parallel slots stay as they are."),
                    "slot_group",
                    place,
                )
            )
        stays = lesson.slot_group is not None and lesson.slot_group == plan.slot_group
        if stays and plan.slot_seats is not None and taken[lesson.pk] > plan.slot_seats:
            problems.append(
                Problem(
                    ngettext(
                        "%(count)d person has chosen this slot; it needs as many seats.",
                        "%(count)d people have chosen this slot; it needs as many seats.",
                        taken[lesson.pk],
                    )
                    % {"count": taken[lesson.pk]},
                    "slot_seats",
                    place,
                )
            )
    if problems:
        raise SchedulingRefused(*problems)


def free_slots(
    lessons: Iterable[Lesson], plans: Sequence[LessonPlan], now: datetime
) -> list[SlotChange]:
    """Free the choices of slots that vanish, move or become another lesson; returns every slot that
    changes, with its people. Another room alone frees nothing. Call before the lessons are written.
    """
    wanted = {plan.pk: plan for plan in plans if plan.pk is not None}
    found = []
    for lesson in lessons:
        if lesson.slot_group is None:
            continue
        plan = wanted.get(lesson.pk)
        before = Slot(lesson.starts_at, lesson.ends_at, lesson.venue)
        after = plan and Slot(plan.starts_at, plan.ends_at, plan.venue)
        is_freed = plan is None or (plan.starts_at, plan.ends_at, plan.slot_group) != (
            lesson.starts_at,
            lesson.ends_at,
            lesson.slot_group,
        )
        if before == after and not is_freed:
            continue
        chosen = SlotChoice.objects.standing().filter(lesson=lesson)
        people = list(chosen.order_by("enrolment").values_list("enrolment", flat=True))
        if is_freed:
            chosen.update(left_at=now)
        found.append(SlotChange(LessonChange(before, after, is_slot=True), people, is_freed))
    return found


def tellings_of_slots(
    training_class: TrainingClass, changes: Sequence[SlotChange]
) -> list[Telling]:
    """One for everybody whose slot was freed, and one for those whose slot has another room."""
    people = Enrolment.objects.select_related("trainee__user").in_bulk(
        {person for item in changes for person in item.people}
    )
    found: dict[tuple[int, bool], list[LessonChange]] = {}
    for item in changes:
        for person in item.people:
            found.setdefault((person, item.is_freed), []).append(item.change)
    return [
        Telling(
            people[person],
            SLOT_CHANGED if is_freed else SLOT_ROOM_CHANGED,
            {"title": training_class.title, "changes": of_person},
        )
        for (person, is_freed), of_person in found.items()
    ]
