"""Who may do what at the front door. Source: docs/rules.md R11."""

import rules

from academy.access import departments_of, has_role, is_any_staff, is_office, towns_of
from academy.models import Role


@rules.predicate
def sees_coverage(user) -> bool:
    """Street-towns their own villages, the office all. Source: docs/rules.md R64."""
    return is_office(user) or has_role(user, Role.TOWN_STAFF)


def sees_the_monitor(user) -> bool:
    return is_office(user) or bool(towns_of(user)) or bool(departments_of(user))


rules.add_perm("portal.open_manage", rules.predicate(is_any_staff))
rules.add_perm("portal.open_own_pages", rules.is_authenticated)
rules.add_perm("portal.read_feedback", rules.predicate(is_office))
rules.add_perm("portal.read_unanswered", rules.predicate(is_office))
rules.add_perm("portal.see_start", rules.predicate(is_office))
rules.add_perm("portal.see_coverage", sees_coverage)
rules.add_perm("portal.see_monitor", rules.predicate(sees_the_monitor))
rules.add_perm("portal.run_monitor", rules.predicate(is_office))
