"""Who has annual plans: towns, departments and campuses, found by code, by person, and by what is
still missing.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from academy.access import campuses_of, departments_of, is_office, towns_of
from academy.errors import PortalError
from academy.models import Campus, Department, Town, TownKind

from .models import HANDED_IN, OWNER_KINDS, AnnualPlan, Owner, kind_of

MODELS = {"town": Town, "department": Department, "campus": Campus}


class UnknownOwner(PortalError):
    """No town, department or campus has this code."""


def owner_named(code: str) -> Owner:
    """The owner with the code; the three kinds share one space of codes. Raises UnknownOwner."""
    for model in MODELS.values():
        owner = model.objects.filter(code=code).first()
        if owner is not None:
            return owner
    raise UnknownOwner(
        _("No town, department or campus has the code “%(code)s”.") % {"code": code[:20]}
    )


def every_owner() -> list[Owner]:
    """All that have not ended, in code order within their kind."""
    return [
        owner
        for kind in OWNER_KINDS
        for owner in MODELS[kind].objects.filter(ended_on__isnull=True)
    ]


def owners_for(user) -> list[Owner]:
    """Whose plans the person may draft, in code order. Source: docs/rules.md R11."""
    scopes = {"town": towns_of, "department": departments_of, "campus": campuses_of}
    everywhere = is_office(user)
    owners: list[Owner] = []
    for kind in OWNER_KINDS:
        keys = None if everywhere else scopes[kind](user)
        if everywhere or keys:
            rows = MODELS[kind].objects.filter(ended_on__isnull=True)
            owners += rows if everywhere else rows.filter(pk__in=keys)
    return owners


def drafts_for(user, owner: Owner) -> bool:
    """Whether the person may draft the owner's plan."""
    scopes = {"town": towns_of, "department": departments_of, "campus": campuses_of}
    kind = kind_of(owner)
    return is_office(user) or owner.pk in scopes[kind](user)


def files_every_year(owner: Owner) -> bool:
    """The street-towns and the departments; branches and salons may file a plan, and need not.
    Source: docs/rules.md R36.

    The industrial park is none of the twelve.
    """
    return not isinstance(owner, Campus) and getattr(owner, "kind", "") != TownKind.INDUSTRIAL_PARK


def plans_by_owner(year: int) -> dict[tuple[str, int], AnnualPlan]:
    """The plans of the year by kind and key of their owner, with what the two questions below ask
    of them.
    """
    fields = (
        "year",
        "status",
        "filing_number",
        "updated_at",
        *(f"{kind}_id" for kind in OWNER_KINDS),
    )
    plans = {}
    for plan in AnnualPlan.objects.of_year(year).only(*fields):
        kind = next(kind for kind in OWNER_KINDS if getattr(plan, f"{kind}_id"))
        plans[kind, getattr(plan, f"{kind}_id")] = plan
    return plans


def not_handed_in(owners: Iterable[Owner], plans: dict) -> list[tuple[Owner, AnnualPlan | None]]:
    """Which of the owners have not handed in their plan yet, with the draft where there is one; in
    the order given, no ranking.

    A plan that was filed once counts as handed in while it is being changed.
    """
    found = [
        (owner, plans.get((kind_of(owner), owner.pk)))
        for owner in owners
        if files_every_year(owner)
    ]
    return [
        (owner, plan)
        for owner, plan in found
        if plan is None or (plan.status not in HANDED_IN and not plan.filing_number)
    ]


def without_a_plan(owners: Iterable[Owner], plans: dict) -> list[Owner]:
    """Return the owners that have no plan in `plans`."""
    return [owner for owner in owners if (kind_of(owner), owner.pk) not in plans]
