"""Who may do what with secondments: only those named in one, and the academy office.

Source: docs/rules.md R11.
"""

import rules

from academy.access import has_role, is_any_staff, is_office
from academy.models import Role
from courses.models import Expert

from .models import Evidence, PracticeCase, Secondment, SevenItem, SignOffRole
from .seven_items.appraisal import evidence_read_by
from .seven_items.signers import may_add_to, may_send_back, roles_of, whose_turn
from .teaching_statements import has_taught, may_see, teacher_named


@rules.predicate
def mentors(user) -> bool:
    """Whoever is or was named as mentor; the way in stays after the last signature."""
    if hasattr(user, "is_mentor"):  # the frame of the page has read it
        return user.is_mentor
    return user.is_authenticated and Secondment.objects.filter(mentor=user).exists()


@rules.predicate
def works_with_secondments(user) -> bool:
    """Towns that sent somebody, hosts, the office, and mentors, who need no grant."""
    if has_role(
        user, Role.TOWN_STAFF, Role.DEPARTMENT_STAFF, Role.DISTRICT_STAFF, Role.ADMINISTRATOR
    ):
        return True
    return mentors.test(user)


@rules.predicate
def adds_evidence(user, item: SevenItem | None) -> bool:
    return item is not None and may_add_to(user, item)


@rules.predicate
def takes_part(user, item: SevenItem | None) -> bool:
    """Has a part in the secondment; whether it is their turn is for the moment to say."""
    return item is not None and bool(roles_of(user, item.secondment))


@rules.predicate
def signs_now(user, item: SevenItem | None) -> bool:
    return item is not None and whose_turn(item) in roles_of(user, item.secondment)


@rules.predicate
def sends_back_now(user, item: SevenItem | None) -> bool:
    return item is not None and may_send_back(user, item)


@rules.predicate
def writes_appraisal(user, secondment: Secondment | None) -> bool:
    return secondment is not None and SignOffRole.HOST in roles_of(user, secondment)


@rules.predicate
def decides(user, secondment: Secondment | None) -> bool:
    return secondment is not None and SignOffRole.ACADEMY in roles_of(user, secondment)


@rules.predicate
def reads_appraisal(user, item: SevenItem | None) -> bool:
    """Before it is issued only those who write it; afterwards everybody who sees the secondment."""
    return item is not None and (
        item.is_signed or SignOffRole.HOST in roles_of(user, item.secondment)
    )


@rules.predicate
def reads_evidence(user, evidence: Evidence | None) -> bool:
    """Asked after `visible_to` has let the person see the secondment."""
    return (
        evidence is not None
        and evidence_read_by(user, evidence.item).filter(pk=evidence.pk).exists()
    )


@rules.predicate
def writes_cases(user, case: PracticeCase | None) -> bool:
    """Colleagues who hold a grant, and whoever is or was on a secondment or has a case; without a
    case: any.

    The office works on all.
    """
    if is_office(user):
        return True
    if case is not None:
        return case.author_id == user.pk
    return is_any_staff(user) or (
        user.is_authenticated
        and (
            Secondment.objects.filter(trainee__user=user).exists()
            # an expert who made a case of a sheet
            or PracticeCase.objects.filter(author=user).exists()
        )
    )


@rules.predicate
def keeps_batches(user) -> bool:
    return is_office(user)


@rules.predicate
def proves_teaching(user) -> bool:
    """Whoever stands in the register of experts, is a mentor, or has taught."""
    if getattr(user, "is_expert", False) or getattr(user, "is_mentor", False):
        return True  # the frame of the page has read it
    return user.is_authenticated and has_taught(user)


@rules.predicate
def sees_teaching(user, expert: Expert | None) -> bool:
    """The statement of teaching of somebody in the register. Source: docs/rules.md R92."""
    return expert is not None and may_see(user, teacher_named(expert))


rules.add_perm("practicums.mentor", mentors)
rules.add_perm("practicums.prove_teaching", proves_teaching)
rules.add_perm("practicums.see_teaching", sees_teaching)
rules.add_perm("practicums.see_board", works_with_secondments)
rules.add_perm("practicums.add_evidence", adds_evidence)
rules.add_perm("practicums.take_part", takes_part)
rules.add_perm("practicums.sign_now", signs_now)
rules.add_perm("practicums.send_back_now", sends_back_now)
rules.add_perm("practicums.write_appraisal", writes_appraisal)
rules.add_perm("practicums.read_appraisal", reads_appraisal)
rules.add_perm("practicums.read_evidence", reads_evidence)
rules.add_perm("practicums.decide", decides)
rules.add_perm("practicums.change_practicecase", writes_cases)
rules.add_perm("practicums.publish_practicecase", rules.predicate(is_office))
# The vocabulary pages ask for these names.
rules.add_perm("practicums", keeps_batches)
rules.add_perm("practicums.view_secondmentbatch", keeps_batches)
rules.add_perm("practicums.add_secondmentbatch", keeps_batches)
rules.add_perm("practicums.change_secondmentbatch", keeps_batches)
