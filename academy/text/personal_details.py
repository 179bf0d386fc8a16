"""What of a text leads to a person or a flat. Source: docs/rules.md R34."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .phones import holds_a_mobile_number

PERSONAL = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), gettext_lazy("an identity number")),
    (re.compile(r"\d+\s*(?:号楼?|弄|栋|幢)\s*\d+\s*室"), gettext_lazy("the number of a flat")),
)


def personal_details(text: str) -> list[str]:
    """A mobile number, an identity number, the number of a flat: those that stand there, in words.

    An empty list where there is none.
    """
    phone = [_("a mobile number")] if holds_a_mobile_number(text) else []
    return phone + [str(words) for pattern, words in PERSONAL if pattern.search(text)]
