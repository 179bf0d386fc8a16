"""What government offices do for residents, which courses teach how to handle."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models import Department
from academy.text.codes import CodeField, code_constraint


class ServiceItem(models.Model):
    """A government service item (服务事项) that courses teach how to handle."""

    code = CodeField(_("code"), max_length=10, unique=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="service_items", verbose_name=_("department")
    )
    name = models.CharField(_("name"), max_length=80)
    question = models.CharField(_("question"), max_length=120, blank=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("service item")
        verbose_name_plural = _("service items")
        constraints = [code_constraint(name="service_item_code_fits_addresses")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("courses:service_item", args=[self.code])

    @property
    def asks(self) -> str:
        """The question as a cadre would put it, or the official name where none has been
        written.
        """
        return self.question or self.name
