"""What is planned and held in a year, unit by unit, for the head of the board.

Source: docs/rules.md R60, R62.
"""

from datetime import date

from plans.actual.figures import year_on
from plans.models import Owner, kind_of

from .sources import Fact

PLANNED_CLASSES, HELD_CLASSES = "plan-classes", "plan-held"
PLANNED_PEOPLE, PEOPLE_CAME = "plan-people", "plan-came"
OUTSIDE = "plan-outside"
KEPT = (PLANNED_CLASSES, HELD_CLASSES, PLANNED_PEOPLE, PEOPLE_CAME, OUTSIDE)


def plan_facts(as_of: date) -> dict[str, list[Fact]]:
    """Slug → what is planned and held in the year of the day, of each unit; four statements.

    What a campus plans or holds counts in the whole district alone.
    """
    year = year_on(as_of.year, as_of)
    facts: dict[str, list[Fact]] = {slug: [] for slug in KEPT}
    for row in year.planned:
        facts[PLANNED_CLASSES].append(_fact(as_of, row.owner, row.item.runs))
        facts[PLANNED_PEOPLE].append(_fact(as_of, row.owner, row.item.people))
    for row in year.held:
        facts[HELD_CLASSES].append(_fact(as_of, row.owner, 1))
        facts[PEOPLE_CAME].append(_fact(as_of, row.owner, row.posted.people))
        facts[OUTSIDE].append(_fact(as_of, row.owner, int(not row.is_planned)))
    return facts


def _fact(as_of: date, owner: Owner, count: int) -> Fact:
    kind = kind_of(owner)
    return Fact(
        str(as_of.year),
        owner.code if kind == "town" else None,
        owner.code if kind == "department" else None,
        count,
        None,
    )
