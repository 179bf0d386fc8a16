"""The columns of a list: what a cell says on a page, and what it says in a workbook."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, reduce
from typing import Any

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _

from ..templatetags.portal_tags import STATUS_ICONS as ICONS
from ..templatetags.portal_tags import clock, full_day, hours, icon, listed, short_day, yuan


def follow(row: Any, path: str) -> Any:
    """The value at a dotted path; None where the way ends early."""
    return reduce(lambda found, name: getattr(found, name, None), path.split("."), row)


class Column:
    """One column of a list: text, as it is, in one line.

    `value` is a dotted path from the row or a function of it; without one, the attribute that has
    the column's name. `sort` names the fields by which the database orders it ("-" in front turns
    one around), or is an expression; True orders rows that no database holds by the value.
    `width` is a class of the style sheet. The first column of a list stays and does not scroll.
    """

    css = ""
    is_printed = True

    def __init__(
        self,
        label: str,
        value: str | Callable[[Any], Any] = "",
        *,
        sort: str | OrderBy | tuple | bool = False,
        on: bool = True,
        on_phone: bool = True,
        width: str = "",
    ) -> None:
        self.label, self.value, self.sort = label, value, sort
        self.on, self.on_phone, self.width = on, on_phone, width
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.value = self.value or name

    def of(self, row: Any) -> Any:
        return self.value(row) if callable(self.value) else follow(row, self.value)

    def html(self, value: Any) -> str:
        return "" if value is None else conditional_escape(value)

    def exported(self, value: Any) -> Any:
        """The value as a cell of a workbook takes it."""
        return "" if value is None else str(value)

    def compared(self, value: Any) -> tuple:
        """By what rows that no database holds are ordered; what is empty comes last."""
        return (value is None or value == "", value if value is not None else "")

    def order(self, *, descending: bool) -> list[OrderBy]:
        """For the database; what is empty comes last, whichever way."""
        names = self.sort if isinstance(self.sort, tuple) else (self.sort,)
        return [_ordered(self.name if name is True else name, descending) for name in names]

    @property
    def sorts_here(self) -> bool:
        """Whether a browser that has every row puts them into the order that the server would."""
        return self.sort is True or (isinstance(self.sort, str) and self.sort in self._own_names)

    @property
    def _own_names(self) -> tuple[str, ...]:
        path = self.value if isinstance(self.value, str) else self.name
        return (self.name, path.replace(".", "__"))

    def rank(self, value: Any) -> str | None:
        """What a browser sorts by; None where it is the words of the cell."""
        return None

    @property
    def classes(self) -> str:
        return f"{self.css} {self.width}".strip()


def _ordered(name: str | OrderBy, descending: bool) -> OrderBy:
    if isinstance(name, OrderBy):
        turned = name.copy()
        if descending:
            turned.reverse_ordering()
        return turned
    backwards = name.startswith("-") != descending
    field = F(name.removeprefix("-"))
    return field.desc(nulls_last=True) if backwards else field.asc(nulls_last=True)


class LongText(Column):
    """A sentence: cut at the end of the column, whole in the workbook and on paper."""

    css = "cut"

    def html(self, value: Any) -> str:
        if not value:
            return ""
        return format_html('<span title="{}">{}</span>', value, value)


class Whole(LongText):
    """A sentence that is read before something is decided: in as many lines as it takes."""

    css = "whole"

    def html(self, value: Any) -> str:
        return Column.html(self, value)


class Names(LongText):
    """Several things, or words, in one line."""

    def html(self, value: Iterable | None) -> str:
        return super().html(listed(value or ()))

    def exported(self, value: Iterable | None) -> str:
        return listed(value or ())

    def compared(self, value: Iterable | None) -> tuple:
        return super().compared(listed(value or ()))


class Day(Column):
    """11月15日, with the year where it is another one; a date in the workbook."""

    css = "nobr"

    def html(self, value: date | None) -> str:
        return short_day(value)

    def exported(self, value: date | None) -> date | str:
        return value if value is not None else ""

    def rank(self, value: date | None) -> str:
        return value.isoformat() if value is not None else ""


class Moment(Day):
    """11月15日 13:30; date and time in the workbook."""

    def html(self, value: datetime | None) -> str:
        return f"{short_day(value)} {clock(value)}" if value else ""


class FullDay(Day):
    """2027年11月15日: for what lies far apart."""

    def html(self, value: date | None) -> str:
        return full_day(value)


class Number(Column):
    """A number, right-aligned."""

    css = "r"

    def exported(self, value: int | Decimal | None) -> int | Decimal | str:
        return "" if value is None else value

    def rank(self, value: int | Decimal | None) -> str:
        return "" if value is None else str(value)


class Hours(Number):
    def html(self, value: Decimal | None) -> str:
        return hours(value)

    def exported(self, value: Decimal | None) -> Decimal | str:
        return "" if value is None else Decimal(value)


class Total(Hours):
    """Of a whole unit or year: with the thousands apart."""

    def html(self, value: Decimal | None) -> str:
        return yuan(value)


class Yuan(Total):
    """An amount of money."""


class YesNo(Column):
    def html(self, value: bool | None) -> str:
        return _("yes") if value else ""

    def exported(self, value: bool | None) -> str:
        return _("yes") if value else ""


class Badge(Column):
    """A state as icon and word. The value is (kind, words), or None."""

    css = "nobr"

    def html(self, value: tuple[str, str] | None) -> str:
        if not value or not value[1]:
            return ""
        return _badge(value[0] if value[0] in ICONS else "idle", str(value[1]))

    def exported(self, value: tuple[str, str] | None) -> str:
        return str(value[1]) if value else ""

    def compared(self, value: tuple[str, str] | None) -> tuple:
        return super().compared(str(value[1]) if value else None)


@lru_cache(maxsize=500)
def _badge(kind: str, words: str) -> str:
    """Kept, for a thousand rows are in five states: 40 of 180 ms of the classes on paper."""
    return format_html('<span class="status status-{}">{}{}</span>', kind, icon(ICONS[kind]), words)


class Action(Column):
    """A link or button for the row, in reach however wide the list is; nothing of it stands on
    paper or in the workbook.
    """

    css = "step"
    is_printed = False

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, lambda row: None, width="narrow", **more)
