from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AcademyConfig(AppConfig):
    name = "academy"
    verbose_name = _("Academy: network, words, people")

    def ready(self) -> None:
        from . import checks  # noqa: F401 - register checks and receivers
        from .accounts import idle_sessions  # noqa: F401 - register checks and receivers
        from .vocabularies import let_administrators_keep_them
        from .web import outages  # noqa: F401 - register checks and receivers

        let_administrators_keep_them()
