"""Giving, ending and extending a role, with a notice to whoever holds it."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from academy import role_grants
from academy.models import Role, RoleGrant, User
from notices.outbox import tell

from ..notices import ROLE_ENDED, ROLE_EXTENDED, ROLE_GIVEN


@transaction.atomic
def grant(
    *,
    user: User,
    role: str,
    place: role_grants.Place,
    valid_from: date,
    valid_to: date | None,
    by: User | None,
    now: datetime,
) -> RoleGrant:
    """Give the role and tell the person. Raises academy.role_grants.GrantRefused."""
    given = role_grants.grant(
        user=user,
        role=role,
        place=place,
        valid_from=valid_from,
        valid_to=valid_to,
        by=by,
        now=now,
    )
    tell(
        ROLE_GIVEN,
        user,
        values={"role": given, "period": given},
        link=_work_of(given),
        subject=given,
        dedupe="granted",
    )
    return given


@transaction.atomic
def end(*, grant: RoleGrant, on: date, by: User | None, reason: str, now: datetime) -> None:
    """End the role and tell the person until when it holds.

    Raises academy.role_grants.GrantRefused.
    """
    key = grant.pk
    left = role_grants.end(grant=grant, on=on, by=by, reason=reason, now=now)
    if grant.valid_to == on:
        return  # nothing was changed
    tell(
        ROLE_ENDED,
        grant.user,
        values={"role": grant, "until": on if left else None, "reason": reason},
        link=reverse("notices:inbox"),
        subject=grant.user,
        dedupe=f"{key} ends {on}",
    )


@transaction.atomic
def extend(*, grant: RoleGrant, to: date | None, by: User | None, now: datetime) -> RoleGrant:
    """Extend the role and tell the person. Raises academy.role_grants.GrantRefused."""
    held = role_grants.extend(grant=grant, to=to, by=by, now=now)
    if grant.valid_to == to:
        return held  # nothing was changed
    tell(
        ROLE_EXTENDED,
        held.user,
        values={"role": held, "period": held},
        link=_work_of(held),
        subject=held,
        dedupe=f"extended to {to}",
    )
    return held


def _work_of(grant: RoleGrant) -> str:
    """Where the work of the role is; the auditor has no page of their own yet."""
    return reverse("portal:me" if grant.role == Role.AUDITOR else "portal:manage")
