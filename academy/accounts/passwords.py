"""What a password must be, where Django's own sentence has no Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django 5.2 says this in English only."""

    def get_error_message(self) -> str:
        return _("The password is too short: at least %(count)d characters.") % {
            "count": self.min_length
        }

    def get_help_text(self) -> str:
        return _("At least %(count)d characters.") % {"count": self.min_length}
