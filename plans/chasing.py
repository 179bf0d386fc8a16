"""Units that have not handed in their plan of a year, who holds it now, and asking them for it
(催报): each person once, and no unit twice within a week. Source: docs/rules.md R52.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from academy.models import Campus, CampusKind, Department, Role, RoleGrant, Town, User
from notices.outbox import tell

from .models import IN_REVIEW, SETTLED, AnnualPlan, Chase, Owner, filing_deadline, kind_of
from .notices import PLAN_CHASED
from .owners import every_owner, files_every_year, plans_by_owner

AGAIN_AFTER = timedelta(days=7)
DRAFTING = {
    Town: Role.TOWN_STAFF,
    Department: Role.DEPARTMENT_STAFF,
    Campus: Role.BRANCH_COORDINATOR,
}


@dataclass
class Unit:
    """A unit that may file for the year, with its plan and when it was last asked for it."""

    owner: Owner
    year: int
    plan: AnnualPlan | None
    asked_at: datetime | None = None

    @property
    def has_handed_in(self) -> bool:
        return self.plan is not None and bool(
            self.plan.status in (*IN_REVIEW, *SETTLED) or self.plan.filing_number
        )

    @property
    def must_file(self) -> bool:
        return files_every_year(self.owner)

    @property
    def holder(self) -> str:
        """Who holds the plan now; nobody once it is filed."""
        if self.plan is not None and self.plan.status in IN_REVIEW:
            return pgettext("who has it in hand", "Academy office")
        if self.plan is not None and self.plan.status in SETTLED:
            return ""
        return self.owner.name


@dataclass
class Asked:
    """What came of asking: units asked, units asked less than a week ago with their days, units
    nobody can be told for, units that have handed in meanwhile.
    """

    asked: list[Unit] = field(default_factory=list)
    asked_before: list[tuple[Unit, int]] = field(default_factory=list)
    without_people: list[Unit] = field(default_factory=list)
    handed_in: list[Unit] = field(default_factory=list)
    people: int = 0


def units_of(year: int) -> list[Unit]:
    """Return every unit that files or may file for the year and has not ended, in code order."""
    plans = plans_by_owner(year)
    asked = dict(Chase.objects.filter(year=year).values_list("code", "at"))
    return [
        Unit(owner, year, plans.get((kind_of(owner), owner.pk)), asked.get(owner.code))
        for owner in every_owner()
    ]


def drafters_of(owner: Owner, today: date) -> list[User]:
    """Return who drafts the owner's plan today; that of a salon its town's staff as well."""
    mine = Q(**{kind_of(owner): owner, "role": DRAFTING[type(owner)]})
    if isinstance(owner, Campus) and owner.kind == CampusKind.SALON:
        mine |= Q(town=owner.town_id, role=Role.TOWN_STAFF)
    grants = (
        RoleGrant.objects.current(today)
        .filter(mine, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return list(dict.fromkeys(grant.user for grant in grants))


@transaction.atomic
def chase(*, units: Iterable[Unit], by, now: datetime) -> Asked:
    """Ask the people of these units for their plans: one notice for each person, whatever the
    number of their units, and no unit twice within a week.
    """
    found = Asked()
    today = timezone.localdate(now)
    told: dict[User, list[Unit]] = {}
    for unit in units:
        people = drafters_of(unit.owner, today)
        if unit.has_handed_in:
            found.handed_in.append(unit)
        elif not people:
            found.without_people.append(unit)
        elif days := _claimed(unit, by, now):
            found.asked_before.append((unit, days - 1))
        else:
            found.asked.append(unit)
            for person in people:
                told.setdefault(person, []).append(unit)
    for person, theirs in told.items():
        _tell(person, theirs, now)
    found.people = len(told)
    return found


def _claimed(unit: Unit, by, now: datetime) -> int:
    """Claim the right to ask; 0 where it was given, else 1 + the days since somebody asked."""
    row, is_new = Chase.objects.get_or_create(
        code=unit.owner.code, year=unit.year, defaults={"at": now, "by": by}
    )
    if is_new:
        return 0
    row = Chase.objects.select_for_update().get(pk=row.pk)
    if row.at > now - AGAIN_AFTER:
        return 1 + max((now - row.at).days, 0)
    row.at, row.by = now, by
    row.save()
    return 0


def _tell(person: User, units: list[Unit], now: datetime) -> None:
    year = units[0].year
    tell(
        PLAN_CHASED,
        person,
        values={
            "year": year,
            "units": "、".join(unit.owner.name for unit in units),
            "day": filing_deadline(year),
        },
        link=f"{reverse('plans:plan_list')}?year={year}",
        due_at=now,
    )
