"""The one place that knows which grants a person holds.

Apps build their predicates and `visible_to` on it.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import OFFICE, Campus, CampusKind, Role, RoleGrant, Village


def grants_of(user) -> list[RoleGrant]:
    """The grants that hold today; read once per request (they live on the user object)."""
    if not getattr(user, "is_authenticated", False):
        return []
    if not hasattr(user, "_current_grants"):
        keep_grants(user, RoleGrant.objects.filter(user=user))
    return user._current_grants


def keep_grants(user, grants: Iterable[RoleGrant]) -> None:
    """Of all grants of a person those that hold today, for as long as the request lasts."""
    today = timezone.localdate()
    held = [grant for grant in grants if grant.holds_on(today)]
    user._current_grants = sorted(held, key=lambda grant: grant.pk)
    user._own_salons = None  # what they open is looked up when it is asked for


def has_role(user, *roles: str) -> bool:
    """Return whether the person holds one of the roles, in whatever scope."""
    return any(grant.role in roles for grant in grants_of(user))


def is_office(user) -> bool:
    """District staff and administrators: they see and do across the district."""
    return has_role(user, *OFFICE)


def is_administrator(user) -> bool:
    """Return whether the person administers the portal."""
    return has_role(user, Role.ADMINISTRATOR)


def is_any_staff(user) -> bool:
    """Whoever holds a grant that opens staff pages; the auditor reads only the audit log."""
    return any(grant.role != Role.AUDITOR for grant in grants_of(user))


def handles_data_of_others(user) -> bool:
    """Whoever holds any grant, the auditor too, or opens the vocabulary pages."""
    return bool(grants_of(user)) or bool(getattr(user, "is_staff", False))


def towns_of(user) -> set[int]:
    """Keys of the towns the person works for as town staff."""
    return {grant.town_id for grant in grants_of(user) if grant.role == Role.TOWN_STAFF}


def departments_of(user) -> set[int]:
    """Return the keys of the departments that the person works for."""
    return {grant.department_id for grant in grants_of(user) if grant.role == Role.DEPARTMENT_STAFF}


def villages_of(user) -> set[int]:
    """Keys of the villages the person coordinates; a grant on a town covers its villages."""
    own = {grant.village_id for grant in grants_of(user) if grant.role == Role.VILLAGE_COORDINATOR}
    towns = towns_of(user)
    if towns:
        own |= set(Village.objects.filter(town__in=towns).values_list("pk", flat=True))
    return own


def campuses_of(user) -> set[int]:
    """Keys of the campuses whose classes the person runs; a grant on a town covers its salon."""
    own = {grant.campus_id for grant in grants_of(user) if grant.role == Role.BRANCH_COORDINATOR}
    return own | _salons_of(user)


def _salons_of(user) -> set[int]:
    """The salons of the towns the person works for; read once per request, like the grants."""
    towns = towns_of(user)
    if not towns:
        return set()
    if user._own_salons is None:
        salons = Campus.objects.filter(kind=CampusKind.SALON, town__in=towns)
        user._own_salons = set(salons.values_list("pk", flat=True))
    return user._own_salons


def require(user, permission: str, obj=None, *, who: str = "") -> None:
    """Refuse with 403 and a sentence that says who can do it."""
    if not user.has_perm(permission, obj):
        raise PermissionDenied(
            who or _("This page is for staff. Ask the academy office if you need it for your work.")
        )
