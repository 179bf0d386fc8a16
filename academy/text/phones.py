"""Telephone numbers as people write and paste them: the one place that reads, checks and masks
them.

A mobile number is what somebody logs in with: 11 digits. A telephone number is any number under
which somebody can be reached; a landline keeps its area code and extension, and two numbers may
stand side by side.
"""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from .pasted import plain

SAMPLE_PHONES = ("1990000", "13800000")  # numbers that belong to nobody
LONGEST_TELEPHONE = 40  # characters: two numbers with area code and extension

mobile_number = RegexValidator(r"\A1[0-9]{10}\Z", _("Enter the 11 digits of a mobile number."))

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－ー", "-"))
_BETWEEN = r"[-. ()]{0,2}"
_COUNTRY = r"\(?(?:\+|00)?86\)?"
# neither a digit nor a group too short for a number; an hour may follow
_NO_MORE = rf"(?![0-9])(?!{_BETWEEN}[0-9]{{1,5}}(?![0-9:]))"
_MOBILE = re.compile(
    rf"(?<![0-9.])(?:{_COUNTRY}{_BETWEEN})?(?P<mobile>1(?:{_BETWEEN}[0-9]){{10}})(?:\.0)?{_NO_MORE}"
)
_LANDLINE = re.compile(
    rf"""
    (?<![0-9.])(?<![0-9][-)])                                      # no rest of another number
    (?:
        (?:{_COUNTRY}[- ]?0?[0-9]{{2,3}}[- ]                        # +86 21-
          |(?:{_COUNTRY}[- ]?)?                                   # 021-, (021), 021
           (?:\(0[0-9]{{2,3}}\)[- ]?|0[0-9]{{2,3}}[- ]|0(?:10|2[0-9]|[3-9][0-9]{{2}})))?
        [02-9][0-9]{{2,3}}[- ]?[0-9]{{4}}                           # 5678 1234
        (?:\ ?(?:-|转|分机|ext\.?|x|\#)\ ?[0-9]{{1,6}})?            # 转801
      |[48]00[- ]?[0-9]{{3,4}}[- ]?[0-9]{{3,4}}                     # 400-820-8820
      |123[0-9]{{2}}|9[56][0-9]{{3,4}}                              # 12345
    )(?![0-9])
    """,
    re.IGNORECASE | re.VERBOSE,
)
# more than an hour of the day: part of a number
_MANY_DIGITS = re.compile(r"(?:[0-9][-. ]?){5}|[0-9]\.[0-9]+E", re.IGNORECASE)


@dataclass(frozen=True)
class Telephone:
    """What was written: the numbers in it, and whether it is one mobile number and nothing else."""

    text: str
    is_mobile: bool


def mobile_in(text: str) -> str:
    """The 11 digits of a mobile number, however it is written.

    Spaces, marks between the digits, +86, full-width digits, invisible characters and words beside
    the number do not matter. What is no mobile number comes back without spaces, for the validator
    to refuse.
    """
    shown = plain(text).translate(_DASHES)
    found = _numbers(shown)
    if len(found) == 1 and found[0][1]:
        return found[0][0]
    return shown.replace(" ", "")


def holds_a_mobile_number(text: str) -> bool:
    """Whether a number of somebody stands anywhere in a longer text."""
    return any(
        re.match("1[3-9]", match["mobile"])
        for match in _MOBILE.finditer(plain(text).translate(_DASHES))
    )


def telephone_in(text: str) -> Telephone | None:
    """The number or numbers in a text, None when it holds none or one that is not whole.

    Words around the numbers are left out; a landline stays as it is written.
    """
    found = _numbers(plain(text).translate(_DASHES))
    if not found:
        return None
    return Telephone(
        "、".join(number for number, _is_mobile in found), is_mobile=len(found) == 1 and found[0][1]
    )


def telephone_number(text: str) -> None:
    """Validator of a field that also takes a landline."""
    if telephone_in(text) is None:
        raise ValidationError(
            _("Enter a mobile number of 11 digits, or a landline such as 021-56781234."),
            code="invalid",
        )


def is_sample_phone(phone: str) -> bool:
    """Whether a mobile number is one of those that sample data uses."""
    return phone.startswith(SAMPLE_PHONES)


def masked(text: str) -> str:
    """138****5678, of each number of the text. A short landline shows its last two digits."""
    return "、".join(_masked(number) for number in text.split("、") if number)


def _masked(number: str) -> str:
    digits = re.sub(r"[^0-9]", "", number)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-2:]}"


def _numbers(shown: str) -> list[tuple[str, bool]]:
    """Each number with whether it is a mobile one; nothing when digits are left over that may
    belong to a number.
    """
    found: list[tuple[int, str, bool]] = []
    rest = shown
    for pattern in (_MOBILE, _LANDLINE):
        for match in pattern.finditer(rest):
            is_mobile = pattern is _MOBILE
            number = re.sub(r"[^0-9]", "", match["mobile"]) if is_mobile else match.group().strip()
            found.append((match.start(), number, is_mobile))
        rest = pattern.sub(lambda match: "、" * len(match.group()), rest)
    if _MANY_DIGITS.search(rest):
        return []
    return [(number, is_mobile) for _place, number, is_mobile in sorted(found)]


class PhoneField(forms.CharField):
    """A mobile number of 11 digits, written in any usual way."""

    default_validators = [mobile_number]
    default_error_messages = {"required": _("Write your mobile number.")}
    widget = forms.TextInput(
        attrs={"type": "tel", "inputmode": "numeric", "autocomplete": "tel", "maxlength": 60}
    )

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("Mobile number"))
        # of the database: what is typed may have marks and words around it
        kwargs.pop("max_length", None)
        super().__init__(**kwargs)

    def to_python(self, value: str | None) -> str:
        return mobile_in(super().to_python(value))


class TelephoneField(forms.CharField):
    """A number under which somebody can be reached: mobile or landline."""

    default_validators = [telephone_number]
    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "maxlength": 60})

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value)
        found = telephone_in(text)
        return found.text if found else text
