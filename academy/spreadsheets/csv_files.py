"""Reading the CSV files that `load_*` commands take: every complaint names the file, the row and
the column.
"""

import codecs
import contextlib
import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..errors import PortalError
from ..text.codes import check_code
from ..text.names import name_in
from ..text.phones import mobile_in, mobile_number, telephone_in

LIST_SEPARATOR = "、"
MAX_BYTES = 20 * 1024 * 1024
# of any day in a file; databases hold more, calendars do not need it
FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST = 2_147_483_647  # what a whole number of the database holds


class TableError(PortalError):
    """A file that cannot be loaded as it is. Nothing of it has been written."""


@dataclass(frozen=True)
class Record:
    """One data row. `row` counts from 1 with the heading line, as a spreadsheet shows it."""

    file: str
    row: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def wrong(self, column: str, reason: str) -> TableError:
        return TableError(
            _("%(file)s, row %(row)d, column %(column)s: %(reason)s")
            % {
                "file": self.file,
                "row": self.row,
                "column": column,
                "reason": reason,
            }
        )

    def _converted(self, column: str, convert: Callable, reason: str):
        try:
            return convert(self[column])
        except (ValueError, InvalidOperation, KeyError) as error:
            raise self.wrong(column, reason % {"value": self[column][:40]}) from error

    def text(self, column: str, max_length: int) -> str:
        """The cell, refused when it is longer than the field that takes it."""
        if len(self[column]) > max_length:
            raise self.wrong(
                column, _("the text is longer than %(length)d characters") % {"length": max_length}
            )
        return self[column]

    def required(self, column: str, max_length: int) -> str:
        if not self[column]:
            raise self.wrong(column, _("the cell is empty"))
        return self.text(column, max_length)

    def person(self, column: str, max_length: int) -> str:
        """The name of a person in its one spelling."""
        self.required(column, max_length)
        try:
            return name_in(self[column])
        except ValidationError as error:
            raise self.wrong(column, " ".join(error.messages)) from error

    def mobile(self, column: str) -> str:
        """A mobile number of 11 digits, or nothing."""
        number = mobile_in(self[column])
        if number and not mobile_number.regex.search(number):
            raise self.wrong(
                column,
                _("“%(value)s” is not a mobile number of 11 digits") % {"value": self[column][:40]},
            )
        return number

    def telephone(self, column: str, max_length: int) -> str:
        """A mobile number or a landline, or nothing."""
        found = telephone_in(self[column])
        if self[column] and found is None:
            raise self.wrong(
                column, _("“%(value)s” is no telephone number") % {"value": self[column][:40]}
            )
        if found and len(found.text) > max_length:
            raise self.wrong(
                column, _("the text is longer than %(length)d characters") % {"length": max_length}
            )
        return found.text if found else ""

    def code(self, column: str, max_length: int) -> str:
        """A cell that becomes part of an address."""
        code = self.required(column, max_length)
        try:
            check_code(code)
        except ValidationError as error:
            raise self.wrong(column, error.messages[0]) from error
        return code

    def integer(self, column: str, most: int = MOST) -> int:
        number = self._converted(column, int, _("“%(value)s” is not a whole number"))
        if number < 0:
            raise self.wrong(
                column, _("“%(value)s” is not a whole number") % {"value": self[column][:40]}
            )
        if number > most:
            raise self.wrong(
                column,
                _("%(value)s is more than %(most)d") % {"value": self[column][:40], "most": most},
            )
        return number

    def decimal(self, column: str) -> Decimal:
        number = self._converted(column, Decimal, _("“%(value)s” is not a number"))
        if not number.is_finite() or not 0 <= number < 1_000_000_000:
            raise self.wrong(
                column, _("“%(value)s” is not a number") % {"value": self[column][:40]}
            )
        return number

    def yes(self, column: str) -> bool:
        return self._converted(
            column, {"yes": True, "no": False}.__getitem__, _("“%(value)s” is neither yes nor no")
        )

    def day(self, column: str) -> date:
        return self._in_reach(
            column,
            self._converted(
                column, date.fromisoformat, _("“%(value)s” is not a date like 2027-03-01")
            ),
        )

    def moment(self, column: str) -> datetime:
        reason = _("“%(value)s” is not a time like 2027-03-01T09:00:00+08:00")
        moment = self._converted(column, datetime.fromisoformat, reason)
        if moment.tzinfo is None:
            raise self.wrong(column, reason % {"value": self[column][:40]})
        return self._in_reach(column, moment)

    def _in_reach(self, column: str, day):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.wrong(
                column,
                _("the year is not between %(first)d and %(last)d")
                % {
                    "first": FIRST_YEAR,
                    "last": LAST_YEAR,
                },
            )
        return day

    def one_of(self, column: str, known: dict):
        """The object that the cell names, refused when there is none."""
        return self._converted(column, known.__getitem__, _("“%(value)s” is not known"))

    def parts(self, column: str) -> list[str]:
        return [part.strip() for part in self[column].split(LIST_SEPARATOR) if part.strip()]

    def many_of(self, column: str, known: dict) -> list:
        found = []
        for part in self.parts(column):
            if part not in known:
                raise self.wrong(column, _("“%(value)s” is not known") % {"value": part[:40]})
            found.append(known[part])
        return found


