"""Writing rows of the table: everything that a page sends at once is written, or nothing.

Each changed row says what the page showed when it was opened; where somebody else has saved another
value since, the row is refused and says what changed. Source: docs/rules.md R6, R37.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.errors import PortalError
from academy.web.concurrent_edits import compare

from ..filing import lock_editable, settle_standings, take_out
from ..items import MOST_ITEMS, OUT_OF_THE_WAY, TooManyItems
from ..models import AnnualPlan, PlanItem
from ..timing import first_quarter
from .cells import GRID_FIELDS, Unread, shown, typed, values_of
from .forms import GridRowForm

MOST_ROWS = 500  # in one go


@dataclass(frozen=True)
class SentRow:
    """A row as the page sends it: `key` is the page's own name for it, `was` what its cells showed,
    `texts` what was typed into those that changed, `merged` the cells that were part of a larger
    one where they were copied, each with what the larger one said."""

    key: str
    pk: int | None = None
    number: int | None = None  # the place a new row should have; at the end otherwise
    was: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    is_removed: bool = False
    like: int | None = None  # the item that a new row is a copy of
    taken_out: str = ""  # what the answer to its taking out gave, for one that is put back


@dataclass
class RowAnswer:
    """What is against a row: a sentence per cell, with what may be meant, and what somebody else
    has saved meanwhile."""

    key: str
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)  # what the cells of the row hold by now
    said: str = ""
    is_gone: bool = False

    @property
    def is_refused(self) -> bool:
        return bool(self.cells or self.now or self.is_gone)


class RowsRefused(PortalError):
    """Some cells cannot be taken, so nothing was written; `answers` say which and why."""

    def __init__(self, answers: list[RowAnswer]) -> None:
        self.answers = answers
        cells = sum(len(answer.cells) or 1 for answer in answers)
        super().__init__(
            ngettext(
                "Nothing was saved: %(count)d cell needs a look.",
                "Nothing was saved: %(count)d cells need a look.",
                cells,
            )
            % {"count": cells}
        )


@dataclass(frozen=True)
class Written:
    """The item of each row that stays, by the key of the row; and of each that was taken out, what
    puts it back."""

    items: dict[str, int]
    taken_out: dict[str, str]


@transaction.atomic
def write_rows(*, plan: AnnualPlan, rows: list[SentRow], again: bool = False) -> Written:
    """Write all rows, or none.

    `again` says that the page had no answer to the same rows: what stands at the end of the plan
    already is not added a second time.

    Raises RowsRefused, PlanNotEditable, TooManyItems, ItemHasClasses.
    """
    plan = lock_editable(plan)
    items = list(plan.items.all())
    by_pk = {item.pk: item for item in items if not item.is_cancelled}
    answers, written = [], {}
    for row in rows:
        item = by_pk.get(row.pk) if row.pk else _new_item(plan, row, by_pk)
        answer = _judge(row, item)
        if answer.is_refused:
            answers.append(answer)
        written[row.key] = item
    if answers:
        raise RowsRefused(answers)
    removed = {row.pk for row in rows if row.is_removed}
    taken_out = {row.key: to_put_back(plan, by_pk[row.pk]) for row in rows if row.is_removed}
    new = [(row.number, written[row.key]) for row in rows if not row.pk]
    if again:
        new = _not_there_yet(items, new, written)
    kept = take_out(plan, removed)
    order = _in_order([item for item in items if item.pk in kept or item.pk not in removed], new)
    if len(order) > MOST_ITEMS:
        raise TooManyItems(_("A plan holds at most %(most)d items.") % {"most": MOST_ITEMS})
    _number(plan, order)
    _save(plan, [written[row.key] for row in rows if row.pk and not row.is_removed], order)
    settle_standings(plan)
    plan.save(update_fields=["updated_at"])
    return Written({row.key: written[row.key].pk for row in rows if not row.is_removed}, taken_out)


def _new_item(plan: AnnualPlan, row: SentRow, by_pk: dict[int, PlanItem]) -> PlanItem:
    """A new item; a copy and one that is put back keep the telephone number, which the page does
    not know."""
    phone = by_pk[row.like].contact_phone if row.like in by_pk else ""
    if row.taken_out:
        with suppress(signing.BadSignature):
            phone = signing.loads(row.taken_out, salt=_salt(plan))
    return PlanItem(organiser=plan.owner.name, contact_phone=phone)


def to_put_back(plan: AnnualPlan, item: PlanItem) -> str:
    """What a page needs besides its own cells to put an item back that was taken out."""
    return signing.dumps(item.contact_phone, salt=_salt(plan))


def _salt(plan: AnnualPlan) -> str:
    return f"plans.grid.{plan.pk}"


def _judge(row: SentRow, item: PlanItem | None) -> RowAnswer:
    """Fill what was typed into the item, and say what is against it."""
    answer = RowAnswer(row.key)
    if item is None:
        answer.is_gone = True
        answer.said = _("Somebody else has taken this item out meanwhile.")
        return answer
    if row.pk:
        _look_for_others(row, item, answer)
    if row.is_removed or answer.is_refused:
        return answer
    texts = GridRowForm.texts_of(item)
    for name, text in row.texts.items():
        try:
            texts[name] = typed(name, text)
        except Unread as unread:
            answer.cells[name] = {"text": str(unread), "instead": unread.instead}
    form = GridRowForm(_with_usual(texts), instance=item)
    form.is_valid()
    for name, errors in form.errors.items():
        if name in GRID_FIELDS:
            answer.cells.setdefault(name, {"text": str(errors[0]), "instead": ""})
        else:
            answer.cells.setdefault("name", {"text": str(errors[0]), "instead": ""})
    for name, above in row.merged.items():
        if not texts.get(name):
            answer.cells[name] = {"text": _merged(above), "instead": above}
    if not answer.cells:
        item.quarter = first_quarter(item.months)
    return answer


def _with_usual(texts: dict[str, str]) -> dict[str, str]:
    """An empty cell of what has a usual value holds it."""
    usual = {"runs": "1", "days": "0", "hours": "0", "budget": "0"}
    return texts | {name: value for name, value in usual.items() if not texts.get(name)}


def _merged(above: str) -> str:
    if not above:
        return _("This was part of a merged cell. Fill in what it says here.")
    return _("This was part of a merged cell that says “%(value)s”. Does it hold here too?") % {
        "value": above[:30]
    }


def _look_for_others(row: SentRow, item: PlanItem, answer: RowAnswer) -> None:
    """What somebody else saved since the page showed the row."""
    now = values_of(item)
    was = {name: row.was.get(name, now[name]) for name in now}
    changed = compare(base=was, now=now, typed=was | row.texts)
    if not changed and not (row.is_removed and was != now):
        return
    answer.now = now
    answer.said = _("Somebody else has changed this item since you opened it.")
    for name, both in changed.items():
        answer.cells[name] = {
            "text": _changed(name, was[name], now[name], row.texts.get(name) if both else None),
            "instead": now[name] if both else "",
        }


def _changed(name: str, was: str, now: str, mine: str | None) -> str:
    words = {
        "was": shown(name, was) or _("empty"),
        "now": shown(name, now) or _("empty"),
        "mine": shown(name, mine or "") or _("empty"),
    }
    if mine is None:
        return _("Somebody else changed it from “%(was)s” to “%(now)s”.") % words
    return _("Somebody else changed it from “%(was)s” to “%(now)s”; you have “%(mine)s”.") % words


# --- The order of the items -----------------------------------------------------------------------


def _in_order(items: list[PlanItem], new: Iterable[tuple[int | None, PlanItem]]) -> list[PlanItem]:
    """The items with the new ones in their places."""
    order = list(items)
    for number, item in new:
        place = len(order) if number is None else min(max(number - 1, 0), len(order))
        order.insert(place, item)
    return order


def _not_there_yet(
    items: list[PlanItem], new: list[tuple[int | None, PlanItem]], written: dict[str, PlanItem]
) -> list[tuple[int | None, PlanItem]]:
    """The new rows without those that the end of the plan says already."""
    last = items[-len(new) :] if new else []
    if [values_of(item) for item in last] != [values_of(item) for _number, item in new]:
        return new
    stands = {id(item): there for (_number, item), there in zip(new, last, strict=True)}
    for key, item in written.items():
        written[key] = stands.get(id(item), item)
    return []


def _number(plan: AnnualPlan, order: list[PlanItem]) -> None:
    """Give each item its place as its number; no two ever carry one number."""
    moved = [item.pk for place, item in enumerate(order, 1) if item.pk and item.number != place]
    plan.items.filter(pk__in=moved).update(number=F("number") + OUT_OF_THE_WAY)
    for place, item in enumerate(order, 1):
        if item.pk and item.number != place:
            item.number = place
        elif not item.pk:
            item.number, item.plan = place, plan
    PlanItem.objects.bulk_update([item for item in order if item.pk in set(moved)], ["number"])


def _save(plan: AnnualPlan, changed: list[PlanItem], order: list[PlanItem]) -> None:
    fields = [*GRID_FIELDS, "quarter"]
    PlanItem.objects.bulk_update(changed, fields)
    PlanItem.objects.bulk_create([item for item in order if not item.pk])
