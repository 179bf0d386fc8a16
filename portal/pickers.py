"""Whom a role can be given to, and where, chosen by typing."""

from dataclasses import replace

from django.db.models import QuerySet

from academy.models import User
from academy.picking.kinds import MOST, Ask, Choice, PickKind, kinds
from trainees.pickers import PersonKind

from .roles.finding import people_to_choose_from


class RoleHolderKind(PersonKind):
    name = "role-holder"

    def may_ask(self, user) -> bool:
        return user.has_perm("academy.view_rolegrant")

    def people(self, user) -> QuerySet[User]:
        return people_to_choose_from(user).filter(merged_into__isnull=True)


class RolePlaceKind(PickKind):
    """The street-towns, campuses and departments of the list of roles: `town:310113102`."""

    name = "role-place"

    def may_ask(self, user) -> bool:
        return user.has_perm("academy.view_rolegrant")

    def choices(self, user, ask: Ask) -> list[Choice]:
        found = [
            replace(choice, code=f"{name}:{choice.code}")
            for name in ("town", "campus", "department")
            for choice in kinds()[name].choices(user, ask)
        ]
        return found[: MOST + 1]


PICKERS = [RoleHolderKind, RolePlaceKind]
