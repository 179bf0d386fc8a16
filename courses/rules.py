"""Who may change courses and schedule classes. Source: docs/rules.md R11."""

import rules

from academy.access import campuses_of, departments_of, has_role, is_any_staff, is_office
from academy.models import Role


@rules.predicate
def works_on_course(user, course) -> bool:
    """The office works on every course, a department on its own; without a course: on any. What may
    be done with it at its present stage is said by `courses/catalogue/publishing.py`.
    """
    if is_office(user):
        return True
    departments = departments_of(user)
    if course is None:
        return bool(departments)
    return course.department_id in departments


@rules.predicate
def edits_service_item(user, item) -> bool:
    """The office every item, a department its own; without an item: any."""
    if is_office(user):
        return True
    departments = departments_of(user)
    return bool(departments) if item is None else item.department_id in departments


@rules.predicate
def reads_versions(user) -> bool:
    """Change notes are for colleagues: whoever works with courses or classes."""
    return is_any_staff(user)


@rules.predicate
def publishes(user) -> bool:
    return is_office(user)


@rules.predicate
def schedules(user, training_class) -> bool:
    """The campus that holds a class, the department that gives it, and the office; without a class:
    schedules any.
    """
    if is_office(user):
        return True
    campuses, departments = campuses_of(user), departments_of(user)
    if training_class is None:
        return bool(campuses or departments)
    return training_class.campus_id in campuses or (
        training_class.department_id is not None and training_class.department_id in departments
    )


@rules.predicate
def sees_schedule(user) -> bool:
    """Whoever may have classes to run; a town sees the page before it has a salon."""
    return is_office(user) or has_role(
        user, Role.BRANCH_COORDINATOR, Role.TOWN_STAFF, Role.DEPARTMENT_STAFF
    )


rules.add_perm("courses.view_schedule", sees_schedule)
rules.add_perm("courses.add_course", works_on_course)
rules.add_perm("courses.change_course", works_on_course)
rules.add_perm("courses.view_courseversion", reads_versions)
rules.add_perm("courses.change_serviceitem", edits_service_item)
rules.add_perm("courses.publish_course", publishes)
rules.add_perm("courses.add_trainingclass", schedules)
rules.add_perm("courses.change_trainingclass", schedules)
rules.add_perm("courses.answer_request", rules.predicate(is_office))
rules.add_perm("courses.change_expert", publishes)
