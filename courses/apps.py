from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses and classes")

    def ready(self) -> None:
        from academy.accounts.backends import read_with_person

        from .experts import code_of_person

        read_with_person(expert_code=code_of_person)
