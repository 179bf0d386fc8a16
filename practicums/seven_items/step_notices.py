"""Who is told of a step."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from notices.outbox import notify

from ..models import Secondment, SevenItem, SignOffRole
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
    tell_role(
        item,
        role,
        "secondment_handed_in",
        gettext_lazy("%(name)s handed in “%(item)s”: please look and sign"),
        now,
        dedupe=f"round {item.round} {role}",
    )


def tell_role(
    item: SevenItem, role: str, kind: str, title: str, now: datetime, *, body: str = "", dedupe: str
) -> None:
    """Tell the people of one role of the secondment."""
    title = _title(item, title)
    for person in _people(item.secondment, role, now):
        notify(
            person=person,
            kind=kind,
            subject=item,
            title=title,
            body=body,
            link=item.get_absolute_url(),
            due_at=now,
            dedupe=dedupe,
        )


def tell_secondee(item: SevenItem, kind: str, title: str, body: str, now: datetime) -> None:
    """Tell the secondee."""
    notify(
        person=item.secondment.trainee.user,
        kind=kind,
        subject=item,
        title=_title(item, title),
        body=body,
        due_at=now,
        dedupe=f"round {item.round}",
        link=reverse("practicums:my_item", args=[item.secondment.code, item.kind]),
    )


def _title(item: SevenItem, title: str) -> str:
    """The lazy title, filled in in the language of the portal and not of whoever acts."""
    with translation.override(settings.LANGUAGE_CODE):
        return title % {"name": item.secondment.trainee.name, "item": item.get_kind_display()}


def tell_all(secondment: Secondment, kind: str, title: str, now: datetime, body: str = "") -> None:
    """The secondee and the mentor; the host sees it on the board."""
    for person, link in (
        (secondment.trainee.user, reverse("practicums:my_secondment")),
        (secondment.mentor, secondment.get_absolute_url()),
    ):
        notify(
            person=person,
            kind=kind,
            subject=secondment,
            title=title,
            body=body,
            link=link,
            due_at=now,
            dedupe="once",
        )
