"""Parallel slots: a lesson that is held several times, of which everybody attends one.

Lessons of a class with the same `slot_group` are slots of one lesson: the same course, the same
hours, other times or rooms. Source: docs/rules.md R90.
"""

from collections.abc import Iterable, Sequence

MOST_GROUPS = 5  # lessons of one class that are held in slots


def each_once(lessons: Iterable, group_of=lambda lesson: lesson.slot_group) -> list:
    """The lessons as one person attends them: of parallel slots only the first."""
    seen: set[int] = set()
    found = []
    for lesson in lessons:
        group = group_of(lesson)
        if group is None or group not in seen:
            found.append(lesson)
        if group is not None:
            seen.add(group)
    return found


def seats_of(lesson, capacity: int) -> int:
    """The seats of a slot, planned or stored; those of the class where it has none of its own."""
    return capacity if lesson.slot_seats is None else lesson.slot_seats


def fill_in_hours(rows: Sequence[dict]) -> list[dict]:
    """The rows of which the course's hours are shared out, each group once, with the hours that
    any slot of the group was given; `same_for_all_slots` then gives them to the others.
    """
    given = {
        row["slot_group"]: row["hours"]
        for row in rows
        if row["slot_group"] is not None and row["hours"] is not None
    }
    counted = each_once(rows, lambda row: row["slot_group"])
    for row in counted:
        if row["hours"] is None:
            row["hours"] = given.get(row["slot_group"])
    return counted


def same_for_all_slots(rows: Sequence[dict]) -> None:
    """Every slot has the hours of the first of its group."""
    first = {row["slot_group"]: row["hours"] for row in each_once(rows, lambda r: r["slot_group"])}
    for row in rows:
        if row["slot_group"] is not None:
            row["hours"] = first[row["slot_group"]]
