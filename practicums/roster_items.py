"""Taking over how far the seven items of a secondment are."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from academy.models import Department, Position, Village
from academy.spreadsheets.csv_files import Record
from academy.text.phones import is_sample_phone

from .models import (
    Evidence,
    EvidenceKind,
    ItemKind,
    ItemStatus,
    Secondment,
    SecondmentStatus,
    SevenItem,
    SignOff,
    SignOffDecision,
)
from .seven_items.signers import SIGNERS, due_date, missing_items

DONE, UNDER_WAY, NOT_STARTED = "已完成", "进行中", "未开始"
HANDED_IN_BEFORE_DUE = timedelta(days=5)
SIGNED_AFTER = timedelta(days=2)  # each signature after the one before
# before the day of loading, so that signatures lie in the past, too
DONE_AT_LEAST = timedelta(days=14)
WAITING_FOR = range(3, 11)  # days that a hand-in has waited at most, by row


@dataclass
class RosterRow:
    """One row of the list, checked, with what it stands for."""

    record: Record
    code: str
    name: str
    phone: str
    village: Village
    position: Position
    department: Department | None
    host_name: str
    mentor_name: str
    mentor_phone: str
    starts_on: date
    ends_on: date
    states: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)


def take_over_items(row: RosterRow, secondment: Secondment, now: datetime, *, is_new: bool) -> int:
    """Give the secondment its items in the state of the list; returns how many changed on a second
    run.
    """
    items = {item.kind: item for item in secondment.items.all()}
    for kind in ItemKind.values:
        if kind not in items:
            items[kind] = SevenItem.objects.create(
                secondment=secondment, kind=kind, due_on=due_date(kind, row.starts_on, row.ends_on)
            )
    changed = 0
    for item in items.values() if secondment.is_running else ():
        if row.states[item.kind] != NOT_STARTED and item.status == ItemStatus.NOT_STARTED:
            _take_over(item, row, secondment, now, done=row.states[item.kind] == DONE)
            changed += not is_new
    if is_new and row.ends_on <= timezone.localdate(now):
        close_if_complete(secondment, now)
    return changed


def _take_over(
    item: SevenItem, row: RosterRow, secondment: Secondment, now: datetime, *, done: bool
) -> None:
    """Evidence and, where the list says done, the signatures; nobody's name stands under what they
    did not sign.

    Of the items under way those of every second row are handed in, so that who signs finds
    something waiting.
    """
    before = (
        DONE_AT_LEAST if done else timedelta(days=WAITING_FOR[row.record.row % len(WAITING_FOR)])
    )
    day = min(item.due_on - HANDED_IN_BEFORE_DUE, timezone.localdate(now) - before)
    at = _office_hour(max(day, row.starts_on), now)
    text = row.texts[item.kind]
    is_sample = is_sample_phone(row.phone)
    Evidence.objects.create(
        item=item,
        round=1,
        kind=EvidenceKind.TEXT,
        text=text,
        size=len(text.encode()),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        declared_open=True,
        held_on=timezone.localdate(at) if item.kind == ItemKind.GET_TOGETHER else None,
        uploaded_by=secondment.trainee.user if is_sample and not item.is_appraisal else None,
        uploaded_at=at,
    )
    item.status = ItemStatus.IN_PROGRESS
    if done or (row.record.row % 2 and not item.is_appraisal):
        item.status, item.round, item.handed_in_at = ItemStatus.HANDED_IN, 1, at
    if done:
        item.status = ItemStatus.SIGNED
        for step, role in enumerate(SIGNERS[item.kind], start=1):
            signed_at = _office_hour(timezone.localdate(at) + step * SIGNED_AFTER, now)
            SignOff.objects.create(
                item=item,
                round=1,
                role=role,
                user=None,
                decision=SignOffDecision.SIGNED,
                at=signed_at,
            )
    item.save()


def _office_hour(day: date, now: datetime) -> datetime:
    """Ten o'clock of the day, but never in the future."""
    return min(timezone.make_aware(datetime.combine(day, time(10, 0))), now)


def close_if_complete(secondment: Secondment, now: datetime) -> None:
    """Close the secondment when all seven are signed."""
    secondment = Secondment.objects.with_items().get(pk=secondment.pk)
    if not missing_items(secondment):
        secondment.status = SecondmentStatus.CLOSED
        secondment.ended_at = _office_hour(secondment.ends_on, now)
        secondment.save(update_fields=["status", "ended_at"])