def read_csv(path: Path | str, required: Iterable[str]) -> list[Record]:
    """The rows of a CSV file in UTF-8 (with or without BOM) or GB 18030. Raises TableError."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TableError(_("%(file)s is larger than 20 MB.") % {"file": path.name})
        content = path.read_bytes()
    except OSError as error:
        raise TableError(
            _("%(file)s cannot be read. Is it in this folder?") % {"file": path.name}
        ) from error
    text = decoded(content, path.name)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise TableError(_("%(file)s is not a CSV file.") % {"file": path.name}) from error
    heading = [cell.strip() for cell in lines[0]] if lines else []
    missing = [column for column in required if column not in heading]
    if missing:
        raise TableError(
            _("%(file)s lacks the column %(columns)s.")
            % {
                "file": path.name,
                "columns": LIST_SEPARATOR.join(missing),
            }
        )
    records = []
    for row, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            raise TableError(
                _("%(file)s, row %(row)d has %(cells)d cells; the heading has %(columns)d.")
                % {
                    "file": path.name,
                    "row": row,
                    "cells": len(cells),
                    "columns": len(heading),
                }
            )
        records.append(
            Record(
                path.name,
                row,
                {column: cell.strip() for column, cell in zip(heading, cells, strict=True)},
            )
        )
    return records


def decoded(content: bytes, name: str) -> str:
    """Text of a file as offices send it; refuses what is not text."""
    if _is_big5(content):
        raise TableError(
            _("%(file)s has the encoding Big5. Save it as UTF-8 or as a workbook.") % {"file": name}
        )
    for encoding in _encodings(content):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding)
    if b"\x00" in content:
        raise TableError(_("%(file)s is not a text file.") % {"file": name})
    raise TableError(_("%(file)s is neither UTF-8 nor GBK text.") % {"file": name})


def _is_big5(content: bytes) -> bool:
    """Whether the bytes are Big5 and no other text: as GB 18030 most characters would be rare
    ones.
    """
    with contextlib.suppress(UnicodeDecodeError):
        content.decode()
        return False
    try:
        content.decode("big5")
    except UnicodeDecodeError:
        return False
    characters = [sign for sign in content.decode("gb18030", "replace") if not sign.isascii()]
    common = len("".join(characters).encode("gb2312", "ignore")) / 2
    return b"\x00" not in content and common * 3 < len(characters) * 2


def _encodings(content: bytes) -> tuple[str, ...]:
    """In which encodings the bytes may be text.

    A text file holds no zero byte, unless two bytes make a character.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)  # what Excel calls Unicode text
    if b"\x00" not in content:
        return ("utf-8-sig", "gb18030")
    if b"\n\x00" in content and content[1::2].count(0) > content[0::2].count(0):
        return ("utf-16-le",)
    return (
        ("utf-16-be",)
        if b"\x00\n" in content and content[0::2].count(0) > content[1::2].count(0)
        else ()
    )
