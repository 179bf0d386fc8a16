"""Rows that lean on the row above them: 同上, and 第一期 and 第二期 of one training."""

import re
from itertools import groupby, pairwise

from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import clean, clean_lines, spelled
from academy.spreadsheets.table import TableRow

AS_ABOVE = re.compile("同上(?:行|一行|栏)?|同前|[〃″“”\"]{1,2}|''")
INTAKE = re.compile("第(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[期批班]|首[期批班]|末[期批班]")

SEVERAL = re.compile("第([0-9]{1,2})(?:期|班)?[-—–~至到]+第?([0-9]{1,2})[期班]")  # 第1-3期


def fill_in_what_is_as_above(rows: list[TableRow]) -> None:
    """同上 becomes what stands in the row above, and the row says so."""
    before: TableRow | None = None
    for line in rows:
        if before and before.sheet == line.sheet:
            filled = [
                name
                for name, value in line.cells.items()
                if AS_ABOVE.fullmatch(clean(value)) and clean(before.cells.get(name))
            ]
            line.cells |= {name: before.cells[name] for name in filled}
            if filled:
                line.remarks.append(
                    _("“%(words)s” was filled in from row %(row)d.")
                    % {"words": "同上", "row": before.row}
                )
        before = line


def intake_of(line: TableRow) -> str:
    """第二期, where the row says which intake of its training it is."""
    said = (line.cells.get("runs"), line.cells.get("remark"), *line.beside.values())
    return next((text for value in said if INTAKE.fullmatch(text := clean(value))), "")


def tell_intakes_apart(rows: list[TableRow]) -> None:
    """Intakes of one training become items of one run each, named with their intake; those that
    are lines of one item are counted.
    """
    for line in rows:
        several = SEVERAL.fullmatch(clean(line.cells.get("runs")))
        if several and int(several[1]) < int(several[2]):
            line.cells["runs"] = int(several[2]) - int(several[1]) + 1
        within = clean_lines(line.cells.get("runs")).split("\n")
        if len(within) > 1 and all(map(INTAKE.fullmatch, within)):
            line.cells["runs"] = len(set(within))  # 第一期 and 第二期 of one item
    for above, line in pairwise(rows):
        if not clean(line.cells.get("name")) and intake_of(line) and above.sheet == line.sheet:
            line.cells["name"] = above.cells["name"]
    told_apart = False
    of_one_name = groupby(rows, lambda line: (line.sheet, spelled(clean(line.cells.get("name")))))
    for (_sheet, name), group in of_one_name:
        lines = list(group)
        intakes = [intake_of(line) for line in lines]
        if not name or len(lines) < 2 or not all(intakes) or len(set(intakes)) < len(lines):
            continue
        told_apart = True
        for line, intake in zip(lines, intakes, strict=True):
            line.cells["name"] = f"{clean(line.cells['name'])}（{intake}）"
            if INTAKE.fullmatch(clean(line.cells.get("runs"))):
                line.cells["runs"] = 1
            line.remarks.append(
                _("The rows of one training are told apart by their intake: %(intake)s.")
                % {"intake": intake}
            )
    for line in rows if told_apart else ():  # where each intake has a row, one alone is one run
        if INTAKE.fullmatch(clean(line.cells.get("runs"))):
            line.remarks.append(
                _("The row is of one intake, %(intake)s: taken as one run.")
                % {"intake": clean(line.cells["runs"])}
            )
            line.cells["runs"] = 1
