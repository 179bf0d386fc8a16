"""Beginning a plan from the owner's plan of the year before: the items with their times moved, and
what of them is there no more. Nothing is written until it has been looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from academy.models import Campus, Department, Town, Venue
from courses.models import Course, CourseStatus
from courses.schedule.holidays import is_announced

from .filing import lock_editable, settle_standings
from .items import MOST_ITEMS, TooManyItems
from .models import ITEM_FIELDS, AnnualPlan, PlanItem, kind_of
from .next_year import a_year_later
from .timing import first_quarter

NAMED_IN = ("organiser", "co_organiser", "place", "content")
SHORTEST_NAME = 3  # characters; a shorter one stands in too many words


@dataclass(frozen=True)
class Brought:
    """An item of the year before, as it would stand in the plan."""

    item: PlanItem
    months: str
    remarks: list[str]
    is_there: bool


def plan_before(plan: AnnualPlan) -> AnnualPlan | None:
    """The owner's plan of the year before; None where there is none with an item."""
    owner = {kind_of(plan.owner): plan.owner}
    return AnnualPlan.objects.filter(
        **owner, year=plan.year - 1, pk__in=PlanItem.objects.values("plan")
    ).first()


def brought_from(before: AnnualPlan, plan: AnnualPlan) -> list[Brought]:
    """Every item of the year before, in its order."""
    there = {item.name for item in plan.items.all()}
    gone = _names_gone()
    found = []
    for item in before.items.counted().select_related("course", "course__successor"):
        later = a_year_later(item.months, year=before.year)
        remarks = later.remarks + [
            _("“%(name)s” does not exist any more.") % {"name": name} for name in _in(item, gone)
        ]
        remarks += _of_its_course(item)
        found.append(Brought(item, later.words, remarks, item.name in there))
    return found


def bring_in(*, plan: AnnualPlan, before: AnnualPlan, times: dict[int, str]) -> list[PlanItem]:
    """Add these items of the year before (key → planned time) at the end of the plan, all or none.
    One whose name and time stand there already is left out.

    Raises PlanNotEditable, TooManyItems.
    """
    with transaction.atomic():
        plan = lock_editable(plan)
        there = set(plan.items.values_list("name", "months"))
        chosen = [
            item
            for item in before.items.counted().filter(pk__in=times).select_related("course")
            if (item.name, times[item.pk]) not in there
        ]
        number = max(plan.items.values_list("number", flat=True), default=0)
        if number + len(chosen) > MOST_ITEMS:
            raise TooManyItems(_("A plan holds at most %(most)d items.") % {"most": MOST_ITEMS})
        added = [
            _copy(item, plan, number + place, times[item.pk])
            for place, item in enumerate(chosen, start=1)
        ]
        PlanItem.objects.bulk_create(added)
        settle_standings(plan)
        plan.save(update_fields=["updated_at"])
    return added


def holidays_are_known(plan: AnnualPlan) -> bool:
    """Whether the days off of the new year are announced; else only those the law names count."""
    return is_announced(plan.year)


def _copy(item: PlanItem, plan: AnnualPlan, number: int, months: str) -> PlanItem:
    values = {name: getattr(item, name) for name in ITEM_FIELDS}
    values |= {"number": number, "months": months, "quarter": first_quarter(months)}
    if item.course_id and item.course.status == CourseStatus.PUBLISHED:
        values |= {"course": item.course, "course_is_chosen": item.course_is_chosen}
    return PlanItem(plan=plan, **values)


def _of_its_course(item: PlanItem) -> list[str]:
    """What is to be said of the item's course where the catalogue offers it no more."""
    course = item.course
    if course is None or course.status == CourseStatus.PUBLISHED:
        return []
    words = {"title": course.title, "next": course.successor}
    if course.successor:
        return [_("The course “%(title)s” was taken over by “%(next)s”.") % words]
    return [_("The course “%(title)s” was retired.") % words]


def _in(item: PlanItem, names: Iterable[str]) -> list[str]:
    texts = [getattr(item, name) for name in NAMED_IN]
    return [name for name in names if any(name in text for text in texts)]


def _names_gone() -> list[str]:
    """Units, branches and rooms that have ended and courses that were retired, by the name that
    nothing else has now.
    """
    ended: set[str] = set()
    alive: set[str] = set()
    for model in (Town, Department, Campus, Venue):
        for name, ended_on in model.objects.values_list("name", "ended_on"):
            (ended if ended_on else alive).add(name)
    for title, status in Course.objects.values_list("title", "status"):
        (ended if status == CourseStatus.RETIRED else alive).add(title)
    return sorted(name for name in ended - alive if len(name) >= SHORTEST_NAME)
