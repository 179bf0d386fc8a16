"""Templates of letters and forms that the office has put in the place of the portal's own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PaperKind(models.TextChoices):
    """What a template is for. Source: docs/rules.md R57."""

    FILING = "filing", pgettext_lazy("kind of paper", "Filing letter and form")
    REPORT = "report", pgettext_lazy("kind of paper", "Execution report")
    YEAR = "year", pgettext_lazy("kind of paper", "Overview of the year")


class PaperTemplate(models.Model):
    """A checked .docx in the place of the portal's own; no row: the portal's own counts."""

    kind = models.CharField(_("kind"), max_length=6, choices=PaperKind, unique=True)
    content = models.BinaryField()
    name = models.CharField(_("file name"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("replaced at"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("template of a paper")
        verbose_name_plural = _("templates of papers")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PaperKind.values), name="paper_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
