"""The account with which a portal begins. Source: docs/rules.md R11."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import role_grants
from .errors import PortalError
from .models import Role, User


class NotNeeded(PortalError):
    """Somebody administers the portal already."""


class SomebodyElse(PortalError):
    """The number belongs to a person of another name."""


class WeakPassword(PortalError):
    """The password is too easily guessed."""


def refuse_a_second(now: datetime) -> None:
    """Raises NotNeeded."""
    if role_grants.administrators(now).exists():
        raise NotNeeded(
            _("The portal has an administrator already. Administrators give roles under “Roles”.")
        )


@transaction.atomic
def make_first_administrator(
    *, phone: str, name: str, password: str | None, now: datetime
) -> tuple[User, bool]:
    """The person as administrator until further notice, and whether the account is new.

    Without a password the person logs in by code. Raises NotNeeded, SomebodyElse, WeakPassword and
    academy.role_grants.GrantRefused.
    """
    refuse_a_second(now)
    user = User.objects.select_for_update().filter(phone=phone).first()
    if user is not None and user.name != name:
        raise SomebodyElse(
            _("This number belongs to a person of another name. Check both, and try again.")
        )
    is_new = user is None
    if is_new:
        user = User(phone=phone, name=name)
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as weak:
            raise WeakPassword(" ".join(weak.messages)) from weak
        user.set_password(password)
    elif is_new:
        user.set_unusable_password()
    user.save()
    role_grants.grant(
        user=user,
        role=Role.ADMINISTRATOR,
        place=None,
        valid_from=timezone.localdate(now),
        valid_to=None,
        by=None,
        now=now,
    )
    return user, is_new
