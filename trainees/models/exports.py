"""Which columns somebody wants in a workbook, kept under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExportTemplate(models.Model):
    """A person's own choice of columns for the roster of a class.

    It holds names of columns, never rights: those are asked anew.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="export_templates"
    )
    name = models.CharField(pgettext_lazy("of a template", "name"), max_length=30)
    columns = models.JSONField(_("columns"), default=list)

    class Meta:
        ordering = ["owner", "name"]
        verbose_name = _("export template")
        verbose_name_plural = _("export templates")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_export_template_per_name")
        ]

    def __str__(self) -> str:
        return self.name
