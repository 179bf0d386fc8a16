"""What the cells of a roster say: a phone, a name, whether they are empty.

Source: docs/rules.md R46.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from academy.models import User
from academy.spreadsheets.cell_text import EMPTY_WORDS, Rejected, clean
from academy.spreadsheets.sheet import Displayed
from academy.text.names import person_name, spelt_name

EMPTY = frozenset(
    (
        *EMPTY_WORDS,
        *("同上", "〃", "″", '"', "''", "略", "空", "空缺", "暂缺", "缺", "暂无", "没有", "未知"),
        *("不详", "不明", "未填", "待补", "待补充", "待核实", "待确认", "N/A", "n/a", "NULL"),
        *("null", "None", "none", "nan", "NaN", "…", "……", "_", "*", "**"),
    )
)
SIGNS = re.compile(r"[\s().·•,'‘’\"“”=‐‑‒–—―−－-]")
COUNTRY = re.compile(r"(?:\+|00)?86(?=1[0-9]{10}$)")
MOBILE = re.compile(r"1[0-9]{10}")
POINT_NOTHING = re.compile(r"(?<=[0-9]{11})\.0+$")  # as programs write a number
EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)


def said_in(value: object) -> str:
    """The text of a cell on one line, "" where it says that there is nothing."""
    text = value.shown if isinstance(value, Displayed) else clean(value)
    return "" if text in EMPTY else text


def phone_in(value: object) -> tuple[str, bool]:
    """The mobile number of a cell, and whether it was written with anything else around it.

    Raises Rejected with what is wrong; the sentence does not repeat the number.
    """
    text = said_in(value)
    if not text:
        raise Rejected(_("The phone number is missing."))
    shown = unicodedata.normalize("NFKC", text)
    if EXPONENT.fullmatch(shown.replace(" ", "")):
        raise Rejected(
            _(
                "The phone number was shortened to a power of ten, so its digits are lost. Format"
                " the column as text and write the 11 digits again."
            )
        )
    digits = COUNTRY.sub("", SIGNS.sub("", POINT_NOTHING.sub("", shown)))
    if MOBILE.fullmatch(digits):
        raw = value if isinstance(value, str) else text
        return digits, raw != digits
    if len(re.findall(r"[0-9]{7,}", re.sub(r"(?<=[0-9])[ -](?=[0-9]{3,4}\b)", "", shown))) > 1 or (
        digits.isdecimal() and len(digits) == 22
    ):
        raise Rejected(_("The cell holds two phone numbers. Write one."))
    if not (digits.isascii() and digits.isdecimal()):
        raise Rejected(
            _("The phone number holds letters or other signs. Write its 11 digits alone.")
        )
    if len(digits) != 11:
        raise Rejected(
            _("The phone number has %(count)d digits; a mobile number has 11.")
            % {"count": len(digits)}
        )
    raise Rejected(_("A mobile number begins with 1; this one does not."))


def name_in(value: object) -> tuple[str, bool]:
    """The name in its one spelling, and whether it was written otherwise. Raises Rejected."""
    text = said_in(value)
    if not text:
        raise Rejected(_("The name is missing."))
    raw = value if isinstance(value, str) else text
    name = spelt_name(raw)
    try:
        person_name(name)
    except ValidationError as error:
        raise Rejected(" ".join(error.messages)) from error
    if len(name) > (longest := User._meta.get_field("name").max_length):
        raise Rejected(_("The name is longer than %(length)d characters.") % {"length": longest})
    return name, raw != name
