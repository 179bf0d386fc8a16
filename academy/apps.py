from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AcademyConfig(AppConfig):
    name = "academy"
    verbose_name = _("Academy: network, words, people")

    def ready(self) -> None:
        from . import checks, idle_sessions, outages  # noqa: F401 - register checks and receivers
