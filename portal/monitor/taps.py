"""How many taps the ways of everybody take on a phone, as the project's own walk counts them.

Never counted from people. tests/e2e/test_counted_taps.py walks each and holds the figure equal.
Source: docs/rules.md R62.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

WALKED_ON = date(2026, 11, 29)  # when a figure here last changed


@dataclass(frozen=True)
class Walk:
    """A way on a phone of 390 pixels; typing is no tap."""

    slug: str
    title: str
    taps: int

    @property
    def words(self) -> str:
        return ngettext("%(count)d tap", "%(count)d taps", self.taps) % {"count": self.taps}


WALKS = (
    Walk("seat", _("From the front page to a seat"), 2),
    Walk("calendar", _("From the seat into the calendar"), 1),
    Walk("sign", _("A mentor, from the log-in to a signature"), 3),
    Walk("join", _("A resident, from a class to an account with a seat"), 7),
)
TAPS = {walk.slug: walk.taps for walk in WALKS}
