"""What a cell of somebody's table says: as one line of text, as several, as a number.

Nothing is guessed.
"""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

EMPTY_WORDS = ("", "-", "--", "—", "——", "/", "\\", "无", "待定")
FULL_WIDTH = {
    code: code - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(first), ord(last) + 1)
}
WIDE_SIGNS = str.maketrans("，．－￥", ",.-¥")  # not NFKC, which would make 2 of ²
PLAIN_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
# control and invisible characters, halves of characters: no database takes all of them
UNWANTED = ("Cc", "Cf", "Cs")


class Rejected(ValueError):
    """A row that cannot be taken over; the text says why."""


def clean(value) -> str:
    """A cell as one line of text: no control or invisible characters, digits and letters of
    ordinary width.
    """
    return re.sub(r"\s+", " ", _visible(value)).strip()


def clean_lines(value) -> str:
    """A cell as the lines it has, each as `clean` would leave it, without empty ones at either
    end.
    """
    lines = [
        re.sub(r"[^\S\n]+", " ", line).strip()
        for line in re.sub(r"\r\n?", "\n", _visible(value)).split("\n")
    ]
    return "\n".join(lines).strip()


def _visible(value) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    elif isinstance(value, bool):
        value = "TRUE" if value else "FALSE"  # as a spreadsheet shows them
    elif isinstance(value, datetime):
        value = value.date() if value.time() == time() else value.isoformat(" ", "minutes")
    text = str(value)
    if not text.isprintable():  # as nearly every cell is
        text = "".join(
            character
            for character in text
            if character in "\r\n\t" or unicodedata.category(character) not in UNWANTED
        )
    return text.translate(FULL_WIDTH)


def spelled(text: str) -> str:
    """Text for comparing: compatibility forms and spaces do not count."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def number_in(
    value, column: str, *, most: int, units: tuple[str, ...] = (), factor: int = 1
) -> Decimal | None:
    """The number in the cell with at most two digits behind the point, None when there is none.

    `units` may stand behind the number and are dropped. Raises Rejected with what is wrong.
    """
    wrong = Rejected(
        _("“%(value)s” in “%(column)s” is not a number.")
        % {
            "value": clean(value)[:20],
            "column": column,
        }
    )
    if isinstance(value, (bool, date)):
        raise wrong
    text = (
        clean(repr(value) if isinstance(value, float) else value)
        .translate(WIDE_SIGNS)
        .replace(" ", "")
    )
    if text in EMPTY_WORDS:
        return None
    for unit in units:
        text = text.removesuffix(unit)
    if text.startswith("-"):
        raise Rejected(_("“%(column)s” must not be below 0.") % {"column": column})
    if not isinstance(value, float) and not PLAIN_NUMBER.fullmatch(text):
        raise wrong
    try:
        number = Decimal(text.replace(",", "")) * factor
    except InvalidOperation as error:
        raise wrong from error
    if not number.is_finite():
        raise wrong
    if number > most:
        raise Rejected(
            _("“%(column)s” is larger than %(most)s.") % {"column": column, "most": f"{most:,}"}
        )
    rounded = number.quantize(Decimal("0.01"))
    if abs(rounded - number) > Decimal("0.000001"):
        raise Rejected(
            _("“%(column)s” has more than two digits behind the point.") % {"column": column}
        )
    return rounded
