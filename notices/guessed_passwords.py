"""Telling somebody that wrong passwords were typed for their account."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .outbox import notify

KIND = "password_guessed"


def tell_owner(user) -> None:
    """Tell somebody that wrong passwords were typed for the account."""
    notify(
        person=user,
        kind=KIND,
        title=_("Wrong passwords were typed for your account"),
        body=_(
            "Somebody typed wrong passwords for your mobile number several times. Nobody got in"
            " that way. If it was not you, set a new password that is not used elsewhere. Your own"
            " computer and phone are not slowed down, and you can log in with a code at any time."
        ),
        link=reverse("account_change_password"),
    )
