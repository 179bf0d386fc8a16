from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticumsConfig(AppConfig):
    name = "practicums"
    verbose_name = _("Secondments")

    def ready(self) -> None:
        from academy.accounts.backends import read_with_person

        from .models import mentors_somebody

        read_with_person(is_mentor=mentors_somebody)
