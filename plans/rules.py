"""Who may do what with annual plans. Source: docs/rules.md R11."""

import rules

from academy.access import (
    campuses_of,
    departments_of,
    has_role,
    is_administrator,
    is_office,
    towns_of,
)
from academy.models import Role

from .models import AnnualPlan, Project


@rules.predicate
def works_with_plans(user) -> bool:
    return has_role(
        user,
        Role.BRANCH_COORDINATOR,
        Role.TOWN_STAFF,
        Role.DEPARTMENT_STAFF,
        Role.DISTRICT_STAFF,
        Role.ADMINISTRATOR,
    )


@rules.predicate
def drafts_plan(user, plan: AnnualPlan | None) -> bool:
    """The owner's own people, and the office for everybody."""
    if plan is None:
        return False
    return (
        is_office(user)
        or plan.town_id in towns_of(user)
        or plan.department_id in departments_of(user)
        or plan.campus_id in campuses_of(user)
    )


@rules.predicate
def keeps_projects(user, project: Project | None = None) -> bool:
    """The office all projects, a street-town those of its villages. Source: docs/rules.md R65."""
    if is_office(user) or project is None:
        return has_role(user, Role.TOWN_STAFF, Role.DISTRICT_STAFF, Role.ADMINISTRATOR)
    return project.village.town_id in towns_of(user)


@rules.predicate
def reviews_plans(user) -> bool:
    return is_office(user)


@rules.predicate
def files_plans(user) -> bool:
    return is_administrator(user)


rules.add_perm("plans.list_plans", works_with_plans)
rules.add_perm("plans.draft_plan", drafts_plan)
rules.add_perm("plans.review_plans", reviews_plans)
rules.add_perm("plans.file_plans", files_plans)
rules.add_perm("plans.export_all_plans", files_plans)
rules.add_perm("plans.keep_projects", keeps_projects)
rules.add_perm("plans.replace_templates", reviews_plans)
