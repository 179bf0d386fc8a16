"""What a mentor sees: what waits for their signature, the people they mentor, the days ahead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.templatetags.portal_tags import short_day

from ..models import Evidence, EvidenceKind, Secondment, SevenItem
from .board import items_for
from .own import next_item

DAYS_SHOWN = 5
MOST_CHARACTERS = 60  # of a text that is handed in


@dataclass(frozen=True)
class ToSign:
    """One item that waits, with what is in it in a line."""

    item: SevenItem
    days: int  # since it was handed in
    first_words: str
    file_count: int

    @property
    def since(self) -> str:
        if not self.days:
            return _("handed in today")
        return ngettext("waiting for %(days)d day", "waiting for %(days)d days", self.days) % {
            "days": self.days
        }


@dataclass(frozen=True)
class Mentee:
    """Somebody on secondment, and what comes next for both."""

    secondment: Secondment
    next: str


@dataclass(frozen=True)
class DayAhead:
    """Something that is due from somebody."""

    on: date
    name: str
    what: str


@dataclass(frozen=True)
class Mentoring:
    """All that the page shows; `past` are secondments that are over."""

    to_sign: list[ToSign]
    mentees: list[Mentee]
    days: list[DayAhead]
    past: list[Secondment]


def mentoring_of(user, now: datetime) -> Mentoring:
    """The number of queries does not grow with the people."""
    today = timezone.localdate(now)
    rows = list(Secondment.objects.filter(mentor=user).with_people().with_items())
    running = [row for row in rows if row.is_running]
    waiting = {row.pk: items_for(user, row) for row in running}
    return Mentoring(
        to_sign=_to_sign([item for items in waiting.values() for item in items], today),
        mentees=[Mentee(row, _next_of(row, len(waiting[row.pk]), today)) for row in running],
        days=sorted(_days_ahead(running, today), key=lambda day: day.on)[:DAYS_SHOWN],
        past=[row for row in rows if not row.is_running],
    )


def _to_sign(items: list[SevenItem], today: date) -> list[ToSign]:
    """What has waited longest on top; one query."""
    pieces: dict[int, list[Evidence]] = {item.pk: [] for item in items}
    for piece in Evidence.objects.filter(item__in=items).order_by("pk"):
        pieces[piece.item_id].append(piece)
    found = [_line_of(item, pieces[item.pk], today) for item in items]
    return sorted(found, key=lambda line: (-line.days, line.item.secondment.code, line.item.number))


def _line_of(item: SevenItem, pieces: list[Evidence], today: date) -> ToSign:
    now_in = [piece for piece in pieces if piece.round == item.round] or pieces
    text = next((piece.text for piece in reversed(now_in) if piece.kind == EvidenceKind.TEXT), "")
    words = " ".join(text.split())
    return ToSign(
        item,
        (today - timezone.localdate(item.handed_in_at)).days if item.handed_in_at else 0,
        words if len(words) <= MOST_CHARACTERS else f"{words[:MOST_CHARACTERS]}…",
        sum(piece.kind == EvidenceKind.FILE for piece in now_in),
    )


def _next_of(secondment: Secondment, waiting: int, today: date) -> str:
    if waiting:
        return ngettext("you sign %(count)d item", "you sign %(count)d items", waiting) % {
            "count": waiting
        }
    if secondment.starts_on > today:
        return _("begins on %(day)s") % {"day": short_day(secondment.starts_on)}
    item = next_item(secondment)
    if item is None:
        return _("nothing for you just now")
    words = (
        _("%(item)s was due on %(day)s; please ask how it goes")
        if item.is_late(today)
        else _("%(item)s by %(day)s; nothing for you just now")
    )
    return words % {"item": item.short_name, "day": short_day(item.due_on)}


def _days_ahead(running: Iterable[Secondment], today: date) -> Iterable[DayAhead]:
    for secondment in running:
        name = secondment.trainee.name
        for item in secondment.items_in_order:
            if item.due_on >= today and not (item.is_signed or item.is_with_signers):
                yield DayAhead(item.due_on, name, item.short_name)
        if secondment.ends_on >= today:
            yield DayAhead(secondment.ends_on, name, _("the secondment ends"))
