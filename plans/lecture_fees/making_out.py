"""A list of lecture fees is begun with what was taught, and typed into until it is made out.

Source: docs/rules.md R67.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.schedule.season import Season

from ..models import (
    FeeDecision,
    FeeListStatus,
    LectureFeeList,
    LectureFeeRow,
    Owner,
    kind_of,
)
from .records import (
    REASON_LENGTH,
    FeesRefused,
    ListThere,
    NothingTaught,
    editable,
    given_words,
    locked,
    record,
)
from .taught import not_listed, rows_of, teaching

MOST_ROWS = 400  # of one list: more fields than that no page sends


@dataclass(frozen=True)
class Taken:
    """What became of the rows of a list when it was compared with what was taught."""

    added: int
    dropped: int


@transaction.atomic
def begin(*, owner: Owner, season: Season, by, now: datetime) -> LectureFeeList:
    """The first list of an owner for a season, with a row for each lecturer of each lesson taught.

    Raises ListThere, NothingTaught.
    """
    newest = newest_list(owner, season)
    if newest is None:
        try:
            with transaction.atomic():
                fee_list = LectureFeeList.objects.create(
                    **{kind_of(owner): owner}, year=season.year, quarter=season.quarter
                )
        except IntegrityError:
            newest = newest_list(owner, season)  # somebody else was quicker
    if newest is not None:
        raise ListThere(_("There is a list of this unit and season already."), newest)
    record(fee_list, FeeDecision.BEGUN, by, now)
    if not _take_over(fee_list).added:
        raise NothingTaught(
            _(
                "No lesson of %(owner)s in the %(season)s waits for a lecture fee. Lessons come"
                " here when their class is closed and a lecturer stands on them."
            )
            % {"owner": owner.name, "season": season.in_words}
        )
    return fee_list


@transaction.atomic
def begin_supplement(*, fee_list: LectureFeeList, reason: str, by, now: datetime) -> LectureFeeList:
    """One more list of the same owner and season, which names the first and says why.

    Lessons that were closed since stand on it; corrections are added with `correct`. Raises
    FeesIncomplete, ListThere.
    """
    reason = given_words(reason, REASON_LENGTH, _("Write why a supplementary list is needed."))
    newest = locked(newest_list(fee_list.owner, fee_list.season))
    if not newest.is_approved:
        raise ListThere(
            _("A list of this unit and season is not approved yet. Go on with that one."), newest
        )
    first = newest.supplements or newest
    added = LectureFeeList.objects.create(
        **{kind_of(fee_list.owner): fee_list.owner},
        year=first.year,
        quarter=first.quarter,
        number=newest.number + 1,
        supplements=first,
        reason=reason,
    )
    record(added, FeeDecision.BEGUN, by, now, reason)
    _take_over(added)
    return added


def newest_list(owner: Owner, season: Season) -> LectureFeeList | None:
    """Of the owner for the season, the one begun last."""
    lists = LectureFeeList.objects.of_owner(owner).in_season(season).with_owner()
    return lists.order_by("-number").first()


@transaction.atomic
def refill(*, fee_list: LectureFeeList) -> Taken:
    """Take over what was taught since; drop rows of lessons that no longer count. Raises
    FeesRefused.
    """
    return _take_over(editable(fee_list))


def _take_over(fee_list: LectureFeeList) -> Taken:
    """Of two lists that take the same lecturer of the same lesson at this moment, one gets it."""
    taught = teaching(fee_list.owner, fee_list.season)
    present = {(one.lesson_id, one.expert_id): one for one in taught}
    own = list(fee_list.rows.filter(corrects=None))
    gone = [row for row in own if (row.lesson_id, row.expert_id) not in present]
    LectureFeeRow.objects.filter(pk__in=[row.pk for row in gone]).delete()
    stay = {(row.lesson_id, row.expert_id): row for row in own if row not in gone}
    for fresh in rows_of(present[key] for key in stay):
        row = stay[fresh.lesson_id, fresh.expert_id]
        for name in ("role", "lecturer", "post", "taught_on", "taught", "hours", "counted_hours"):
            setattr(row, name, getattr(fresh, name))
        row.save()
    before = fee_list.rows.count()
    rows = not_listed(fee_list.owner, fee_list.season, max(MOST_ROWS - before, 0))
    for row in rows:
        row.fee_list = fee_list
    # the constraint decides: a row that another list has got meanwhile is left out
    LectureFeeRow.objects.bulk_create(rows, ignore_conflicts=True)
    return Taken(added=fee_list.rows.count() - before, dropped=len(gone))


@transaction.atomic
def save_fees(
    *,
    fee_list: LectureFeeList,
    fees: Mapping[int, Decimal | None],
    ranks: Mapping[int, str],
    left_out: Iterable[int],
    by,
) -> None:
    """Write the fees (key of a row → yuan) and ranks (key of an expert → rank) that were typed, and
    take out the rows left out: they are free for another list. Raises FeesRefused.
    """
    fee_list = editable(fee_list)
    left_out = set(left_out)
    changed = []
    for row in fee_list.rows.all():
        typed = (fees.get(row.pk, row.yuan), ranks.get(row.expert_id, row.rank))
        if row.pk in left_out or typed == (row.yuan, row.rank):
            continue
        row.yuan, row.rank = typed
        row.typed_by = by
        changed.append(row)
    fee_list.rows.filter(pk__in=left_out).delete()
    LectureFeeRow.objects.bulk_update(changed, ["yuan", "rank", "typed_by"])


@transaction.atomic
def correct(*, fee_list: LectureFeeList, row: LectureFeeRow) -> LectureFeeRow:
    """A row for the difference to one of an approved list of the same owner and season.

    Raises FeesRefused.
    """
    fee_list = editable(fee_list)
    if row not in set(correctable(fee_list)):
        raise FeesRefused(
            _("This row cannot be corrected here: it is not approved, or stands here already.")
        )
    copied = {
        name: getattr(row, name)
        for name in (
            *("lesson_id", "expert_id", "role", "lecturer", "post", "taught_on", "taught"),
            *("hours", "counted_hours", "rank"),
        )
    }
    return LectureFeeRow.objects.create(fee_list=fee_list, corrects=row, **copied)


def correctable(fee_list: LectureFeeList) -> list[LectureFeeRow]:
    """Rows of the approved lists of the owner and season that this list does not correct yet."""
    if not fee_list.is_editable or fee_list.number == 1:
        return []
    earlier = (
        LectureFeeList.objects.of_owner(fee_list.owner)
        .in_season(fee_list.season)
        .filter(status=FeeListStatus.APPROVED)
    )
    return list(
        LectureFeeRow.objects.filter(fee_list__in=earlier, corrects=None).exclude(
            pk__in=fee_list.rows.filter(corrects__isnull=False).values("corrects")
        )
    )


@transaction.atomic
def drop(*, fee_list: LectureFeeList) -> None:
    """Take away a list that was begun and never made out; its lessons are free again.

    Raises FeesRefused.
    """
    fee_list = locked(fee_list)
    if fee_list.status != FeeListStatus.DRAFT:
        raise FeesRefused(_("Only a list that was never made out can be dropped."))
    fee_list.delete()
