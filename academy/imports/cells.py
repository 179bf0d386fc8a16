"""What a cell of a table by code holds: how it is read, compared with a field, and written back.

A value is plain data that JSON can hold; a row that is pointed at is its code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from ..spreadsheets.cell_text import (
    EMPTY_WORDS,
    Rejected,
    clean,
    clean_lines,
    number_in,
    spelled,
)
from ..text.codes import as_code, check_code
from ..text.phones import masked, mobile_in, mobile_number, telephone_in

LIST_SEPARATOR = "、"
LONGEST_TEXT = 3_000  # characters of a field that has no length of its own
FIRST_YEAR, LAST_YEAR = 1900, 2199
YES, NO = ("是", "有", "yes", "y", "true", "1"), ("否", "无", "没有", "no", "n", "false", "0", "-")


def checked(check: Callable, value):
    """Run a check of the house on a value. Raises Rejected with its sentences."""
    try:
        return check(value)
    except ValidationError as error:
        raise Rejected(" ".join(error.messages)) from error


@dataclass(frozen=True)
class Cell:
    """A column that fills the field of its name; `required` ones must hold something."""

    required: bool = False
    beside: str = ""  # another column that is read where this one is empty

    def value(self, table, column, cells: Mapping):
        """What a row says in this column. Raises Rejected."""
        value = cells.get(column.name)
        if self.required and clean(value) in EMPTY_WORDS:
            raise Rejected(_("“%(column)s” is missing.") % {"column": column.heading})
        return self.read(table, column, value)

    def read(self, table, column, value):
        raise NotImplementedError

    def of(self, table, column, item: models.Model):
        """The value that a stored row has."""
        return getattr(item, column.name)

    def put(self, table, column, item: models.Model, value) -> None:
        setattr(item, column.name, value)

    def differs(self, old, new) -> bool:
        return old != new

    def refusal(self, column, old, new) -> str:
        """Why the value may not take the place of the stored one, which is None for a new row."""
        return ""

    def shown(self, value):
        """The value as the preview and a workbook show it."""
        return "" if value is None else value


@dataclass(frozen=True)
class Text(Cell):
    """Words; several lines where the field takes them. `check` brings them into their spelling."""

    check: Callable | None = None

    def read(self, table, column, value) -> str:
        field = table.model._meta.get_field(column.name)
        text = (clean_lines if isinstance(field, models.TextField) else clean)(value)
        if not self.required and text in EMPTY_WORDS:
            text = ""
        longest = field.max_length or LONGEST_TEXT
        if len(text) > longest:
            raise Rejected(
                _("“%(column)s” is longer than %(length)d characters.")
                % {"column": column.heading, "length": longest}
            )
        return checked(self.check, text) if self.check and text else text

    def differs(self, old, new) -> bool:
        """Spaces and full-width letters that a cell loses on its way are no difference."""
        return new not in (old, clean(old), clean_lines(old)) and not (
            not new and clean(old) in EMPTY_WORDS
        )

    def refusal(self, column, old, new) -> str:
        if new.startswith("=") and (old is None or self.differs(old, new)):
            return _("“%(column)s” begins with = like a formula. Write the text without it.") % {
                "column": column.heading
            }
        return ""


@dataclass(frozen=True)
class Code(Cell):
    """What a row is matched by; blanks, small and wide letters do not matter."""

    required: bool = True

    def read(self, table, column, value) -> str:
        code = as_code(clean(value))
        longest = table.model._meta.get_field(column.name).max_length
        if len(code) > longest:
            raise Rejected(
                _("“%(column)s” is longer than %(length)d characters.")
                % {"column": column.heading, "length": longest}
            )
        checked(check_code, code)
        return code


@dataclass(frozen=True)
class Whole(Cell):
    """A whole number from 0; an empty cell is `empty`."""

    most: int = 999_999
    empty: int | None = 0
    units: tuple[str, ...] = ()

    def read(self, table, column, value) -> int | None:
        number = number_in(value, column.heading, most=self.most, units=self.units)
        if number is None:
            return self.empty
        if number != int(number):
            raise Rejected(_("“%(column)s” is a whole number.") % {"column": column.heading})
        return int(number)


@dataclass(frozen=True)
class Hours(Cell):
    """Study hours in steps of 0.25, kept as text such as 40.00. Source: docs/rules.md R27."""

    most: int = 999

    def read(self, table, column, value) -> str:
        hours = number_in(value, column.heading, most=self.most, units=("学时", "课时"))
        if not hours or hours % Decimal("0.25"):
            raise Rejected(_("Study hours are more than 0 and go in steps of 0.25."))
        return str(hours)

    def of(self, table, column, item) -> str:
        return str(getattr(item, column.name))

    def put(self, table, column, item, value) -> None:
        setattr(item, column.name, Decimal(value))

    def shown(self, value) -> Decimal:
        return Decimal(value)


@dataclass(frozen=True)
class YesNo(Cell):
    def read(self, table, column, value) -> bool:
        if isinstance(value, bool):
            return value
        text = spelled(clean(value))
        if text and text not in YES + NO:
            raise Rejected(
                _("“%(value)s” in “%(column)s” is neither yes nor no.")
                % {"value": text[:20], "column": column.heading}
            )
        return text in YES

    def shown(self, value) -> str:
        return "是" if value else "否"


@dataclass(frozen=True)
class OneOf(Cell):
    """One of a few words: value of the field → the word offices write, and others behind it."""

    words: tuple[tuple[str, str], ...] = ()

    def read(self, table, column, value) -> str:
        text = spelled(clean(value))
        if not self.required and clean(value) in EMPTY_WORDS:
            return ""
        for key, said in self.words:
            if text in (key, *map(spelled, said.split())):
                return key
        raise Rejected(
            _("“%(word)s” in “%(column)s” is not known. Write one of: %(words)s.")
            % {
                "word": clean(value)[:20],
                "column": column.heading,
                "words": LIST_SEPARATOR.join(self.shown(key) for key, _said in self.words),
            }
        )

    def shown(self, value) -> str:
        return next(iter(dict(self.words).get(value, str(value)).split()), "")


@dataclass(frozen=True)
class Day(Cell):
    """A day such as 2027-03-01, kept as text; an empty cell is no day."""

    def read(self, table, column, value) -> str | None:
        if isinstance(value, datetime):
            value = value.date()
        if not isinstance(value, date):
            text = clean(value)
            if text in EMPTY_WORDS:
                return None
            for old, new in (("年", "-"), ("月", "-"), ("日", ""), ("/", "-"), (".", "-")):
                text = text.replace(old, new)
            parts = text.split("-")
            try:
                value = date(*(int(part) for part in parts))
            except (ValueError, TypeError, OverflowError) as error:
                raise Rejected(
                    _("“%(value)s” in “%(column)s” is not a date like 2027-03-01.")
                    % {"value": clean(value)[:20], "column": column.heading}
                ) from error
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise Rejected(
                _("“%(value)s” in “%(column)s” is not a date like 2027-03-01.")
                % {"value": str(value), "column": column.heading}
            )
        return value.isoformat()

    def of(self, table, column, item) -> str | None:
        day = getattr(item, column.name)
        return day.isoformat() if day else None

    def put(self, table, column, item, value) -> None:
        setattr(item, column.name, date.fromisoformat(value) if value else None)

    def shown(self, value) -> date | str:
        return date.fromisoformat(value) if value else ""


@dataclass(frozen=True)
class Link(Cell):
    """Another row, by its code or its name; `beside` is the column that gives the name as well."""

    to: type[models.Model] | None = None
    by: str = "code"

    def value(self, table, column, cells: Mapping):
        said, name = clean(cells.get(column.name)), clean(cells.get(self.beside))
        said, name = ("" if text in EMPTY_WORDS else text for text in (said, name))
        if not said and not name:
            if self.required:
                raise Rejected(_("“%(column)s” is missing.") % {"column": column.heading})
            return None
        key = self.found(table, column, said or name)
        if said and name and spelled(name) not in table.names_of(self)[key]:
            raise Rejected(
                _("“%(value)s” is not the name that belongs to “%(code)s”.")
                % {"value": name[:40], "code": key}
            )
        return key

    def found(self, table, column, text: str) -> str:
        """The code that a code or a name stands for. Raises Rejected."""
        keys = table.keys_of(self)
        hits = {as_code(text)} & keys.keys() or table.by_name(self).get(spelled(text), set())
        if len(hits) == 1:
            return next(iter(hits))
        if hits:
            raise Rejected(
                _("“%(word)s” in “%(column)s” is the name of several. Write the code.")
                % {"word": text[:40], "column": column.heading}
            )
        raise Rejected(
            _("“%(word)s” in “%(column)s” is not known.")
            % {"word": text[:40], "column": column.heading}
        )

    def of(self, table, column, item) -> str | None:
        return table.codes_of(self).get(getattr(item, f"{column.name}_id"))

    def put(self, table, column, item, value) -> None:
        setattr(item, f"{column.name}_id", table.keys_of(self)[value] if value else None)


@dataclass(frozen=True)
class Links(Link):
    """Several other rows, by code; they are written behind the row itself."""

    def value(self, table, column, cells: Mapping) -> list[str]:
        text = clean(cells.get(column.name))
        for sign in (",", "，", ";", "；"):
            text = text.replace(sign, LIST_SEPARATOR)
        return sorted(
            {
                self.found(table, column, part.strip())
                for part in text.split(LIST_SEPARATOR)
                if part.strip() not in EMPTY_WORDS
            }
        )

    def of(self, table, column, item) -> list[str]:
        codes = table.codes_of(self)
        return sorted(codes[other.pk] for other in getattr(item, column.name).all())

    def put(self, table, column, item, value) -> None:
        """After the row is there."""

    def shown(self, value) -> str:
        return LIST_SEPARATOR.join(value)


@dataclass(frozen=True)
class Mobile(Cell):
    """A mobile number. A workbook of the portal hides digits, and what it hides stays as it is.

    Source: docs/rules.md R12.
    """

    def read(self, table, column, value) -> str:
        text = clean(value)
        if text in EMPTY_WORDS:
            return ""
        if "*" in text:
            return text[:11]
        number = mobile_in(text)
        checked(mobile_number, number)
        return number

    def differs(self, old, new) -> bool:
        return masked(old) != new if "*" in new else old != new

    def refusal(self, column, old, new) -> str:
        if "*" in new and (old is None or self.differs(old, new)):
            return _("“%(column)s” hides digits. Write the number in full.") % {
                "column": column.heading
            }
        return ""

    def put(self, table, column, item, value) -> None:
        if "*" not in value:
            super().put(table, column, item, value)

    def shown(self, value) -> str:
        return value if "*" in value else masked(value)


@dataclass(frozen=True)
class Telephone(Cell):
    """The public number of a place, mobile or landline."""

    def read(self, table, column, value) -> str:
        text = clean(value)
        if text in EMPTY_WORDS:
            return ""
        found = telephone_in(text)
        longest = table.model._meta.get_field(column.name).max_length
        if found is None or len(found.text) > longest:
            raise Rejected(
                _("“%(value)s” in “%(column)s” is no telephone number.")
                % {"value": text[:20], "column": column.heading}
            )
        return found.text


@dataclass(frozen=True)
class Beside(Cell):
    """A name that helps people read; it is compared with the code beside it and never stored."""

    path: str = ""  # attribute of the row that a workbook shows, such as town.name

    def of(self, table, column, item) -> str:
        value = item
        for part in self.path.split("."):
            value = getattr(value, part, None)
        return "" if value is None else str(value)
