"""Who is told of a step."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from notices.kinds import NoticeKind
from notices.models import Notice
from notices.outbox import tell

from ..models import Secondment, SevenItem, SignOffRole
from ..notices import ITEM_HANDED_IN
from .signers import whose_turn


def _people(secondment: Secondment, role: str, now: datetime) -> Iterable:
    """Whom a notice for a role goes to. The office sees its part on its to-do page instead."""
    if role == SignOffRole.MENTOR:
        return [secondment.mentor]
    if role == SignOffRole.HOST:
        return [
            person
            for person in secondment.host_officials(timezone.localdate(now))
            if person.pk != secondment.trainee.user_id
        ]
    return []


def tell_next(item: SevenItem, now: datetime) -> None:
    """Tell whoever signs next that an item waits."""
    role = whose_turn(item)
    # one that was taken back and handed in again is news again
    handed_in = f" {item.handed_in_at:%Y%m%d%H%M%S}" if item.handed_in_at else ""
    tell_role(item, role, ITEM_HANDED_IN, now, dedupe=f"round {item.round} {role}{handed_in}")


def take_notices_back(item: SevenItem) -> None:
    """What was handed in is taken back: nobody is to find a notice of it that leads to nothing."""
    Notice.objects.about(item, ITEM_HANDED_IN.key).unread().delete()


def tell_role(
    item: SevenItem, role: str, kind: NoticeKind, now: datetime, *, comment: str = "", dedupe: str
) -> None:
    """Tell the people of one role of the secondment."""
    for person in _people(item.secondment, role, now):
        tell(
            kind,
            person,
            values=_values(item, comment),
            link=item.get_absolute_url(),
            subject=item,
            due_at=now,
            dedupe=dedupe,
        )


def tell_secondee(item: SevenItem, kind: NoticeKind, now: datetime, comment: str = "") -> None:
    """Tell the secondee."""
    tell(
        kind,
        item.secondment.trainee.user,
        values=_values(item, comment),
        link=reverse("practicums:my_item", args=[item.secondment.code, item.kind]),
        subject=item,
        due_at=now,
        dedupe=f"round {item.round}",
    )


def _values(item: SevenItem, comment: str) -> dict[str, str]:
    return {"name": item.secondment.trainee.name, "item": item.kind, "comment": comment}


def tell_all(secondment: Secondment, kind: NoticeKind, now: datetime, **values: object) -> None:
    """The secondee and the mentor; the host sees it on the board."""
    for person, link in (
        (secondment.trainee.user, reverse("practicums:my_secondment")),
        (secondment.mentor, secondment.get_absolute_url()),
    ):
        tell(kind, person, values=values, link=link, subject=secondment, due_at=now, dedupe="once")
