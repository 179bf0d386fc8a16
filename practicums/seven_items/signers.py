"""Who signs which of the seven items, when each is due, and what is still missing: asked of the
rows, nothing is written.

Source: docs/rules.md R7, R33.
"""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from academy.access import departments_of, is_office

from ..errors import MissingItem
from ..models import ItemKind, ItemStatus, Secondment, SevenItem, SignOffDecision, SignOffRole

# Who signs which item, in this order. The programme has published no rule; this table is the
# academy's own proposal after
# a proposal of the academy, docs/rules.md R33. To change who signs, change it here: pages, closing
# and the audit follow.
SIGNERS: dict[str, tuple[SignOffRole, ...]] = {
    ItemKind.TASK_LIST: (SignOffRole.MENTOR, SignOffRole.HOST),
    # the host names the mentor; handing in is the secondee's consent
    ItemKind.MENTOR_PAIRING: (SignOffRole.HOST,),
    ItemKind.PRACTICAL_PROJECT: (SignOffRole.MENTOR, SignOffRole.HOST),
    ItemKind.GET_TOGETHER: (SignOffRole.ACADEMY,),
    ItemKind.WORK_CASE: (SignOffRole.MENTOR,),  # whether it is published is decided elsewhere
    ItemKind.PRACTICE_REPORT: (SignOffRole.MENTOR,),
    # written and issued by the host; nobody else writes it
    ItemKind.APPRAISAL: (SignOffRole.HOST,),
}

# When an item is due, in days from the first day (+), the half of the term, or the last day (-).
# Also a proposal; the
# office may move the day of each item (`change_due`).
HALF_TIME = "half"
DUE: dict[str, int | str] = {
    ItemKind.TASK_LIST: 14,
    ItemKind.MENTOR_PAIRING: 7,
    ItemKind.PRACTICAL_PROJECT: -30,
    ItemKind.GET_TOGETHER: HALF_TIME,  # the first one; it is held again and again
    ItemKind.WORK_CASE: -21,
    ItemKind.PRACTICE_REPORT: -14,
    ItemKind.APPRAISAL: 0,  # on the last day
}


def roles_of(user, secondment: Secondment) -> frozenset[SignOffRole]:
    """As what a person may sign here.

    The secondee signs nothing of their own, whatever grants they hold.
    """
    if not getattr(user, "is_authenticated", False) or secondment.trainee.user_id == user.pk:
        return frozenset()
    roles = set()
    if secondment.mentor_id == user.pk:
        roles.add(SignOffRole.MENTOR)
    if (
        secondment.host_department_id is not None
        and secondment.host_department_id in departments_of(user)
    ):
        roles.add(SignOffRole.HOST)
    if is_office(user):
        roles.add(SignOffRole.ACADEMY)
        if secondment.host_is_outside:
            roles.add(SignOffRole.HOST)  # with the host's paper in hand
    return frozenset(roles)


def signed_roles(item: SevenItem) -> set[str]:
    """Who has signed the present hand-in. Reads prefetched sign-offs without a query."""
    return {
        row.role
        for row in item.sign_offs.all()
        if row.round == item.round and row.decision == SignOffDecision.SIGNED
    }


def whose_turn(item: SevenItem) -> SignOffRole | None:
    """Who signs next; None when nothing waits for a signature."""
    if not item.is_with_signers:
        return None
    signed = signed_roles(item)
    return next((role for role in SIGNERS[item.kind] if role not in signed), None)


def first_signer(item: SevenItem) -> str:
    """Who looks first at what is handed in, by name."""
    return _name_of(item, SIGNERS[item.kind][0])


def next_signer(item: SevenItem) -> str:
    """Who has it now, by name; nothing when nobody has."""
    role = whose_turn(item)
    return _name_of(item, role) if role else ""


def _name_of(item: SevenItem, role: SignOffRole) -> str:
    return {
        SignOffRole.MENTOR: item.secondment.mentor.name,
        SignOffRole.HOST: item.secondment.host_name,
    }.get(role, str(role.label))


def due_date(kind: str, starts_on: date, ends_on: date) -> date:
    """The day an item is due by the table above; never before the first day."""
    rule = DUE[kind]
    if rule == HALF_TIME:
        return starts_on + (ends_on - starts_on) // 2
    return (
        min(starts_on + timedelta(days=rule), ends_on)
        if rule > 0
        else max(ends_on + timedelta(days=rule), starts_on)
    )


def seven_items_for(secondment: Secondment) -> list[SevenItem]:
    """The seven of a new secondment, not saved yet."""
    return [
        SevenItem(
            secondment=secondment,
            kind=kind,
            due_on=due_date(kind, secondment.starts_on, secondment.ends_on),
        )
        for kind in ItemKind.values
    ]


def missing_items(secondment: Secondment) -> list[MissingItem]:
    """What still stands against closing; empty means ready."""
    found = [
        MissingItem(item.kind, str(item.short_name), _reason_open(item))
        for item in secondment.items_in_order
        if not _is_done(item)
    ]
    there = {item.kind for item in secondment.items_in_order}
    return found + [
        MissingItem(kind, str(ItemKind(kind).label), _("not in the file"))
        for kind in ItemKind.values
        if kind not in there
    ]


def _is_done(item: SevenItem) -> bool:
    return item.is_signed and set(SIGNERS[item.kind]) <= signed_roles(item)


def _reason_open(item: SevenItem) -> str:
    if item.is_signed:
        return _("a signature is missing")
    if item.is_with_signers:
        return {
            SignOffRole.MENTOR: _("waits for the mentor"),
            SignOffRole.HOST: _("waits for the host"),
            SignOffRole.ACADEMY: _("waits for the academy office"),
        }[whose_turn(item) or SIGNERS[item.kind][-1]]
    if item.is_appraisal:
        return (
            _("the host has not issued it")
            if item.status != ItemStatus.SENT_BACK
            else _("the host writes it anew")
        )
    return {
        ItemStatus.NOT_STARTED: _("not started"),
        ItemStatus.IN_PROGRESS: _("not handed in"),
        ItemStatus.SENT_BACK: _("sent back, not handed in again"),
    }[item.status]


def may_add_to(user, item: SevenItem) -> bool:
    """The secondee brings the evidence; the host alone writes the appraisal; the office may record
    get-togethers, too.
    """
    if item.is_appraisal:
        return SignOffRole.HOST in roles_of(user, item.secondment)
    if item.secondment.trainee.user_id == user.pk:
        return True
    return item.kind == ItemKind.GET_TOGETHER and SignOffRole.ACADEMY in roles_of(
        user, item.secondment
    )


def may_send_back(user, item: SevenItem) -> bool:
    """Whoever signs the item while it is looked at; the office also afterwards, as long as the file
    is open.
    """
    roles = roles_of(user, item.secondment)
    if item.is_with_signers:
        return bool(roles & {*SIGNERS[item.kind], SignOffRole.ACADEMY})
    return item.is_signed and SignOffRole.ACADEMY in roles
