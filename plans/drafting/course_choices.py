"""Choosing the course of an item, and what the item takes over from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from academy.text.numbers import plain
from courses.models import Course

from ..filing import lock_editable
from ..imports.row_values import label
from ..models import AnnualPlan, PlanItem

TAKEN_OVER = ("content", "hours", "formats")


@dataclass(frozen=True)
class Change:
    """A field of an item that takes another value over from its course."""

    name: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return label(self.name)


def values_from(course: Course) -> dict[str, str | Decimal]:
    """Return what a course says of an item: content, study hours of a run, ways of teaching."""
    longest = {name: PlanItem._meta.get_field(name).max_length for name in TAKEN_OVER}
    formats = "、".join(course.formats.values_list("name", flat=True))
    return {
        "content": (course.summary or course.outline or course.title)[: longest["content"]],
        "hours": course.hours,
        "formats": formats[: longest["formats"]],
    }


def changes_by(course: Course, held: Mapping, *, overwrite: bool) -> list[Change]:
    """Return what the fields take over: the empty ones, or with `overwrite` all that differ."""
    found = []
    for name, new in values_from(course).items():
        old = held.get(name) or ""
        if new and (overwrite or not old) and old != new:
            found.append(Change(name, _words(old), _words(new)))
    return found


def _words(value: str | Decimal) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def take_over(item: PlanItem, course: Course, *, overwrite: bool = False) -> list[Change]:
    """Write into the item what it takes over from the course, without saving it. Returns the
    changes.
    """
    held = {name: getattr(item, name) for name in TAKEN_OVER}
    changes = changes_by(course, held, overwrite=overwrite)
    values = values_from(course)
    for change in changes:
        setattr(item, change.name, values[change.name])
    return changes


@transaction.atomic
def choose_courses(
    *, plan: AnnualPlan, chosen: Mapping[int, Course | None], overwrite: bool = False
) -> int:
    """Keep what a person chose for items of the plan (key → course, or None for none of them), and
    fill the items from their courses.

    Returns how many items were answered; one that is gone is left out. Raises PlanNotEditable.
    """
    plan = lock_editable(plan)
    items = list(plan.items.filter(pk__in=chosen))
    for item in items:
        item.course, item.course_is_chosen = chosen[item.pk], True
        if item.course is not None:
            take_over(item, item.course, overwrite=overwrite)
    PlanItem.objects.bulk_update(items, ["course", "course_is_chosen", *TAKEN_OVER])
    plan.save(update_fields=["updated_at"])
    return len(items)
