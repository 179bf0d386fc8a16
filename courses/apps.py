from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses and classes")

    def ready(self) -> None:
        from academy.table_names import names_have_changed

        from .catalogue.index import draw_anew

        names_have_changed.connect(draw_anew)
