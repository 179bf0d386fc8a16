"""Lists of lecture fees that wait for a person: to be checked, approved, or mended."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.templatetags.portal_tags import yuan
from academy.waiting import WaitingItem, WaitingKind

from ..models import FEES_IN_HANDS, FeeListStatus, LectureFeeList
from .steps import kept_from

PLACE = "plans:fee_lists"


def fees_waiting_for(user) -> Iterable[WaitingItem]:
    """One statement. What comes back waits for whoever made it out."""
    seen = LectureFeeList.objects.visible_to(user)
    kept = LectureFeeList.objects.filter(kept_from(user), pk=OuterRef("pk"))
    to_do = seen.filter(status__in=FEES_IN_HANDS).exclude(Exists(kept))
    mine = seen.filter(status=FeeListStatus.RETURNED, made_out_by=user)
    for fee_list in (to_do | mine).with_owner().with_totals().in_code_order():
        title, action, kind = _words(fee_list)
        yield WaitingItem(
            title=title % {"owner": fee_list.owner.name, "season": fee_list.season.in_words},
            detail=_("%(lecturers)d lecturers, %(yuan)s yuan")
            % {"lecturers": fee_list.lecturer_total, "yuan": yuan(fee_list.yuan_total)},
            url=fee_list.get_absolute_url(),
            action=action,
            kind=kind,
            place=PLACE,
        )


def _words(fee_list: LectureFeeList) -> tuple[str, str, str]:
    """Title, word on the button and kind of work."""
    if fee_list.status == FeeListStatus.MADE_OUT:
        title = _("Check the lecture fees of %(owner)s, %(season)s")
        return title, pgettext("button", "Check"), WaitingKind.REVIEW
    if fee_list.status == FeeListStatus.CHECKED:
        title = _("Approve the lecture fees of %(owner)s, %(season)s")
        return title, pgettext("button", "Approve"), WaitingKind.APPROVE
    title = _("The lecture fees of %(owner)s, %(season)s came back")
    return title, pgettext("button", "Mend"), WaitingKind.FILING
