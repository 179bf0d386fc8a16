"""What the pages of the secondee and of those who sign show alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from ..models import Evidence, ItemStatus, Secondment, SevenItem, SignOff, SignOffDecision
from ..seven_items.appraisal import evidence_read_by
from ..seven_items.signers import SIGNERS, signed_roles, whose_turn


@dataclass(frozen=True)
class ItemView:
    """An item with what a page says about it today."""

    item: SevenItem
    is_late: bool
    signers: list[str]
    turn: str
    sent_back: SignOff | None
    signatures: list[SignOff]


def item_view(item: SevenItem, today: date) -> ItemView:
    """Reads prefetched sign-offs without a query."""
    rows = list(item.sign_offs.all())
    turn = whose_turn(item)
    return ItemView(
        item=item,
        is_late=item.is_late(today),
        signers=[str(role.label) for role in SIGNERS[item.kind]],
        turn=str(turn.label) if turn else "",
        sent_back=_last_sent_back(item, rows),
        signatures=[
            row
            for row in rows
            if row.round == item.round
            and row.decision == SignOffDecision.SIGNED
            and row.role in signed_roles(item)
        ],
    )


def _last_sent_back(item: SevenItem, rows: Iterable[SignOff]) -> SignOff | None:
    if item.status != ItemStatus.SENT_BACK:
        return None
    return next(
        (row for row in reversed(list(rows)) if row.decision == SignOffDecision.SENT_BACK), None
    )


def item_or_404(secondment: Secondment, kind: str) -> SevenItem:
    for item in secondment.items_in_order:
        if item.kind == kind:
            return item
    raise Http404


def evidence_of(item: SevenItem, user) -> list[Evidence]:
    """What the person may read, newest first."""
    rows = list(evidence_read_by(user, item).select_related("uploaded_by").order_by("-pk"))
    for row in rows:
        row.item = item
    return rows
