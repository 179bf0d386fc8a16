from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TraineesConfig(AppConfig):
    name = "trainees"
    verbose_name = _("Trainees and enrolment")

    def ready(self) -> None:
        """Register what is checked at a deployment."""
        from .certificates import checks  # noqa: F401
