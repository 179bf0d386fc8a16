from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from academy.accounts.lockout import tell_owner_by

        from . import checks  # noqa: F401 - register checks
        from .guessed_passwords import tell_owner

        tell_owner_by(tell_owner)
