"""What all requests share: a reason, and that two taps ask once."""

from datetime import datetime

from django.db import IntegrityError, transaction

from ..errors import RequestRefused
from ..models import TraineeRequest


def said(reason: str, sentence: str) -> str:
    """The reason, cut to what is stored. Raises RequestRefused with the sentence when empty."""
    reason = reason.strip()[:200]
    if not reason:
        raise RequestRefused(sentence)
    return reason


def once(
    kind: type[TraineeRequest], key: dict, reason: str, by, now: datetime, **more
) -> TraineeRequest:
    """The request, or the one that waits already."""
    try:
        with transaction.atomic():
            return kind.objects.get_or_create(
                **key, defaults={"reason": reason, "asked_by": by, "asked_at": now, **more}
            )[0]
    except IntegrityError:  # two taps in two processes: the first one holds
        return kind.objects.get(**key)
