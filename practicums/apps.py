from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticumsConfig(AppConfig):
    name = "practicums"
    verbose_name = _("Secondments")
