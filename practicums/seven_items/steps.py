"""The steps of an item: handing in, signing, sending back, and the day it is due.

Every step locks the secondment, so that two people who act at once follow each other; a step that
was taken already changes nothing. Source: docs/rules.md R7, R33.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import full_day

from ..errors import (
    AlreadySigned,
    CommentMissing,
    EvidenceMissing,
    HandedInAgain,
    NotHandedIn,
    NotNamed,
    NotYourTurn,
    WrongDay,
)
from ..models import ItemStatus, SevenItem, SignOff, SignOffDecision, SignOffRole
from ..notices import ITEM_SENT_BACK, ITEM_SIGNED
from .locks import (
    COMMENT_LENGTH,
    EVERYBODY_NAMED,
    LATEST_DUE,
    lock_item,
    refuse_long,
    refuse_unless_office,
)
from .signers import SIGNERS, may_add_to, may_send_back, roles_of, whose_turn
from .step_notices import tell_next, tell_role, tell_secondee


@transaction.atomic
def hand_in(*, item: SevenItem, by, now: datetime) -> SevenItem:
    """Give the item to those who sign.

    Raises NotNamed, SecondmentEnded, EvidenceMissing, AlreadySigned.
    """
    item = lock_item(item)
    if item.is_appraisal or not may_add_to(by, item):
        raise NotNamed(
            _("The appraisal is written by the host alone.")
            if item.is_appraisal
            else _("It is handed in by the person on the secondment.")
        )
    if item.is_with_signers:
        return item
    if item.is_signed:
        raise AlreadySigned(
            _("This item is done and signed. Ask the academy office if something has to change.")
        )
    if not item.evidence.filter(round=item.round + 1).exists():
        raise EvidenceMissing(
            _("Nothing was added since it came back. Add what was asked for, then hand it in.")
            if item.status == ItemStatus.SENT_BACK
            else _("There is nothing to hand in yet. Add a text or a file first.")
        )
    item.status, item.round, item.handed_in_at = ItemStatus.HANDED_IN, item.round + 1, now
    item.looked_at = None
    item.save(update_fields=["status", "round", "handed_in_at", "looked_at"])
    tell_next(item, now)
    return item


@transaction.atomic
def sign(
    *,
    item: SevenItem,
    role: str,
    by,
    now: datetime,
    comment: str = "",
    seen_round: int | None = None,
) -> SevenItem:
    """Sign the hand-in as `role`; with the last signature the item is done. `seen_round` is the
    hand-in the page showed.

    Raises NotNamed, SecondmentEnded, NotHandedIn, NotYourTurn, AlreadySigned, HandedInAgain,
    TextTooLong.
    """
    comment = comment.strip()
    refuse_long(comment, COMMENT_LENGTH)
    item = lock_item(item)
    if (
        item.is_appraisal
        or role not in SIGNERS[item.kind]
        or role not in roles_of(by, item.secondment)
    ):
        raise NotNamed(str(EVERYBODY_NAMED))
    if seen_round is not None and seen_round != item.round:
        raise HandedInAgain(
            _("It was handed in again in the meantime. Look at the new version first.")
        )
    mine = (
        item.sign_offs.filter(round=item.round, role=role, decision=SignOffDecision.SIGNED)
        .select_related("user")
        .first()
    )
    if mine and item.status in (ItemStatus.HANDED_IN, ItemStatus.SIGNED):
        if mine.user_id == by.pk:
            return item
        raise AlreadySigned(
            _("%(name)s has signed it already.") % {"name": mine.user or mine.get_role_display()}
        )
    if not item.is_with_signers:
        raise NotHandedIn(_("It is not handed in at present; it may have been sent back just now."))
    turn = whose_turn(item)
    if role != turn:
        raise NotYourTurn(
            _("%(role)s signs first. You will get a notice when it is your turn.")
            % {"role": SignOffRole(turn).label}
        )
    SignOff.objects.create(
        item=item,
        round=item.round,
        role=role,
        user=by,
        decision=SignOffDecision.SIGNED,
        comment=comment,
        at=now,
    )
    if whose_turn(item) is None:
        item.status = ItemStatus.SIGNED
        item.save(update_fields=["status"])
        tell_secondee(item, ITEM_SIGNED, now, comment)
    else:
        tell_next(item, now)
    return item


@transaction.atomic
def send_back(
    *, item: SevenItem, comment: str, by, now: datetime, seen_round: int | None = None
) -> SevenItem:
    """Give the item back with what has to change. Signatures of this hand-in no longer count.

    Raises CommentMissing, TextTooLong, NotNamed, SecondmentEnded, NotHandedIn, HandedInAgain.
    """
    comment = comment.strip()
    if not comment:
        raise CommentMissing(_("Write what has to change, so that the person knows what to do."))
    refuse_long(comment, COMMENT_LENGTH)
    item = lock_item(item)
    roles = roles_of(by, item.secondment)
    if not roles & {*SIGNERS[item.kind], SignOffRole.ACADEMY}:
        raise NotNamed(str(EVERYBODY_NAMED))
    if seen_round is not None and seen_round != item.round:
        raise HandedInAgain(
            _("It was handed in again in the meantime. Look at the new version first.")
        )
    if item.status == ItemStatus.SENT_BACK:
        last = item.sign_offs.filter(round=item.round, decision=SignOffDecision.SENT_BACK).last()
        if last and last.user_id == by.pk and last.comment == comment:
            return item
    if not may_send_back(by, item):
        if item.is_signed:
            raise AlreadySigned(_("It is signed already. The academy office can send it back."))
        raise NotHandedIn(_("It is not handed in at present; it may have been sent back just now."))
    as_role = next(
        (role for role in (whose_turn(item), *SIGNERS[item.kind]) if role in roles),
        SignOffRole.ACADEMY,
    )
    row = SignOff.objects.create(
        item=item,
        round=item.round,
        role=as_role,
        user=by,
        decision=SignOffDecision.SENT_BACK,
        comment=comment,
        at=now,
    )
    item.status = ItemStatus.SENT_BACK
    item.save(update_fields=["status"])
    if item.is_appraisal:
        tell_role(
            item,
            SignOffRole.HOST,
            ITEM_SENT_BACK,
            now,
            comment=comment,
            dedupe=f"sign-off {row.pk}",
        )
    else:
        tell_secondee(item, ITEM_SENT_BACK, now, comment)
    return item


@transaction.atomic
def change_due(*, item: SevenItem, due_on: date, by, now: datetime) -> SevenItem:
    """Move the day an item is due. Raises NotNamed, SecondmentEnded, WrongDay."""
    item = lock_item(item)
    refuse_unless_office(by, item.secondment)
    latest = item.secondment.ends_on + LATEST_DUE
    if not item.secondment.starts_on <= due_on <= latest:
        raise WrongDay(
            _("Choose a day from %(start)s to %(end)s.")
            % {
                "start": full_day(item.secondment.starts_on),
                "end": full_day(latest),
            }
        )
    if item.due_on != due_on:
        item.due_on = due_on
        item.save(update_fields=["due_on"])
    return item
