"""The rows of a list as markup.

Written in one go: a thousand rows of twelve cells take a template some seconds, and the page has to
stand in a third of one.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .columns import Column
from .listing import OfficeList


class Cell(NamedTuple):
    """How the cells of a column are made."""

    column: Column
    show: Callable[[Any], str]
    rank: Callable[[Any], str | None] | None  # what a browser sorts by, where it is not the words
    opening: str
    label: str  # for narrow screens


def _cells(the_list: OfficeList, *, on_paper: bool) -> list[Cell]:
    ranked = not on_paper and not the_list.page.has_other_pages()
    found = []
    for column in the_list.printed if on_paper else the_list.shown:
        own = getattr(the_list, f"show_{column.name}", None)
        show = own or (lambda row, column=column: column.html(column.of(row)))
        rank = None
        if ranked and column.sorts_here:
            if own:
                rank = _rank_beside_markup(column)
            elif type(column).rank is not Column.rank:
                rank = _rank(column)
        classes = column.classes + ("" if column.on_phone else " pc")
        opening = f'<td class="{classes}"' if classes.strip() else "<td"
        found.append(Cell(column, show, rank, opening, escape(column.label)))
    return found


def _rank(column: Column) -> Callable[[Any], str | None]:
    return lambda row: column.rank(column.of(row))


def _rank_beside_markup(column: Column) -> Callable[[Any], str | None]:
    def rank(row: Any) -> str | None:
        value = column.of(row)
        found = column.rank(value)
        return found if found is not None else str(column.exported(value))

    return rank


def table_rows(the_list: OfficeList, rows: list, *, on_paper: bool = False) -> SafeString:
    """The body of the table: a tick where something can be done with many, the first cell as the
    heading of its row, the others with their label for narrow screens.
    """
    cells = _cells(the_list, on_paper=on_paper)
    first, others = cells[0], cells[1:]
    ticks = the_list.has_ticks and not on_paper
    tick = escape(_("Tick “%(name)s”"))
    parts: list[str] = []
    for row in rows:
        parts.append("<tr>")
        if ticks:
            parts.append(_tick(the_list, row, tick))
        parts.append(_first_cell(the_list, first, row, on_paper))
        for cell in others:
            html = cell.show(row)
            rank = f' data-v="{escape(cell.rank(row))}"' if cell.rank else ""
            if html == "" or html is None:
                parts.append(f"{cell.opening}{rank}></td>")
            else:
                label = f' data-label="{cell.label}"'
                parts.append(f"{cell.opening}{rank}{label}>{conditional_escape(html)}</td>")
        parts.append("</tr>\n")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _tick(the_list: OfficeList, row: Any, words: str) -> str:
    if not the_list.may_tick(row):
        return '<td class="f0"></td>'
    stamp = the_list.stamp(row)
    value = escape(the_list.key(row) + (f"@{stamp}" if stamp else ""))
    checked = " checked" if the_list.is_ticked(row) else ""
    label = words % {"name": escape(the_list.name(row))}
    return (
        '<td class="f0"><label><input class="form-check-input lt-tick" type="checkbox"'
        f' name="{the_list.row_name}" value="{value}"{checked}>'
        f'<span class="visually-hidden">{label}</span></label></td>'
    )


def _first_cell(the_list: OfficeList, cell: Cell, row: Any, on_paper: bool) -> str:
    html = conditional_escape(cell.show(row))
    link = "" if on_paper or "<a " in html else the_list.link(row)
    inner = f'<a href="{escape(link)}">{html}</a>' if link else html
    rank = f' data-v="{escape(cell.rank(row))}"' if cell.rank else ""
    return f'<th scope="row" class="f1 {cell.column.width}"{rank}>{inner}</th>'
