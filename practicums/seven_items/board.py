"""The board: each secondee with the seven items, and whom to lend a hand.

No order by achievement, ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.templatetags.portal_tags import short_day

from ..models import Evidence, ItemKind, Secondment, SevenItem, SignOffRole
from .signers import missing_items, roles_of, whose_turn

# a hand-in that nobody looked at for longer needs a reminder by a person
LONG_WAIT = timedelta(days=7)
# "regular" without a number of its own; a proposal, as on the mock-up
GET_TOGETHER_GAP = timedelta(weeks=6)


@dataclass(frozen=True)
class BoardRow:
    """One secondee: the seven in order, what to help with, and what waits for the reader."""

    secondment: Secondment
    items: list[SevenItem]
    signed: int
    helps: list[str]
    for_me: list[SevenItem]
    ready: bool  # all seven are signed, the office can close
    has_begun: bool


def board_rows(secondments: QuerySet[Secondment], *, user, now: datetime) -> list[BoardRow]:
    """Rows in the order of the codes; the number of queries does not depend on how many there
    are.
    """
    today = timezone.localdate(now)
    secondments = list(secondments.with_people().with_items())
    last_held = dict(
        Evidence.objects.filter(item__secondment__in=secondments, held_on__isnull=False)
        .order_by()
        .values_list("item__secondment")
        .annotate(last=Max("held_on"))
    )
    return [
        _row(secondment, user, now, today, last_held.get(secondment.pk))
        for secondment in secondments
    ]


def _row(
    secondment: Secondment, user, now: datetime, today: date, last_held: date | None
) -> BoardRow:
    items = secondment.items_in_order
    return BoardRow(
        secondment=secondment,
        items=items,
        signed=secondment.signed_count,
        helps=list(where_to_help(secondment, now=now, today=today, last_held=last_held)),
        for_me=items_for(user, secondment),
        ready=secondment.is_running and not missing_items(secondment),
        has_begun=secondment.starts_on <= today,
    )


def items_for(user, secondment: Secondment) -> list[SevenItem]:
    """The items that wait for this person's signature."""
    roles = roles_of(user, secondment) if secondment.is_running else frozenset()
    return (
        [item for item in secondment.items_in_order if whose_turn(item) in roles] if roles else []
    )


def where_to_help(
    secondment: Secondment, *, now: datetime, today: date, last_held: date | None
) -> Iterable[str]:
    """What is late, what waits too long for a signature, a get-together that is due again."""
    if not secondment.is_running or today < secondment.starts_on:
        return
    for item in secondment.items_in_order:
        if item.is_late(today):
            late = (
                _("%(item)s was due from the host on %(day)s")
                if item.is_appraisal
                else _("%(item)s was due on %(day)s")
            )
            yield late % {"item": item.short_name, "day": short_day(item.due_on)}
        elif item.is_with_signers and item.handed_in_at and now - item.handed_in_at > LONG_WAIT:
            yield _waits_long(item, (now - item.handed_in_at).days)
        elif (
            item.kind == ItemKind.GET_TOGETHER
            and last_held
            and today - last_held > GET_TOGETHER_GAP
            and today <= secondment.ends_on
        ):
            weeks = (today - last_held).days // 7
            yield ngettext(
                "No get-together for %(weeks)d week", "No get-together for %(weeks)d weeks", weeks
            ) % {"weeks": weeks}


def _waits_long(item: SevenItem, days: int) -> str:
    sentence = {
        SignOffRole.MENTOR: _("%(item)s has waited %(days)d days for the mentor"),
        SignOffRole.HOST: _("%(item)s has waited %(days)d days for the host"),
        SignOffRole.ACADEMY: _("%(item)s has waited %(days)d days for the academy office"),
    }[whose_turn(item) or SignOffRole.ACADEMY]
    return sentence % {"item": item.short_name, "days": days}
