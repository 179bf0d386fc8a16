"""A group of columns without a total: 人数 over 干部 and 群众, 经费预算 over 师资费 and 场地费.

The parts are added up, and each row says so. A group of which a part is no plain number, hidden, or
something else than a part is left alone; the preview then asks for the column.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import clean, spelled
from academy.spreadsheets.table import TableRow, TableRows

from .row_values import label
from .surroundings import money_unit_of

ADDED = ("people", "budget")
NO_PART = re.compile(
    "其中|工作人员|[每均总]|标准|单价|合计|小计|实际|完成|[上去往]年|20[0-9]{2}|来源|渠道|列支|备注|说明"
)
LEAST_PARTS = 2


def parts_of_groups(texts: Iterable[str], named_by: Callable) -> dict[str, str]:
    """Heading → the column of which it is one of several parts; `named_by` tells the column that
    the heading of a group names.
    """
    groups: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts):
        group, _space, part = text.partition(" ")
        if part and named_by(group) in ADDED:
            groups.setdefault(group, []).append(text)
    return {
        text: named_by(group)
        for group, parts in groups.items()
        for text in parts
        if len(parts) >= LEAST_PARTS
        and not any(NO_PART.search(text.partition(" ")[2]) for text in parts)
    }


def add_up_groups(found: TableRows, named_by: Callable, decided: dict[str, str]) -> None:
    """Give each row the sum of a group; `decided` is what somebody said of headings."""
    hidden = [named_by(column["heading"].partition(" ")[0]) for column in found.hidden]
    for table, (headings, _texts) in found.tables.items():
        rows = [line for line in found.rows if (line.sheet, line.table) == table]
        names = {name for name, _text, _sure in headings.values()}
        parts = parts_of_groups((text for line in rows for text in line.beside), named_by)
        for name in set(parts.values()) - names - set(hidden):
            texts = [text for text, of in parts.items() if of == name]
            is_one = len({(text.partition(" ")[0], money_unit_of(text)) for text in texts}) == 1
            if is_one and not any(spelled(text) in decided for text in texts):
                headings[max(headings) + 1] = (name, texts[0], "exact")
                for line in rows:
                    _add_up(line, name, texts)


def _add_up(line: TableRow, name: str, parts: list[str]) -> None:
    values = {part: line.beside[part] for part in parts if clean(line.beside.get(part))}
    shown = {
        "column": label(name),
        "parts": "、".join(part.partition(" ")[2][:20] for part in values),
    }
    if not all(isinstance(value, (int, float)) for value in values.values()):
        line.reasons.append(
            _("“%(column)s” is written in parts (%(parts)s) that are not all numbers.") % shown
        )
    elif values:
        total = sum((Decimal(str(value)) for value in values.values()), Decimal(0))
        line.cells[name] = float(total)
        line.remarks.append(
            _("“%(column)s” is the sum of its parts (%(parts)s): %(number)s.")
            % {**shown, "number": f"{total.normalize():,f}"}
        )
