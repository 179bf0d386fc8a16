"""Who teaches."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import campuses_of, departments_of, is_office
from academy.models import Village
from academy.text.codes import CodeField, code_constraint
from academy.text.phones import mobile_number


class ExpertQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Everybody sees who is published, oneself, and those who schedule everybody."""
        if is_office(user) or campuses_of(user) or departments_of(user):
            return self
        return self.filter(
            Q(published=True) | Q(user=user) if user.is_authenticated else Q(published=True)
        )


class Expert(models.Model):
    """A lecturer or adviser (师资): an outstanding secretary or one of the 七师二员."""

    code = CodeField(_("code"), max_length=12, unique=True)
    category = models.CharField(_("category"), max_length=20)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=40)
    gender = models.CharField(_("gender"), max_length=4, blank=True)
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="experts",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("unit", "village"),
    )
    organisation = models.CharField(_("organisation"), max_length=80, blank=True)
    title = models.CharField(_("post"), max_length=60, blank=True)
    years_in_post = models.PositiveSmallIntegerField(_("years in post"), null=True, blank=True)
    specialities = models.CharField(_("specialities"), max_length=200, blank=True)
    signature_practice = models.CharField(_("signature practice"), max_length=200, blank=True)
    phone = models.CharField(
        _("mobile number"), max_length=11, blank=True, validators=[mobile_number]
    )
    apprentices = models.PositiveSmallIntegerField(_("apprentices"), default=0)
    accepts_field_visits = models.BooleanField(_("receives visits"), default=False)
    published = models.BooleanField(_("name may be shown to the public"), default=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="expert",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        constraints = [code_constraint(name="expert_code_fits_addresses")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("courses:expert", args=[self.code])
