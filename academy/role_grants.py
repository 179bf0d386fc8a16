"""Giving a role, taking it back and making it last longer.

Administrators grant every role; town staff name the coordinators of the villages of their own town.
Each change is kept in the history of the person. Source: docs/rules.md R11.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import people_history
from .access import is_administrator, towns_of
from .errors import PortalError
from .models import (
    Campus,
    Department,
    PersonChangeKind,
    Role,
    RoleGrant,
    RoleGrantQuerySet,
    Town,
    User,
    Village,
)
from .templatetags.portal_tags import full_day

Place = Village | Campus | Town | Department | None

# the field of a grant that holds the place of the role; a role that is missing has none
PLACE_OF = {
    Role.VILLAGE_COORDINATOR: "village",
    Role.BRANCH_COORDINATOR: "campus",
    Role.TOWN_STAFF: "town",
    Role.DEPARTMENT_STAFF: "department",
}
PLACES = {"village": Village, "campus": Campus, "town": Town, "department": Department}


class GrantRefused(PortalError):
    """A role cannot be given, ended or extended like this."""


class NotYours(GrantRefused):
    """Whoever acts may not give or end this role."""


class ToOneself(GrantRefused):
    """Nobody gives a role to themselves or makes their own last longer."""


class EndsBeforeItBegins(GrantRefused):
    """The last day lies before the first one."""


class OnlyInThePast(GrantRefused):
    """The role would be over already."""


class AlreadyGranted(GrantRefused):
    """The person holds the same role at the same place on some of these days."""


class WrongPlace(GrantRefused):
    """The role works for another kind of place, or for none."""


class AccountClosed(GrantRefused):
    """The person may not log in."""


class LastAdministrator(GrantRefused):
    """Nobody would administer the portal any more."""


class GrantOver(GrantRefused):
    """The role has ended, or was taken back, meanwhile."""


# --- Who may ----------------------------------------------------------------------------------


def roles_granted_by(user) -> list[Role]:
    """The roles that the person may give somewhere."""
    if is_administrator(user):
        return list(Role)
    return [Role.VILLAGE_COORDINATOR] if towns_of(user) else []


def may_grant(user, role: str, place: Place) -> bool:
    """Whether the person may give and end this role at this place."""
    if is_administrator(user):
        return True
    return (
        role == Role.VILLAGE_COORDINATOR
        and isinstance(place, Village)
        and place.town_id in towns_of(user)
    )


def grants_visible_to(user) -> RoleGrantQuerySet:
    """All for administrators; for town staff the coordinators of their own town's villages.

    What stayed with an entry that was joined with another opens nothing.
    """
    grants = RoleGrant.objects.filter(user__merged_into__isnull=True)
    if is_administrator(user):
        return grants
    return grants.filter(role=Role.VILLAGE_COORDINATOR, village__town__in=towns_of(user))


def administrators(now: datetime) -> QuerySet[User]:
    """Whoever administers the portal today and may log in."""
    grants = RoleGrant.objects.current(timezone.localdate(now)).filter(role=Role.ADMINISTRATOR)
    return User.objects.filter(is_active=True, grants__in=grants).distinct().order_by("pk")


# --- What can be done -------------------------------------------------------------------------


@transaction.atomic
def grant(
    *,
    user: User,
    role: str,
    place: Place,
    valid_from: date,
    valid_to: date | None,
    by: User | None,
    now: datetime,
) -> RoleGrant:
    """Give the role from the first to the last day; without a last day until further notice.

    `by` is None for a command. The same grant by the same person a second time, as by a double
    click, writes nothing. Raises GrantRefused. Source: docs/rules.md R11.
    """
    if by is not None and not may_grant(by, role, place):
        raise NotYours(
            _(
                "You cannot give this role. Administrators give every role; town staff name the"
                " coordinators of their own villages."
            )
        )
    if by is not None and by.pk == user.pk:
        raise ToOneself(_("Nobody gives a role to themselves. Ask another administrator."))
    if valid_to is not None and valid_to < valid_from:
        raise EndsBeforeItBegins(_("The last day lies before the first day."))
    if valid_to is not None and valid_to < timezone.localdate(now):
        raise OnlyInThePast(_("The last day is over already. Choose today or a later day."))
    wanted = dict.fromkeys(PLACES)
    if role in PLACE_OF:
        wanted[PLACE_OF[role]] = place
    if (place is None) == (role in PLACE_OF) or (
        place is not None and not isinstance(place, PLACES[PLACE_OF[role]])
    ):
        raise WrongPlace(
            _(
                "Choose exactly the one place that this role works for; a district-wide role has"
                " none."
            )
        )
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        raise AccountClosed(
            _("The account of %(name)s is suspended. Restore it first.") % {"name": user.name}
        )
    same = RoleGrant.objects.filter(user=user, role=role, **_exactly(wanted))
    for held in _overlapping(same, valid_from, valid_to):
        if (held.valid_from, held.valid_to) == (valid_from, valid_to) and held.granted_by == by:
            return held
        raise AlreadyGranted(_held_already(held))
    given = RoleGrant.objects.create(
        user=user,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=by,
        granted_at=now,
        **wanted,
    )
    if role == Role.ADMINISTRATOR and not user.is_staff:
        user.is_staff = True  # administrators keep the vocabularies
        user.save(update_fields=["is_staff"])
    _record(given, PersonChangeKind.ROLE, old=None, by=by, now=now)
    return given


@transaction.atomic
def end(
    *, grant: RoleGrant, on: date, by: User | None, reason: str, now: datetime
) -> RoleGrant | None:
    """Let the role end with the day `on`; yesterday ends it at once.

    Returns the grant, or None where it had not held on any day before: it is taken out, and the
    history of the person keeps it. A second time writes nothing. Raises GrantRefused.
    """
    today = timezone.localdate(now)
    held = locked(grant)
    if by is not None and not may_grant(by, held.role, held.scope):
        raise NotYours(_("You cannot end this role. Ask an administrator."))
    if held.valid_to == on:
        return held
    refuse_what_is_over(held, today)
    if on < today - timedelta(days=1):
        raise OnlyInThePast(_("That day is over. Choose today or a later day, or end it at once."))
    if held.valid_to is not None and on > held.valid_to:
        raise EndsBeforeItBegins(
            _("The role ends on %(day)s already. To make it last longer, extend it.")
            % {"day": _day(held.valid_to)}
        )
    if held.role == Role.ADMINISTRATOR:
        refuse_without_administrator(held, max(today, on + timedelta(days=1)))
    old, held.valid_to = held.valid_to, on
    _record(held, PersonChangeKind.ROLE_ENDED, old=old, by=by, now=now, reason=reason)
    if on < held.valid_from:
        held.delete()
        return None
    held.save(update_fields=["valid_to"])
    return held


@transaction.atomic
def extend(*, grant: RoleGrant, to: date | None, by: User | None, now: datetime) -> RoleGrant:
    """Let the role last until a later day, or until further notice.

    A second time writes nothing. Raises GrantRefused.
    """
    held = locked(grant)
    if by is not None and not may_grant(by, held.role, held.scope):
        raise NotYours(_("You cannot extend this role. Ask an administrator."))
    if by is not None and by.pk == held.user_id:
        raise ToOneself(_("Nobody extends their own role. Ask another administrator."))
    if held.valid_to == to:
        return held
    refuse_what_is_over(held, timezone.localdate(now))
    if held.valid_to is None or (to is not None and to < held.valid_to):
        raise EndsBeforeItBegins(
            _("That day is no later than the present end. To let the role end sooner, end it.")
        )
    places = {name: getattr(held, name) for name in PLACES}
    same = RoleGrant.objects.filter(user=held.user_id, role=held.role, **_exactly(places))
    for other in _overlapping(same.exclude(pk=held.pk), held.valid_from, to):
        raise AlreadyGranted(_held_already(other))
    old, held.valid_to = held.valid_to, to
    held.save(update_fields=["valid_to"])
    _record(held, PersonChangeKind.ROLE_EXTENDED, old=old, by=by, now=now)
    return held


def refuse_what_is_over(grant: RoleGrant, today: date) -> None:
    """Raises GrantOver."""
    if grant.valid_to is not None and grant.valid_to < today:
        raise GrantOver(
            _("This role ended on %(day)s. Give it anew if it is needed.")
            % {"day": _day(grant.valid_to)}
        )


def refuse_without_administrator(grant: RoleGrant, day: date) -> None:
    """Somebody else must administer the portal on the day. Raises LastAdministrator.

    Called with all grants of administrators locked.
    """
    others = RoleGrant.objects.current(day).filter(role=Role.ADMINISTRATOR, user__is_active=True)
    if not others.exclude(pk=grant.pk).exists():
        raise LastAdministrator(
            _(
                "Nobody else would administer the portal on %(day)s. Make somebody else an"
                " administrator first."
            )
            % {"day": _day(day)}
        )


def locked(grant: RoleGrant) -> RoleGrant:
    """The grant as it stands, locked; with one of an administrator those of all others.

    The person is locked first, as when another role is given. Raises GrantOver.
    """
    User.objects.select_for_update(no_key=True).filter(pk=grant.user_id).order_by("pk").first()
    wanted = Q(pk=grant.pk)
    if grant.role == Role.ADMINISTRATOR:
        wanted |= Q(role=Role.ADMINISTRATOR)
    rows = RoleGrant.objects.select_for_update(of=("self",)).select_related("user", *PLACES)
    found = {row.pk: row for row in rows.filter(wanted).order_by("pk")}
    if grant.pk not in found:
        raise GrantOver(_("Somebody else has taken this role back meanwhile."))
    return found[grant.pk]


def _exactly(places: dict[str, Place]) -> dict:
    return {
        name if place is not None else f"{name}__isnull": place if place is not None else True
        for name, place in places.items()
    }


def _overlapping(
    grants: QuerySet[RoleGrant], first: date, last: date | None
) -> QuerySet[RoleGrant]:
    """Those that hold on one of the days."""
    later = grants.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
    return later if last is None else later.filter(valid_from__lte=last)


def _held_already(held: RoleGrant) -> str:
    if held.valid_to is None:
        return _(
            "%(name)s holds this role there from %(first)s until further notice. Nothing was"
            " changed."
        ) % {"name": held.user.name, "first": _day(held.valid_from)}
    return _(
        "%(name)s holds this role there from %(first)s to %(last)s. Extend it, or choose other"
        " days."
    ) % {"name": held.user.name, "first": _day(held.valid_from), "last": _day(held.valid_to)}


def _day(value: date | None) -> str:
    return full_day(value) if value else pgettext("end of a role", "until further notice")


def _record(
    held: RoleGrant,
    kind: str,
    *,
    old: date | None,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Keep the change in the language of the portal, whoever reads it later."""
    with translation.override(settings.LANGUAGE_CODE):
        detail = people_history.detail
        if kind == PersonChangeKind.ROLE:
            details = [
                detail(_("Role"), "", held),
                detail(_("valid from"), "", _day(held.valid_from)),
                detail(_("valid to"), "", _day(held.valid_to)),
            ]
        else:
            details = [
                detail(_("Role"), held, held),
                detail(_("valid to"), _day(old), _day(held.valid_to)),
            ]
    people_history.record(
        person=held.user, kind=kind, by=by, now=now, details=details, reason=reason
    )
