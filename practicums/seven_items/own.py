"""The secondee's own secondment in a line: how many of the seven are done, what comes next."""

from dataclasses import dataclass
from datetime import date

from trainees.models import Trainee

from ..models import ItemStatus, Secondment, SecondmentStatus, SevenItem


@dataclass(frozen=True)
class OwnSecondment:
    """The running secondment, or the last one."""

    secondment: Secondment
    next: SevenItem | None
    is_late: bool


def own_secondment(trainee: Trainee, today: date) -> OwnSecondment | None:
    """The one to show; one query without any, some more with one."""
    rows = Secondment.objects.filter(trainee=trainee).with_people().with_items()
    found = next(iter(in_order_of_interest(rows)), None)
    if found is None:
        return None
    item = next_item(found)
    return OwnSecondment(found, item, item is not None and item.is_late(today))


def in_order_of_interest(rows) -> list[Secondment]:
    """The running one first, then the newest."""
    return sorted(
        rows, key=lambda row: (row.status == SecondmentStatus.RUNNING, row.starts_on), reverse=True
    )


def next_item(secondment: Secondment) -> SevenItem | None:
    """What to do next: what came back, then what is due first."""
    if not secondment.is_running:
        return None
    own = [
        item
        for item in secondment.items_in_order
        if not (item.is_signed or item.is_with_signers or item.is_appraisal)
    ]
    return min(
        own,
        key=lambda item: (item.status != ItemStatus.SENT_BACK, item.due_on, item.number),
        default=None,
    )
