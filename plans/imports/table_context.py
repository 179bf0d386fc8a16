"""What holds for all rows of one table of a plan: its columns, its units, what is missing."""

import re
from collections import Counter

from django.utils.translation import gettext as _

from academy.imports.importer import Importer
from academy.spreadsheets.cell_text import spelled
from academy.spreadsheets.table import TableRows
from academy.text.characters import simplified
from academy.text.numbers import plain

from ..models import ITEM_FIELDS, Owner, PlanItem, kind_of
from .composites import PAIRS, pairs_in_brackets, told_beside
from .notes import hours_of_a_day_in, rated_in, summed_in
from .row_notes import runs_told
from .row_values import label
from .surroundings import (
    contact_in,
    is_of_all_runs,
    money_unit_above,
    money_unit_of,
    rate_of,
    source_in,
)
from .text_beside import take_texts_apart

# columns that a file may lack; what they say is then asked
ASKED = ("runs", "days", "hours", "budget", "funding")
NEEDED = ("runs", "days", "hours")  # of these the numbers
NUMBERS = ("people", "runs", "days", "hours", "budget")
DECIMALS = ("days", "hours", "budget")
# columns → what they say
OF_ALL_RUNS = {
    "hours_in_the_year": ("hours",),
    "days_and_hours": ("days", "hours"),
    "days": ("days",),
    "hours": ("hours",),
}
EXPLAINS = re.compile("说明|封面|须知|目录")  # sheets of which nobody expects a table
LEAST_MONEY = 100  # yuan: less for a whole training was written in 万元
LEAST_FOR_ONE, MOST_FOR_ONE = 1, 20_000  # yuan for one person in the year


def context_of(owner: Owner, year: int) -> dict:
    """What an import of a plan must know besides the file."""
    return {"kind": kind_of(owner), "code": owner.code, "year": year}


class TableContext:
    """What holds for every row of one table."""

    def __init__(self, importer: Importer, found: TableRows, table: tuple[str, int]) -> None:
        headings, texts = found.tables[table]
        texts = list(map(simplified, texts))
        self.written = written = {name: simplified(text) for name, text, _sure in headings.values()}
        rows = [line for line in found.rows if (line.sheet, line.table) == table]
        take_texts_apart(written, rows)
        lines = [line.cells for line in rows]
        for name, pair in pairs_in_brackets(written).items():
            written[pair] = written.pop(name)
            for cells in lines:
                cells[pair] = cells.pop(name)
        self.names = names_in(set(written)) | told_beside(lines, written)
        if all(map(runs_told, lines)):
            self.names.add("runs")
        self.hours_of_a_day = hours_of_a_day_in(texts)
        if self.hours_of_a_day and "days" in self.names:
            self.names.add("hours")
        self.has_hours_in_the_year = "hours_in_the_year" in written and "hours" not in written
        each, whole = rated_in(texts), summed_in(texts)
        # days and hours that may be of all runs together → what is written above them
        self.of_all_runs = {
            name: written[column]
            for column, names in OF_ALL_RUNS.items()
            for name in names
            if column in written
            and (
                is_of_all_runs(written[column]) or (name in whole and not rate_of(written[column]))
            )
            and (column == name or name not in written)
            and not (name in each and name not in whole)
        }
        self.hidden = {name for name in (*NUMBERS, *ASKED) if importer._is_hidden(found, name)}
        of_heading, above = money_unit_of(written.get("budget", "")), money_unit_above(texts)
        self.units_differ = of_heading is not None and above is not None and of_heading != above
        self.factor = int(importer.answer("budget_unit") or of_heading or above or 1)
        self.rates = {
            name: rate for name in ("people", "budget") if (rate := rate_of(written.get(name, "")))
        }
        for name in each & {"people", "budget"} - whole:
            if not re.search("全年|总", written.get(name, "")):
                self.rates.setdefault(name, "run")
        # of all rows, where no column says it: 经费来源均为部门预算
        self.funding = "" if "funding" in self.names else source_in(texts)
        if self.funding:
            self.names.add("funding")
        self.contact = next((found for text in texts if (found := contact_in(text))), ("", ""))

    def why_missing(self, name: str) -> str:
        if name in self.hidden:
            return _(
                "The column “%(column)s” is hidden, so it was left out. Take the hidden ones in, or"
                " say what it holds."
            ) % {"column": label(name)}
        return _("The table has no column “%(column)s”. Say what it holds.") % {
            "column": label(name)
        }

    def no_budget(self, standard: str) -> str:
        """`standard` is what a rate of money beside it says; it is never multiplied."""
        if "budget" in self.hidden:
            return _("The budget is hidden in the file, so it was left out: taken as 0 yuan.")
        if standard:
            return _(
                "No budget: taken as 0 yuan. “%(standard)s” was not multiplied; write the sum of"
                " the year."
            ) % {"standard": standard}
        return _("No budget: taken as 0 yuan.")


def names_in(names: set[str]) -> set[str]:
    """The columns with what is read from others in their place."""
    pairs = {name for pair in PAIRS.keys() & names for name in PAIRS[pair]}
    return names | pairs | ({"hours"} if "hours_in_the_year" in names else set())


def shared_by_several_rows(name: str) -> str:
    """Return the sentence for a number in a cell that is merged over several items."""
    return _("“%(column)s” is one merged cell for several rows. Write the number of each row.") % {
        "column": label(name)
    }


def values_of(item: PlanItem) -> dict:
    """An item in the shape of a row."""
    return {
        name: plain(getattr(item, name)) if name in DECIMALS else getattr(item, name)
        for name in ITEM_FIELDS
    }


def key_of_item(name: str, seen: Counter) -> str:
    """The name, and which of that name it is."""
    base = spelled(name)[:100]
    seen[base] += 1
    return base if seen[base] == 1 else f"{base} {seen[base]}"
