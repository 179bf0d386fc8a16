from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses and classes")

    def ready(self) -> None:
        from academy.accounts.backends import read_with_person
        from academy.table_names import names_have_changed

        from .catalogue.index import draw_anew
        from .experts import code_of_person

        names_have_changed.connect(draw_anew)
        read_with_person(expert_code=code_of_person)
