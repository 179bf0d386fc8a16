"""Closing an account for a time, and opening it again.

Whoever is suspended is logged out at the next request and cannot log in; everything on file stays.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.models import OFFICE, PersonChangeKind, Role, RoleGrant, User
from academy.people_history import record

from ..models import Trainee
from ..notices.people import ACCOUNT_RESTORED
from .as_seen import PersonRefused, lock_person
from .person_notices import tell_of


@transaction.atomic
def suspend(*, person: User, reason: str, based_on: str, by: User, now: datetime) -> None:
    """Close the account. Raises PersonRefused: nobody closes the own account, nor that of the last
    administrator; PersonChangedMeanwhile.
    """
    # one at a time, so that two administrators cannot close each other's account at once
    administrators = list(
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=_administrators(now).values("user"), is_active=True)
        .order_by("pk")
    )
    person, _trainee = lock_person(person, based_on)
    if person.pk == by.pk:
        raise PersonRefused(
            _("You cannot suspend your own account. Ask another administrator to do it.")
        )
    if not reason.strip():
        raise PersonRefused(_("Say in a few words why the account is suspended."))
    if not person.is_active:
        raise PersonRefused(_("This account is suspended already; nothing was changed."))
    if [item.pk for item in administrators] == [person.pk]:
        raise PersonRefused(
            _("This is the last administrator. Give the role to somebody else first.")
        )
    _set_active(person, False)
    record(
        person=person, kind=PersonChangeKind.SUSPENDED, by=by, now=now, reason=reason.strip()[:200]
    )


@transaction.atomic
def restore(*, person: User, based_on: str, by: User, now: datetime) -> None:
    """Open the account again; the person reads it after logging in. Raises PersonRefused."""
    person, _trainee = lock_person(person, based_on)
    if person.is_active:
        raise PersonRefused(_("This account is in use already; nothing was changed."))
    if not person.phone.isdecimal():
        raise PersonRefused(_("This account was closed for good: name and number were removed."))
    _set_active(person, True)
    change = record(person=person, kind=PersonChangeKind.RESTORED, by=by, now=now)
    tell_of(change, ACCOUNT_RESTORED)


def _set_active(person: User, is_active: bool) -> None:
    person.is_active = is_active
    person.save(update_fields=["is_active"])


def _administrators(now: datetime):
    return RoleGrant.objects.current(timezone.localdate(now)).filter(role=Role.ADMINISTRATOR)


def outranks(person: User) -> bool:
    """Whether the person may do what only an administrator may take from them: their account is
    an administrator's affair.
    """
    today = timezone.localdate()
    held = RoleGrant.objects.current(today).filter(user=person)
    return person.is_superuser or held.filter(role__in=(*OFFICE, Role.AUDITOR)).exists()


def holds_more_than_the_village(person: User) -> bool:
    """Whether the person holds any role but that of coordinating a village."""
    today = timezone.localdate()
    held = RoleGrant.objects.current(today).filter(user=person)
    return person.is_staff or held.exclude(role=Role.VILLAGE_COORDINATOR).exists()


def is_cadre_of(person: User, towns: set[int]) -> bool:
    """Whether the person holds or held a post in one of the street-towns last."""
    return Trainee.objects.filter(
        user=person, position__isnull=False, village__town__in=towns
    ).exists()
