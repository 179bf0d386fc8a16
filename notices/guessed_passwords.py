"""Telling somebody that wrong passwords were typed for their account."""

from django.urls import reverse

from .notices import PASSWORD_GUESSED
from .outbox import tell


def tell_owner(user) -> None:
    """Tell somebody that wrong passwords were typed for the account."""
    tell(PASSWORD_GUESSED, user, link=reverse("account_change_password"))
