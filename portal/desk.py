"""The desk: what waits for a person, in four groups by when it is due, like things folded."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from academy.templatetags.portal_tags import clock, day, short_day
from academy.waiting import Fold, WaitingItem, WaitingKind

ROWS_AT_FIRST = 20  # of a group; the rest stands on a page of its own
MOST_OTHERS = 2  # who else could do it: so many are named
MOST_NAMED = 3  # of the things of a folded row


class Due(models.TextChoices):
    """The groups of the desk, in their order."""

    LATE = "late", pgettext_lazy("due", "Overdue")
    TODAY = "today", pgettext_lazy("due", "Today")
    WEEK = "week", pgettext_lazy("due", "This week")
    LATER = "later", pgettext_lazy("due", "Later")


@dataclass(frozen=True)
class Row:
    """One line of the desk: a thing, or like things folded into one."""

    items: tuple[WaitingItem, ...]
    due: str
    now: datetime
    fold: Fold | None = None

    @property
    def first(self) -> WaitingItem:
        return self.items[0]

    @property
    def is_folded(self) -> bool:
        return self.fold is not None

    @property
    def kind(self) -> str:
        return str(WaitingKind(self.first.kind).label)

    @property
    def title(self) -> str:
        return self.fold.title if self.fold else self.first.title

    @property
    def url(self) -> str:
        return self.fold.url if self.fold else self.first.url

    @property
    def action(self) -> str:
        return self.fold.action if self.fold else self.first.action

    @property
    def detail(self) -> str:
        if not self.fold:
            return self.first.detail
        names = _("; ").join(item.short or item.title for item in self.items[:MOST_NAMED])
        return names if len(self.items) <= MOST_NAMED else _("%(names)s …") % {"names": names}

    @property
    def when(self) -> str:
        """Until when, as short as it can be said."""
        item, today = self.first, timezone.localdate(self.now)
        if item.due_on is None:
            return ""
        if self.due == Due.LATE:
            days = (today - item.due_on).days
            if not days:
                return _("since %(time)s") % {"time": clock(item.due_at)}
            return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
        if self.due == Due.TODAY:
            if item.due_at:
                return _("by %(time)s") % {"time": clock(item.due_at)}
            return _("by today")
        return day(item.due_on) if self.due == Due.WEEK else short_day(item.due_on)

    @property
    def who_else(self) -> str:
        """Who else could do it, where that is known."""
        if self.first.only_me:
            return _("only you can do it")
        others = self.first.others
        if not others:
            return ""
        if len(others) <= MOST_OTHERS:
            names = _(" and ").join(others)
            return _("%(names)s can do it too") % {"names": names}
        return ngettext(
            "%(name)s and %(more)d more can do it too",
            "%(name)s and %(more)d more can do it too",
            len(others) - 1,
        ) % {"name": others[0], "more": len(others) - 1, "all": len(others)}


@dataclass
class Group:
    """What is due in one span of time."""

    due: Due
    items: list[WaitingItem] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def shown(self) -> list[Row]:
        return self.rows[:ROWS_AT_FIRST]

    @property
    def more(self) -> int:
        """Things that do not stand among the first rows."""
        return sum(len(row.items) for row in self.rows[ROWS_AT_FIRST:])


@dataclass(frozen=True)
class Desk:
    """Everything on the desk of one person, narrowed to a kind where one is asked for."""

    groups: list[Group]
    tabs: list[tuple[str, str, int]]  # key, words, number of things
    total: int
    kind: str


def due_of(item: WaitingItem, now: datetime) -> Due:
    """The group in which a thing stands; a week ends on its Sunday."""
    today = timezone.localdate(now)
    if item.due_on is None:
        return Due.LATER
    if item.due_on < today or (item.due_at is not None and item.due_at < now):
        return Due.LATE
    if item.due_on == today:
        return Due.TODAY
    return Due.WEEK if item.due_on <= end_of_week(today) else Due.LATER


def end_of_week(today: date) -> date:
    """The Sunday of the week."""
    return today + timedelta(days=6 - today.weekday())


def lay_out(items: Iterable[WaitingItem], *, kind: str, now: datetime) -> Desk:
    """Put the things, which come in the order of their days, on the desk."""
    items = list(items)
    numbers = Counter(item.kind for item in items)
    kind = kind if kind in WaitingKind.values else ""
    groups = {due: Group(due) for due in Due}
    for item in items:
        if not kind or item.kind == kind:
            groups[due_of(item, now)].items.append(item)
    for group in groups.values():
        group.rows = _rows(group, now)
    return Desk(
        groups=[group for group in groups.values() if group.items],
        tabs=[
            (value, str(label), numbers[value])
            for value, label in WaitingKind.choices
            if numbers[value] or value == kind
        ],
        total=len(items),
        kind=kind,
    )


def _rows(group: Group, now: datetime) -> list[Row]:
    """Like things in the place of the first of them."""
    alike: dict[str, list[WaitingItem]] = {}
    for item in group.items:
        if item.fold:
            alike.setdefault(item.fold.key, []).append(item)
    rows, folded = [], set()
    for item in group.items:
        same = alike[item.fold.key] if item.fold else [item]
        if len(same) == 1:
            rows.append(Row((item,), group.due, now))
        elif item.fold.key not in folded:
            folded.add(item.fold.key)
            rows.append(Row(tuple(same), group.due, now, item.fold))
    return rows
