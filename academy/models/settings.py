"""What the office sets on a page; the environment gives the first value."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import User


class Setting(models.Model):
    """A value that stands instead of that of the environment; `academy/kept_settings.py` names the
    keys and their types.
    """

    key = models.CharField(_("setting"), max_length=40, unique=True)
    value = models.JSONField(_("value"))
    changed_at = models.DateTimeField(_("changed at"))
    # nobody where a command set it
    changed_by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["key"]
        verbose_name = _("setting")
        verbose_name_plural = _("settings")

    def __str__(self) -> str:
        return self.key
