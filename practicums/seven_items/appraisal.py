"""The host's appraisal: written, issued, and who reads it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from academy.uploads.kinds import CheckedFile

from ..errors import EvidenceMissing
from ..models import (
    Evidence,
    EvidenceKind,
    ItemKind,
    ItemStatus,
    Secondment,
    SevenItem,
    SignOff,
    SignOffDecision,
    SignOffRole,
)
from ..notices import APPRAISAL_ISSUED
from .evidence_steps import add_evidence, newest_of_each_kind
from .locks import lock_item, lock_secondment
from .signers import roles_of
from .step_notices import tell_secondee


def write_appraisal(
    *,
    secondment: Secondment,
    text: str,
    by,
    now: datetime,
    declared_open: bool = True,
    file: CheckedFile | None = None,
    issue: bool = False,
) -> SevenItem:
    """Save the host's appraisal as a draft, or issue it. The secondee reads it once it is issued
    and never edits it.

    Raises EvidenceMissing, TextTooLong, NotDeclared, NotNamed, SecondmentEnded, AlreadySigned.
    """
    if not text.strip():
        raise EvidenceMissing(_("Write the appraisal first."))
    item = secondment.items.get(kind=ItemKind.APPRAISAL)
    with transaction.atomic():
        lock_secondment(secondment.pk)
        if issue and _issued_as(item, text, by):
            return item
        add_evidence(item=item, by=by, now=now, declared_open=declared_open, text=text, file=file)
        item = lock_item(item)
        if issue:
            item.status, item.round, item.handed_in_at = ItemStatus.SIGNED, item.round + 1, now
            item.save(update_fields=["status", "round", "handed_in_at"])
            SignOff.objects.create(
                item=item,
                round=item.round,
                role=SignOffRole.HOST,
                user=by,
                decision=SignOffDecision.SIGNED,
                at=now,
            )
            tell_secondee(item, APPRAISAL_ISSUED, now)
    return item


def _issued_as(item: SevenItem, text: str, by) -> bool:
    """A second click on “issue”."""
    item.refresh_from_db()
    newest = issued_text(item)
    return (
        item.is_signed
        and newest is not None
        and newest.uploaded_by_id == by.pk
        and newest.text == text.replace("\r\n", "\n").strip()
    )


def issued_text(item: SevenItem) -> Evidence | None:
    """The text that counts: the newest of the hand-in that was signed."""
    return issued_appraisal(item).filter(kind=EvidenceKind.TEXT).first()


def issued_appraisal(item: SevenItem) -> QuerySet[Evidence]:
    """What counts of an appraisal: the newest text and the newest sheet of the hand-in that was
    signed; before, nothing.
    """
    return (
        newest_of_each_kind(item.evidence.filter(round=item.round))
        if item.is_signed
        else item.evidence.none()
    )


def evidence_read_by(user, item: SevenItem) -> QuerySet[Evidence]:
    """What of an item the person may read, who sees its secondment.

    Drafts of an appraisal stay with the host for good.
    """
    if not item.is_appraisal or SignOffRole.HOST in roles_of(user, item.secondment):
        return item.evidence.all()
    return issued_appraisal(item)
