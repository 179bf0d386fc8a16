"""The end of a secondment: closed when all seven are signed, or withdrawn early."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import CommentMissing, StillMissing
from ..models import Secondment, SecondmentStatus
from ..notices import SECONDMENT_CLOSED, SECONDMENT_WITHDRAWN
from .locks import lock_secondment, refuse_ended, refuse_long, refuse_unless_office
from .signers import missing_items
from .step_notices import tell_all


@transaction.atomic
def close(*, secondment: Secondment, by, now: datetime) -> Secondment:
    """Close the file when all seven are signed.

    Raises StillMissing with the list, NotNamed, SecondmentEnded.
    """
    secondment = lock_secondment(secondment.pk)
    refuse_unless_office(by, secondment)
    if secondment.status == SecondmentStatus.CLOSED:
        return secondment
    refuse_ended(secondment)
    missing = missing_items(secondment)
    if missing:
        raise StillMissing(missing)
    _end(secondment, SecondmentStatus.CLOSED, by, now)
    tell_all(secondment, SECONDMENT_CLOSED, now)
    return secondment


@transaction.atomic
def withdraw(*, secondment: Secondment, reason: str, by, now: datetime) -> Secondment:
    """End a secondment before its time, with a reason; its evidence stays.

    Raises CommentMissing, NotNamed, SecondmentEnded.
    """
    reason = reason.strip()
    if not reason:
        raise CommentMissing(_("Write why the secondment ends early."))
    refuse_long(reason, 200)
    secondment = lock_secondment(secondment.pk)
    refuse_unless_office(by, secondment)
    if secondment.status == SecondmentStatus.WITHDRAWN:
        return secondment
    refuse_ended(secondment)
    secondment.end_reason = reason
    _end(secondment, SecondmentStatus.WITHDRAWN, by, now)
    tell_all(secondment, SECONDMENT_WITHDRAWN, now, reason=reason)
    return secondment


def _end(secondment: Secondment, status: str, by, now: datetime) -> None:
    secondment.status, secondment.ended_at, secondment.ended_by = status, now, by
    secondment.save(update_fields=["status", "ended_at", "ended_by", "end_reason"])
