"""Checking a certificate: for everybody, with the least data. Source: docs/rules.md R84."""

import re
import unicodedata
from dataclasses import dataclass

from django.urls.converters import StringConverter

from academy.accounts import lockout
from academy.text.codes import as_code

from ..models import CODE_DIGITS, CODE_LENGTH, Certificate, CertificateState

# of one address: an office that checks a stack of papers counts none that exist
WRONG_CHECKS = lockout.Limit("certificate-check", tries=30, seconds=15 * lockout.MINUTE)
LONGEST = 40  # characters of what is typed or scanned
READ_AS = str.maketrans("OIL", "011")  # letters that no code has
MALFORMED, UNKNOWN = "malformed", "unknown"
CODE = re.compile(rf"[{CODE_DIGITS}]{{{CODE_LENGTH}}}")


class CheckCodeConverter(StringConverter):
    """`<check:code>` in an address: whatever stands there is answered with a sentence."""

    regex = "[^/]{1,200}"


@dataclass(frozen=True)
class Finding:
    """What the check says: a state of a certificate, or why there is none."""

    state: str
    certificate: Certificate | None = None

    @property
    def is_valid(self) -> bool:
        return self.state == CertificateState.VALID


def as_check_code(text: str) -> str:
    """The code that was meant: without hyphens and blanks, in capitals, O as 0, I and L as 1."""
    return as_code(text[: 2 * LONGEST]).replace("-", "").translate(READ_AS)


def find(*, code: str, number: str | None = None, address: str) -> Finding:
    """What is known of the code; `number` is compared where it was typed beside it.

    Only what is not found counts as a try of the address. Raises lockout.TooManyTries.
    """
    code = as_check_code(code)
    if not CODE.fullmatch(code):
        return Finding(MALFORMED)
    wait = WRONG_CHECKS.seconds_to_wait(address)
    if wait:
        raise lockout.TooManyTries(wait)
    found = Certificate.objects.with_paper().filter(check_code=code).first()
    if found is None or (number is not None and _number(number) != _number(found.number)):
        lockout.take((WRONG_CHECKS, address))
        return Finding(UNKNOWN)
    return Finding(found.state, found)


def _number(text: str) -> str:
    """A number without what people leave out or add when they type it."""
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", text).upper())
