"""For whom a figure is told: the whole district, one street-town or one department.

A street-town and a department see their own numbers, the office sees all; in the order of codes.
Source: docs/rules.md R62.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from academy.access import departments_of, is_office, towns_of
from academy.models import Department, Town

from .counting import DISTRICT

WHOLE = "district"  # in an address


@dataclass(frozen=True)
class Scope:
    """`of` is "town", "department" or nothing for the district; `code` as figures are kept."""

    code: str
    name: str
    of: str = ""

    @property
    def key(self) -> str:
        return self.code or WHOLE


def scopes_for(user) -> list[Scope]:
    """What the person may look at: for the office the district first, then everybody by code."""
    everywhere = is_office(user)
    scopes = [Scope(DISTRICT, _("The whole district"))] if everywhere else []
    for of, model, own in (("town", Town, towns_of), ("department", Department, departments_of)):
        keys = set() if everywhere else own(user)
        if not (everywhere or keys):
            continue
        places = model.objects.filter(ended_on__isnull=True).order_by("code")
        if not everywhere:
            places = places.filter(pk__in=keys)
        scopes += [Scope(place.code, place.name, of) for place in places]
    return scopes


def chosen_scope(scopes: list[Scope], asked: str) -> tuple[Scope | None, bool]:
    """The scope asked for, else the first; with whether there is one by this name."""
    found = next((scope for scope in scopes if scope.key == asked), None)
    return found or next(iter(scopes), None), bool(found) or not asked
