"""Who may do what at the front door. Source: docs/rules.md R11."""

import rules

from academy.access import has_role, is_any_staff, is_office
from academy.models import Role


@rules.predicate
def sees_coverage(user) -> bool:
    """Street-towns their own villages, the office all. Source: docs/rules.md R64."""
    return is_office(user) or has_role(user, Role.TOWN_STAFF)


rules.add_perm("portal.open_manage", rules.predicate(is_any_staff))
rules.add_perm("portal.open_own_pages", rules.is_authenticated)
rules.add_perm("portal.read_feedback", rules.predicate(is_office))
rules.add_perm("portal.read_unanswered", rules.predicate(is_office))
rules.add_perm("portal.see_start", rules.predicate(is_office))
rules.add_perm("portal.see_coverage", sees_coverage)
