"""Whom a role can be given to, chosen by typing."""

from django.db.models import QuerySet

from academy.models import User
from trainees.pickers import PersonKind

from .roles.finding import people_to_choose_from


class RoleHolderKind(PersonKind):
    name = "role-holder"

    def may_ask(self, user) -> bool:
        return user.has_perm("academy.view_rolegrant")

    def people(self, user) -> QuerySet[User]:
        return people_to_choose_from(user).filter(merged_into__isnull=True)


PICKERS = [RoleHolderKind]
