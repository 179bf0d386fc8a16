"""Giving, ending and extending a role, with a notice to whoever holds it.

A notice is written in the language of the portal, whoever acts.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from academy import granting
from academy.models import Role, RoleGrant, User
from academy.templatetags.portal_tags import full_day
from notices.outbox import notify

KIND = "role"


@transaction.atomic
def grant(
    *,
    user: User,
    role: str,
    place: granting.Place,
    valid_from: date,
    valid_to: date | None,
    by: User | None,
    now: datetime,
) -> RoleGrant:
    """Give the role and tell the person. Raises academy.granting.GrantRefused."""
    given = granting.grant(
        user=user,
        role=role,
        place=place,
        valid_from=valid_from,
        valid_to=valid_to,
        by=by,
        now=now,
    )
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            person=user,
            kind=KIND,
            title=_("You have a new role: %(role)s") % {"role": role_in_words(given)},
            body=period_in_words(given),
            link=_work_of(given),
            subject=given,
            dedupe="granted",
        )
    return given


@transaction.atomic
def end(*, grant: RoleGrant, on: date, by: User | None, reason: str, now: datetime) -> None:
    """End the role and tell the person until when it holds.

    Raises academy.granting.GrantRefused.
    """
    key = grant.pk
    left = granting.end(grant=grant, on=on, by=by, reason=reason, now=now)
    if grant.valid_to == on:
        return  # nothing was changed
    with translation.override(settings.LANGUAGE_CODE):
        until = (
            _("Its last day is %(day)s.") % {"day": full_day(on)}
            if left
            else _("It was taken back before it held.")
        )
        body = _(
            "%(until)s Reason: %(reason)s. If this surprises you, call the academy office."
        ) % {
            "until": until,
            "reason": reason,
        }
        notify(
            person=grant.user,
            kind=KIND,
            title=_("Your role ends: %(role)s") % {"role": role_in_words(grant)},
            body=body,
            link=reverse("notices:inbox"),
            subject=grant.user,
            dedupe=f"{key} ends {on}",
        )


@transaction.atomic
def extend(*, grant: RoleGrant, to: date | None, by: User | None, now: datetime) -> RoleGrant:
    """Extend the role and tell the person. Raises academy.granting.GrantRefused."""
    held = granting.extend(grant=grant, to=to, by=by, now=now)
    if grant.valid_to == to:
        return held  # nothing was changed
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            person=held.user,
            kind=KIND,
            title=_("Your role lasts longer: %(role)s") % {"role": role_in_words(held)},
            body=period_in_words(held),
            link=_work_of(held),
            subject=held,
            dedupe=f"extended to {to}",
        )
    return held


def role_in_words(grant: RoleGrant) -> str:
    """Role and place: “Branch coordinator, 大场镇会客厅”."""
    words = {"role": Role(grant.role).label, "place": grant.scope}
    return _("%(role)s of %(place)s") % words if grant.scope else str(words["role"])


def period_in_words(grant: RoleGrant) -> str:
    """From when to when it holds."""
    if grant.valid_to is None:
        return _("From %(first)s until further notice.") % {"first": full_day(grant.valid_from)}
    return _("From %(first)s to %(last)s.") % {
        "first": full_day(grant.valid_from),
        "last": full_day(grant.valid_to),
    }


def _work_of(grant: RoleGrant) -> str:
    """Where the work of the role is; the auditor has no page of their own yet."""
    return reverse("portal:me" if grant.role == Role.AUDITOR else "portal:manage")
