"""What was answered where two trainings overlap: held together, or why they differ.

An answer holds for what was compared on that day: when one of the texts changes, the pair is open
again and the earlier answer stands beside it. To withdraw a training is to delete it from its plan.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from academy.errors import PortalError

from ..models import AnnualPlan, OverlapAnswer, PlanItem, WayOut
from .guard import Overlap
from .reading import guard_of, items_by_training, items_of, overlaps_of

REASON_LENGTH = 200


class AnswerNeedsReason(PortalError):
    """To differ needs a reason, to join needs who does it."""


class NoSuchOverlap(PortalError):
    """The two trainings are one, or of different years."""


@dataclass(frozen=True)
class Pair:
    """An overlap with its items, and the answer to it."""

    overlap: Overlap
    one: PlanItem
    other: PlanItem
    answer: OverlapAnswer | None

    @property
    def is_open(self) -> bool:
        return self.answer is None or self.has_changed

    @property
    def has_changed(self) -> bool:
        """Whether a text is another than when it was answered."""
        return self.answer is not None and self.answer.texts != texts_of(self.one, self.other)


def texts_of(one: PlanItem, other: PlanItem) -> str:
    """Return the SHA-256 of what is compared of the two."""
    first, second = _in_order(one, other)
    texts = [
        text
        for item in (first, second)
        for text in (item.name, item.audience, item.months, item.content)
    ]
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()


def pairs_of(overlaps: Iterable[Overlap], items: dict[str, PlanItem]) -> list[Pair]:
    """Return the overlaps with their items and answers; `items` by the keys of trainings."""
    found = [(overlap, items[overlap.one.key], items[overlap.other.key]) for overlap in overlaps]
    numbers = {item.pk for _overlap, *both in found for item in both}
    answers = {
        (answer.first_id, answer.second_id): answer
        for answer in OverlapAnswer.objects.filter(
            Q(first__in=numbers) & Q(second__in=numbers)
        ).select_related("by")
    }
    pairs = []
    for overlap, one, other in found:
        first, second = _in_order(one, other)
        pairs.append(Pair(overlap, one, other, answers.get((first.pk, second.pk))))
    return pairs


def pairs_of_plan(plan: AnnualPlan, items: list[PlanItem]) -> list[Pair]:
    """Return the pairs in which a training of the plan stands; `items` are those of its year."""
    found = guard_of(items).overlaps_of_owner(plan.owner.code)
    return pairs_of(found, items_by_training(items))


def numbers_without_answer(plan: AnnualPlan) -> tuple[int, ...]:
    """Return the numbers of the plan's trainings that overlap another and wait for an answer."""
    waiting = (pair for pair in pairs_of_plan(plan, items_of(plan.year)) if pair.is_open)
    sides = (item for pair in waiting for item in (pair.one, pair.other))
    return tuple(sorted({item.number for item in sides if item.plan_id == plan.pk}))


def overlapping(item: PlanItem) -> list[PlanItem]:
    """Return the trainings of the year that overlap this one, the surest first."""
    items = items_of(item.plan.year)
    by_key = items_by_training(items)
    found = overlaps_of(item, items)
    return [by_key[overlap.other.key] for overlap in found]


@transaction.atomic
def answer_overlap(
    *, one: PlanItem, other: PlanItem, way: WayOut, reason: str, by, now: datetime
) -> OverlapAnswer:
    """Keep the answer; a later one takes the place of an earlier.

    Raises AnswerNeedsReason, NoSuchOverlap.
    """
    if one.pk == other.pk or one.plan.year != other.plan.year:
        raise NoSuchOverlap(_("These two trainings do not overlap. Look at the list again."))
    reason = reason.strip()
    if not reason:
        raise AnswerNeedsReason(
            _("Say who holds it together with whom.")
            if way == WayOut.JOIN
            else _("Say in what the two differ: people, content or stage.")
        )
    if len(reason) > REASON_LENGTH:
        raise AnswerNeedsReason(
            _("At most %(count)d characters, please.") % {"count": REASON_LENGTH}
        )
    first, second = _in_order(one, other)
    answer, _created = OverlapAnswer.objects.update_or_create(
        first=first,
        second=second,
        defaults={
            "way": way,
            "reason": reason,
            "texts": texts_of(first, second),
            "by": by,
            "at": now,
        },
    )
    return answer


@transaction.atomic
def take_back(*, one: PlanItem, other: PlanItem) -> None:
    """Take the answer back; nothing happens when there is none."""
    first, second = _in_order(one, other)
    OverlapAnswer.objects.filter(first=first, second=second).delete()


def _in_order(one: PlanItem, other: PlanItem) -> tuple[PlanItem, PlanItem]:
    return (one, other) if one.pk < other.pk else (other, one)
