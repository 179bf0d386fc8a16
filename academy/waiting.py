"""What waits for a person at /manage/, and what they wait for: each app, or one of its rooms,
declares it in `waiting.py` as `waiting_for(user, now)` and, where others have it in hand,
`waits_elsewhere(user, now)`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db import models
from django.utils.translation import pgettext_lazy

from .rooms import declared_in

COUNTS_SECONDS = 300  # of the figures beside the navigation; what the person does ends them at once
EVERYTHING = "portal:manage"  # the place that counts all


class WaitingKind(models.TextChoices):
    """What kind of work a thing is; the desk is narrowed by it. In the order of its tabs."""

    MARK = "mark", pgettext_lazy("kind of work", "Attendance")
    CLOSE = "close", pgettext_lazy("kind of work", "Closing")
    SIGN = "sign", pgettext_lazy("kind of work", "Signing")
    REVIEW = "review", pgettext_lazy("kind of work", "Review")
    APPROVE = "approve", pgettext_lazy("kind of work", "Approval")
    ANSWER = "answer", pgettext_lazy("kind of work", "Answer")
    DISPATCH = "dispatch", pgettext_lazy("kind of work", "Dispatch")
    APPRAISE = "appraise", pgettext_lazy("kind of work", "Appraisal")
    FILING = "filing", pgettext_lazy("kind of work", "Handing in")
    OTHER = "other", pgettext_lazy("kind of work", "Other")


@dataclass(frozen=True)
class Fold:
    """What like things are folded into: those of one key that are due together stand in one row."""

    key: str
    title: str  # of the row, without the number
    url: str  # where they are done together or one after the other
    action: str


@dataclass(frozen=True)
class WaitingItem:
    """One thing to do: what, why, where, until when, and the word on its button."""

    title: str
    detail: str
    url: str
    due_on: date | None = None
    action: str = ""
    kind: str = WaitingKind.OTHER
    due_at: datetime | None = None  # where the hour matters
    place: str = ""  # URL name of the place in the navigation that counts it
    # names of the others who could do it; none: nobody but the person, or it is not known
    others: tuple[str, ...] = ()
    only_me: bool = False
    fold: Fold | None = None
    short: str = ""  # how it is called in the folded row


@dataclass(frozen=True)
class HeldItem:
    """Something the person waits for: who has it in hand, what it is, since when."""

    who: str
    title: str
    url: str = ""
    since: date | None = None


def _declared(name: str, user, now: datetime) -> Iterator:
    for module in declared_in("waiting", but="academy"):
        source = getattr(module, name, None)
        if source is not None:
            yield from source(user, now)


def gather(user, now: datetime) -> list[WaitingItem]:
    """Everything that waits for the person, what is due first on top."""
    found: Iterable[WaitingItem] = _declared("waiting_for", user, now)
    return sorted(
        found,
        key=lambda item: (
            item.due_on is None,
            item.due_on or date.max,
            item.due_at is None,
            item.due_at.timestamp() if item.due_at else 0,
            item.title,
        ),
    )


def gather_held(user, now: datetime) -> list[HeldItem]:
    """Everything the person waits for, what has waited longest on top."""
    found: Iterable[HeldItem] = _declared("waits_elsewhere", user, now)
    return sorted(found, key=lambda item: (item.since or date.max, item.title))


# --- The figures beside the navigation ------------------------------------------------------------


def _key(user) -> str:
    return f"waiting:counts:{user.pk}"


def count_by_place(items: Iterable[WaitingItem]) -> dict[str, int]:
    """URL name of a place → how many things wait there."""
    items = list(items)
    return {EVERYTHING: len(items), **Counter(item.place for item in items if item.place)}


def keep_counts(user, items: Iterable[WaitingItem]) -> dict[str, int]:
    """Keep the figures of things just gathered for the next pages; returns them."""
    counts = count_by_place(items)
    cache.set(_key(user), counts, COUNTS_SECONDS)
    return counts


def known_counts(user) -> dict[str, int] | None:
    """The figures as they were last gathered, or nothing; asks no table."""
    return cache.get(_key(user))


def forget_counts(user) -> None:
    """For whoever has just done something."""
    cache.delete(_key(user))
