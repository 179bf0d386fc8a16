"""Who may do what with classes and people. Source: docs/rules.md R11."""

import rules
from django.db.models import Q
from django.utils import timezone

from academy.access import (
    campuses_of,
    departments_of,
    has_role,
    is_administrator,
    is_office,
    towns_of,
    villages_of,
)
from academy.models import Role
from courses.models import Expert, LessonTeacher, TeachingRole

from .models import Deputy
from .people.suspending import holds_more_than_the_village, is_cadre_of, outranks


@rules.predicate
def has_profile(user) -> bool:
    """Only someone with a trainee profile can book."""
    return hasattr(user, "trainee")


@rules.predicate
def runs_class(user, training_class) -> bool:
    """Schedules the class, takes its attendance and closes it; without a class: runs any."""
    if is_office(user):
        return True
    campuses, departments = campuses_of(user), departments_of(user)
    if training_class is None:
        return bool(campuses or departments)
    return training_class.campus_id in campuses or (
        training_class.department_id is not None and training_class.department_id in departments
    )


@rules.predicate
def books_for_colleagues(user) -> bool:
    """Village coordinators, street-towns and the office. Source: docs/rules.md R11."""
    return is_office(user) or has_role(user, Role.VILLAGE_COORDINATOR, Role.TOWN_STAFF)


@rules.predicate
def books_for_own_people(user) -> bool:
    """Whose work it is to book for the people of a village or a street-town; the office may, from
    the page of a class.
    """
    return has_role(user, Role.VILLAGE_COORDINATOR, Role.TOWN_STAFF)


@rules.predicate
def teaches(user) -> bool:
    """Whoever stands in the register of experts with an account."""
    if hasattr(user, "is_expert"):  # the frame of the page has read it
        return user.is_expert
    return user.is_authenticated and Expert.objects.filter(user=user).exists()


@rules.predicate
def answers_requests(user) -> bool:
    """Whoever runs classes answers what people ask about them."""
    return runs_class(user, None)


@rules.predicate
def decides_appeals(user) -> bool:
    """Absences of several classes are one question: the office decides it."""
    return is_office(user)


@rules.predicate
def sees_groups(user) -> bool:
    """Residents belong to no village's or town's staff: their figures are the office's."""
    return is_office(user)


@rules.predicate
def comments_on_sheets(user, training_class) -> bool:
    """Whoever stands before a lesson of the class in any role, and whoever runs it.

    Source: docs/rules.md R91.
    """
    if runs_class.test(user, training_class):
        return True
    return LessonTeacher.objects.filter(
        Q(expert__user=user.pk) | Q(person=user.pk), lesson__training_class=training_class
    ).exists()


rules.add_perm("trainees.comment_on_sheets", comments_on_sheets)
rules.add_perm("trainees.see_groups", sees_groups)
rules.add_perm("trainees.see_requests", answers_requests)
rules.add_perm("trainees.decide_appeal", decides_appeals)
rules.add_perm("trainees.decide_claims", decides_appeals)


@rules.predicate
def names_deputies(user) -> bool:
    """Whoever approves bookings by their own role: village coordinators, street-towns, the
    office.
    """
    return books_for_colleagues.test(user)


@rules.predicate
def sees_approvals(user) -> bool:
    """Whoever approves, and on its days whoever stands in for them."""
    return (
        names_deputies.test(user)
        or Deputy.objects.on(timezone.localdate()).filter(person=user.pk).exists()
    )


rules.add_perm("trainees.name_deputies", names_deputies)
rules.add_perm("trainees.see_approvals", sees_approvals)


@rules.predicate
def nominates(user) -> bool:
    """Street-towns send their people; the office can do it for them. Source: docs/rules.md R11."""
    return is_office(user) or has_role(user, Role.TOWN_STAFF)


rules.add_perm("trainees.nominate", nominates)
# street-towns send the roster of their own people, the office any
rules.add_perm("trainees.import_rosters", nominates)
rules.add_perm("trainees.see_load", books_for_colleagues)
rules.add_perm("trainees.book_for_own_people", books_for_own_people)
rules.add_perm("trainees.teach", teaches)
rules.add_perm("trainees.book", has_profile)
rules.add_perm("trainees.take_attendance", runs_class)
rules.add_perm("trainees.close_class", runs_class)
rules.add_perm("trainees.see_roster", runs_class)
rules.add_perm("trainees.book_for_colleagues", books_for_colleagues)


# --- Evaluation -----------------------------------------------------------------------------------


@rules.predicate
def sees_evaluation(user, training_class=None) -> bool:
    """Whoever runs the class, and who lectured in it; without a class: whoever sees any.

    Source: docs/rules.md R82.
    """
    if runs_class.test(user, training_class):
        return True
    if training_class is None:
        return teaches.test(user)
    return LessonTeacher.objects.filter(
        lesson__training_class=training_class, role=TeachingRole.LECTURER, expert__user=user.pk
    ).exists()


rules.add_perm("trainees.see_evaluation", sees_evaluation)
# what is to be mended is entered and closed by whoever runs the class; lecturers find the
# evaluations of their classes from their own page
rules.add_perm("trainees.mend", runs_class)


# --- People ---------------------------------------------------------------------------------------


@rules.predicate
def changes_people(user, person=None) -> bool:
    """The office, and street-towns for the cadres of their villages; without a person: anybody."""
    if is_office(user):
        return True
    towns = towns_of(user)
    return bool(towns) and (person is None or is_cadre_of(person, towns))


@rules.predicate
def closes_account(user, person) -> bool:
    """The office closes and opens accounts; those of the office and of auditors an administrator
    does.
    """
    return is_administrator(user) or (is_office(user) and not outranks(person))


@rules.predicate
def changes_number(user, person) -> bool:
    """As the account; street-towns for cadres who hold no role beyond their village, for whoever
    has the number has the account.
    """
    return closes_account.test(user, person) or (
        not is_office(user)
        and changes_people.test(user, person)
        and not holds_more_than_the_village(person)
    )


@rules.predicate
def joins_entries(user, person=None) -> bool:
    """Joins two entries of one person and parts them: whoever may change the number of both; nobody
    their own.
    """
    if person is None:
        return changes_people.test(user, None)
    return user.pk != person.pk and changes_number.test(user, person)


rules.add_perm("trainees.join_entries", joins_entries)
rules.add_perm("trainees.see_people", books_for_colleagues)
rules.add_perm("trainees.change_person", changes_people)
rules.add_perm("trainees.close_account", closes_account)
rules.add_perm("trainees.change_number", changes_number)


# --- Certificates ---------------------------------------------------------------------------------


@rules.predicate
def revokes_certificate(user, certificate) -> bool:
    """Of a class whoever runs it, of a year an administrator. Source: docs/rules.md R84."""
    if certificate.training_class is None:
        return is_administrator(user)
    return runs_class(user, certificate.training_class)


rules.add_perm("trainees.see_certificates", runs_class)
rules.add_perm("trainees.revoke_certificate", revokes_certificate)
rules.add_perm("trainees.issue_year_certificates", is_administrator)


# --- The path of growth ---------------------------------------------------------------------------


@rules.predicate
def decides_stage(user, trainee) -> bool:
    """The office, and for the cadres of their villages street-towns and the coordinators of the
    villages; nobody about themselves. Source: docs/rules.md R85.
    """
    if trainee.user_id == user.pk:
        return False
    return is_office(user) or trainee.village_id in villages_of(user)


rules.add_perm("trainees.decide_stage", decides_stage)
rules.add_perm("trainees.make_mentor", is_administrator)
