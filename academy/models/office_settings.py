"""What the office sets itself, and the days of a year that no library knows yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SettingChange(models.Model):
    """One value that was set on the page; the newest of a key holds.

    Without any, what the environment says holds. `academy/office_settings.py` writes it.
    """

    key = models.CharField(max_length=40)
    value = models.CharField(pgettext_lazy("of a setting", "value"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change of a setting")
        verbose_name_plural = _("changes of settings")
        indexes = [models.Index(fields=["key", "-id"], name="changes_of_a_setting")]

    def __str__(self) -> str:
        return self.key


class SpecialDay(models.Model):
    """A public holiday, or a Saturday or Sunday on which offices work, as the office typed it."""

    day = models.DateField(_("day"), unique=True)
    is_off = models.BooleanField(_("offices are closed"))
    name = models.CharField(pgettext_lazy("of a holiday", "name"), max_length=20, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")

    def __str__(self) -> str:
        return str(self.day)
