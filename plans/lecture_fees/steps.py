"""The way of a list of lecture fees: made out, checked, approved, signed for.

Whoever made the list out or typed a fee does not check it, and whoever checked it does not approve
it; nobody does either with a list on which they are paid. Source: docs/rules.md R68.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.access import is_office
from notices.outbox import tell

from ..models import (
    FEES_IN_HANDS,
    FeeDecision,
    FeeListStatus,
    LectureFeeList,
    LectureFeeRow,
)
from ..notices import FEES_RETURNED
from .records import (
    OPINION_LENGTH,
    REASON_LENGTH,
    FeesIncomplete,
    FeesRefused,
    SamePerson,
    editable,
    given_words,
    locked,
    record,
)

MOST_UNSIGNED = 5  # rows in one step, which names them all


@transaction.atomic
def hand_on(*, fee_list: LectureFeeList, by, now: datetime) -> LectureFeeList:
    """Say that the list is made out: somebody else checks it. Raises FeesRefused,
    FeesIncomplete.
    """
    fee_list = editable(fee_list)
    rows = list(fee_list.rows.all())
    if not rows:
        raise FeesIncomplete(_("The list has no row. Take over what was taught first."))
    lacking = sum(row.yuan is None for row in rows)
    if lacking:
        raise FeesIncomplete(
            _(
                "%(count)d rows have no fee yet. Write 0 where nothing is paid, or leave the row"
                " out."
            )
            % {"count": lacking}
        )
    fee_list.status, fee_list.made_out_by = FeeListStatus.MADE_OUT, by
    fee_list.checked_by = None
    fee_list.save()
    record(fee_list, FeeDecision.MADE_OUT, by, now)
    return fee_list


# --- Checking and approving -----------------------------------------------------------------------


def hindrance(fee_list: LectureFeeList, user) -> str:
    """Why the person may not check or approve the list where it stands; empty: they may."""
    if fee_list.status not in FEES_IN_HANDS:
        return _("The list does not wait to be checked or approved.")
    if fee_list.status == FeeListStatus.CHECKED and not is_office(user):
        return _("District staff and administrators approve.")
    if user.pk == fee_list.made_out_by_id or fee_list.rows.filter(typed_by=user).exists():
        return _("You made this list out yourself: somebody else checks and approves it.")
    if user.pk == fee_list.checked_by_id:
        return _("You checked this list yourself: somebody else approves it.")
    if fee_list.rows.filter(expert__user=user).exists():
        return _("You are paid on this list yourself: somebody else checks and approves it.")
    return ""


def kept_from(user) -> Q:
    """Lists that `hindrance` keeps the person from."""
    own = (
        Q(made_out_by=user)
        | Q(checked_by=user)
        | Q(
            pk__in=LectureFeeRow.objects.filter(Q(typed_by=user) | Q(expert__user=user)).values(
                "fee_list"
            )
        )
    )
    return own if is_office(user) else own | Q(status=FeeListStatus.CHECKED)


@transaction.atomic
def check(*, fee_list: LectureFeeList, opinion: str, by, now: datetime) -> LectureFeeList:
    """Raises FeesRefused, SamePerson."""
    fee_list = _waiting(fee_list, FeeListStatus.MADE_OUT, by)
    fee_list.status, fee_list.checked_by = FeeListStatus.CHECKED, by
    fee_list.save()
    record(fee_list, FeeDecision.CHECKED, by, now, opinion)
    return fee_list


@transaction.atomic
def approve(*, fee_list: LectureFeeList, opinion: str, by, now: datetime) -> LectureFeeList:
    """From here on no row changes. Raises FeesRefused, SamePerson."""
    fee_list = _waiting(fee_list, FeeListStatus.CHECKED, by)
    fee_list.status, fee_list.approved_by = FeeListStatus.APPROVED, by
    fee_list.approved_on = timezone.localdate(now)
    fee_list.save()
    record(fee_list, FeeDecision.APPROVED, by, now, opinion)
    return fee_list


@transaction.atomic
def send_back(*, fee_list: LectureFeeList, opinion: str, by, now: datetime) -> LectureFeeList:
    """Raises FeesRefused, FeesIncomplete without a reason, SamePerson."""
    opinion = given_words(opinion, OPINION_LENGTH, _("Write what has to change."))
    fee_list = _waiting(fee_list, None, by)
    fee_list.status, fee_list.checked_by = FeeListStatus.RETURNED, None
    fee_list.save()
    step = record(fee_list, FeeDecision.RETURNED, by, now, opinion)
    tell(
        FEES_RETURNED,
        fee_list.made_out_by,
        values={
            "unit": fee_list.owner.name,
            "year": fee_list.year,
            "quarter": fee_list.quarter,
            "opinion": opinion,
        },
        link=fee_list.get_absolute_url(),
        subject=fee_list,
        due_at=step.at,
        dedupe=f"fee step {step.pk}",
    )
    return fee_list


@transaction.atomic
def take_back(*, fee_list: LectureFeeList, by, now: datetime) -> LectureFeeList:
    """Whoever made it out takes it back until somebody has checked it. Raises FeesRefused."""
    fee_list = locked(fee_list)
    if fee_list.status != FeeListStatus.MADE_OUT or fee_list.made_out_by_id != by.pk:
        raise FeesRefused(_("Only whoever made the list out takes it back, until it is checked."))
    fee_list.status = FeeListStatus.RETURNED
    fee_list.save()
    record(fee_list, FeeDecision.RECALLED, by, now)
    return fee_list


# --- Signatures -----------------------------------------------------------------------------------


@transaction.atomic
def note_received(
    *, fee_list: LectureFeeList, rows: Iterable[int], day: date, by, now: datetime
) -> int:
    """Note that the lecturers of the rows (their keys) signed on the day; return how many were
    noted now. A row that is noted stays as it is. Raises FeesRefused, FeesIncomplete.
    """
    fee_list = locked(fee_list)
    if not fee_list.is_approved:
        raise FeesRefused(_("Signatures are noted when the list is approved."))
    if not fee_list.approved_on <= day <= timezone.localdate(now):
        raise FeesIncomplete(_("The day of the signature lies between the approval and today."))
    noted = (
        fee_list.rows.filter(pk__in=set(rows), received_on=None)
        .exclude(yuan=0)
        .update(received_on=day, received_noted_by=by)
    )
    if not noted:
        raise FeesIncomplete(_("Tick the rows that were signed for."))
    record(fee_list, FeeDecision.RECEIVED, by, now)
    return noted


@transaction.atomic
def take_signatures_back(
    *, fee_list: LectureFeeList, rows: Iterable[int], reason: str, by, now: datetime
) -> int:
    """Say that signatures were noted by mistake on the rows (their keys); return on how many.

    The step keeps the reason and names lecturers, days of lessons and days of signature. Raises
    FeesRefused, FeesIncomplete.
    """
    fee_list = locked(fee_list)
    reason = given_words(reason, REASON_LENGTH, _("Write why the signatures do not hold."))
    signed = list(fee_list.rows.filter(pk__in=set(rows), received_on__isnull=False))
    if not signed:
        raise FeesIncomplete(_("Tick the rows whose signature was noted by mistake."))
    if len(signed) > MOST_UNSIGNED:
        raise FeesIncomplete(
            _("At most %(most)d signatures are taken back at once.") % {"most": MOST_UNSIGNED}
        )
    what = pgettext("between items of a list", ", ").join(
        _("%(name)s for %(lesson)s, signed on %(day)s")
        % {
            "name": row.lecturer,
            "lesson": date_format(row.taught_on, "Y-m-d"),
            "day": date_format(row.received_on, "Y-m-d"),
        }
        for row in signed
    )
    fee_list.rows.filter(pk__in=[row.pk for row in signed]).update(
        received_on=None, received_noted_by=None
    )
    said = _("%(reason)s (%(rows)s)") % {"reason": reason, "rows": what}
    record(fee_list, FeeDecision.UNSIGNED, by, now, said)
    return len(signed)


# --- What all share -------------------------------------------------------------------------------


def _waiting(fee_list: LectureFeeList, status: FeeListStatus | None, by) -> LectureFeeList:
    fee_list = locked(fee_list)
    if fee_list.status not in ((status,) if status else FEES_IN_HANDS):
        raise FeesRefused(
            _("The list is not at this step any more: %(status)s. Somebody else was quicker.")
            % {"status": fee_list.get_status_display()}
        )
    words = hindrance(fee_list, by)
    if words:
        raise SamePerson(words)
    return fee_list
