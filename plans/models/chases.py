"""When a unit was last asked for its plan."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Chase(models.Model):
    """When the unit with the code was last asked for its plan of the year, and by whom.

    Towns, departments and campuses share one space of codes. Source: docs/rules.md R52.
    """

    code = models.CharField(_("code"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    at = models.DateTimeField(pgettext_lazy("a unit asked for its plan", "asked at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("unit asked for its plan")
        verbose_name_plural = _("units asked for their plans")
        constraints = [
            models.UniqueConstraint(fields=["code", "year"], name="one_chase_per_unit_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"
