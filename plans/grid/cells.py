"""The cells of the table in which a plan is edited: which columns there are, what a cell holds for
the page, and what a pasted cell says."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import Rejected
from academy.text.numbers import plain
from academy.text.pasted import plain as pasted

from ..imports.columns import COLUMNS as IMPORT_COLUMNS
from ..imports.numbers import UNITS, quantity_in
from ..imports.row_values import category_of, is_yes, label
from ..models import ITEM_FIELDS, PlanItem, TrainingCategory

# in the order of the table: what is looked at first, then what may stay empty; the money stays in
# sight at the end
GRID_FIELDS = (
    "name",
    "audience",
    "people",
    "runs",
    "days",
    "hours",
    "months",
    "place",
    "content",
    "formats",
    "organiser",
    "co_organiser",
    "purpose",
    "funding",
    "category",
    "other_system_cadres",
    "contact_name",
    "contact_phone",
    "remark",
    "budget",
)
NUMBERS = ("people", "runs", "days", "hours", "budget")
FOLDABLE = (
    "place",
    "content",
    "formats",
    "co_organiser",
    "purpose",
    "funding",
    "category",
    "other_system_cadres",
    "contact_name",
    "contact_phone",
    "remark",
)
LONG = ("audience", "content", "purpose", "remark")
CHOICES = ("category", "other_system_cadres")
# the columns of the filing form, in its order: a pasted block of that width is read as the form
FORM_ORDER = ITEM_FIELDS
SEPARATED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
VAGUE = re.compile("[来余多几](?=个?[人名位期元万天]|$)")
HEADING_WORDS = {
    column.name: (column.heading, *column.synonyms.split()) for column in IMPORT_COLUMNS
}


@dataclass(frozen=True)
class GridColumn:
    """A column of the table."""

    name: str
    classes: str
    is_folded: bool = False

    @property
    def label(self) -> str:
        return label(self.name)

    @property
    def words(self) -> str:
        """What offices call it, for a pasted line of headings."""
        return "|".join(HEADING_WORDS.get(self.name, ()))


@dataclass(frozen=True)
class GridCell:
    """What a cell shows, and what it holds where that is something else."""

    column: GridColumn
    value: str
    shown: str


def columns_for(items: list[PlanItem], *, all_of_them: bool = False) -> list[GridColumn]:
    """The columns of a plan; those in which nothing stands are folded."""
    return [
        GridColumn(
            name,
            _classes(name),
            not all_of_them
            and name in FOLDABLE
            and bool(items)
            and not any(getattr(item, name) for item in items),
        )
        for name in GRID_FIELDS
    ]


def _classes(name: str) -> str:
    if name == "budget":
        return "money"
    if name == "name":
        return "f1"
    return "r" if name in NUMBERS else "wd" if name in LONG else ""


def cells_of(item: PlanItem, columns: list[GridColumn]) -> list[GridCell]:
    """The cells of an item."""
    held = values_of(item)
    return [
        GridCell(column, held[column.name], shown(column.name, held[column.name]))
        for column in columns
    ]


def values_of(item: PlanItem) -> dict[str, str]:
    """What the page holds of an item: the text of each cell. A telephone number stays masked: the
    page knows only whether it was changed. Source: docs/rules.md R12."""
    return {name: _held(item, name) for name in GRID_FIELDS}


def _held(item: PlanItem, name: str) -> str:
    value = item.contact_phone_masked if name == "contact_phone" else getattr(item, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)


def shown(name: str, value: str) -> str:
    """What a cell shows for what it holds."""
    if name in ("people", "budget") and re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        whole, point, parts = value.partition(".")
        return f"{int(whole):,}{point}{parts}"
    if name == "category":
        return str(dict(TrainingCategory.choices).get(value, value))
    if name == "other_system_cadres":
        return _("Yes") if value == "yes" else _("No") if value == "no" else value
    return value


def typed(name: str, text: str) -> str:
    """What somebody typed or pasted, as the form of an item wants it: 1,273 and 98人 are numbers.

    Raises Unread with a sentence, and with what may be meant where that is likely.
    """
    if name in NUMBERS:
        return _number(name, pasted(text))
    if name == "category":
        return _category(text)
    if name == "other_system_cadres":
        return "on" if text == "yes" or is_yes(text) else ""
    return text.strip()


class Unread(Rejected):
    """A cell that cannot be taken as it is; `instead` is what is likely to be meant."""

    def __init__(self, sentence: str, instead: str = "") -> None:
        super().__init__(sentence)
        self.instead = instead


def _number(name: str, text: str) -> str:
    if not text or re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return text
    if SEPARATED.fullmatch(text):
        return text.replace(",", "")
    try:
        found = quantity_in(VAGUE.sub("", text))
    except ValueError:
        found = None
    fits = found and not found.per and not found.factors and not found.terms
    if not fits or found.unit not in UNITS[name]:
        raise Unread(_not_a_number(name, text))
    number = plain(found.number)
    if found.is_about or found.each or found.rate or found.note or VAGUE.search(text):
        raise Unread(_not_a_number(name, text), number)
    return number


def _not_a_number(name: str, text: str) -> str:
    return _("“%(value)s” in “%(column)s” is not a number.") % {
        "value": text[:20],
        "column": label(name),
    }


def _category(text: str) -> str:
    if text in TrainingCategory.values:
        return text
    remarks: list[str] = []
    category = str(category_of(text, remarks))
    if remarks:
        raise Unread(
            _("“%(value)s” is no training category: first, second or third.")
            % {"value": text.strip()[:20]}
        )
    return category
