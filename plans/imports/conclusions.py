"""Looking at the rows of a plan together, once all are read."""

from collections import Counter, defaultdict
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.models import ImportRow
from academy.spreadsheets.cell_text import Rejected, clean, spelled
from academy.spreadsheets.table import TableRows

from ..models import ITEM_FIELDS
from .numbers import Numbers
from .table_context import EXPLAINS, key_of_item


def _same_as(row: int) -> str:
    """Return the sentence for a row that says word for word what another one says."""
    return _(
        "The row is word for word row %(row)d. If it was copied by mistake, take it out; if the"
        " training is held again, write one row with the number of runs."
    ) % {"row": row}


class ConcludesPlan:
    """Repeated items, numbers in order, totals that contradict their rows."""

    def conclude(self, rows: list[ImportRow], found: TableRows) -> None:
        written = list(rows)
        self._leave_out_repeated(rows)
        self._give_numbers(rows)
        seen: Counter = Counter()
        for row in rows:
            if row.values:
                row.key = key_of_item(row.values["name"], seen)
        found.warnings = [
            warning
            for warning in found.warnings
            if warning not in found.expected
            and (
                warning["sheet"] in found.headings
                or not warning["sheet"]
                or not EXPLAINS.search(warning["sheet"])
            )
        ]
        found.warnings += self._wrong_totals(rows, written, found)
        sheets = list(dict.fromkeys(row.sheet for row in rows))
        if len(sheets) > 1:
            self.remarks.append(
                (
                    "",
                    _("%(count)d sheets were read: %(sheets)s.")
                    % {
                        "count": len(sheets),
                        "sheets": "、".join(sheets),
                    },
                )
            )
        self.stored(rows)
        if self.staying:
            self.remarks.append(
                (
                    "",
                    ngettext(
                        "%(count)d item of the plan is not in the file; it stays.",
                        "%(count)d items of the plan are not in the file; they stay.",
                        len(self.staying),
                    )
                    % {"count": len(self.staying)},
                )
            )
        found.warnings[:0] = [
            {"sheet": sheet, "row": 0, "reason": reason} for sheet, reason in self.remarks
        ]

    def _leave_out_repeated(self, rows: list[ImportRow]) -> None:
        """A row that stands in another sheet word for word, as where a sheet sums the others up, is
        left out; one that stands twice in its own may be a slip or a second run and is refused.
        """
        first: dict[tuple, ImportRow] = {}
        repeated: dict[str, list[ImportRow]] = defaultdict(list)
        for row in rows:
            if row.values:
                said = tuple((name, row.values[name]) for name in ITEM_FIELDS if name != "number")
                before = first.setdefault(said, row)
                if before.sheet != row.sheet:
                    repeated[row.sheet].append(row)
                elif before is not row:
                    row.values, row.reasons = {}, [_same_as(before.row)]
        for sheet, again in repeated.items():
            for row in again:
                rows.remove(row)
            self.remarks.append(
                (
                    sheet,
                    _("Rows %(rows)s stand in another sheet already; they were left out.")
                    % {"rows": "、".join(str(row.row) for row in again)},
                )
            )

    def _give_numbers(self, rows: list[ImportRow]) -> None:
        """The numbers of the file where they are sound; the rest follow on.

        Sheets that each begin with 1 are counted through.
        """
        readable = [row for row in rows if row.values]
        several = len({row.sheet for row in readable}) > 1
        written = [row.values["number"] for row in readable if row.values["number"]]
        if several and len(written) != len(set(written)):
            for number, row in enumerate(readable, start=1):
                row.values["number"] = number
            return
        taken: set[int] = set()
        highest = max(written, default=0)
        for row in readable:
            number = row.values["number"]
            if number is None or number in taken:
                highest += 1
                if number is not None:
                    row.remarks.append(
                        _("The number %(number)d stands twice; this item becomes %(new)d.")
                        % {
                            "number": number,
                            "new": highest,
                        }
                    )
                row.values["number"] = number = highest
            taken.add(number)

    def _wrong_totals(
        self, rows: list[ImportRow], written: list[ImportRow], found: TableRows
    ) -> list[dict]:
        """Whether totals and subtotals are those of the rows above them, as `written` has them
        before what is repeated was left out.
        """
        wrong, begun = [], defaultdict(int)
        for total in found.totals:
            above = [row for row in written if row.sheet == total.sheet and row.row < total.row]
            is_part = any("小计" in spelled(clean(value)) for value in total.cells.values())
            part = [row for row in above if row.row > begun[total.sheet]]
            if is_part:
                begun[total.sheet] = total.row
            if any(not row.values for row in written):
                continue
            for name, words in (
                ("people", pgettext("a total", "people")),
                ("budget", pgettext("a total", "budget")),
            ):
                try:
                    said = Numbers(
                        total.cells, [], self.tables[total.sheet, total.table].factor
                    ).read(name)
                except Rejected:
                    continue
                sums = {
                    sum((Decimal(row.values[name]) for row in group), Decimal(0))
                    for group in ((part,) if is_part else (above, rows))
                }
                if said and all(abs(said - expected) > Decimal("0.005") for expected in sums):
                    wrong.append(
                        {
                            "sheet": total.sheet,
                            "row": total.row,
                            "reason": (
                                _(
                                    "The total of %(what)s is written as %(written)s; the rows add"
                                    " up to %(total)s."
                                )
                                % {
                                    "what": words,
                                    "written": f"{said.normalize():,f}",
                                    "total": f"{min(sums).normalize():,f}",
                                }
                            ),
                        }
                    )
        return wrong
