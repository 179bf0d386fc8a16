"""What people are told about their account, wherever it was tried."""

from django.utils.translation import gettext_lazy as _

from .kinds import NoticeKind

PASSWORD_GUESSED = NoticeKind(
    key="password_guessed",
    title=_("Wrong passwords were typed for your account"),
    body=_(
        "Somebody typed wrong passwords for your mobile number several times. Nobody got in"
        " that way. If it was not you, set a new password that is not used elsewhere. Your own"
        " computer and phone are not slowed down, and you can log in with a code at any time."
    ),
)
