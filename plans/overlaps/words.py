"""Why two trainings overlap, in a sentence."""

from django.utils.translation import gettext as _

from ..timing import months_in
from .guard import Overlap

MOST = 3  # points named in a reason


def reasons_for(overlap: Overlap, *, months: tuple[str, str]) -> list[str]:
    """Return whom, what and when the two have in common; `months` as their plans write them."""
    return [
        _("Both are for %(who)s") % {"who": overlap.people.who},
        _what(overlap),
        _when(overlap, months),
    ]


def _what(overlap: Overlap) -> str:
    same = overlap.content.points[:MOST] or overlap.content.words[:MOST]
    if same:
        return _("Both teach %(what)s") % {"what": "、".join(same)}
    return _("What they teach is much the same")


def _when(overlap: Overlap, months: tuple[str, str]) -> str:
    if overlap.months_between is None:
        return _("One of them names no month")
    if overlap.months_between == 0:
        shared = min(months_in(months[0]) & months_in(months[1]))
        return _("Both in %(month)s") % {"month": _month(shared)}
    if overlap.months_between == 1:
        return _("One month apart")
    return _("%(count)d months apart") % {"count": overlap.months_between}


def _month(month: int) -> str:
    return _("month %(month)d") % {"month": month}
