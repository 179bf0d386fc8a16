"""Codes that stand in addresses, such as SW-031: what a code may be, wherever one comes from.

Models name their code with `CodeField` and put `code_constraint` beside it. Forms, importers and
commands check with `check_code`, and addresses take a code as `<code:…>`.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import count

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls.converters import StringConverter
from django.utils.translation import gettext_lazy as _

# Words that stand where a code stands in an address, as in /manage/classes/new/, and some more that
# such addresses are likely to get. The constraints of the tables name them: a new one needs a
# migration.
RESERVED = (
    "ADD",
    "BATCH",
    "CALENDAR",
    "CARDS",
    "CLONE",
    "DELETE",
    "EDIT",
    "EXPORT",
    "GAPS",
    "IMPORT",
    "IMPORTS",
    "LIST",
    "NEW",
    "SEARCH",
    "TEMPLATES",
    "TOGETHER",
    "UNDO",
)
CHARACTERS = re.compile(r"[A-Z0-9][A-Z0-9-]*")
# for Python and PostgreSQL alike
PATTERN = rf"\A(?!(?:{'|'.join(RESERVED)})\Z){CHARACTERS.pattern}\Z"
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
NO_CODE = "-"  # no code is like this: it stands in the address of a row whose code cannot
SERIES_DIGITS = 6  # of the number at the end of a code; a longer one does not belong to a series


def check_code(code: str) -> None:
    """Raise ValidationError with a sentence for the person who gave the code, if it cannot be
    one.
    """
    if not CHARACTERS.fullmatch(code):
        raise ValidationError(
            _("A code is made of capital letters, digits and hyphens, such as SW-031."),
            code="invalid",
        )
    if code in RESERVED:
        raise ValidationError(
            _("“%(code)s” is a word of the portal's own addresses. Choose another code."),
            code="reserved",
            params={"code": code},
        )


def is_code(text: str) -> bool:
    """Return whether the text can stand in an address as a code."""
    return re.search(PATTERN, text) is not None


def as_code(text: str) -> str:
    """What a person meant who typed a code in small or wide letters, with blanks or a long dash."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).translate(DASHES)).upper()


def next_in_series(begin: str, codes: Iterable[str], digits: int) -> str:
    """`begin` and the number after the highest one that follows it in the codes: SW-031."""
    ends = (code.removeprefix(begin) for code in codes if code.startswith(begin))
    numbers = {int(end) for end in ends if re.fullmatch(rf"[0-9]{{1,{SERIES_DIGITS}}}", end)}
    number = max(numbers, default=0) + 1
    if len(str(number)) > SERIES_DIGITS:  # somebody chose the highest of all
        number = next(free for free in count(1) if free not in numbers)
    return f"{begin}{number:0{digits}}"


class CodeFormField(forms.CharField):
    """Takes a code as people type it and cleans it to what it means: ｓｗ－０３１ to SW-031."""

    def to_python(self, value) -> str:
        return as_code(super().to_python(value))


class CodeField(models.CharField):
    """The code of a row that has an address of its own."""

    default_validators = [check_code]

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": CodeFormField, **kwargs})

    def deconstruct(self):
        """For a migration the column is text; what the text may be is the constraint's."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def code_constraint(*, name: str, field: str = "code") -> models.CheckConstraint:
    """The database refuses what `check_code` refuses."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__regex": PATTERN}),
        name=name,
        violation_error_message=_(
            "A code is made of capital letters, digits and hyphens, such as SW-031."
        ),
    )


class CodeConverter(StringConverter):
    """`<code:code>` in an address.

    A list must not fail because of one row. Where the database holds what should never have come
    in, the row's link leads to a page that is not found.
    """

    def to_url(self, value) -> str:
        return str(value) if is_code(str(value)) else NO_CODE
